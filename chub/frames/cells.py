"""One cell of a frame or a row, turned into the JSON that stands on the wire for its kind of field."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen

from chub.errors import shown
from chub.frames.naming import field_of
from chub.values.frozen_dict import below
from chub.values.instants import instant_fault, instant_text, to_instant
from chub.values.schema import Flag, Free, Instant, Kind, Many, Nested, Number, Problems, note
from chub.wire.jsontext import loads


@frozen
class Unreadable:
    """A cell that a library could not give as a Python value, and why."""

    reason: str


@frozen
class Style:
    """What the cells of some rows are.

    `texts`: numbers and booleans may be given as text.  `nulls`: a null of a key that no class lists is one, as in
    JSON; in a frame it only says that the row has no such key.
    """

    texts: bool = False
    nulls: bool = False


_NEVER_ABSENT = frozenset({str, int, bool, dict, list, tuple})
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
_WHOLE = re.compile(r"\s*[+-]?\d{1,4300}\s*", re.ASCII)
_MAX_DIGITS = 4300  # more are refused by readers of JSON
_FLAGS = {"true": True, "false": False, "1": True, "0": False}


def is_absent(value: Any) -> bool:
    """Say whether a cell holds nothing: None, NaN, NaT or pandas' NA.

    >>> is_absent(float("nan")), is_absent(0), is_absent("")
    (True, False, False)
    """
    kind = type(value)
    if value is None or kind in _NEVER_ABSENT:
        return value is None
    if kind.__name__ == "NAType":
        return True
    try:
        return kind.__name__ != "ndarray" and bool(value != value)
    except Exception:  # a value of the caller's own may compare as it likes
        return False


def to_wire(kind: Kind, value: Any, style: Style, path: str, problems: Problems) -> Any:
    """Give the JSON of a cell that holds something, noting what is wrong; what the parser will judge stays as it is."""
    if isinstance(value, Unreadable):
        return note(problems, path, value.reason)
    value = _plain(value)
    match kind:
        case Number():
            return _number(kind, value, style, path, problems)
        case Flag():
            return _flag(value, path, problems) if style.texts and isinstance(value, str) else value
        case Instant():
            return _instant(value, path, problems)
        case Free() | Nested() | Many() if isinstance(value, str):
            return json_of(value, path, problems)  # in the hub's form, to the letter
        case Nested(cls=cls):
            return _nested(cls, value, style, path, problems)
        case Many(item=item):
            return _many(item, value, style, path, problems)
        case _:
            return value


def _plain(value: Any) -> Any:
    """Give the Python value of numpy's scalars and arrays; datetime64, which says no zone, stays what it is."""
    numpy = type(value).__module__ == "numpy" and getattr(value, "dtype", None)
    return value.tolist() if numpy and numpy.kind not in "mM" else value


def json_of(value: Any, path: str, problems: Problems) -> Any:
    """Give what a text of JSON holds; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return loads(value)
    except ValueError as error:
        return note(problems, path, str(error))


def _number(kind: Number, value: Any, style: Style, path: str, problems: Problems) -> Any:
    if style.texts and isinstance(value, str):
        if kind.whole and _WHOLE.fullmatch(value):
            return int(value)
        if not _NUMBER.fullmatch(value):
            return note(problems, path, f"{shown(value)} is no number")
        value = float(value)
    return _whole(value) if kind.whole else value


def _whole(value: Any) -> Any:
    """Give a whole number as an int: pandas has floats where a column has gaps, databases have decimals."""
    if type(value).__name__ == "Decimal" and value.is_finite() and value.adjusted() < _MAX_DIGITS:
        return int(value) if value == value.to_integral_value() else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _flag(text: str, path: str, problems: Problems) -> Any:
    found = _FLAGS.get(text.strip().lower())
    return note(problems, path, f"{shown(text)} is none of 'true', 'false', '1', '0'") if found is None else found


def _instant(value: Any, path: str, problems: Problems) -> Any:
    if not isinstance(value, datetime):
        return value
    fault = instant_fault(value)
    return note(problems, path, fault) if fault else instant_text(to_instant(value))


def _nested(cls: type[Any], value: Any, style: Style, path: str, problems: Problems) -> Any:
    if not isinstance(value, Mapping):
        return value
    made: dict[Any, Any] = {}
    for name, item in value.items():
        spec = field_of(cls, name)
        if is_absent(item) and (spec or item is not None or not style.nulls):
            continue
        key = spec.wire_name if spec else name
        if key in made:
            note(problems, below(path, name), "given by both of its names")
        made[key] = to_wire(spec.kind, item, style, below(path, key), problems) if spec else _plain(item)
    return made


def _many(item: Kind, value: Any, style: Style, path: str, problems: Problems) -> Any:
    if not isinstance(value, list | tuple):
        return value
    return [to_wire(item, one, style, f"{path}[{index}]", problems) for index, one in enumerate(value)]
