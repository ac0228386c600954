"""Between the values with wire keys and their JSON; the only module that knows cattrs.

Two doors lead in.  `check` is for what somebody wants to send: it makes the constructors' checks, with the wire's
names in the paths.  `read` is for what the hub returns: enumerations and bounds are open, and a date that can't be
read stays in `unlisted`; only a wrong shape is refused.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import attrs
from cattrs import Converter

from chub.errors import InvalidValue, Problem, shown
from chub.values.base import WireValue, construct
from chub.values.frozen_dict import below, freeze, plain_number
from chub.values.instants import read_instant
from chub.values.schema import (
    Choice,
    Flag,
    Free,
    Instant,
    Kind,
    Many,
    Nested,
    Number,
    Problems,
    Text,
    field_specs,
    note,
)
from chub.wire.straight import straight_reader, straight_writer

W = TypeVar("W", bound=WireValue)

Reader = Callable[[Any, str, Problems], Any]
"""Reads one JSON value: gives what the field holds, or notes what is wrong with its path."""


def check(cls: type[W], data: object) -> W:
    """Build a value from JSON that is to be sent; raises `InvalidValue` with every problem."""
    made: W = _SENDING.structure(data, cls)
    return made


def read(cls: type[W], data: object) -> W:
    """Build a value from JSON that the hub returned; raises `InvalidValue` where its shape is another."""
    made: W = _READING.get_structure_hook(cls)(data, cls)
    return made


def encode_value(value: WireValue) -> dict[str, Any]:
    """Give the JSON object of a value, as new plain dicts and lists; fields that are None are left out."""
    encoded: dict[str, Any] = straight_writer(type(value))(value)
    return encoded


class Unreadable:
    """Marks a date that can't be read; its JSON goes into `unlisted`."""


UNREADABLE = Unreadable()


def _sending_converter() -> Converter:
    """Make the converter of the door for what is to be sent; a class is looked at when it is first used."""
    made = Converter()
    made.register_structure_hook_factory(_is_wire_value, lambda cls: _structure_hook(cls, made, _sending_leaf))
    return made


def _reading_converter() -> Converter:
    """Make the converter of the door for what the hub returns: straight-line code, and the careful way beside it."""
    made = Converter()
    made.register_structure_hook_factory(
        _is_wire_value,
        lambda cls: _straight_or_careful(straight_reader(cls), _structure_hook(cls, made, _reading_leaf)),
    )
    return made


def _straight_or_careful(straight: Callable[[Any], W], careful: Callable[[Any, Any], W]) -> Callable[[Any, Any], W]:
    def structure(data: Any, cls: Any) -> W:
        try:
            return straight(data)
        except ValueError:  # Unusual is one
            return careful(data, cls)

    return structure


def _is_wire_value(cls: Any) -> bool:
    return attrs.has(cls) and isinstance(cls, type) and issubclass(cls, WireValue)


def _structure_hook(cls: type[W], converter: Converter, leaf: Callable[[Kind], Reader]) -> Callable[[Any, Any], W]:
    readers = [
        (spec.wire_name, spec.name, spec.required, _reader(spec.kind, converter, leaf)) for spec in field_specs(cls)
    ]

    def structure(data: Any, _: Any) -> W:
        if not isinstance(data, Mapping):
            raise InvalidValue.of("", f"an object is needed, not {_json_type(data)}")
        left, problems = dict(data), list[Problem]()
        values = _read_fields(left, readers, problems)
        if left:
            values["unlisted"] = freeze(left, "", problems)
        if problems:
            raise InvalidValue(problems)
        made: W = construct(cls, values)
        return made

    return structure


def _read_fields(
    left: dict[str, Any], readers: list[tuple[str, str, bool, Reader]], problems: Problems
) -> dict[str, Any]:
    """Take the listed keys out of `left`; a date that can't be read stays there."""
    values: dict[str, Any] = {}
    for wire_name, name, required, reader in readers:
        raw = left.pop(wire_name, None)
        if raw is not None:
            value = reader(raw, wire_name, problems)
            if value is UNREADABLE:
                left[wire_name], value = raw, None
            values[name] = value
        elif required:
            note(problems, wire_name, "required, and missing")
    return values


def _reader(kind: Kind, converter: Converter, leaf: Callable[[Kind], Reader]) -> Reader:
    if isinstance(kind, Nested):
        return _nested_reader(kind.cls, converter)
    if isinstance(kind, Many):
        return _many_reader(_reader(kind.item, converter, leaf))
    return leaf(kind)


def _nested_reader(cls: type[Any], converter: Converter) -> Reader:
    def nested(raw: Any, path: str, problems: Problems) -> Any:
        try:
            return converter.structure(raw, cls)
        except InvalidValue as error:
            problems += moved(error, path)
            return None

    return nested


def moved(error: InvalidValue, path: str) -> list[Problem]:
    """Give the problems of a nested value with the path that leads to it."""
    return [
        Problem(path=below(path, item.path) if item.path else path, message=item.message) for item in error.problems
    ]


def _many_reader(item_reader: Reader) -> Reader:
    def many(raw: Any, path: str, problems: Problems) -> Any:
        if not isinstance(raw, list | tuple):
            return note(problems, path, f"an array is needed, not {_json_type(raw)}")
        return tuple(item_reader(item, f"{path}[{index}]", problems) for index, item in enumerate(raw))

    return many


def _sending_leaf(kind: Kind) -> Reader:
    return instant_to_send if isinstance(kind, Instant) else kind.check


def instant_to_send(raw: Any, path: str, problems: Problems) -> Any:
    """Read an instant to be sent, from its text or a datetime."""
    if not isinstance(raw, str):
        return Instant().check(raw, path, problems)
    found = read_instant(raw)
    if found is None:
        note(problems, path, f"{shown(raw)} is no instant; ISO 8601 with a zone is needed")
    return found


def _reading_leaf(kind: Kind) -> Reader:
    readers: dict[type[Any], Callable[[Any], Reader]] = {
        Text: lambda _: _typed(str, "a string"),
        Flag: lambda _: _typed(bool, "a boolean"),
        Free: lambda _: kind.check,
        Instant: lambda _: _instant_read,
        Choice: _choice_read,
        Number: _number_read,
    }
    return readers[type(kind)](kind)


def _typed(wanted: type[Any], called: str) -> Reader:
    def typed(raw: Any, path: str, problems: Problems) -> Any:
        return raw if isinstance(raw, wanted) else note(problems, path, f"{called} is needed, not {_json_type(raw)}")

    return typed


def _instant_read(raw: Any, *_: object) -> Any:
    return read_instant(raw) or UNREADABLE


def _choice_read(kind: Choice) -> Reader:
    def choice(raw: Any, path: str, problems: Problems) -> Any:
        if not isinstance(raw, str):
            return note(problems, path, f"a string is needed, not {_json_type(raw)}")
        return kind.member(raw)

    return choice


def _number_read(kind: Number) -> Reader:
    def number(raw: Any, path: str, problems: Problems) -> Any:
        whole = kind.whole and isinstance(raw, float) and raw.is_integer()
        if isinstance(raw, bool) or not (whole or isinstance(raw, int if kind.whole else int | float)):
            return note(problems, path, f"a number is needed, not {_json_type(raw)}")
        return plain_number(int(raw) if whole else raw, path, problems)

    return number


def _json_type(value: object) -> str:
    """Name a value as JSON does, or as Python does where it is none."""
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value)) or ("a number" if isinstance(value, int | float) else type(value).__name__)


_SENDING = _sending_converter()
_READING = _reading_converter()
