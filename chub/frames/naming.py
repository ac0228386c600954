"""What the name of a column means: a field of the event, of its context information, its tracking or its properties.

Fields go by their names in Python or on the wire; those of nested values by a path with dots or `__` in between.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from attrs import frozen

from chub.frames.layout import PAYLOAD, REST, own_column
from chub.values.catalogue import event_types, properties_class
from chub.values.context_info import ContextInfo, Tracking
from chub.values.schema import FieldSpec, Free, Instant, Kind, Nested, Text, field_specs

_STEP = re.compile(r"\.|__")
_OWNERS = ("customer_id", "session_id", "external_id", "node_id")

EMPTY = "__empty"
"""The column by which `flatten` tells of structs that hold nothing."""

_EMPTIES = (EMPTY, ".empty")  # names may be parted by either


@frozen
class Target:
    """Where a cell goes in the JSON of an event, and which kind of field is there; `path` is () for what is no field.

    One that is not `fits` belongs to another event type: nothing may stand there.
    """

    path: tuple[str, ...]
    kind: Kind
    fits: bool = True


def _fields_by_name(cls: Any) -> Mapping[str, FieldSpec]:
    specs = field_specs(cls)
    return {spec.wire_name: spec for spec in specs} | {spec.name: spec for spec in specs}


_fields: Callable[[type[Any]], Mapping[str, FieldSpec]] = cache(_fields_by_name)  # type: ignore[assignment]


def field_of(cls: type[Any], name: object) -> FieldSpec | None:
    """Give the field that goes by this name, Python's or the wire's."""
    return _fields(cls).get(name) if isinstance(name, str) else None


_TOP: Mapping[str, Target] = {
    **{name: Target((name,), Text()) for name in ("type", "context", "mode", *_OWNERS, "id")},
    **{name: Target((name,), Instant()) for name in ("date", "registered_at", "updated_at")},
    "bring_back_properties": Target(("bringBackProperties",), Free()),
}
_WIRE_NAMES = {
    "customerId": "customer_id",
    "sessionId": "session_id",
    "externalId": "external_id",
    "nodeId": "node_id",
    "registeredAt": "registered_at",
    "updatedAt": "updated_at",
    "bringBackProperties": "bring_back_properties",
    "contextInfo": "context_info",
}


def target_of(name: str, event_type: str | None) -> Target | None:
    """Say what a column of this name means in a row of this type; None where it means nothing.

    >>> target_of("properties.page_categories", "viewedPage").path
    ('properties', 'pageCategories')
    >>> target_of("context_info__client__ip", None).path, target_of("colour", "viewedPage")
    (('contextInfo', 'client', 'ip'), None)
    """
    if name in _EMPTIES:
        return Target((EMPTY,), Free())
    head, *rest = _STEP.split(name)
    head = _WIRE_NAMES.get(head, head)
    if head in _TOP:
        return None if rest else _TOP[head]
    if head == REST:
        return None if rest else Target((head,), Free())
    if head == "context_info":
        return _inside(("contextInfo",), Nested(ContextInfo), rest)
    if head == "tracking":
        return _inside(("tracking", "ga"), Nested(Tracking), rest[1:] if rest[:1] == ["ga"] else rest)
    return _property(head, rest, event_type)


def _property(head: str, rest: list[str], event_type: str | None) -> Target | None:
    cls = properties_class(event_type) if event_type else None
    whole: Kind = Nested(cls) if cls else Free()
    if head == PAYLOAD:
        return _inside(("properties",), whole, rest)
    if (of_type := properties_class(head)) is not None:
        found = _inside(("properties",), Nested(of_type), rest)
        return Target(found.path, found.kind, fits=head == event_type)
    if cls is not None and (own := _own_field(cls, head)):
        return _inside(("properties",), whole, [own, *rest])
    return Target((), Free(), fits=False) if head in _every_field() else None


def _own_field(cls: type[Any], head: str) -> str | None:
    """Give the field of a type for which a column of its own stands."""
    if field_of(cls, head):
        return head
    return next((spec.name for spec in field_specs(cls) if own_column(spec.name) == head), None)


@cache
def _every_field() -> frozenset[str]:
    """Give the names of all fields of all types, as columns."""
    classes = [cls for name in event_types() if (cls := properties_class(name))]
    specs = [spec for cls in classes for spec in field_specs(cls)]
    return frozenset(name for spec in specs for name in (spec.name, spec.wire_name, own_column(spec.name)))


def _inside(path: tuple[str, ...], kind: Kind, steps: list[str]) -> Target:
    """Follow steps into a value; keys that a class doesn't list are free."""
    for step in steps:
        spec = field_of(kind.cls, step) if isinstance(kind, Nested) else None
        path, kind = (*path, spec.wire_name if spec else step), spec.kind if spec else ANYTHING
    return Target(path, kind)


@frozen
class _Anything:
    """The kind of a key that no class lists: whatever has a clear JSON form."""


ANYTHING: Any = _Anything()
