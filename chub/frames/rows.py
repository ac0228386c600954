"""Rows out of whatever holds them: pandas, polars, Arrow, CSV, dicts; lazily, without the cells that hold nothing.

What can be said of a frame's columns as a whole is said before the first row.  No library is imported but the one that
the frame came from, and Arrow's where a frame gives only an Arrow stream.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from chub.errors import InvalidValue, shown
from chub.frames.cells import Unreadable, is_absent
from chub.frames.csv_rows import plain_cell
from chub.frames.layout import REST, arrow
from chub.values.schema import Problems, note

_ROWS_AT_ONCE = 1024

Row = Mapping[Any, Any]


@frozen
class Rows:
    """Rows and what is known of them: the names of the columns (None where each row has its own), the naive ones.

    `naive` tells, by column, how to mend one whose datetimes bear no zone.  `texts`: all cells are texts, as CSV's are.
    `empties`: an empty text is one; else it stands for nothing, where cells are texts.
    """

    columns: tuple[Any, ...] | None
    rows: Iterator[Row | InvalidValue]
    naive: Mapping[Any, str] = {}
    texts: bool = False
    empties: bool = False


def rows_of(source: Any) -> Rows:
    """Give the rows of a frame, a stream, a reader or an iterable of mappings; raises `InvalidValue` for others."""
    room = type(source).__module__.partition(".")[0]
    if room == "pandas" and hasattr(source, "iloc") and hasattr(source, "columns"):
        return _of_pandas(source)
    if room == "polars" and hasattr(source, "iter_slices"):
        return _of_polars(source)
    if hasattr(source, "__arrow_c_stream__"):
        return _of_reader(_reader_of(source))
    if isinstance(source, csv.DictReader):
        return _of_csv(source)
    if isinstance(source, Iterable) and not isinstance(source, str | bytes | Mapping):
        return Rows(None, iter(source))
    needed = "a DataFrame, an Arrow table or stream, a csv.DictReader or an iterable of dicts"
    hint = "; collect() it first" if room == "polars" else ""
    raise InvalidValue.of("rows", f"{needed} is needed, not {type(source).__name__}{hint}")


def _of_pandas(frame: Any) -> Rows:
    _check_unique(frame.columns.tolist())
    naive = {
        name: f"df[{name!r}] = df[{name!r}].dt.tz_localize('UTC')"
        for name, dtype in zip(frame.columns, frame.dtypes, strict=True)
        if _is_naive_dtype(dtype)
    }
    return Rows(tuple(frame.columns), _rows_of_pandas(frame), naive)


def _is_naive_dtype(dtype: Any) -> bool:
    inner = getattr(dtype, "pyarrow_dtype", None)
    if inner is not None:
        return _is_naive(inner)
    return dtype.kind == "M" and getattr(dtype, "tz", None) is None


def _is_naive(kind: Any) -> bool:
    return bool(arrow().types.is_timestamp(kind)) and kind.tz is None


def _check_unique(names: Sequence[Any]) -> None:
    problems: Problems = []
    seen = set[Any]()
    for name in names:
        if not isinstance(name, str):
            note(problems, "rows", f"the column {name!r} is named by no str")
        elif name in seen:
            note(problems, "rows", f"two columns are named {name!r}")
        seen.add(name)
    InvalidValue.check(problems)


def _rows_of_pandas(frame: Any) -> Iterator[Row]:
    for start in range(0, len(frame), _ROWS_AT_ONCE):
        part = frame.iloc[start : start + _ROWS_AT_ONCE]
        columns = {name: part[name] for name in part.columns}
        held = {name: column for name, column in columns.items() if _holds_anything(column)}
        yield from _together({name: cells_of(col.array, col.tolist) for name, col in held.items()}, len(part))


def _holds_anything(column: Any) -> bool:
    try:
        return bool(column.notna().any())
    except ArithmeticError:  # a Decimal's signalling NaN can't be compared
        return True


def _together(columns: Mapping[str, Sequence[Any]], count: int) -> Iterator[Row]:
    """Give rows of columns, without the cells that hold nothing."""
    if not columns:
        yield from ({} for _ in range(count))
        return
    for cells in zip(*columns.values(), strict=True):
        yield {name: cell for name, cell in zip(columns, cells, strict=True) if not is_absent(cell)}


def _of_polars(frame: Any) -> Rows:
    naive = {
        name: f"df = df.with_columns(pl.col({name!r}).dt.replace_time_zone('UTC'))"
        for name, dtype in frame.schema.items()
        if str(dtype).startswith("Datetime(") and dtype.time_zone is None
    }
    return Rows(tuple(frame.columns), _rows_of_polars(frame), naive)


def _rows_of_polars(frame: Any) -> Iterator[Row]:
    for part in frame.iter_slices(_ROWS_AT_ONCE):
        columns = {column.name: column for column in part.get_columns() if column.null_count() < len(column)}
        yield from _together({name: cells_of(column, column.to_list) for name, column in columns.items()}, len(part))


def cells_of(column: Any, all_of_it: Any) -> list[Any]:
    """Give the cells of a column as Python's values; where there is none for one of them, say so in its place."""
    try:
        found: list[Any] = all_of_it()
    except BaseException as error:  # a date beyond the year 9999 raises for the whole of a column
        _check_own(error)
        return [_cell(column, index) for index in range(len(column))]
    return found


