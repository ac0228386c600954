"""What an attrs class says of its fields: each annotation becomes a kind, which checks a value from Python.

The classes stay plain annotations; the codec reads the same kinds to go between a value and its JSON.

    str                          Text          Annotated[str, OneOf(...)]   Choice among given texts
    float, int                   Number        Annotated[float, Range(0)]   Number with bounds
    bool                         Flag          a StrEnum (with or without str)   Choice among its members
    datetime                     Instant       Mapping[str, Any]            Free
    an attrs class               Nested        Sequence[X]                  Many
"""

import types
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import field, frozen

from chub.errors import Plain, Problem, shown
from chub.late import Late
from chub.values.frozen_dict import FrozenDict, freeze, is_number
from chub.values.instants import instant_fault, to_instant
from chub.values.naming import camel_case

if TYPE_CHECKING:
    import ipaddress
else:
    ipaddress = Late("ipaddress")

Problems = list[Problem]
"""Where a check notes what is wrong; a check goes on, so that all of it is told at once."""


def note(problems: Problems, path: str, message: str) -> None:
    """Add a problem."""
    problems.append(Problem(path=path, message=message))


@frozen(eq=False, repr=False)
class Range(Plain):
    """Bounds of a number, both included."""

    minimum: float | None = None
    maximum: float | None = None

    def fault(self, value: float) -> str | None:
        """Say why a number is out of these bounds.

        >>> Range(0).fault(-1)
        '-1 is below 0'
        """
        if self.minimum is not None and value < self.minimum:
            return f"{shown(value)} is below {self.minimum:g}"
        if self.maximum is not None and value > self.maximum:
            return f"{shown(value)} is above {self.maximum:g}"
        return None


@frozen(eq=False, repr=False)
class Unit(Plain):
    """What a number counts, for people; nothing is checked."""

    text: str


@frozen(eq=False, repr=False)
class OneOf(Plain):
    """The texts that a field takes, and what they are called."""

    texts: frozenset[str]
    called: str


@frozen(eq=False, repr=False)
class Ipv4(Plain):
    """Marks a text that is an IPv4 address."""

    def fault(self, text: str) -> str | None:
        """Say why a text isn't one."""
        try:
            ipaddress.IPv4Address(text)
        except ipaddress.AddressValueError:
            return f"{shown(text)} is no IPv4 address"
        return None


@frozen(eq=False, repr=False)
class NotEmpty(Plain):
    """Marks a text of at least one character."""

    def fault(self, text: str) -> str | None:
        """Say why a text isn't one."""
        return None if text else "empty"


@frozen(eq=False, repr=False)
class Text(Plain):
    """A text; marks narrow it."""

    marks: tuple[Ipv4 | NotEmpty, ...] = ()

    def check(self, value: object, path: str, problems: Problems) -> Any:
        """Give the plain `str`, or note what is wrong."""
        if not isinstance(value, str):
            return note(problems, path, f"a str is needed, not {type(value).__name__}")
        for mark in self.marks:
            fault = mark.fault(value)
            if fault:
                return note(problems, path, fault)
        return str.__str__(value)


@frozen(eq=False, repr=False)
class Flag(Plain):
    """True or False."""

    def check(self, value: object, path: str, problems: Problems) -> Any:
        """Give the bool, or note what is wrong."""
        if not isinstance(value, bool):
            return note(problems, path, f"a bool is needed, not {type(value).__name__}")
        return value


@frozen(eq=False, repr=False)
class Number(Plain):
    """A finite number, bool excluded; a whole one where `whole`."""

    whole: bool = False
    bounds: Range = field(factory=Range)
    unit: str = ""

    def check(self, value: object, path: str, problems: Problems) -> Any:
        """Give the plain int or float, or note what is wrong."""
        found: Problems = []
        plain = None if isinstance(value, Mapping | list | tuple) else freeze(value, path, found)
        if found and is_number(value):
            problems += found
            return None
        if isinstance(plain, bool) or not isinstance(plain, int if self.whole else int | float):
            needed = "an int" if self.whole else "a number"
            return note(problems, path, f"{needed} is needed, not {type(value).__name__}")
        fault = self.bounds.fault(plain)
        return note(problems, path, fault) if fault else plain


@frozen(eq=False, repr=False)
class Instant(Plain):
    """An aware datetime, normalised to UTC and milliseconds."""

    def check(self, value: object, path: str, problems: Problems) -> Any:
        """Give the instant, or note what is wrong."""
        fault = instant_fault(value)
        if fault:
            return note(problems, path, fault)
        return to_instant(value)  # type: ignore[arg-type]


