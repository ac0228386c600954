"""Laws of the wire: what is encoded is parsed back, nothing that the hub says is lost, and no parser raises."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs
from returns.result import Failure, Result, Success

from chub.errors import ChubError, InvalidValue
from chub.testing.laws.verdict import Law, written
from chub.values.base import WireValue, construct
from chub.values.catalogue import Custom, properties_class
from chub.values.customers import RecordedCustomer, Session
from chub.values.events import Event, RecordedEvent
from chub.values.frozen_dict import thaw
from chub.values.identities import ExternalId, SessionId
from chub.values.instants import read_instant
from chub.wire import codec
from chub.wire.customers import read_customer, read_session
from chub.wire.encoding import encode as encode_value
from chub.wire.events import parse_event
from chub.wire.jsontext import dumps, loads
from chub.wire.owners import read_bring_back
from chub.wire.recorded_events import parse_recorded_event

Encode = Callable[[Any], Any]
Parse = Callable[[Any], Result[Any, Any]]

_ROUND_TRIP: Final = Law("round trip")
_NOTHING_LOST: Final = Law("nothing that the hub says is lost")
_ANY_JSON: Final = Law("a parser gives a Result, whatever it is given")


def round_trip(value: Any, *, encode: Encode = encode_value, parse: Parse | None = None) -> None:
    """Require that `parse(encode(value))` gives the value again, and that a JSON text on the way changes nothing.

    Without `parse` it is chub's for the value's class: an event, recorded event, customer, session, bring-back, or a
    part of one.  A `Custom` of a type that chub knows is expected as that type's class where its payload fits it;
    where it doesn't, `parse_event` is expected to refuse it.  With functions of your own the text is left out.

    >>> from chub.values.identities import SessionId
    >>> round_trip(SessionId("a visit"))
    """
    read = parse or _parser_of(value)
    encoded = encode(value)
    found = parses_anything(read, encoded)
    expected = Success(value) if parse else _expected(value)
    if expected is None:
        _ROUND_TRIP.require(_refuses(found), "an InvalidValue, for the payload doesn't fit its type", found)
        return
    _ROUND_TRIP.require(expected == found, f"{written(expected)} after {written(encoded)}", found)
    if parse is None and encode is encode_value:
        _through_text(found.unwrap(), read)


def _through_text(value: Any, read: Parse) -> None:
    sent = loads(dumps(encode_value(value)))
    found = read(sent).map(encode_value).map(lambda encoded: loads(dumps(encoded)))
    _ROUND_TRIP.require(Success(sent) == found, f"the same JSON again, {written(sent)}", found)


def _refuses(result: Result[Any, Any]) -> bool:
    return isinstance(result, Failure) and isinstance(result.failure(), InvalidValue)


def _parser_of(value: object) -> Parse:
    if isinstance(value, WireValue):
        return _returning(lambda data: codec.check(type(value), data))
    parse = _PARSERS.get(type(value))
    if parse is None:
        known = "an event, a customer, a session, a bring-back or a part of one, or a parse= of your own"
        raise InvalidValue.of("value", f"{known}, is needed, not {type(value).__name__}")
    return parse


def _returning(read: Callable[[Any], Any]) -> Parse:
    def parse(data: Any) -> Result[Any, ChubError]:
        try:
            return Success(read(data))
        except InvalidValue as error:
            return Failure(error)

    return parse


_PARSERS: Final[Mapping[type[Any], Parse]] = {
    Event: parse_event,
    RecordedEvent: parse_recorded_event,
    RecordedCustomer: _returning(read_customer),
    Session: _returning(read_session),
    SessionId: _returning(read_bring_back),
    ExternalId: _returning(read_bring_back),
}


def _expected(value: Any) -> Result[Any, Any] | None:
    """Give what should come back; None where the value is to be refused."""
    custom = value.properties if isinstance(value, Event | RecordedEvent) else None
    known = properties_class(custom.type) if isinstance(custom, Custom) else None
    if known is None or not isinstance(custom, Custom):
        return Success(value)
    read = codec.check if isinstance(value, Event) else codec.read
    try:
        properties = read(known, thaw(custom.properties))
    except InvalidValue:
        return None if isinstance(value, Event) else Success(value)
    # Without the checks: what the hub returned may be what no sender can build.
    fields = attrs.asdict(value, recurse=False) | {"properties": properties}
    return Success(construct(type(value), fields))


def keeps_everything(
    row: Mapping[str, Any], *, parse: Parse = parse_recorded_event, encode: Encode = encode_value
) -> None:
    """Require that what the hub returned is there again once it is parsed and encoded.

    Every key whose value isn't null, at every depth; an instant and the older spelling of EXTERNAL_ID may be written
    otherwise.

    >>> keeps_everything({"id": "e", "type": "sawUnicorn", "date": "yesterday", "news": [None]})
    """
    found = parses_anything(parse, row)
    _NOTHING_LOST.require(isinstance(found, Success), f"a Success of {written(row)}", found)
    encoded = encode(found.unwrap())
    lost = _lost(row, encoded, "$")
    _NOTHING_LOST.require(lost is None, f"{lost} of {written(row)}", encoded)


def _lost(given: Any, got: Any, path: str) -> str | None:
    """Give the path of the first thing that isn't there any more."""
    if isinstance(given, Mapping) and isinstance(got, Mapping):
        named = ((key, value) for key, value in given.items() if value is not None)
        below = (
            path_of if key not in got else _lost(value, got[key], path_of)
            for key, value in named
            for path_of in (f"{path}.{key}",)
        )
    elif isinstance(given, list | tuple) and isinstance(got, list | tuple) and len(given) == len(got):
        below = (_lost(*pair, f"{path}[{index}]") for index, pair in enumerate(zip(given, got, strict=True)))
    else:
        return None if _same(given, got) else path
    return next((found for found in below if found is not None), None)


def _same(given: Any, got: Any) -> bool:
    if isinstance(given, bool) or isinstance(got, bool):
        return given is got
    if (given, got) == ("externalId", "EXTERNAL_ID"):
        return True
    return bool(given == got) or (read_instant(given) is not None and read_instant(given) == read_instant(got))


def parses_anything(parse: Parse, source: Any) -> Result[Any, Any]:
    """Require that a parser returns a Result, and give it; the text of a `ChubError` in it must be one line.

    >>> from chub.wire.events import parse_event
    >>> parses_anything(parse_event, "[]").failure().problems[0].path
    '$'
    """
    try:
        result = parse(source)
    except Exception as error:
        raised = f"{type(error).__name__}: {error}"
        raise AssertionError(f"{_ANY_JSON.name}: expected a Result of {written(source)}, found {raised}") from error
    _ANY_JSON.require(isinstance(result, Result), f"a Result of {written(source)}", result)
    if isinstance(result, Failure) and isinstance(result.failure(), ChubError):
        text = str(result.failure())
        _ANY_JSON.require(len(text.splitlines()) <= 1, "an error of one line", text)
    return result
