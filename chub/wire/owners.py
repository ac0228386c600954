"""The owner of an event in JSON: `customerId`, or `bringBackProperties` with a session value or an external id."""

from collections.abc import Mapping
from typing import Any

from chub.errors import shown
from chub.values.frozen_dict import below, thaw
from chub.values.identities import (
    CustomerId,
    ExternalId,
    Owner,
    PathId,
    SessionId,
    text_fault,
)
from chub.values.schema import Problems, note

_CLASSES: Mapping[str, type[SessionId | ExternalId]] = {
    "SESSION_ID": SessionId,
    "EXTERNAL_ID": ExternalId,
    "externalId": ExternalId,  # the spelling of older documentation: read, never sent
}
_TYPES = {SessionId: "SESSION_ID", ExternalId: "EXTERNAL_ID"}


def check_owner(data: Mapping[str, Any], problems: Problems) -> Owner | None:
    """Read the one owner of an event that is to be sent."""
    customer, bring_back = data.get("customerId"), data.get("bringBackProperties")
    if (customer is None) == (bring_back is None):
        found = "neither" if customer is None else "both"
        note(problems, "customerId", f"exactly one of customerId and bringBackProperties is needed, there are {found}")
        return None
    if customer is not None:
        return _customer_to_send(customer, problems)
    return _bring_back_to_send(bring_back, problems)


def _customer_to_send(raw: object, problems: Problems) -> CustomerId | None:
    plain = PathId().check(raw, "customerId", problems)
    return None if plain is None else CustomerId(plain)


def _bring_back_to_send(raw: object, problems: Problems) -> SessionId | ExternalId | None:
    path, before = "bringBackProperties", len(problems)
    if not isinstance(raw, Mapping):
        note(problems, path, f"an object is needed, not {type(raw).__name__}")
        return None
    if not isinstance(raw.get("type"), str) or raw["type"] not in _CLASSES:
        note(problems, below(path, "type"), f"{shown(raw.get('type'))} is none of 'SESSION_ID', 'EXTERNAL_ID'")
    for key in ("value", "nodeId"):
        fault = text_fault(raw.get(key))
        if fault and (key == "value" or raw.get(key) is not None):
            note(problems, below(path, key), fault)
    for key in raw:
        if key not in ("type", "value", "nodeId"):
            note(problems, below(path, key), "the hub refuses further keys here")
    return None if len(problems) > before else read_bring_back(raw)


def encode_bring_back(owner: SessionId | ExternalId) -> dict[str, Any]:
    """Give the JSON object of a bring-back; `nodeId` is left out where it has none."""
    encoded: dict[str, Any] = {"type": _TYPES[type(owner)], "value": owner.value}
    if owner.node_id is not None:
        encoded["nodeId"] = owner.node_id
    return encoded | thaw(owner.unlisted) if owner.unlisted else encoded


def read_bring_back(raw: Mapping[str, Any]) -> SessionId | ExternalId | None:
    """Read a bring-back; None where its shape is another."""
    kind, value, node = raw.get("type"), raw.get("value"), raw.get("nodeId")
    cls = _CLASSES.get(kind) if isinstance(kind, str) else None
    if cls is None or not isinstance(value, str) or not value or (node is not None and text_fault(node)):
        return None
    left = {key: item for key, item in raw.items() if key not in ("type", "value", "nodeId")}
    return cls(value, node_id=node, unlisted=left)
