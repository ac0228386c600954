"""Events as a lazy stream of Arrow record batches, all of one schema whatever the events hold."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Self, final

from returns.result import Result

from chub.errors import ChubError, InvalidValue, shown
from chub.frames.batch import AnyEvent, Maker, type_maker, wide_maker
from chub.frames.failures import Failures, check_failures, successes
from chub.frames.layout import EventTypeName, arrow, check_no_types, type_names, type_of, type_schema, wide_schema
from chub.frames.tally import Tally
from chub.values.events import Event, RecordedEvent
from chub.values.schema import Problems

if TYPE_CHECKING:
    import pyarrow as pa

Results = Iterable[Result[RecordedEvent, ChubError] | Result[Event, ChubError] | AnyEvent]
"""Events, or Results of events, recorded or to be sent."""

BATCH_SIZE = 4096
"""Rows of a batch, unless another number is asked for."""


@final
class Batches(Iterator["pa.RecordBatch"]):
    """A lazy stream of record batches; made by `to_arrow_batches`.

    It can be gone through once, as an iterator or by whatever takes an Arrow stream (`__arrow_c_stream__`).  `schema`
    is known from the beginning; `tally` counts what the batches given so far hold.
    """

    def __init__(self, schema: "pa.Schema", make: Maker, events: Iterator[AnyEvent], size: int) -> None:
        self.schema = schema
        self.tally = Tally()
        self._make = make
        self._events = events
        self._size = size

    def __next__(self) -> "pa.RecordBatch":
        events = list(islice(self._events, self._size))
        if not events:
            raise StopIteration
        check_events(events, self.tally.rows)
        batch, counted = self._make(events)
        self.tally += counted
        return batch

    def empty(self) -> "pa.RecordBatch":
        """Give a batch without rows."""
        return self._make(())[0]

    def __iter__(self) -> Self:
        return self

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the stream to another library, without copying (the Arrow PyCapsule interface)."""
        return arrow().RecordBatchReader.from_batches(self.schema, self).__arrow_c_stream__(requested_schema)


def to_arrow_batches(
    results: Results,
    *,
    types: Iterable[EventTypeName] | EventTypeName | None = None,
    by_type: EventTypeName | None = None,
    batch_size: int = BATCH_SIZE,
    failures: Failures = "raise",
) -> Batches:
    """Give events as a lazy stream of record batches of up to `batch_size` rows; memory holds one at a time.

    The columns are those of chub's classes, whatever the events hold: the common ones (`id`, `type`, `context`,
    `mode`, `customer_id`, `session_id`, `external_id`, `node_id`, `date`, `registered_at`, `updated_at`,
    `context_info`, `tracking`), then a struct for the properties of each known type, named as the type.  `types` names
    those that are to have one.  Instants are `timestamp[ms, UTC]`; type, context and mode are dictionary-encoded;
    products are lists.

    Nothing is dropped.  `properties` has the JSON of every payload without a struct, `unlisted` that of what has no
    column, in the hub's form; `tally` counts them.  Lone surrogates, which Arrow can't hold, become U+FFFD.

    With `by_type=chub.ViewedPage` the fields of that one type are columns themselves (`properties_id` and
    `properties_type` where a common column has the name); another type then raises `InvalidValue`.

    `failures` says what becomes of a Failure: "raise" (the error), "stop" there, or a list or function that takes it.

    >>> from chub.values.catalogue.web import ViewedPage
    >>> from chub.values.events import event
    >>> from chub.values.identities import CustomerId
    >>> batches = to_arrow_batches([event(ViewedPage(title="Home"), owner=CustomerId("c"), context="WEB")])
    >>> batches.schema.field("date").type
    TimestampType(timestamp[ms, tz=UTC])
    >>> [batch.column("viewedPage")[0]["title"].as_py() for batch in batches], batches.tally.rows
    (['Home'], 1)
    """
    check_failures(failures)
    check_size(batch_size)
    if by_type is None:
        names = type_names(types)
        return Batches(wide_schema(names), wide_maker(names), events_of(results, failures), batch_size)
    name = one_type(by_type, types)
    only = _only(name, events_of(results, failures))
    return Batches(type_schema(name), type_maker(name), only, batch_size)


def check_size(batch_size: object) -> None:
    """Raise `InvalidValue` where this is no number of rows."""
    if isinstance(batch_size, bool) or not isinstance(batch_size, int) or batch_size < 1:
        raise InvalidValue.of("batch_size", f"an int from 1 on is needed, not {shown(batch_size)}")


def one_type(by_type: object, types: object) -> str:
    """Give the name of the one type of a table; raises `InvalidValue`."""
    check_no_types(types)
    problems: Problems = []
    name = type_of(by_type, "by_type", problems)
    InvalidValue.check(problems)
    return name


def events_of(results: Results, failures: Failures) -> Iterator[AnyEvent]:
    """Yield the events of Results, doing with the Failures as was asked."""
    if not isinstance(results, Iterable) or isinstance(results, str | bytes | dict):
        raise InvalidValue.of("results", f"an iterable of events or Results is needed, not {type(results).__name__}")
    taken: Iterator[Any] = successes(results, failures)
    return taken


_EVENTS = frozenset({Event, RecordedEvent})


def check_events(values: list[Any], before: int) -> None:
    """Raise `InvalidValue` where one of these, before which there were so many, is no event."""
    if not _EVENTS.issuperset(map(type, values)):
        index, wrong = next((index, value) for index, value in enumerate(values) if type(value) not in _EVENTS)
        needed = f"an event, or a Result of one, is needed, not {type(wrong).__name__}"
        raise InvalidValue.of(f"results[{before + index}]", needed)


def _only(name: str, events: Iterator[AnyEvent]) -> Iterator[AnyEvent]:
    for index, event in enumerate(events):
        if event.type != name:
            raise InvalidValue.of(f"results[{index}]", f"the table is of {shown(name)}, the event of {event.type!r}")
        yield event
