"""Events that the hub has recorded, in JSON: nothing that it returns is refused, or lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from returns.result import Failure, Result, Success

from chub.errors import BadResponse, ChubError, InvalidValue
from chub.http import Json
from chub.values.base import construct
from chub.values.catalogue import Custom, properties_class
from chub.values.catalogue.properties import Properties
from chub.values.context_info import ContextInfo, Tracking
from chub.values.enums import Context, Mode
from chub.values.events import RecordedEvent
from chub.values.frozen_dict import EMPTY, freeze, thaw
from chub.values.identities import ExternalId, SessionId
from chub.values.instants import instant_text, read_instant
from chub.values.schema import Problems
from chub.wire import codec
from chub.wire.events import encode_properties
from chub.wire.jsontext import read_object
from chub.wire.owners import encode_bring_back, read_bring_back
from chub.wire.straight_events import straight_event_reader


def parse_recorded_event(
    source: Mapping[str, Any] | str | bytes, *, json: Json | None = None
) -> Result[RecordedEvent, ChubError]:
    """Read an event that the hub returned; no JSON object is refused, and nothing in it is lost.

    What isn't JSON, or no object, is a `BadResponse`.

    >>> parse_recorded_event('{"id": "e", "type": "sawUnicorn", "context": "MOON"}').unwrap()
    RecordedEvent(id='e', properties=Custom('sawUnicorn', {}), context='MOON')
    """
    try:
        return Success(read_event(read_object(source, json)))
    except InvalidValue as error:
        return Failure(BadResponse(reason=str(error)))
    except RecursionError:
        return Failure(BadResponse(reason="nested too deep"))


def read_event(data: Mapping[str, Any]) -> RecordedEvent:
    """Read the JSON object of a recorded event, whatever is in it."""
    try:
        made: RecordedEvent = straight_event_reader()(data)
    except ValueError:  # Unusual is one
        return read_carefully(data)
    return made


def read_carefully(data: Mapping[str, Any]) -> RecordedEvent:
    """Read the JSON object of a recorded event, key by key: each that can't be read has a place where it stays."""
    left = {key: value for key, value in data.items() if value is not None or key not in _RECORDED_READERS}
    values = {
        name: taken
        for key, (name, reader) in _RECORDED_READERS.items()
        if (taken := _take(left, key, reader)) is not None
    }
    values["properties"] = _read_properties(left)
    values["unlisted"] = freeze_read(left)
    made: RecordedEvent = construct(RecordedEvent, {"id": "", "context": ""} | values)
    return made


def freeze_read(value: object) -> Any:
    """Freeze JSON that was read; it can only be too deep, which raises `InvalidValue`."""
    if value == {}:
        return EMPTY
    problems: Problems = []
    frozen = freeze(value, "", problems)
    InvalidValue.check(problems)
    return frozen


def _take(left: dict[str, Any], key: str, reader: Any) -> Any:
    """Read a key and take it out of what is left; what can't be read stays there."""
    value = reader(left[key]) if key in left else None
    if value is not None:
        del left[key]
    return value


def _read_properties(left: dict[str, Any]) -> Properties:
    """Read the properties as their type's class where they fit it."""
    raw = left.pop("properties", None)
    name = _text(left.get("type")) or ""
    if name or left.get("type") is None:
        left.pop("type", None)
    if raw is not None and not isinstance(raw, Mapping):
        left["properties"] = raw
        return _misfit(name, {}, InvalidValue.of("$.properties", f"an object is needed, not {type(raw).__name__}"))
    known = properties_class(name)
    try:
        return codec.read(known, raw or {}) if known else _misfit(name, raw or {}, None)
    except InvalidValue as error:
        return _misfit(name, raw or {}, InvalidValue(codec.moved(error, "$.properties")))


def _misfit(name: str, raw: Mapping[str, Any], why: InvalidValue | None) -> Custom:
    made: Custom = construct(Custom, {"type": name, "properties": freeze_read(raw), "misfit": why})
    return made


def _text(raw: object) -> str | None:
    return raw if isinstance(raw, str) and raw else None


def _member(enum: type[Context | Mode]) -> Any:
    members = {str(member): member for member in enum}
    return lambda raw: members.get(raw, raw) if _text(raw) else None


def _or_free(read: Any) -> Any:
    """Read an object by `read`; where it has another shape, keep it as it is."""

    def reader(raw: object) -> Any:
        if not isinstance(raw, Mapping):
            return None
        try:
            found = read(raw)
        except InvalidValue:
            found = None
        return freeze_read(raw) if found is None else found

    return reader


def _read_tracking(raw: Mapping[str, Any]) -> Tracking | None:
    return codec.read(Tracking, raw["ga"]) if raw.keys() == {"ga"} else None


_RECORDED_READERS: Mapping[str, tuple[str, Any]] = {
    "id": ("id", _text),
    "customerId": ("customer_id", _text),
    "bringBackProperties": ("bring_back", _or_free(read_bring_back)),
    "context": ("context", _member(Context)),
    "date": ("date", read_instant),
    "mode": ("mode", _member(Mode)),
    "contextInfo": ("context_info", _or_free(lambda raw: codec.read(ContextInfo, raw))),
    "tracking": ("tracking", _or_free(_read_tracking)),
    "registeredAt": ("registered_at", read_instant),
    "updatedAt": ("updated_at", read_instant),
}


def encode_recorded_event(event: RecordedEvent) -> dict[str, Any]:
    """Give the JSON object of a recorded event, as the hub returned it but for nulls; also the body of a PUT."""
    encoded: dict[str, Any] = {}
    for key, (name, _) in _RECORDED_READERS.items():
        value = getattr(event, name)
        if value is not None and value != "":
            encoded[key] = _ENCODERS.get(type(value), thaw)(value)
    if event.type:
        encoded["type"] = event.type
    properties = encode_properties(event.properties)
    if properties or "properties" not in event.unlisted:
        encoded["properties"] = properties
    return beside(encoded, event.unlisted)


def beside(encoded: dict[str, Any], unlisted: Mapping[str, Any]) -> dict[str, Any]:
    """Add the unlisted keys; one that could not be read gives way to a field that has been filled since."""
    return encoded | {key: thaw(value) for key, value in unlisted.items() if key not in encoded}


_ENCODERS: Mapping[type[Any], Any] = {
    SessionId: encode_bring_back,
    ExternalId: encode_bring_back,
    Context: str,
    Mode: str,
    ContextInfo: codec.encode_value,
    Tracking: lambda value: {"ga": codec.encode_value(value)},
    datetime: instant_text,
}