def _cell(column: Any, index: int) -> Any:
    try:
        cell = column[index]
        return cell.as_py() if hasattr(cell, "as_py") else cell
    except BaseException as error:  # which one depends on the library and on what is in the cell
        _check_own(error)
        return Unreadable(f"no value of Python's: {shown(error)}")


def _check_own(error: BaseException) -> None:
    """Raise again what does not come from a cell, such as Ctrl-C; polars' panics are no exceptions by their base."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error


def _reader_of(source: Any) -> Any:
    pa = arrow()
    try:
        return pa.RecordBatchReader.from_stream(source)
    except pa.ArrowInvalid:  # a single column gives a stream as well
        raise InvalidValue.of("rows", f"the stream of {type(source).__name__} has no columns") from None


def _of_reader(reader: Any) -> Rows:
    _check_unique(reader.schema.names)
    naive = {
        field.name: f"pyarrow.compute.assume_timezone(table[{field.name!r}], 'UTC') makes a column that does"
        for field in reader.schema
        if _is_naive(field.type)
    }
    return Rows(tuple(reader.schema.names), rows_of_batches(reader), naive)


def rows_of_batches(batches: Iterable[Any]) -> Iterator[Row]:
    """Yield the rows of record batches, without the cells that hold nothing."""
    for batch in batches:
        for start in range(0, batch.num_rows, _ROWS_AT_ONCE):
            part = batch.slice(start, _ROWS_AT_ONCE)
            named = zip(part.schema.names, part.columns, strict=True)
            columns = {name: column for name, column in named if column.null_count < len(column)}
            cells = {name: cells_of(column, column.to_pylist) for name, column in columns.items()}
            yield from _together(cells, len(part))


def _of_csv(reader: Any) -> Rows:
    """Give the rows of a CSV; those of `write_csv`, whose texts bear apostrophes, are known by their last column."""
    try:
        names: tuple[str, ...] = tuple(reader.fieldnames or ())
    except (csv.Error, ValueError) as error:
        raise InvalidValue.of("rows", f"no CSV: {error}") from None
    if names and names[0].startswith("\ufeff"):  # spreadsheets begin a file of UTF-8 with this mark
        names = (names[0].removeprefix("\ufeff"), *names[1:])
        reader.fieldnames = names
    _check_unique(names)
    ours = REST in names
    return Rows(names, _rows_of_csv(reader, plain_cell if ours else str), texts=True, empties=ours)


def _rows_of_csv(reader: Any, plain: Callable[[str], str | None]) -> Iterator[Row | InvalidValue]:
    while True:
        try:
            row = next(reader, None)
        except (csv.Error, ValueError) as error:  # ValueError: bytes that are no text
            yield InvalidValue.of("", f"no CSV, nothing was read after it: {error}")
            return
        if row is None:
            return
        further = row.pop(reader.restkey, None)
        if further:
            yield InvalidValue.of("", f"{len(further)} cells more than columns")
        else:
            yield {name: plain(cell) for name, cell in row.items() if cell}
