"""Events in Parquet files: written batch by batch, read batch by batch."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import Any

from returns.result import Failure, Result

from chub.errors import ChubError, InvalidValue
from chub.frames.batch import AnyEvent
from chub.frames.batches import Results, to_arrow_batches
from chub.frames.extras import needed
from chub.frames.failures import Failures
from chub.frames.files import writing
from chub.frames.incoming import Reading, place
from chub.frames.layout import EventTypeName, arrow
from chub.frames.rows import Row, Rows, rows_of_batches
from chub.frames.sending import check_columns, sent_event
from chub.frames.streams import File, path_of
from chub.frames.tally import Tally
from chub.values.catalogue import event_types
from chub.wire.recorded_events import parse_recorded_event

_ROWS_AT_ONCE = 2048
_BATCHES_OF_GROUP = 8

_READ_AT_ONCE = 4096


def _parquet() -> Any:
    return needed("pyarrow.parquet", extra="arrow", purpose="Parquet")


def write_parquet(
    file: File,
    results: Results,
    *,
    types: Iterable[EventTypeName] | EventTypeName | None = None,
    by_type: EventTypeName | None = None,
    failures: Failures = "raise",
) -> Tally:
    """Write events to a Parquet file as they come, and say what was written.

    The columns, and the other arguments, are those of `to_arrow_batches`.  16,384 rows make a row group; memory holds
    one.  `file` is a path or a binary file.  A file of that name is replaced when all is written; on an error it stays
    as it was.  Raises `OSError` as `open` does.

    >>> from tempfile import TemporaryDirectory
    >>> from chub.values.catalogue.web import ViewedPage
    >>> from chub.values.events import event
    >>> from chub.values.identities import CustomerId
    >>> visit = event(ViewedPage(title="Home"), owner=CustomerId("c"), context="WEB")
    >>> with TemporaryDirectory() as folder:
    ...     written = write_parquet(f"{folder}/visits.parquet", [visit])
    ...     written.rows, [result.unwrap() for result in read_parquet(f"{folder}/visits.parquet")] == [visit]
    (1, True)
    """
    parquet = _parquet()
    batches = to_arrow_batches(results, types=types, by_type=by_type, batch_size=_ROWS_AT_ONCE, failures=failures)
    with _opened(file) as out, parquet.ParquetWriter(out, batches.schema) as writer:
        while group := list(islice(batches, _BATCHES_OF_GROUP)):
            writer.write_table(arrow().Table.from_batches(group))
    return batches.tally


def _opened(file: Any) -> AbstractContextManager[Any]:
    path = path_of(file)
    if path is not None and path.suffix.lower() in (".gz", ".zst"):
        raise InvalidValue.of("file", f"Parquet compresses its columns itself; leave {path.suffix!r} out of the name")
    return nullcontext(file) if path is None else writing(path)


def read_parquet(file: File) -> Iterator[Result[AnyEvent, ChubError]]:
    """Read the events of a Parquet file that `write_parquet` wrote, lazily, as they were.

    A row with an `id` is a recorded event, one without an event to be sent.  What can't be read gives a Failure with
    the row's number.  A file that is no Parquet, or damaged, gives a last Failure.  Raises `OSError` where there is no
    such file.  Files of others are for `events_from(pyarrow.parquet.read_table(path))`.
    """
    parquet = _parquet()
    path = path_of(file)
    if path is not None:
        path.stat()
    return _events(parquet, file)


def _events(parquet: Any, file: Any) -> Iterator[Result[AnyEvent, ChubError]]:
    number = -1
    try:
        with parquet.ParquetFile(file) as opened:
            names = tuple(opened.schema_arrow.names)
            check_columns(Rows(names, iter(())), {}, {})
            if "type" not in names:
                raise InvalidValue.of("type", "the file has no such column; did write_parquet write it?")
            for number, row in enumerate(_rows(opened, names)):
                yield _event(number, row)
    except InvalidValue as error:
        yield Failure(InvalidValue(error.problems))
    except (arrow().ArrowException, OSError) as error:
        yield Failure(InvalidValue.of(f"rows[{number + 1}]", f"the file can't be read: {error}"))


def _rows(opened: Any, names: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows of a file; of the columns of event types only those are read whose type a row group has."""
    known = frozenset(event_types())
    for group in range(opened.num_row_groups):
        types = opened.read_row_group(group, columns=["type"])["type"].unique().to_pylist()
        columns = [name for name in names if name not in known or name in types]
        yield from rows_of_batches(opened.iter_batches(_READ_AT_ONCE, row_groups=[group], columns=columns))


_RECORDED, _TO_SEND = Reading({}, {}, recorded=True), Reading({}, {})


def _event(number: int, row: Row) -> Result[AnyEvent, ChubError]:
    if "id" not in row:
        return sent_event(number, row, _TO_SEND)
    placed = place(row, _RECORDED)
    if placed.problems:
        return Failure(placed.error(number))
    return parse_recorded_event(placed.wire)
