"""Events in the database: what of them is kept in columns, how they are found again, and how the hub shows them.

Lists give the newest date first, and among equal dates the event that was registered last.
"""

# ruff: noqa: S608 - statements are made of this room's own words; what came from outside is bound.

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from chub.sandbox import contract
from chub.sandbox.store import Store, key, text_of
from chub.sandbox.text import read_instant, write_ascii, write_instant

_SHOWN: Final = "id, customer_id, date, registered_at, updated_at, document"
_VERBATIM: Final = ("bringBackProperties", "type", "context", "properties", "contextInfo", "tracking")


@frozen(kw_only=True)
class Owner:
    """Whose an event is: the customer if one is known yet, the bring-back if it bore one, and the node."""

    customer_id: str | None
    bring_back: Mapping[str, Any] | None
    node_id: str


def columns(body: Mapping[str, Any], owner: Owner, *, date: int, updated_at: int) -> dict[str, Any]:
    """Give what is kept of an event that was sent."""
    back = owner.bring_back
    own_mode = {"mode": body["mode"]} if "mode" in body else {}
    return {
        "customer_id": None if owner.customer_id is None else key(owner.customer_id),
        "back_type": back and back["type"],
        "back_value": back and key(back["value"]),
        "node": key(owner.node_id),
        "type": key(body["type"]),
        "context": body["context"],
        "mode": body.get("mode") or contract.mode_of(body["type"]),
        "date": date,
        "updated_at": updated_at,
        "document": write_ascii({name: body.get(name) for name in _VERBATIM} | own_mode),
    }


def date_of(body: Mapping[str, Any], otherwise: int) -> int:
    """Give the date of a body that was checked, in milliseconds since 1970."""
    date = read_instant(body["date"]) if "date" in body else None
    return otherwise if date is None else date


def shown(row: tuple[Any, ...]) -> dict[str, Any]:
    """Give an event as the hub returns it."""
    event_id, customer_id, date, registered_at, updated_at, document = row
    event = json.loads(document)
    return {
        "id": text_of(event_id),
        "customerId": None if customer_id is None else text_of(customer_id),
        **event,
        "date": write_instant(date),
        "registeredAt": write_instant(registered_at),
        "updatedAt": write_instant(updated_at),
    }


def find(store: Store, event_id: str, *, until: int) -> tuple[Any, ...] | None:
    """Find an event that was registered at that instant at the latest."""
    return store.row(f"SELECT {_SHOWN} FROM events WHERE id = ? AND registered_at <= ?", (key(event_id), until))


def replace(store: Store, event_id: str, kept: Mapping[str, Any]) -> None:
    """Put other columns in the place of an event's."""
    settings = ", ".join(f"{name} = ?" for name in kept)
    store.change(f"UPDATE events SET {settings} WHERE id = ?", (*kept.values(), key(event_id)))


def select(
    store: Store, filters: Mapping[str, Any], *, until: int, size: int, skip: int
) -> tuple[list[dict[str, Any]], int]:
    """Give a stretch of the events that pass all filters, and how many there are of them."""
    conditions = [("registered_at <= ?", [until]), *_conditions(filters)]
    where = " AND ".join(condition for condition, _ in conditions)
    values = tuple(value for _, several in conditions for value in several)
    total = store.count(f"SELECT COUNT(*) FROM events WHERE {where}", values)
    order = "ORDER BY date DESC, seq DESC LIMIT ? OFFSET ?"
    rows = store.rows(f"SELECT {_SHOWN} FROM events WHERE {where} {order}", (*values, size, skip))
    return [shown(row) for row in rows], total


def _conditions(filters: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    for name, column in (("customerId", "customer_id"), ("nodeId", "node")):
        if filters[name] is not None:
            yield f"{column} = ?", [key(filters[name])]
    for name, column in (("type", "type"), ("context", "context")):
        if filters[name] is not None:
            yield f"{column} IN ({', '.join('?' * len(filters[name]))})", _keys(column, filters[name])
    for name, condition in (("mode", "mode = ?"), ("dateFrom", "date >= ?"), ("dateTo", "date <= ?")):
        if filters[name] is not None:
            yield condition, [filters[name]]


def _keys(column: str, texts: list[str]) -> list[Any]:
    return [key(text) for text in texts] if column == "type" else list(texts)
