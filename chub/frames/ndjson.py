"""Events as lines of JSON, in the hub's own form: written as a stream, read lazily, each line a Result."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar, overload

from returns.result import Failure, Result

from chub.errors import BadResponse, ChubError, InvalidValue, Problem
from chub.frames.failures import Failures, successes
from chub.frames.streams import File, name_of, path_of, read_lines, write_lines
from chub.values.events import Event, RecordedEvent
from chub.wire.encoding import encode
from chub.wire.events import parse_event
from chub.wire.jsontext import dumps, read_object
from chub.wire.recorded_events import parse_recorded_event

A = TypeVar("A")

AnyEvent = Event | RecordedEvent


def write_ndjson(
    file: File, events: Iterable[Result[AnyEvent, ChubError] | AnyEvent], *, failures: Failures = "raise"
) -> int:
    r"""Write events, or Results of them, as lines of JSON; gives how many were written.

    The file is compressed where its name ends in `.gz` or `.zst`, and replaces one of that name when all is written.
    It may also be a binary file of the caller's.  `failures` says what becomes of a Failure among the events.

    >>> import io
    >>> from chub.values.catalogue import Custom
    >>> from chub.values.identities import CustomerId
    >>> file = io.BytesIO()
    >>> write_ndjson(file, [Event(properties=Custom("sawUnicorn"), owner=CustomerId("c"), context="WEB")])
    1
    >>> file.getvalue()
    b'{"type":"sawUnicorn","context":"WEB","customerId":"c","properties":{}}\n'
    """
    found: Iterator[AnyEvent] = successes(events, failures)
    return write_lines(file, map(ndjson_line, found))


def ndjson_line(event: AnyEvent) -> bytes:
    """Give the line of one event, its line break included."""
    encoded = encode(check_event(event))
    if isinstance(event, RecordedEvent) and "id" not in encoded:
        encoded["id"] = None  # by this key it is known for a recorded one
    return dumps(encoded) + b"\n"


def check_event(value: object) -> AnyEvent:
    """Give the event that this is; raises `InvalidValue` where it is none."""
    if isinstance(value, Event | RecordedEvent):
        return value
    raise InvalidValue.of("events", f"an event or a recorded event is needed, not {type(value).__name__}")


@overload
def read_ndjson(file: File) -> Iterator[Result[AnyEvent, ChubError]]: ...
@overload
def read_ndjson(file: File, parse: Callable[[bytes], Result[A, ChubError]]) -> Iterator[Result[A, ChubError]]: ...
def read_ndjson(file: File, parse: Callable[[bytes], Result[Any, ChubError]] | None = None) -> Iterator[Any]:
    r"""Read lines of JSON lazily: a Result for each that is not blank, whatever is in the others.

    Each is read by `parse`; without it as what it is, a recorded event where it has an `id`, else an event to send.
    With `parse=chub.parse_event` all have to be events to send.  A Failure names the file and the line.  A file that
    is damaged, or cut short, gives a last Failure.  Raises `OSError` where there is no such file.

    >>> import io
    >>> lines = io.BytesIO(b'{"type": "sawUnicorn", "context": "WEB", "customerId": "c", "properties": {}}\nno\n')
    >>> event, wrong = read_ndjson(lines)
    >>> event.unwrap().type, str(wrong.failure())
    ('sawUnicorn', 'line:2: not JSON: Expecting value at character 0')
    """
    path = path_of(file)
    if path is not None:
        path.stat()
    return (result for _, result in numbered_results(file, parse or _either))


def numbered_results(
    file: File, parse: Callable[[bytes], Result[A, ChubError]]
) -> Iterator[tuple[int, Result[A, ChubError]]]:
    """Yield what is read of each line, with the line's number."""
    name = name_of(file)
    for number, line in read_lines(file):
        read = Failure(line) if isinstance(line, InvalidValue) else parse(line)
        yield number, read.alt(partial(_located, f"{name}:{number}"))


def _located(place: str, error: ChubError) -> ChubError:
    """Say in which line of which file it is; what a line holds is a value, even where it stands for an answer."""
    if isinstance(error, BadResponse):
        return InvalidValue.of(place, error.reason)
    if not isinstance(error, InvalidValue):
        return error
    return InvalidValue(Problem(path=f"{place} {item.path}".strip(), message=item.message) for item in error.problems)


def _either(line: bytes) -> Result[AnyEvent, ChubError]:
    try:
        data = read_object(line)
    except InvalidValue as error:
        return Failure(InvalidValue(error.problems))
    return parse_recorded_event(data) if "id" in data else parse_event(data)