@frozen(eq=False, repr=False)
class Choice(Plain):
    """One of the members of an enumeration, or of given texts; open when read, closed when built."""

    texts: frozenset[str]
    called: str
    enum: type[StrEnum] | None = None

    def check(self, value: object, path: str, problems: Problems) -> Any:
        """Give the member, or note what is wrong."""
        if not isinstance(value, str) or value not in self.texts:
            return note(problems, path, f"{shown(value)} is none of {self.called}")
        return self.member(value)

    def member(self, text: str) -> str:
        """Give the member of this text, or the plain text where there is none."""
        plain = str.__str__(text)
        return self.enum(plain) if self.enum and plain in self.texts else plain


@frozen(eq=False, repr=False)
class Free(Plain):
    """A JSON object with any keys."""

    def check(self, value: object, path: str, problems: Problems) -> Any:
        """Give a frozen copy, or note what is wrong."""
        if not isinstance(value, Mapping):
            return note(problems, path, f"a mapping is needed, not {type(value).__name__}")
        return freeze(value, path, problems)


@frozen(eq=False, repr=False)
class Nested(Plain):
    """A value of an attrs class, which has checked itself."""

    cls: type[Any]

    def check(self, value: object, path: str, problems: Problems) -> Any:
        """Give the value, or note what is wrong."""
        if type(value) is not self.cls:  # a subclass has further keys, which this place doesn't take
            return note(problems, path, f"chub.{self.cls.__name__}(...) is needed, not {type(value).__name__}")
        return value


@frozen(eq=False, repr=False)
class Many(Plain):
    """A sequence of one kind, kept as a tuple."""

    item: "Kind"

    def check(self, value: object, path: str, problems: Problems) -> Any:
        """Give the tuple, or note what is wrong."""
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Sequence):
            return note(problems, path, f"a list or tuple is needed, not {type(value).__name__}")
        return tuple(self.item.check(item, f"{path}[{index}]", problems) for index, item in enumerate(value))


Kind = Text | Flag | Number | Instant | Choice | Free | Nested | Many


@frozen(eq=False, repr=False)
class FieldSpec(Plain):
    """One field of a value class that stands on the wire."""

    name: str
    wire_name: str
    kind: Kind
    required: bool


def _field_specs(cls: Any) -> tuple[FieldSpec, ...]:
    hints = get_type_hints(cls, include_extras=True)
    keeps_names = getattr(cls, "KEEPS_NAMES", False)
    return tuple(
        FieldSpec(
            name=item.name,
            wire_name=item.name if keeps_names else camel_case(item.name),
            kind=kind_of(hints[item.name]),
            required=item.default is attrs.NOTHING,
        )
        for item in attrs.fields(cls)
        if item.name != "unlisted"
    )


field_specs: Callable[[type[Any]], tuple[FieldSpec, ...]] = cache(_field_specs)  # type: ignore[assignment]
"""Read the fields of an attrs class, in order; `unlisted` is not among them."""


def _wire_names(cls: Any) -> frozenset[str]:
    return frozenset(spec.wire_name for spec in field_specs(cls))


wire_names: Callable[[type[Any]], frozenset[str]] = cache(_wire_names)  # type: ignore[assignment]
"""Give the wire names that a class lists."""


def kind_of(hint: Any, marks: tuple[Any, ...] = ()) -> Kind:
    """Turn a type annotation into its kind."""
    if get_origin(hint) is Annotated:
        base, *more = get_args(hint)
        return kind_of(base, (*marks, *more))
    if get_origin(hint) in (Union, types.UnionType):
        return kind_of(_narrowest(get_args(hint)), marks)
    if get_origin(hint) is Sequence:
        return Many(kind_of(get_args(hint)[0]))
    if get_origin(hint) is Mapping:
        return Free()
    return _plain_kind(hint, marks)


def _narrowest(options: tuple[Any, ...]) -> Any:
    """Of `Enum | str | None` the enumeration, of `X | None` the X."""
    present = [option for option in options if option is not types.NoneType]
    return next((option for option in present if option is not str), str)


def _plain_kind(hint: Any, marks: tuple[Any, ...]) -> Kind:
    choice = next((mark for mark in marks if isinstance(mark, OneOf)), None)
    if choice:
        return Choice(texts=choice.texts, called=choice.called)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return choice_of(hint)
    bounds = next((mark for mark in marks if isinstance(mark, Range)), Range())
    unit = next((mark.text for mark in marks if isinstance(mark, Unit)), "")
    simple: dict[Any, Kind] = {
        str: Text(tuple(mark for mark in marks if isinstance(mark, Ipv4 | NotEmpty))),
        bool: Flag(),
        int: Number(whole=True, bounds=bounds, unit=unit),
        float: Number(bounds=bounds, unit=unit),
        datetime: Instant(),
        FrozenDict: Free(),
    }
    return simple.get(hint) or Nested(hint)


def choice_of(enum: type[StrEnum]) -> Choice:
    """Give the kind of an enumeration's members."""
    texts = [member.value for member in enum]
    return Choice(texts=frozenset(texts), called=", ".join(map(repr, texts)), enum=enum)
