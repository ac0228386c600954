"""Events to be sent out of frames and rows: lazily, each row a Result that tells everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from typing import Any

from returns.result import Failure, Result

from chub.errors import ChubError, InvalidValue, shown
from chub.frames.cells import Style
from chub.frames.incoming import OWNERS, Names, Placed, Reading, place, stranger
from chub.frames.layout import EventTypeName, type_of
from chub.frames.naming import target_of
from chub.frames.rows import Row, Rows, rows_of
from chub.values.enums import Context, Mode
from chub.values.events import CONTEXT, MODE, Event
from chub.values.schema import Problems, note
from chub.wire.events import parse_event


def events_from(
    rows: Any,
    *,
    columns: Names | None = None,
    type: EventTypeName | None = None,
    context: Context | str | None = None,
    mode: Mode | str | None = None,
    owner: str | None = None,
    texts: bool | None = None,
) -> Iterator[Result[Event, ChubError]]:
    """Read events that are to be sent, one from each row, lazily.

    `rows` is a DataFrame of pandas or polars, whatever gives an Arrow stream, a `csv.DictReader`, or an iterable of
    mappings.  A column means the field of its name: `type`, `context`, `date`, `mode`, `customer_id`, `session_id`,
    `external_id`, `node_id`; a field of the row's type (`title`), or the path of a nested one, with dots or `__`
    (`context_info.client.ip`, `properties__amount__total`).  Names may be Python's or the wire's.  `columns` says what
    others mean: `{"when": "date", "page": "properties.title", "row_number": None}`, None for nothing.  `type`,
    `context` and `mode` stand for what a row has no cell for.  The columns of `to_arrow`, `to_pandas`, `to_polars`,
    `flatten` and `write_csv` are all understood; what is the hub's own (`id`, `registered_at`, `updated_at`) is left
    aside.

    A row has exactly one owner; where several columns hold one, `owner` names the one that counts.  None, NaN, NaT and
    pandas' NA count as absent, and so does an empty text of a CSV.  A whole number may come as a float (pandas makes
    floats of a column with gaps) or as a decimal.  Lists and objects may be JSON in the hub's form.  Where `texts`, as
    it is for a `csv.DictReader`, numbers and booleans (`true`, `false`, `1`, `0`) are read from texts, as the field
    asks; other rows have to have the right types.

    A Failure is an `InvalidValue` with all problems of the row, each path with its number from 0 and the name of the
    column.  Raises `InvalidValue` where an argument is wrong, and where a column of a frame means nothing, or holds
    datetimes without a zone: the message says how to mend it.

    >>> visits = [{"when": "2026-03-08T10:00:00Z", "who": "c-1", "title": "Home"}, {"when": "today", "title": 7}]
    >>> columns = {"when": "date", "who": "customer_id"}
    >>> good, bad = events_from(visits, columns=columns, type="viewedPage", context="WEB")
    >>> good.unwrap().properties, good.unwrap().owner
    (ViewedPage(title='Home'), CustomerId('c-1'))
    >>> for problem in bad.failure().problems:
    ...     print(problem)
    rows[1].customerId: exactly one owner is needed: customer_id, session_id, external_id
    rows[1].title: a str is needed, not int
    rows[1].when: 'today' is no instant; ISO 8601 with a zone is needed
    """
    constants = _constants(type, context, mode)
    _check_arguments(columns, owner, texts)
    found = rows_of(rows)
    check_columns(found, columns or {}, constants)
    style = Style(texts=found.texts if texts is None else texts, nulls=found.columns is None)
    return _events(found.rows, Reading(columns or {}, constants, owner, style, empties=found.empties))


def _constants(type: object, context: object, mode: object) -> dict[str, Any]:
    problems: Problems = []
    given = {
        "type": None if type is None else type_of(type, "type", problems),
        "context": None if context is None else CONTEXT.check(context, "context", problems),
        "mode": None if mode is None else MODE.check(mode, "mode", problems),
    }
    InvalidValue.check(problems)
    return {name: str.__str__(value) for name, value in given.items() if value is not None}


def _check_arguments(columns: object, owner: object, texts: object) -> None:
    problems: Problems = []
    if columns is not None and not isinstance(columns, Mapping):
        note(problems, "columns", f"a mapping is needed, not {shown(columns)}")
    elif columns:
        for column, meaning in columns.items():
            if meaning is not None and not (isinstance(meaning, str) and _means_something(meaning, None)):
                note(problems, f"columns[{column!r}]", f"{shown(meaning)} is no field of an event")
    if owner is not None and owner not in OWNERS:
        note(problems, "owner", f"{shown(owner)} is none of {', '.join(OWNERS)}")
    if texts is not None and not isinstance(texts, bool):
        note(problems, "texts", f"a bool is needed, not {shown(texts)}")
    InvalidValue.check(problems)


def _means_something(name: str, event_type: str | None) -> bool:
    return target_of(name, event_type) is not None


def check_columns(rows: Rows, columns: Names, constants: Mapping[str, Any]) -> None:
    """Look at the columns of a frame as a whole."""
    if rows.columns is None:
        return
    problems: Problems = []
    for column in columns:
        if column not in rows.columns:
            note(problems, f"columns[{column!r}]", "the rows have no such column")
    for column in rows.columns:
        meaning = columns.get(column, column)
        if meaning is not None and not _means_something(meaning, constants.get("type")):
            note(problems, str(column), stranger(column))
        elif meaning is not None and column in rows.naive:
            note(problems, str(column), f"its datetimes say no zone, so no instant: {rows.naive[column]}")
    InvalidValue.check(problems)


def _events(rows: Iterator[Row | InvalidValue], reading: Reading) -> Iterator[Result[Event, ChubError]]:
    for number, row in enumerate(rows):
        yield sent_event(number, row, reading)


def sent_event(number: int, row: Row | InvalidValue, reading: Reading) -> Result[Event, ChubError]:
    """Read the event of one row."""
    placed = _placed(row, reading)
    if isinstance(placed, InvalidValue):
        return Failure(Placed({}, [], {}).error(number, placed.problems))
    parsed = parse_event(placed.wire)
    found = parsed.swap().value_or(None)
    problems = found.problems if isinstance(found, InvalidValue) else ()
    return Failure(placed.error(number, problems)) if placed.problems or problems else parsed


def _placed(row: object, reading: Reading) -> Placed | InvalidValue:
    """Put a row in its places, or say why it is none."""
    if isinstance(row, InvalidValue):
        return row
    if not isinstance(row, Mapping):
        return InvalidValue.of("", f"a mapping is needed, not {type(row).__name__}")
    try:
        return place(row, reading)
    except RecursionError:
        return InvalidValue.of("", "nested too deep")
