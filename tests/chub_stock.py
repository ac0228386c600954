"""A slow reference for the codec: stock cattrs over plain attrs classes with the same fields, checked by nothing else.

The classes are made from the catalogue's own field kinds, the reading is cattrs' own (`make_dict_structure_fn`).  What
chub promises beyond it is hooked in: no coercion (stock cattrs takes an object, or a text, for an array), unknown keys
kept, dates that can't be read kept as unknown keys.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

import chub
from chub.values.base import WireValue
from chub.values.schema import Choice, Flag, Free, Instant, Kind, Many, Nested, Number, Text, field_specs


@cache
def plain(cls: Any) -> Any:
    """Give a plain attrs class with the fields of a class of chub's."""
    fields = {"unlisted": attrs.field(default=None)}
    for spec in field_specs(cls):
        hint = hint_of(spec.kind)
        needed = spec.required and not isinstance(spec.kind, Instant)  # one that is there can be unreadable
        given = {"type": hint} if needed else {"type": hint | None, "default": None}
        fields[spec.name] = attrs.field(**given)
    made = attrs.make_class(cls.__name__, fields, kw_only=True, slots=True, frozen=True)
    made.FROM = cls
    return made


def hint_of(kind: Kind) -> Any:
    """Give the annotation that stock cattrs reads a kind by."""
    match kind:
        case Number(whole=whole):
            return int if whole else float
        case Nested(cls=cls):
            return plain(cls)
        case Many(item=item):
            return tuple[hint_of(item), ...]  # type: ignore[misc]
        case _:
            return {Text: str, Flag: bool, Instant: datetime, Choice: str, Free: chub.FrozenDict}[type(kind)]


def _strict(*wanted: type[Any]) -> Any:
    def structure(raw: Any, _: Any) -> Any:
        if not isinstance(raw, wanted) or (isinstance(raw, bool) and bool not in wanted):
            raise TypeError(f"{raw!r} is none of {wanted}")
        return raw

    return structure


def _whole(raw: Any, _: Any) -> int:
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    found: int = _strict(int)(raw, _)
    return found


def _instant(raw: Any, _: Any) -> datetime:
    value = datetime.fromisoformat(_strict(str)(raw, _))
    if value.tzinfo is None:
        raise ValueError("naive")
    utc = value.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def _free(raw: Any, _: Any) -> chub.FrozenDict:
    return chub.FrozenDict.of(_strict(Mapping)(raw, _))


def reference(*, keeps_unlisted: bool = True) -> Converter:
    """Make the converter; without `keeps_unlisted` it drops unknown keys and refuses dates, as stock cattrs does."""
    made = Converter()
    hooks = {str: _strict(str), bool: _strict(bool), float: _strict(int, float), int: _whole}
    for wanted, hook in (hooks | {datetime: _instant, chub.FrozenDict: _free}).items():
        made.register_structure_hook(wanted, hook)
    made.register_structure_hook_factory(
        lambda hint: get_origin(hint) is tuple,
        lambda hint: lambda raw, _: tuple(made.structure(_strict(list, tuple)(raw, _), list[get_args(hint)[0]])),
    )
    made.register_structure_hook_factory(
        _is_plain, lambda cls: _keeping(cls, _stock(cls, made)) if keeps_unlisted else _stock(cls, made)
    )
    made.register_unstructure_hook(datetime, lambda value: value.isoformat(timespec="milliseconds")[:-6] + "Z")
    made.register_unstructure_hook(chub.FrozenDict, thawed)
    made.register_unstructure_hook_factory(_is_plain, lambda cls: _writing(cls, made))
    return made


def _is_plain(cls: Any) -> bool:
    return attrs.has(cls) and hasattr(cls, "FROM")


def thawed(value: Any) -> Any:
    """Give plain dicts and lists of a frozen JSON value."""
    if isinstance(value, tuple):
        return [thawed(item) for item in value]
    return {key: thawed(item) for key, item in value.items()} if isinstance(value, dict) else value


def _writing(cls: Any, converter: Converter) -> Any:
    renamed = {spec.name: override(rename=spec.wire_name) for spec in field_specs(cls.FROM)}
    stock = make_dict_unstructure_fn(
        cls, converter, _cattrs_omit_if_default=True, unlisted=override(omit=True), **renamed
    )
    return lambda value: stock(value) | thawed(value.unlisted)


def _stock(cls: Any, converter: Converter) -> Any:
    renamed = {spec.name: override(rename=spec.wire_name) for spec in field_specs(cls.FROM)}
    return make_dict_structure_fn(cls, converter, **renamed)  # type: ignore[arg-type]


def _keeping(cls: Any, stock: Any) -> Any:
    specs = {spec.wire_name: spec for spec in field_specs(cls.FROM)}

    def structure(raw: Any, _: Any) -> Any:
        if not isinstance(raw, Mapping):
            raise TypeError("no object")
        unread = {key for key in raw if key not in specs or _is_unreadable(specs[key].kind, raw[key])}
        missing = [key for key, spec in specs.items() if spec.required and raw.get(key) is None]
        if missing:
            raise TypeError(f"{missing} are missing")
        found = stock({key: value for key, value in raw.items() if key not in unread and value is not None}, cls)
        return attrs.evolve(found, unlisted=chub.FrozenDict.of({key: raw[key] for key in raw if key in unread}))

    return structure


def _is_unreadable(kind: Kind, raw: Any) -> bool:
    if not isinstance(kind, Instant) or raw is None:
        return False
    try:
        return not _instant(raw, None)
    except (TypeError, ValueError, OverflowError):
        return True


def as_plain(value: Any) -> Any:
    """Give a value of chub's as one of the reference's, so that both can be compared."""
    if isinstance(value, tuple):
        return tuple(map(as_plain, value))
    if isinstance(value, Enum):
        return value.value
    if not isinstance(value, WireValue):
        return value
    fields = {spec.name: as_plain(getattr(value, spec.name)) for spec in field_specs(type(value))}
    return plain(type(value))(unlisted=value.unlisted, **fields)
