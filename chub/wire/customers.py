"""Customers and sessions in JSON."""

from collections.abc import Mapping
from typing import Any

from chub.values.base import construct
from chub.values.customers import RECORDED_CUSTOMER, Customer, RecordedCustomer, Session
from chub.values.frozen_dict import thaw
from chub.values.instants import instant_text, read_instant
from chub.values.naming import camel_case
from chub.values.schema import Flag, Free, Instant, Text
from chub.wire import codec
from chub.wire.recorded_events import beside, freeze_read


def encode_customer(customer: Customer) -> dict[str, Any]:
    """Give the JSON object of a customer, as `POST /customers` takes it once it has a node."""
    return codec.encode_value(customer)


def read_customer(data: Mapping[str, Any]) -> RecordedCustomer:
    """Read the JSON object of a recorded customer, whatever is in it."""
    left = dict(data)
    values: dict[str, Any] = {}
    for name, kind in _FIELDS.items():
        raw = left.get(camel_case(name))
        found = _READERS[type(kind)](raw)
        if raw is None or (found is not None and (name, found) != ("id", "")):
            left.pop(camel_case(name), None)
            values[name] = found
    values |= {"id": values.get("id") or "", "unlisted": freeze_read(left)}
    made: RecordedCustomer = construct(RecordedCustomer, values)
    return made


_FIELDS = {name: kind for name, kind in RECORDED_CUSTOMER.items() if name != "unlisted"}
_READERS: Mapping[type[Any], Any] = {
    Text: lambda raw: raw if isinstance(raw, str) else None,
    Flag: lambda raw: raw if isinstance(raw, bool) else None,
    Free: lambda raw: freeze_read(raw) if isinstance(raw, Mapping) else None,
    Instant: read_instant,
}


def encode_recorded_customer(customer: RecordedCustomer) -> dict[str, Any]:
    """Give the JSON object of a recorded customer, as the hub returned it but for nulls."""
    encoded: dict[str, Any] = {}
    for name, kind in _FIELDS.items():
        value = getattr(customer, name)
        if value is not None and (name, value) != ("id", ""):
            encoded[camel_case(name)] = instant_text(value) if isinstance(kind, Instant) else thaw(value)
    return beside(encoded, customer.unlisted)


def read_session(data: Mapping[str, Any]) -> Session:
    """Read the JSON object of a session, whatever is in it."""
    listed = ("value", "id")
    texts = {key: data[key] for key in listed if isinstance(data.get(key), str) and data[key]}
    left = {key: value for key, value in data.items() if key not in texts and (value is not None or key not in listed)}
    made: Session = construct(Session, {"value": ""} | texts | {"unlisted": freeze_read(left)})
    return made


def encode_session(session: Session) -> dict[str, Any]:
    """Give the JSON object of a session."""
    listed = {"value": session.value, "id": session.id}
    return beside({key: text for key, text in listed.items() if text}, session.unlisted)
