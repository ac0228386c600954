"""A JSON object that doesn't change, and the rules by which free properties become JSON.

`FrozenDict` is a `dict` for whoever reads it (`json`, pandas, `match`), hashable, and refuses every change.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, Self, cast

from chub.errors import InvalidValue, Problem, shown
from chub.late import Late
from chub.values.instants import instant_fault, instant_text

if TYPE_CHECKING:
    import decimal
    import uuid
else:
    decimal, uuid = Late("decimal"), Late("uuid")

MAX_DEPTH = 200
"""Levels of nesting in a free object; far above any schema, far below what recursion bears."""

# `json` refuses to write integers of more than 4,300 digits, and to read them.
_FIRST_GIANT = 10**4300


def _refused(*_: object, **__: object) -> NoReturn:
    raise TypeError("a FrozenDict doesn't change; make another: {**frozen, key: value}")


_refuse: Any = _refused


class FrozenDict(dict[str, Any]):
    """An immutable, hashable, picklable `dict` of JSON values; nested objects are frozen too, arrays are tuples.

    >>> FrozenDict({"tags": ["a", "b"]})
    FrozenDict({'tags': ('a', 'b')})
    """

    __slots__ = ()

    def __new__(cls, mapping: Mapping[str, Any] | None = None, /) -> "FrozenDict":
        """Copy a mapping, as `FrozenDict.of` does."""
        return cls.of({} if mapping is None else mapping)

    def __init__(self, *_: object) -> None:
        pass  # dict's own would put the mapping in unfrozen, and again at each further call

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> "FrozenDict":
        """Copy a mapping, once, with everything in it turned into JSON values.

        Raises `InvalidValue` with the path of each value that has no one clear JSON form.
        """
        if type(mapping) is FrozenDict:
            return mapping
        problems: list[Problem] = []
        if not isinstance(mapping, Mapping):
            raise InvalidValue.of("", f"a mapping is needed, not {type(mapping).__name__}")
        frozen = freeze(mapping, "", problems)
        InvalidValue.check(problems)
        return cast(FrozenDict, frozen)

    def __hash__(self) -> int:  # type: ignore[override]  # dict has none
        return hash(frozenset(self.items()))

    def __repr__(self) -> str:
        return f"FrozenDict({dict.__repr__(self)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _of_frozen, (tuple(self.items()),)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def copy(self) -> Self:
        """Give the same value: it never changes."""
        return self

    def __or__(self, other: Any) -> Any:
        return FrozenDict.of({**self, **other}) if isinstance(other, Mapping) else NotImplemented

    def __ror__(self, other: Any) -> Any:
        return FrozenDict.of({**other, **self}) if isinstance(other, Mapping) else NotImplemented

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse


def _of_frozen(items: Iterable[tuple[str, Any]]) -> FrozenDict:
    """Make one of items that are frozen already."""
    made: FrozenDict = dict.__new__(FrozenDict)
    dict.update(made, items)
    return made


EMPTY = _of_frozen(())


def frozen_dict(mapping: Mapping[str, Any]) -> FrozenDict:
    """Copy a mapping into a `FrozenDict`; see `FrozenDict.of`.

    >>> frozen_dict({"born": date(1815, 12, 10)})
    FrozenDict({'born': '1815-12-10'})
    """
    return FrozenDict.of(mapping)


class Unusual(ValueError):
    """Raised by what is made for the usual case alone; whoever calls it goes the careful way then."""


def freeze_usual(value: Any, levels: int = MAX_DEPTH) -> Any:
    """Freeze plain JSON, such as `json` has read it, fast; raises `Unusual` for anything else.

    >>> freeze_usual({"a": [1, {"b": None}]})
    FrozenDict({'a': (1, FrozenDict({'b': None}))})
    """
    kind = value.__class__
    if kind is str or value is None or kind is bool:
        return value
    if (kind is int and -_BIG < value < _BIG) or (kind is float and math.isfinite(value)):
        return value
    if not levels:
        raise Unusual
    if kind is list or kind is tuple:
        return tuple([item if item.__class__ is str else freeze_usual(item, levels - 1) for item in value])
    if kind is not dict:
        raise Unusual
    made = _new(FrozenDict)
    _update(made, value)  # most values are texts, which stay as they are
    for key, item in value.items():
        if key.__class__ is not str:
            raise Unusual
        if item.__class__ is not str:
            _put(made, key, freeze_usual(item, levels - 1))
    return made


_BIG = 2**63
_new, _update, _put = dict.__new__, dict.update, dict.__setitem__


def freeze(value: object, path: str, problems: list[Problem], inside: tuple[int, ...] = ()) -> Any:
    """Turn a value into JSON that doesn't change, noting in `problems` what has no one clear JSON form.

    `inside` holds the identities of the mappings and sequences around the value.
    """
    if value is None or type(value) in (str, bool) or (type(value) is FrozenDict and not inside):
        return value
    if not inside:
        try:
            return freeze_usual(value)
        except Unusual:
            pass
    if not isinstance(value, Mapping | list | tuple):
        return _scalar(value, path, problems, inside)
    if id(value) in inside:
        return _note(problems, path, "contains itself")
    if len(inside) >= MAX_DEPTH:
        return _note(problems, path, f"nested deeper than {MAX_DEPTH} levels")
    return _freeze_nested(value, path, problems, (*inside, id(value)))


def _freeze_nested(value: Any, path: str, problems: list[Problem], inside: tuple[int, ...]) -> Any:
    # Loops, for a comprehension would take a frame of Python's stack for each level.
    if not isinstance(value, Mapping):
        items = []
        for index, item in enumerate(value):
            items.append(freeze(item, f"{path}[{index}]", problems, inside))
        return tuple(items)
    pairs = []
    for key, item in value.items():
        pairs.append((_key(key, path, problems), freeze(item, below(path, key), problems, inside)))
    return _of_frozen(pairs)


def _key(key: object, path: str, problems: list[Problem]) -> Any:
    if not isinstance(key, str):
        return _note(problems, path, f"the key {shown(key)} is no str")
    return str.__str__(key)


def below(path: str, key: object) -> str:
    """Give the path of a key below a path.

    >>> below("products[0]", "sku"), below("", "sku")
    ('products[0].sku', 'sku')
    """
    name = str.__str__(key) if isinstance(key, str) else shown(key)
    return f"{path}.{name}" if path else name


def _scalar(value: object, path: str, problems: list[Problem], inside: tuple[int, ...]) -> Any:
    """Freeze what is neither a mapping nor a sequence; the first form that the value has, decides."""
    if isinstance(value, Enum):
        return freeze(value.value, path, problems, inside)
    if isinstance(value, datetime):
        fault = instant_fault(value)
        return _note(problems, path, fault) if fault else instant_text(value)
    plain = _out_of_numpy(value) if type(value).__module__ == "numpy" else None
    if plain is not None:
        return freeze(plain, path, problems)
    for kind, convert in _conversions():
        if isinstance(value, kind):
            return convert(value, path, problems)
    return _no_json(value, path, problems)


def _out_of_numpy(value: Any) -> object:
    """Give the Python number or text of a numpy scalar, None for anything else.

    datetime64 is among that: it says no zone, and its `item()` is an int where it counts nanoseconds.
    """
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    plain = value.item() if kind in ("b", "i", "u", "f", "U") and value.ndim == 0 else None
    return plain if type(plain) in (bool, int, float, str) else None


def plain_number(value: Any, path: str, problems: list[Problem]) -> Any:
    """Give an int or a float as plain as JSON has it; NaN, the infinities and giant integers are problems."""
    if isinstance(value, int):
        if not -_FIRST_GIANT < value < _FIRST_GIANT:
            return _note(problems, path, "an integer of over 4,300 digits, which JSON readers refuse")
        return int(value)
    if not math.isfinite(value):
        return _note(problems, path, f"{float(value)} has no JSON form; leave it out or pass None")
    return float(value)


def _decimal(value: "decimal.Decimal", path: str, problems: list[Problem]) -> Any:
    if not value.is_finite() or decimal.Decimal(float(value)) != value:
        return _note(problems, path, f"{shown(value)} is no exact float; pass float(...) or str(...)")
    return float(value)


def is_number(value: object) -> bool:
    """Say whether a value is a number of Python's, be it one that JSON can't hold."""
    return isinstance(value, int | float | decimal.Decimal)


def _always(convert: Callable[[Any], Any]) -> Callable[[Any, str, list[Problem]], Any]:
    return lambda value, *_: convert(value)


def _no_json(value: object, path: str, problems: list[Problem]) -> None:
    return _note(problems, path, f"{type(value).__name__} has no one clear JSON form")


def _note(problems: list[Problem], path: str, message: str) -> None:
    problems.append(Problem(path=path, message=message))


@cache
def _conversions() -> tuple[tuple[type[Any], Callable[[Any, str, list[Problem]], Any]], ...]:
    return (
        (str, _always(str.__str__)),
        (int, plain_number),
        (float, plain_number),
        (decimal.Decimal, _decimal),
        (date, _always(date.isoformat)),
        (uuid.UUID, _always(str)),
    )


def thaw(value: Any) -> Any:
    """Give plain dicts and lists, all new, of a frozen JSON value.

    >>> thaw(FrozenDict.of({"a": [{"b": 1}]}))
    {'a': [{'b': 1}]}
    """
    if isinstance(value, dict):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [thaw(item) for item in value]
    return value
