"""Events that are to be sent, in JSON: `parse_event` in, `encode_event` out."""

from collections.abc import Mapping
from typing import Any

from returns.result import Failure, Result, Success

from chub.errors import ChubError, InvalidValue
from chub.http import Json
from chub.values.base import construct
from chub.values.catalogue import Custom, EventProperties, properties_class
from chub.values.catalogue.properties import Properties
from chub.values.context_info import ContextInfo, Tracking, parts_outside
from chub.values.events import CONTEXT, MODE, Event
from chub.values.frozen_dict import below, freeze, thaw
from chub.values.identities import CustomerId, text_fault
from chub.values.instants import instant_text
from chub.values.naming import camel_case
from chub.values.schema import Problems, note
from chub.wire import codec
from chub.wire.jsontext import read_object
from chub.wire.owners import check_owner, encode_bring_back


def parse_event(source: Mapping[str, Any] | str | bytes, *, json: Json | None = None) -> Result[Event, ChubError]:
    """Read an event that is to be sent, from a mapping with the wire's names or from its JSON text.

    Every problem of the whole tree comes back as one `InvalidValue`, with paths such as `$.properties.startDate`.
    Keys of properties that chub doesn't list are kept; other keys of the event itself are refused, as by the hub.

    >>> row = {"type": "viewedPage", "context": "WEB", "customerId": "c_id", "properties": {"title": "Home"}}
    >>> parse_event(row).unwrap().properties
    ViewedPage(title='Home')
    >>> parse_event(row | {"context": "web"}).failure().problems[0].path
    '$.context'
    """
    try:
        return Success(_event(read_object(source, json)))
    except InvalidValue as error:
        return Failure(rooted(error))
    except RecursionError:
        return Failure(InvalidValue.of("$", "nested too deep"))


def rooted(error: InvalidValue) -> InvalidValue:
    """Give the same problems with paths from the root of the JSON; a new error, without the traceback."""
    return InvalidValue(codec.moved(error, "$"))


def _event(data: Mapping[str, Any]) -> Event:
    problems: Problems = []
    values = {
        "properties": _properties(data, problems),
        "owner": check_owner(data, problems),
        "context": _context(data.get("context"), problems),
        "date": _present(data, "date", codec.instant_to_send, problems),
        "mode": _present(data, "mode", MODE.check, problems),
        "context_info": _present(data, "contextInfo", _checked(ContextInfo), problems),
        "tracking": _present(data, "tracking", _tracking_to_send, problems),
    }
    _check_parts(values["context_info"], values["context"], problems)
    _check_keys(data, problems)
    InvalidValue.check(problems)
    made: Event = construct(Event, values)
    return made


def _context(raw: object, problems: Problems) -> Any:
    if raw is None:
        return note(problems, "context", "required, and missing")
    return CONTEXT.check(raw, "context", problems)


def _present(data: Mapping[str, Any], key: str, reader: codec.Reader, problems: Problems) -> Any:
    raw = data.get(key)
    return None if raw is None else reader(raw, key, problems)


def _checked(cls: type[Any]) -> codec.Reader:
    def checked(raw: Any, path: str, problems: Problems) -> Any:
        try:
            return codec.check(cls, raw)
        except InvalidValue as error:
            problems += codec.moved(error, path)
            return None

    return checked


def _properties(data: Mapping[str, Any], problems: Problems) -> Properties | None:
    name, raw = data.get("type"), data.get("properties")
    fault = text_fault(name)
    if fault or not isinstance(name, str):
        note(problems, "type", "required, and missing" if name is None else fault or "")
        return None
    if raw is None:
        note(problems, "properties", "required, and missing")
        return None
    known = properties_class(name)
    found: Properties | None = _checked(known)(raw, "properties", problems) if known else _custom(name, raw, problems)
    return found


def _custom(name: str, raw: object, problems: Problems) -> Custom | None:
    if not isinstance(raw, Mapping):
        note(problems, "properties", f"an object is needed, not {type(raw).__name__}")
        return None
    return construct(Custom, {"type": name, "properties": freeze(raw, "properties", problems)})  # type: ignore[no-any-return]


def _tracking_to_send(raw: Any, path: str, problems: Problems) -> Any:
    if not isinstance(raw, Mapping) or raw.keys() - {"ga"}:
        return note(problems, path, 'an object {"ga": {"utm_source": ...}} is needed')
    return _present(raw, "ga", lambda ga, _, found: _checked(Tracking)(ga, below(path, "ga"), found), problems)


def _check_parts(info: ContextInfo | None, context: Any, problems: Problems) -> None:
    if info is not None and context is not None:
        for part, fault in parts_outside(info, context):
            note(problems, f"contextInfo.{camel_case(part)}", fault)


_EVENT_KEYS = frozenset(
    ("customerId", "bringBackProperties", "type", "context", "date", "mode", "contextInfo", "tracking", "properties")
)
_BRING_BACK_HINTS = {"sessionId": "SESSION_ID", "externalId": "EXTERNAL_ID"}


def _check_keys(data: Mapping[str, Any], problems: Problems) -> None:
    for key in data:
        if key in _BRING_BACK_HINTS:
            form = f'"bringBackProperties": {{"type": "{_BRING_BACK_HINTS[key]}", "value": ...}}'
            note(problems, key, f"no key of an event; the hub's form is {form}")
        elif key not in _EVENT_KEYS:
            note(problems, str(key), f"no key of an event; the keys are {', '.join(sorted(_EVENT_KEYS))}")


def encode_event(event: Event) -> dict[str, Any]:
    """Give the JSON object of an event, as `POST /events` takes it once its bring-back has a node."""
    encoded: dict[str, Any] = {"type": event.type, "context": str.__str__(event.context)}
    if isinstance(event.owner, CustomerId):
        encoded["customerId"] = event.owner.value
    else:
        encoded["bringBackProperties"] = encode_bring_back(event.owner)
    if event.date is not None:
        encoded["date"] = instant_text(event.date)
    if event.mode is not None:
        encoded["mode"] = str.__str__(event.mode)
    if event.context_info is not None:
        encoded["contextInfo"] = codec.encode_value(event.context_info)
    if event.tracking is not None:
        encoded["tracking"] = {"ga": codec.encode_value(event.tracking)}
    encoded["properties"] = encode_properties(event.properties)
    return encoded


def encode_properties(properties: Properties) -> dict[str, Any]:
    """Give the JSON object of an event's properties."""
    if isinstance(properties, EventProperties):
        return codec.encode_value(properties)
    free: dict[str, Any] = thaw(properties.properties)
    return free
