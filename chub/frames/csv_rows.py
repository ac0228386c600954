"""Events as rows of comma-separated text: a column for each field of chub's classes, whatever the data hold.

Names of nested fields are joined by `__`.  Instants are ISO 8601 in UTC, booleans `true` and `false`, lists and free
objects JSON.  What has no column, such as the keys that a class doesn't list, is JSON in the last one, `unlisted`.

A spreadsheet takes a cell that begins with `=` for a formula.  So a text that begins with one of `= + - @`, their
full-width forms, a tab or a line break has an apostrophe set before it, and for that to be undone so has one that
begins with an apostrophe, and the empty text, which is not the same as none.  `plain_cell` takes it off again.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from returns.result import Result

from chub.errors import ChubError, InvalidValue, shown
from chub.frames.failures import Failures, check_failures, successes
from chub.frames.ndjson import AnyEvent, check_event
from chub.frames.streams import File, write_lines
from chub.values.base import WireValue
from chub.values.catalogue import Custom, event_types, properties_class
from chub.values.context_info import ContextInfo, Tracking
from chub.values.events import Event, RecordedEvent
from chub.values.frozen_dict import thaw
from chub.values.identities import CustomerId, ExternalId, SessionId
from chub.values.instants import instant_text
from chub.values.queries import EventTypes, event_query
from chub.values.schema import Nested, field_specs
from chub.wire.codec import encode_value
from chub.wire.jsontext import dumps

REST = "unlisted"
"""The column of what has none of its own, as JSON in the hub's form."""

_FORMULA = re.compile(r"[=+\-@\t\r\n'\uff1d\uff0b\uff0d\uff20]|\Z")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def text_cell(text: str) -> str:
    """Give the cell of a text, such that no spreadsheet takes it for a formula; lone surrogates become U+FFFD.

    >>> text_cell("=1+1"), text_cell("1+1"), text_cell("'tis")
    ("'=1+1", '1+1', "''tis")
    """
    plain = text if text.isascii() else _SURROGATE.sub("\ufffd", text)
    return f"'{plain}" if _FORMULA.match(plain) else plain


def plain_cell(cell: str) -> str | None:
    """Give the text that `write_csv` made this cell of; None for an empty cell.

    >>> plain_cell("'=1+1"), plain_cell("1+1"), plain_cell("'"), plain_cell("")
    ('=1+1', '1+1', '', None)
    """
    return (cell[1:] if cell.startswith("'") else cell) if cell else None


def write_csv(
    file: File,
    events: Iterable[Result[AnyEvent, ChubError] | AnyEvent],
    *,
    types: EventTypes | None = None,
    failures: Failures = "raise",
    delimiter: str = ",",
) -> int:
    """Write events, or Results of them, as CSV with a head; gives how many were written.

    There is a column for each field of the 47 types, or of those in `types`; other events are written too, with their
    properties in the last column.  This module's head says what stands in the cells.  `file` and `failures` are those
    of `write_ndjson`.  Spreadsheets of many countries part cells at semicolons: give them `delimiter=";"`.

    >>> import io
    >>> from chub.values.catalogue.web import Searched
    >>> event = Event(properties=Searched(keyword="=1+1"), owner=CustomerId("c"), context="WEB")
    >>> file = io.BytesIO()
    >>> write_csv(file, [event], types=[Searched])
    1
    >>> list(csv.DictReader(file.getvalue().decode().splitlines()))[0]["properties__keyword"]
    "'=1+1"
    """
    check_failures(failures)
    if delimiter not in (",", ";", "\t", "|"):
        raise InvalidValue.of("delimiter", f"one of ',', ';', '|' or a tab is needed, not {shown(delimiter)}")
    lines = csv_lines(successes(events, failures), csv_columns(types), delimiter)
    return write_lines(file, lines) - 1


def csv_lines(events: Iterable[AnyEvent], columns: tuple[str, ...], delimiter: str = ",") -> Iterator[bytes]:
    """Yield the head, and the line of each event as it comes."""
    line = csv.writer(_Echo(), delimiter=delimiter).writerow
    yield _encoded(line(columns))
    kept = frozenset(columns)
    for event in map(check_event, events):
        cells = _cells(event, kept)
        yield _encoded(line([cells.get(column, "") for column in columns]))


class _Echo:
    """A file for `csv`, whose `writerow` gives what its file's `write` does: the line."""

    def write(self, line: str, /) -> Any:
        return line


def _encoded(line: Any) -> bytes:
    text: str = line
    return text.encode()


