"""The command `events import`: lines of JSON to the hub, and for each line that failed what became of it."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import define, field, frozen
from returns.result import Failure, Result, Success

from chub.bulk import Deliveries, add_events
from chub.cli.connection import config_of
from chub.cli.outcomes import code_of, gravest
from chub.cli.output import Teller, write
from chub.cli.signals import asked_first
from chub.errors import ChubError, InvalidValue, NotSent, Rejected, Unconfirmed
from chub.frames.ndjson import numbered_results
from chub.frames.streams import File, name_of
from chub.reporting import Report, report
from chub.values.events import Event
from chub.wire.encoding import encode
from chub.wire.events import parse_event
from chub.wire.jsontext import dumps, read_object

_BATCH = 500


@frozen
class Settled:
    """What an import before wrote of an event that is not sent again: it is stored, or nobody knows."""

    event: Event | None
    result: Result[Any, ChubError]


Line = Result[Event | Settled, ChubError]
Lines = Iterator[tuple[int, Line]]


def import_events(options: Any) -> int:
    """Send the events of a file or of the standard input; write what failed, and end with a line that sums it up."""
    config = config_of(options)
    file: File = sys.stdin.buffer if options.file == "-" else options.file
    book = _Book(
        file=name_of(file),
        teller=Teller("events import", unit="lines"),
        shows_accepted=options.accepted,
        max_failures=options.max_failures,
    )
    lines = numbered_results(file, event_of)
    if options.dry_run:
        return _dry_run(book, lines)
    with (
        asked_first(book.stop),
        add_events(config, book.events(lines), window=options.window, observe=book.teller) as deliveries,
    ):
        return _followed(book, deliveries)


def event_of(line: bytes) -> Line:
    """Read an event, or what an import wrote of one that failed, so that it can be sent again.

    One that is stored already, or of which nobody knows, is not sent again in this way.
    """
    try:
        data = read_object(line)
    except InvalidValue:
        return parse_event(line)  # which says what is wrong
    if not data.keys() >= {"line", "outcome", "stored"}:
        return parse_event(data)
    event = parse_event(data["event"]) if isinstance(data.get("event"), Mapping) else Failure(_NO_EVENT)
    if data["stored"] is False:
        return event
    return Success(Settled(event.value_or(None), Success(data.get("id")) if data["stored"] else Failure(_NOT_KNOWN)))


_NOT_KNOWN = Unconfirmed(method="POST", reason="an import before didn't learn it", attempts=0)
_NO_EVENT = InvalidValue.of("$.event", "there is none, for that line held no event")


@define(kw_only=True)
class _Book:
    """What is known of the lines: which of them are under way, and how those ended that are not."""

    file: str
    teller: Teller
    shows_accepted: bool
    max_failures: int | None
    clock: Callable[[], float] = time.monotonic
    started: float = field(init=False)
    under_way: dict[int, tuple[int, Event]] = field(factory=dict)
    """By the index of the delivery, the number of the line and its event."""
    last: int = 0
    failed: int = 0
    stored_before: int = 0
    stopped_by: KeyboardInterrupt | OSError | None = None
    codes: set[int] = field(factory=set)
    total: Report = field(factory=Report)
    _batch: list[Result[Any, ChubError]] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.started = self.clock()

    @property
    def is_ended(self) -> bool:
        """Whether no further line shall be sent: too much failed, somebody asked for the end, or nobody reads on."""
        is_full = self.max_failures is not None and self.failed >= self.max_failures
        return is_full or self.stopped_by is not None

    def stop(self, reason: KeyboardInterrupt | OSError) -> None:
        """Send no further line; what is under way is still waited for."""
        self.stopped_by = reason

    def events(self, lines: Lines) -> Iterator[Event]:
        """Yield the events of the lines that hold one, and settle the others."""
        index = 0
        for number, result in lines:
            if self.is_ended:
                self.teller.say("ending: what is under way is waited for; another Ctrl-C ends at once")
                return
            self.last = number
            found = result.value_or(None)
            if isinstance(found, Event):
                self.under_way[index] = number, found
                index += 1
                yield found
            elif isinstance(found, Settled):
                self.settle_again(number, found)
            else:
                self.settle(number, None, result)

    def settle_again(self, number: int, found: Settled) -> None:
        """Say of a line what was said before: it is stored, or nobody knows; of this it stays so in what is written."""
        if isinstance(found.result, Failure):
            self.settle(number, found.event, found.result)
            return
        self.stored_before += 1
        self._accepted(number, found.result.unwrap())

    def settle(self, number: int, event: Event | None, result: Result[Any, ChubError]) -> None:
        """Note what became of a line, and tell it where it failed."""
        self._batch.append(result)
        if len(self._batch) == _BATCH:
            self.add_up()
        if isinstance(result, Success):
            self._accepted(number, result.unwrap().id)
            return
        error = result.failure()
        self.failed += 1
        self.codes.add(code_of(error))
        self.teller.say(error if isinstance(error, InvalidValue) else f"{self.file}:{number}: {error}")
        if not sys.stdout.isatty():
            self._write(_facts(number, event, error))

    def _accepted(self, number: int, event_id: Any) -> None:
        if self.shows_accepted:
            self._write({"line": number, "outcome": "Accepted", "stored": True, "id": event_id})

    def _write(self, facts: dict[str, Any]) -> None:
        """Write a line; where it can't be written the import ends, once it has told the rest to the standard error."""
        if not isinstance(self.stopped_by, OSError):
            try:
                write(dumps(facts) + b"\n")
            except OSError as error:
                self.stop(error)

    def add_up(self) -> Report:
        """Give the report of all that is settled."""
        self.total += report(self._batch)
        self._batch.clear()
        return self.total


