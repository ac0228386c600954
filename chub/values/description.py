"""What a class of values takes, for people: `describe` gives it as text for a terminal and as HTML for a notebook.

All of it comes from the class itself: its fields, their kinds, and what its docstring says before the example.
"""

import inspect
import re
from collections.abc import Iterator
from html import escape
from textwrap import fill, wrap
from typing import Any

from attrs import fields, frozen

from chub.errors import InvalidValue
from chub.values.base import WireValue
from chub.values.catalogue import EventProperties, properties_class
from chub.values.schema import (
    Choice,
    FieldSpec,
    Flag,
    Instant,
    Ipv4,
    Kind,
    Many,
    Nested,
    NotEmpty,
    Number,
    Range,
    Text,
    field_specs,
)

_WIDTH = 100
_NOTE_WIDTH = 44
_HEADS = ("field", "on the wire", "type", "required", "values")
_MARKS = {Ipv4: "an IPv4 address", NotEmpty: "not empty"}
_REST = "Keys that stand in no table go into `unlisted`, at every level."


@frozen(kw_only=True)
class Row:
    """One field; `values` says what it takes beyond its type: bounds, choices, a unit."""

    name: str
    wire_name: str
    type: str
    required: bool
    values: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The texts of a table's row."""
        return self.name, self.wire_name, self.type, "yes" if self.required else "", self.values


@frozen(kw_only=True)
class Section:
    """One class: its name, what is to be known of it, its fields."""

    name: str
    about: tuple[str, ...]
    rows: tuple[Row, ...]


@frozen(repr=False)
class Description:
    """A class and those nested in it; `str` gives text, and a notebook shows a table.

    `event_type` is empty for a class that is no event type.
    """

    event_type: str
    sections: tuple[Section, ...]

    def __str__(self) -> str:
        texts = [_section_text(section) for section in self.sections]
        return "\n\n".join([*([f"event type {self.event_type}"] if self.event_type else []), *texts, _REST])

    def __repr__(self) -> str:
        return f"<description of {self.sections[0].name}; print it to read it>"

    def _repr_html_(self) -> str:
        kind = f"<p>event type <code>{escape(self.event_type)}</code></p>" if self.event_type else ""
        return f"<div>{kind}{''.join(map(_section_html, self.sections))}<p>{_marked(_REST)}</p></div>"


def describe(what: type[WireValue] | str) -> Description:
    """Tell what a class, or the class of a known event type, takes; raises `InvalidValue` for anything else.

    >>> print(describe("searched"))
    event type searched
    <BLANKLINE>
    Searched
    A visitor searched a site.
    `result_count` is how many results he was shown.
    `extra_properties` is any further object of the sender's, `extended` the object that a workspace
    configures.
    <BLANKLINE>
      field             on the wire      type     required  values
      keyword           keyword          str
      result_count      resultCount      int
      extra_properties  extraProperties  mapping            any JSON object
      extended          extended         mapping            any JSON object
    <BLANKLINE>
    Keys that stand in no table go into `unlisted`, at every level.
    """
    cls = properties_class(what) if isinstance(what, str) else what
    if not (isinstance(cls, type) and issubclass(cls, WireValue)):
        needed = "a class of chub's with wire names, or a known event type (chub.event_types() lists them), is needed"
        raise InvalidValue.of("what", f"{needed}, not {what!r}")
    known = cls.TYPE if issubclass(cls, EventProperties) else ""
    return Description(known, tuple(map(_section, _classes(cls, []))))


def _classes(cls: type[Any], found: list[type[Any]]) -> list[type[Any]]:
    """The class and those nested in it, each once, where it is first met."""
    if cls not in found:
        found.append(cls)
        for spec in field_specs(cls):
            item = _item(spec.kind)
            if isinstance(item, Nested):
                _classes(item.cls, found)
    return found


def _item(kind: Kind) -> Kind:
    return _item(kind.item) if isinstance(kind, Many) else kind


def _section(cls: type[Any]) -> Section:
    shared = {item.name for item in fields(EventProperties)}
    specs = sorted(field_specs(cls), key=lambda spec: issubclass(cls, EventProperties) and spec.name in shared)
    return Section(name=cls.__name__, about=tuple(_about(cls)), rows=tuple(map(_row, specs)))


def _about(cls: type[Any]) -> Iterator[str]:
    """What the docstring says, then what those of the bases say of the fields that come from them."""
    yield from _paragraphs(cls)
    for base in cls.__mro__[1 : cls.__mro__.index(WireValue)]:
        yield from _paragraphs(base)[1:]


def _paragraphs(cls: type[Any]) -> list[str]:
    """The paragraphs of a docstring up to its example."""
    text = inspect.cleandoc(cls.__doc__ or "").partition(">>>")[0]
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _row(spec: FieldSpec) -> Row:
    return Row(
        name=spec.name,
        wire_name=spec.wire_name,
        type=_type_text(spec.kind),
        required=spec.required,
        values=_values_text(_item(spec.kind)),
    )


def _type_text(kind: Kind) -> str:
    match kind:
        case Many(item):
            return f"list of {_type_text(item)}"
        case Nested(cls):
            return cls.__name__
        case Choice(enum=enum) if enum:
            return enum.__name__
        case Number(whole):
            return "int" if whole else "float"
        case Text() | Choice():
            return "str"
    return "bool" if isinstance(kind, Flag) else "datetime" if isinstance(kind, Instant) else "mapping"


def _values_text(kind: Kind) -> str:
    match kind:
        case Choice(called=called):
            return called
        case Number(bounds=bounds, unit=unit):
            return ", ".join(filter(None, (unit, _bounds_text(bounds))))
        case Instant():
            return "with a zone; kept in UTC"
        case Text(marks):
            return ", ".join(_MARKS[type(mark)] for mark in marks)
    return "" if isinstance(kind, Flag | Nested) else "any JSON object"


def _bounds_text(bounds: Range) -> str:
    match bounds:
        case Range(None, None):
            return ""
        case Range(minimum, None):
            return f"at least {minimum:g}"
        case Range(None, maximum):
            return f"at most {maximum:g}"
    return f"{bounds.minimum:g} to {bounds.maximum:g}"


def _section_text(section: Section) -> str:
    about = [fill(part, _WIDTH) for part in section.about]
    return "\n".join([section.name, *about, "", *_table_text(section.rows)])


def _table_text(rows: tuple[Row, ...]) -> Iterator[str]:
    """Lines of columns; a long last cell goes on below itself."""
    cells = [_HEADS, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        first, *more = wrap(row[-1], _NOTE_WIDTH) or [""]
        head = "  ".join(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False))
        yield f"  {head}  {first}".rstrip()
        yield from (f"  {' ' * len(head)}  {line}" for line in more)


def _section_html(section: Section) -> str:
    about = "".join(f"<p>{_marked(part)}</p>" for part in section.about)
    head = _row_html("th", map(escape, _HEADS))
    body = "".join(_row_html("td", _cells_html(row)) for row in section.rows)
    return f"<h4>{escape(section.name)}</h4>{about}<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _cells_html(row: Row) -> Iterator[str]:
    name, wire_name, *others = map(escape, row.cells)
    return iter([f"<code>{name}</code>", f"<code>{wire_name}</code>", *others])


def _row_html(tag: str, cells: Iterator[str]) -> str:
    # Notebooks set tables to the right; no colour is set, so that the theme's own hold, light or dark.
    inner = "".join(f'<{tag} style="text-align:left;vertical-align:top">{cell}</{tag}>' for cell in cells)
    return f"<tr>{inner}</tr>"


def _marked(text: str) -> str:
    """Escape a text, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