_OWNER = ("customer_id", "session_id", "external_id", "node_id")
_COMMON = ("id", "type", "context", "mode", *_OWNER, "date", "registered_at", "updated_at")


def csv_columns(types: EventTypes | None = None) -> tuple[str, ...]:
    """Give the columns for events of these types, by default of all that chub knows.

    >>> from chub.values.catalogue.web import Searched
    >>> [column for column in csv_columns([Searched]) if column.startswith("properties__")][2:]
    ['properties__keyword', 'properties__result_count']
    """
    names = event_types() if types is None else event_query(types=types).types or ()
    classes = [found for found in map(properties_class, names) if found]
    properties = dict.fromkeys(column for cls in classes for column in _columns(cls, "properties__"))
    circumstances = (*_columns(ContextInfo, "context_info__"), *_columns(Tracking, "tracking__"))
    return (*_COMMON, *properties, *circumstances, REST)


def _columns(cls: type[Any], prefix: str) -> Iterator[str]:
    for spec in field_specs(cls):
        if isinstance(spec.kind, Nested):
            yield from _columns(spec.kind.cls, f"{prefix}{spec.name}__")
        else:
            yield prefix + spec.name


def _cells(event: AnyEvent, columns: frozenset[str]) -> dict[str, str]:
    """Give the cells of an event that aren't empty."""
    rest: dict[str, Any] = {}
    facts = {"type": event.type or None, "context": event.context or None, "mode": event.mode, "date": event.date}
    facts |= _owner_of(event, rest) if isinstance(event, Event) else _recorded_facts(event, rest)
    cells = {name: _cell(value) for name, value in facts.items() if value is not None}
    left = _left(event.properties, "properties__", columns, cells)
    if left:
        rest["properties"] = left
    left = _left(event.context_info, "context_info__", columns, cells)
    if left is not None:
        rest["contextInfo"] = left
    left = _left(event.tracking, "tracking__", columns, cells)
    if left is not None:
        rest["tracking"] = {"ga": left} if isinstance(event.tracking, Tracking) else left
    if rest:
        cells[REST] = _json(rest)
    return cells


def _owner_of(event: Event, rest: dict[str, Any]) -> dict[str, Any]:
    owner = event.owner
    return {"customer_id": owner.value} if isinstance(owner, CustomerId) else _bring_back_of(owner, rest)


def _recorded_facts(event: RecordedEvent, rest: dict[str, Any]) -> dict[str, Any]:
    rest |= thaw(event.unlisted)
    names = ("customer_id", "registered_at", "updated_at")
    facts = {"id": event.id or None} | {name: getattr(event, name) for name in names}
    if isinstance(event.bring_back, Mapping):
        rest["bringBackProperties"] = thaw(event.bring_back)
        return facts
    return facts if event.bring_back is None else facts | _bring_back_of(event.bring_back, rest)


def _bring_back_of(owner: SessionId | ExternalId, rest: dict[str, Any]) -> dict[str, Any]:
    if owner.unlisted:
        rest["bringBackProperties"] = thaw(owner.unlisted)
    return {"session_id" if isinstance(owner, SessionId) else "external_id": owner.value, "node_id": owner.node_id}


def _left(value: object, prefix: str, columns: frozenset[str], cells: dict[str, str]) -> dict[str, Any] | None:
    """Put the fields of a value into their cells, and give what has none; None where there is nothing more to tell."""
    if not isinstance(value, WireValue):
        return None if value is None else thaw(value.properties if isinstance(value, Custom) else value)
    before, left = len(cells), thaw(value.unlisted)
    for spec in field_specs(type(value)):
        item = getattr(value, spec.name)
        column = prefix + spec.name
        if isinstance(item, WireValue):
            item = _left(item, f"{column}__", columns, cells)
        if column in columns and item is not None:
            cells[column] = _cell(item)
        elif item is not None:
            left[spec.wire_name] = _plain(item)
    return left if left or len(cells) == before else None


def _plain(item: Any) -> Any:
    """Give a field's value as JSON has it."""
    match item:
        case WireValue():
            return encode_value(item)
        case tuple():
            return [_plain(one) for one in item]
        case datetime():
            return instant_text(item)
        case str():
            return str.__str__(item)
        case _:
            return thaw(item)


def _cell(item: Any) -> str:
    if isinstance(item, str):
        return text_cell(str.__str__(item))
    return instant_text(item) if isinstance(item, datetime) else _json(_plain(item))


def _json(value: Any) -> str:
    return dumps(value).decode()
