"""Customers in the database, and the matching policy: by which properties two customers of a node are the same one."""

# ruff: noqa: S608 - statements are made of this room's own words; what came from outside is bound.

import json
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from chub.sandbox.answers import Refused
from chub.sandbox.contract import envelope
from chub.sandbox.store import Store, key, text_of
from chub.sandbox.text import write_ascii, write_instant
from chub.sandbox.workspace import Call


def node_of_customer(call: Call, customer_id: str) -> str:
    """Give the node of a customer; an unknown one is refused."""
    row = call.store.row("SELECT node FROM customers WHERE id = ?", (key(customer_id),))
    if row is None:
        raise Refused(404, "Customer not found")
    return text_of(row[0])


def customer_of_external_id(call: Call, node_id: str, external_id: str) -> str:
    """Find the customer of an external id, the oldest if there are several, or make an empty one."""
    found = call.store.row(
        "SELECT id FROM customers WHERE node = ? AND external_id = ? ORDER BY seq", (key(node_id), key(external_id))
    )
    return text_of(found[0]) if found else create(call, {"nodeId": node_id, "externalId": external_id})


def create(call: Call, body: Mapping[str, Any]) -> str:
    """Keep a new customer, and give its id."""
    customer_id = call.workspace.new_id("customers")
    external_id = body.get("externalId")
    row: dict[str, Any] = {
        "id": key(customer_id),
        "node": key(body["nodeId"]),
        "external_id": None if external_id is None else key(external_id),
        "registered_at": call.now,
        "document": write_ascii(body),
    }
    call.store.insert("customers", row)
    _keep_matches(call.store, row["id"], body, call.workspace.options.matching)
    return customer_id


def delete(store: Store, customer_id: str) -> None:
    """Delete a customer with its events and sessions."""
    store.change("DELETE FROM customers WHERE id = ?", (key(customer_id),))
    for table in ("events", "sessions", "matches"):
        store.change(f"DELETE FROM {table} WHERE customer_id = ?", (key(customer_id),))


def shown(row: tuple[Any, ...]) -> dict[str, Any]:
    """Give a customer (of a row of id, registered_at, document) as the hub returns it: whole, set or not."""
    customer_id, registered_at, document = row
    sent = json.loads(document)
    base = _filled(envelope.CUSTOMER_BASE, sent.get("base"))
    if base["contacts"]:
        base["contacts"] = _filled(envelope.CUSTOMER_CONTACTS, base["contacts"])
    return {
        **_filled(envelope.CUSTOMER_ITSELF, sent),
        "id": text_of(customer_id),
        "base": base,
        "tags": _filled(envelope.CUSTOMER_TAGS, sent.get("tags")),
        "enabled": sent.get("enabled", True),
        "registeredAt": write_instant(registered_at),
        "updatedAt": write_instant(registered_at),
    }


def _filled(names: str, given: Any) -> Any:
    """Add what is missing of an object; what isn't one is left to itself."""
    if not isinstance(given, dict | None):
        return given
    unset: dict[str, Any] = {name.removesuffix("[]"): [] if name.endswith("[]") else None for name in names.split()}
    return {**unset, **(given or {})}


def match(call: Call, body: Mapping[str, Any]) -> str | None:
    """Find the customer, of the same node, that a new one would be."""
    for name, value in _matches(body, call.workspace.options.matching):
        row = call.store.row(
            "SELECT customer_id FROM matches WHERE node = ? AND property = ? AND value = ? ORDER BY rowid",
            (key(body["nodeId"]), name, value),
        )
        if row is not None:
            return text_of(row[0])
    return None


def rebuild_matches(store: Store, matching: tuple[str, ...]) -> None:
    """Note anew by what every customer can be matched: a file may have been made under another policy."""
    store.change("DELETE FROM matches")
    for customer_id, document in store.rows("SELECT id, document FROM customers ORDER BY seq"):
        _keep_matches(store, customer_id, json.loads(document), matching)


def _keep_matches(store: Store, customer_id: bytes, body: Mapping[str, Any], matching: tuple[str, ...]) -> None:
    for name, value in _matches(body, matching):
        store.insert(
            "matches", {"customer_id": customer_id, "node": key(body["nodeId"]), "property": name, "value": value}
        )


def _matches(body: Mapping[str, Any], matching: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in matching:
        value = reduce(_step, name.split("."), body)
        if value is not None:
            yield write_ascii(name), write_ascii(value)


def _step(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None
