"""The commands `events list`, `get`, `add`, `delete` and `export`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from returns.result import Success

from chub import api
from chub.cli.connection import config_of
from chub.cli.outcomes import OK, code_of, gravest, needed
from chub.cli.output import Teller, cut, emit, width, write
from chub.cli.queries import instant_of, query_of, walk_of
from chub.errors import InvalidValue
from chub.frames.ndjson import ndjson_line
from chub.values.events import RecordedEvent
from chub.values.identities import ExternalId, SessionId
from chub.wire.encoding import encode
from chub.wire.events import parse_event
from chub.wire.jsontext import loads


def list_events(options: Any) -> int:
    """Write the events of a query as they come: as lines of JSON, or as a table on a terminal."""
    config, query = config_of(options), query_of(options)
    show = _table() if sys.stdout.isatty() and not options.json else _json
    for result in walk_of(options, config, query):
        show(needed(result))
    return OK


def _json(event: RecordedEvent) -> None:
    write(ndjson_line(event))


def _table() -> Callable[[RecordedEvent], None]:
    columns = width()
    print(cut(f"{'ID':36}  {'DATE (UTC)':16}  {'TYPE':16} CONTEXT", columns))

    def show(event: RecordedEvent) -> None:
        date = f"{event.date:%Y-%m-%d %H:%M}" if event.date else ""
        told = f"{event.id:36}  {date:16}  {event.type:16} {event.context}"
        more = f"  {_owner(event)}  {event.properties!r}" if columns > 110 else ""
        print(cut(told + more, columns), flush=True)

    return show


def _owner(event: RecordedEvent) -> str:
    match event.customer_id, event.bring_back:
        case str(customer_id), _:
            return f"customer {customer_id}"
        case _, SessionId(value=value):
            return f"session {value}"
        case _, ExternalId(value=value):
            return f"external id {value}"
        case _:
            return ""


def get_event(options: Any) -> int:
    """Write one event."""
    config = config_of(options)
    wait = options.wait
    found = api.wait_for_event(config, options.id, wait) if wait else api.get_event(config, options.id)
    emit(encode(needed(found)))
    return OK


def add_event(options: Any) -> int:
    """Send one event, made of the options or read from a file, and write its id."""
    config = config_of(options)
    event = needed(parse_event(_row(options) if options.type else _text(options.file)))
    accepted = needed(api.add_event(config, event))
    emit({"id": accepted.id})
    return OK


def _text(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _row(options: Any) -> dict[str, Any]:
    """Give the event's JSON; `parse_event` says what is wrong with it."""
    row: dict[str, Any] = {"type": options.type, "context": options.context, "properties": _properties(options)}
    if options.customer_id is not None:
        row["customerId"] = options.customer_id
    for kind, value in (("SESSION_ID", options.session_id), ("EXTERNAL_ID", options.external_id)):
        if value is not None:
            row["bringBackProperties"] = {"type": kind, "value": value}
    if options.date is not None:
        row["date"] = instant_of(options.date, "--date")
    return row


def _properties(options: Any) -> Any:
    try:
        return loads(options.properties)
    except ValueError as error:
        raise InvalidValue.of("--properties", str(error)) from None


def delete_events(options: Any) -> int:
    """Delete events by their ids, and write what became of each."""
    config, teller = config_of(options), Teller("events delete")
    codes = set()
    for event_id in options.id:
        result = api.delete_event(config, event_id)
        if isinstance(result, Success):
            emit({"id": event_id, "deleted": True, "confirmed": result.unwrap().confirmed})
        else:
            teller.say(f"{event_id}: {result.failure()}")
            codes.add(code_of(result.failure()))
    return gravest(codes)
