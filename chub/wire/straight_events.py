"""Recorded events as the hub nearly always returns them, read by straight-line code; what is rare is `Unusual`."""

from functools import cache
from typing import Any

from chub.values.base import unfrozen
from chub.values.catalogue import Custom, properties_class
from chub.values.catalogue.properties import Properties
from chub.values.context_info import ContextInfo, Tracking
from chub.values.events import CONTEXT, MODE, RecordedEvent
from chub.values.frozen_dict import Unusual, freeze_usual
from chub.values.identities import ExternalId, SessionId
from chub.wire.straight import (
    A_MEMBER,
    AN_INSTANT,
    CALLED,
    NOT_EMPTY,
    Call,
    Step,
    members,
    reader_of_steps,
    straight_reader,
)


@cache
def straight_event_reader() -> Call:
    """Give the reader of a recorded event."""
    return reader_of_steps(
        RecordedEvent,
        (
            Step("id", "id", NOT_EMPTY, required=True),
            Step("type", "", NOT_EMPTY, required=True),
            Step("properties", "properties", "raw = call(raw, data['type'])", _read_properties, required=True),
            Step("context", "context", A_MEMBER, members(CONTEXT), required=True),
            Step("customerId", "customer_id", NOT_EMPTY),
            Step("bringBackProperties", "bring_back", CALLED, _bring_back_reader()),
            Step("date", "date", AN_INSTANT),
            Step("mode", "mode", A_MEMBER, members(MODE)),
            Step("contextInfo", "context_info", CALLED, straight_reader(ContextInfo)),
            Step("tracking", "tracking", CALLED, _tracking_reader()),
            Step("registeredAt", "registered_at", AN_INSTANT),
            Step("updatedAt", "updated_at", AN_INSTANT),
        ),
    )


def _read_properties(raw: Any, name: str) -> Properties:
    known = properties_class(name)
    found: Properties = _read_custom(raw, name) if known is None else straight_reader(known)(raw)
    return found


def _read_custom(raw: Any, name: str) -> Any:
    if raw.__class__ is not dict:
        raise Unusual
    made: Any = unfrozen(Custom)()
    made.type, made.properties, made.misfit = name, freeze_usual(raw), None
    made.__class__ = Custom
    return made


def _bring_back_reader() -> Call:
    readers = {"SESSION_ID": _owner_reader(SessionId), "EXTERNAL_ID": _owner_reader(ExternalId)}

    def read_bring_back(raw: Any) -> SessionId | ExternalId:
        kind = raw.get("type") if raw.__class__ is dict else None
        if kind.__class__ is not str or kind not in readers:
            raise Unusual
        found: SessionId | ExternalId = readers[kind](raw)
        return found

    return read_bring_back


def _owner_reader(cls: type[SessionId | ExternalId]) -> Call:
    steps = (
        Step("type", "", NOT_EMPTY, required=True),
        Step("value", "value", NOT_EMPTY, required=True),
        Step("nodeId", "node_id", NOT_EMPTY),
    )
    return reader_of_steps(cls, steps)


def _tracking_reader() -> Call:
    read_ga = straight_reader(Tracking)

    def read_tracking(raw: Any) -> Tracking:
        if raw.__class__ is not dict or len(raw) != 1 or "ga" not in raw:
            raise Unusual
        found: Tracking = read_ga(raw["ga"])
        return found

    return read_tracking
