"""The base of the values: they check themselves when they are made, and show what is set."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Protocol

import attrs
from attrs import frozen

from chub.errors import InvalidValue, Plain
from chub.values.frozen_dict import EMPTY, freeze
from chub.values.instants import instant_text
from chub.values.schema import Problems, field_specs, note, wire_names


class Shown:
    """A value whose `repr` shows the fields that differ from their defaults."""

    __slots__ = ()

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={_short(value)}" for name, value in set_fields(self))
        return f"{type(self).__name__}({shown})"

    @property
    def _repr_pretty_(self) -> Callable[[Any, bool], None]:
        """Be as short where Hypothesis shows it, which would write out every field of an attrs class.

        It is asked of the class too, where that is what is shown; there a property is nothing to be called.
        """
        return lambda printer, _: printer.text(repr(self))


def _short(value: object) -> str:
    """An instant as its ISO text, for the `repr` of a datetime in UTC takes 80 characters; else the `repr`."""
    return instant_text(value) if isinstance(value, datetime) else repr(value)


class Checks(Protocol):
    """What checks one value: gives it normalised, or notes what is wrong."""

    def check(self, value: object, path: str, problems: Problems, /) -> Any:
        """Give the normalised value, or note what is wrong."""


def check_fields(
    value: Any, kinds: Mapping[str, Checks], problems: Problems, *, required: tuple[str, ...] = ()
) -> None:
    """Normalise these fields of a value that is being made; those that are None and not required are left alone."""
    for name, kind in kinds.items():
        given = getattr(value, name)
        if given is not None or name in required:
            object.__setattr__(value, name, kind.check(given, name, problems))


@frozen(eq=False, repr=False)
class Unlisted(Plain):
    """The keys that stand on the wire beside those of the fields, `listed`."""

    listed: frozenset[str]

    def check(self, value: object, path: str, problems: Problems) -> Any:
        """Give a frozen copy, or note what is wrong."""
        if not isinstance(value, Mapping):
            return note(problems, path, f"a mapping is needed, not {type(value).__name__}")
        for key in sorted(value.keys() & self.listed):
            note(problems, f"{path}.{key}", "the class has a field for this key")
        return freeze(value, path, problems)


@frozen(kw_only=True, repr=False)
class WireValue(Shown):
    """A frozen value with wire keys.

    `unlisted` holds the keys that chub's catalogue doesn't know; they stand on the wire at the same level.  Schemas
    grow: what the hub returns is kept and sent again, and a sender may add keys of his own.
    """

    KEEPS_NAMES: ClassVar[bool] = False
    """Whether the wire has the Python names (`utm_source`), not their camelCase."""

    unlisted: Mapping[str, Any] = EMPTY

    def __attrs_post_init__(self) -> None:
        problems: Problems = []
        for spec in field_specs(type(self)):
            given = getattr(self, spec.name)
            if given is not None or spec.required:
                object.__setattr__(self, spec.name, spec.kind.check(given, spec.name, problems))
        unlisted = Unlisted(wire_names(type(self))).check(self.unlisted, "unlisted", problems)
        object.__setattr__(self, "unlisted", unlisted)
        InvalidValue.check(problems)


def set_fields(value: Any) -> list[tuple[str, Any]]:
    """Give the fields that differ from their defaults, in order, `unlisted` last."""
    fields = sorted(attrs.fields(type(value)), key=lambda item: item.name == "unlisted")
    shown = [(item.name, getattr(value, item.name), item.default) for item in fields if item.repr]
    return [(name, given) for name, given, default in shown if given != default]


def construct(cls: type[Any], values: Mapping[str, Any]) -> Any:
    """Make a value without its checks, from values that are known to be right or must be kept as they are.

    The read path uses it: what the hub returns is kept even where a sender would be refused.
    """
    made, given = unfrozen(cls)(), values.get
    for name, default in _defaults(cls):  # type: ignore[arg-type]  # a class is hashable
        setattr(made, name, given(name, default))
    made.__class__ = cls
    return made


def _unfrozen(cls: Any) -> Any:
    names = ("__init__", "__setattr__", "__delattr__")
    body = {"__slots__": ()} | {name: getattr(object, name) for name in names}
    return type(cls)(cls.__name__, (cls,), body)


unfrozen: Callable[[type[Any]], type[Any]] = cache(_unfrozen)  # type: ignore[assignment]
"""Give the class without its checks and its freezing: an instance is filled, then declared `__class__ = cls`."""


@cache
def _defaults(cls: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((item.name, item.default) for item in attrs.fields(cls))
