"""A JSON object that doesn't change, and the rules by which free properties become JSON.

`FrozenDict` is a `dict` for whoever reads it (`json`, pandas, `match`), hashable, and refuses every change.
"""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, NoReturn, Self, cast
from uuid import UUID

from chub.errors import InvalidValue, Problem
from chub.values.instants import instant_fault, instant_text

MAX_DEPTH = 200
"""Levels of nesting in a free object; far above any schema, far below what recursion bears."""

# `json` refuses to write integers of more than 4,300 digits, and to read them.
_MAX_BITS = 14_000


class FrozenDict(dict[str, Any]):
    """An immutable, hashable, picklable `dict` of JSON values; nested objects are frozen too, arrays are tuples.

    >>> FrozenDict.of({"tags": ["a", "b"]})
    FrozenDict({'tags': ('a', 'b')})
    """

    __slots__ = ()

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
        return FrozenDict, (dict(self),)

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

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a FrozenDict doesn't change; make another: {**frozen, key: value}")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse


EMPTY = FrozenDict()


def frozen_dict(mapping: Mapping[str, Any]) -> FrozenDict:
    """Copy a mapping into a `FrozenDict`; see `FrozenDict.of`.

    >>> frozen_dict({"born": date(1815, 12, 10)})
    FrozenDict({'born': '1815-12-10'})
    """
    return FrozenDict.of(mapping)


def freeze(value: object, path: str, problems: list[Problem], depth: int = 0) -> Any:
    """Turn a value into JSON that doesn't change, noting in `problems` what has no one clear JSON form."""
    if value is None or type(value) in (str, bool) or type(value) is FrozenDict:
        return value
    if isinstance(value, Mapping | list | tuple):
        if depth >= MAX_DEPTH:
            return _note(problems, path, f"nested deeper than {MAX_DEPTH} levels")
        return _freeze_nested(value, path, problems, depth + 1)
    return _scalar(value, path, problems)


def _freeze_nested(value: Any, path: str, problems: list[Problem], depth: int) -> Any:
    if not isinstance(value, Mapping):
        return tuple(freeze(item, f"{path}[{index}]", problems, depth) for index, item in enumerate(value))
    return FrozenDict(
        (_key(key, path, problems), freeze(item, below(path, key), problems, depth)) for key, item in value.items()
    )


def _key(key: object, path: str, problems: list[Problem]) -> str:
    if not isinstance(key, str):
        _note(problems, path, f"the key {key!r} is no str")
    return str(key.value if isinstance(key, Enum) else key)


def below(path: str, key: object) -> str:
    """Give the path of a key below a path.

    >>> below("products[0]", "sku"), below("", "sku")
    ('products[0].sku', 'sku')
    """
    return f"{path}.{key}" if path else str(key)


def _scalar(value: object, path: str, problems: list[Problem]) -> Any:
    """Freeze what is neither a mapping nor a sequence; the first form that the value has, decides."""
    if isinstance(value, Enum):
        return freeze(value.value, path, problems)
    if isinstance(value, datetime):
        fault = instant_fault(value)
        return _note(problems, path, fault) if fault else instant_text(value)
    if type(value).__module__ == "numpy" and hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
        return freeze(value, path, problems) if not hasattr(value, "item") else _no_json(value, path, problems)
    for kind, convert in _CONVERSIONS:
        if isinstance(value, kind):
            return convert(value, path, problems)
    return _no_json(value, path, problems)


def plain_number(value: Any, path: str, problems: list[Problem]) -> Any:
    """Give an int or a float as plain as JSON has it; NaN, the infinities and giant integers are problems."""
    if isinstance(value, int):
        if value.bit_length() > _MAX_BITS:
            return _note(problems, path, "an integer of over 4,000 digits, which JSON readers refuse")
        return int(value)
    if not math.isfinite(value):
        return _note(problems, path, f"{float(value)} has no JSON form; leave it out or pass None")
    return float(value)


def _decimal(value: Decimal, path: str, problems: list[Problem]) -> Any:
    if not value.is_finite() or Decimal(float(value)) != value:
        return _note(problems, path, f"Decimal {value} is no exact float; pass float(...) or str(...)")
    return float(value)


def _text(value: str, path: str, problems: list[Problem]) -> str:
    return str.__str__(value)


def _no_json(value: object, path: str, problems: list[Problem]) -> None:
    return _note(problems, path, f"{type(value).__name__} has no one clear JSON form")


def _note(problems: list[Problem], path: str, message: str) -> None:
    problems.append(Problem(path=path, message=message))


_CONVERSIONS: tuple[tuple[type[Any], Callable[[Any, str, list[Problem]], Any]], ...] = (
    (str, _text),
    (int, plain_number),
    (float, plain_number),
    (Decimal, _decimal),
    (date, lambda value, path, problems: value.isoformat()),
    (UUID, lambda value, path, problems: str(value)),
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