def _facts(number: int, event: Event | None, error: ChubError) -> dict[str, Any]:
    """Give the line of JSON that tells of a failure; with the event, so that it can be sent again."""
    facts: dict[str, Any] = {"line": number, "outcome": type(error).__name__, "code": code_of(error)}
    if isinstance(error, Rejected):
        facts["status"] = error.status
    facts |= {"stored": None if isinstance(error, Unconfirmed) else False, "message": str(error)}
    return facts if event is None else facts | {"event": encode(event)}


def _dry_run(book: _Book, lines: Lines) -> int:
    good = 0
    for _ in book.events(lines):
        book.under_way.clear()
        good += 1
    book.teller.say(f"dry run, nothing was sent: {good:,} good, {book.failed:,} not")
    return gravest(book.codes)


def _followed(book: _Book, deliveries: Deliveries) -> int:
    try:
        for delivery in deliveries:
            number, event = book.under_way.pop(delivery.index)
            book.settle(number, event, delivery.result)
    except KeyboardInterrupt as interrupt:  # the second one, which doesn't wait
        book.stop(interrupt)
    deliveries.close()
    _settle_the_rest(book, deliveries)
    if book.is_ended:
        book.teller.say(f"ended at line {book.last:,} of {book.file}; what follows it was not sent")
    if book.stored_before:
        book.teller.say(f"{book.stored_before:,} passed over, for an import before had them stored")
    book.teller.say(f"{book.add_up()} ({book.clock() - book.started:,.1f} s on the clock)")
    if book.stopped_by is not None:
        raise book.stopped_by
    return gravest(book.codes)


def _settle_the_rest(book: _Book, deliveries: Deliveries) -> None:
    """Settle what was under way at an end before its time: nobody knows of what was sent, the rest was not."""
    for delivery in deliveries.in_flight:
        number, event = book.under_way.pop(delivery.index)
        book.settle(number, event, delivery.result)
    for number, event in book.under_way.values():
        unsent = NotSent(method="POST", reason="the import ended before", transient=True, attempts=0)
        book.settle(number, event, Failure(unsent))
