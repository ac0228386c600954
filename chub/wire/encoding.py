"""One function for all values: what each looks like in JSON."""

from collections.abc import Callable, Mapping
from typing import Any

from chub.errors import InvalidValue
from chub.values.base import WireValue
from chub.values.catalogue import Custom
from chub.values.customers import RecordedCustomer, Session
from chub.values.events import Event, RecordedEvent
from chub.values.identities import ExternalId, SessionId
from chub.wire.codec import encode_value
from chub.wire.customers import encode_recorded_customer, encode_session
from chub.wire.events import encode_event, encode_properties
from chub.wire.owners import encode_bring_back
from chub.wire.recorded_events import encode_recorded_event

_ENCODERS: Mapping[type[Any], Callable[[Any], dict[str, Any]]] = {
    Event: encode_event,
    RecordedEvent: encode_recorded_event,
    RecordedCustomer: encode_recorded_customer,
    Session: encode_session,
    SessionId: encode_bring_back,
    ExternalId: encode_bring_back,
    Custom: encode_properties,
}


def encode(value: Any) -> dict[str, Any]:
    """Give the JSON object of an event, recorded event, customer, session, or of anything in them; as plain dicts.

    `parse_event(encode(event))` gives the event back, `parse_recorded_event` a recorded one.

    >>> from chub.values.context_info import Geo
    >>> encode(Geo(lat=45.46, lon=9.19))
    {'lat': 45.46, 'lon': 9.19}
    """
    encoder = encode_value if isinstance(value, WireValue) else _ENCODERS.get(type(value))
    if encoder is None:
        raise InvalidValue.of("value", f"a value with a form on the wire is needed, not {type(value).__name__}")
    return encoder(value)
