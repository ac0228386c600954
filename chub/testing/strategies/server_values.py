"""Hostile strategies: what a server may say, from JSON with keys that nobody knows to what is no JSON at all."""

from collections.abc import Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from chub.http import Response
from chub.testing.strategies import arguments
from chub.testing.strategies.called import as_called
from chub.testing.strategies.event_values import Types, context_infos, properties, values
from chub.testing.strategies.plain import instants, odd_json, odd_json_objects, odd_texts, records
from chub.values.catalogue.properties import Properties, event_type_of
from chub.values.context_info import Tracking
from chub.values.events import RecordedEvent
from chub.values.schema import Problems
from chub.wire.encoding import encode
from chub.wire.jsontext import dumps
from chub.wire.recorded_events import parse_recorded_event

_Json = dict[str, Any]


@as_called
def damaged(whole: Any) -> SearchStrategy[Any]:
    """Draw the same JSON with something else put, or added, somewhere in it.

    >>> from hypothesis import find
    >>> find(damaged(["sale", 1]), lambda found: isinstance(found, list) and found[1:] == [1] and found != ["sale", 1])
    [None, 1]
    """
    return _damaged(whole)


@st.composite
def _damaged(draw: DrawFn, whole: Any) -> Any:
    places: list[Any] = [*(whole if isinstance(whole, dict) else range(len(whole)) if isinstance(whole, list) else ())]
    if bool(places) and draw(st.booleans()):
        place = draw(st.sampled_from(places))
        return _with(whole, place, draw(_damaged(whole[place])))
    if isinstance(whole, dict) and draw(st.booleans()):
        return {**whole, **draw(odd_json_objects())}
    return draw(odd_json())


def _with(whole: Any, place: Any, value: Any) -> Any:
    """Give a copy with another value at this place."""
    copied = whole.copy()
    copied[place] = value
    return copied


def _near(good: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Draw what a schema allows, or something near it."""
    return good | good.flatmap(damaged)


@as_called
def odd_dates() -> SearchStrategy[str]:
    """Draw dates as servers write them, and texts that are none.

    >>> from hypothesis import find
    >>> find(odd_dates(), lambda text: text.endswith("+0000"))
    '2017-03-08T10:18:17.000+0000'
    """
    written = [
        "2017-03-08T10:18:17.000+0000",
        "2017-03-08T10:18:17.12Z",
        "0001-01-01T00:00:00.000+0000",
        "0001-01-01T00:00:00+01:00",
        "2017-03-08T10:18:17",
        "2017-03-08",
        "yesterday",
        "",
    ]
    return instants().map(lambda date: date.isoformat()) | st.sampled_from(written)


@as_called
def event_bodies(types: Types | None = None) -> SearchStrategy[_Json]:
    """Draw the JSON objects that a server may give for an event: right, nearly right, with keys that nobody knows.

    Under any key that has a meaning there may be anything.  `types` are those of `properties`.

    >>> from hypothesis import find
    >>> find(event_bodies("viewedPage"), lambda body: "type" in body)
    {'type': 'viewedPage'}
    """
    return _event_bodies(properties(types, texts=odd_texts(), unlisted=True))


@st.composite
def _event_bodies(draw: DrawFn, payloads: SearchStrategy[Properties]) -> _Json:
    payload = draw(payloads)
    own = {
        "type": st.just(event_type_of(payload)) | odd_texts() | odd_json(),
        "properties": _near(st.just(encode(payload))),
    }
    return draw(odd_json_objects()) | draw(records({}, own)) | draw(_AROUND)


_BRING_BACKS: Final = records(
    {"type": st.sampled_from(["SESSION_ID", "EXTERNAL_ID", "externalId", "OTHER"]), "value": odd_texts()},
    {"nodeId": st.none() | odd_texts(), "more": odd_json()},
)
_INFOS: Final = context_infos(texts=odd_texts(), unlisted=True).map(encode)
_TRACKINGS: Final = values(Tracking, texts=odd_texts(), unlisted=True).map(lambda found: {"ga": encode(found)})
_KEYS: Final[Mapping[str, SearchStrategy[Any]]] = {
    "id": odd_texts(),
    "context": st.sampled_from(["WEB", "RETAIL", "MOON", ""]),
    "customerId": odd_texts(),
    "bringBackProperties": _near(_BRING_BACKS),
    "date": odd_dates(),
    "mode": st.sampled_from(["ACTIVE", "PASSIVE", "ASLEEP", ""]),
    "contextInfo": _near(_INFOS),
    "tracking": _near(_TRACKINGS),
    "registeredAt": odd_dates(),
    "updatedAt": odd_dates(),
    "unlisted": odd_json(),
}
_AROUND: Final = records({}, {key: found | odd_json() for key, found in _KEYS.items()})


@as_called
def odd_recorded_events(types: Types | None = None) -> SearchStrategy[RecordedEvent]:
    """Draw recorded events as they are read from what a server may give, sound or not.

    >>> from hypothesis import find
    >>> find(odd_recorded_events("loggedIn"), lambda event: event.context == "MOON")
    RecordedEvent(id='', properties=Custom('', {}), context='MOON')
    """
    return event_bodies(types).map(lambda body: parse_recorded_event(body).unwrap())


@as_called
def page_bodies(types: Types | None = None) -> SearchStrategy[_Json]:
    """Draw the JSON objects that a server may give for a page of events; they have `elements`, of whatever kind.

    >>> from hypothesis import find
    >>> find(page_bodies(), lambda body: True)
    {'elements': []}
    """
    counts = records({}, dict.fromkeys(_COUNTS, st.integers(-1, 60) | odd_json()))
    needed = {"elements": st.lists(event_bodies(types) | odd_json(), max_size=3)}
    return _beside(records(needed, {"page": counts | odd_json()}))


_COUNTS: Final = ("size", "totalElements", "totalUnfilteredElements", "totalPages", "number")


def _beside(bodies: SearchStrategy[_Json]) -> SearchStrategy[_Json]:
    """Add keys that nobody knows."""
    return st.builds(lambda more, body: {**more, **body}, odd_json_objects(), bodies)


@as_called
def customer_bodies() -> SearchStrategy[_Json]:
    """Draw the JSON objects that a server may give for a customer.

    >>> from hypothesis import find
    >>> find(customer_bodies(), lambda body: body.get("enabled") is True)
    {'enabled': True}
    """
    texts = dict.fromkeys(("id", "externalId", "nodeId", "extra"), st.none() | odd_texts())
    objects = dict.fromkeys(("base", "consents", "extended", "tags"), st.none() | odd_json_objects())
    dates = dict.fromkeys(("registeredAt", "updatedAt"), odd_dates())
    known = {key: found | odd_json() for key, found in {**texts, **objects, **dates, "enabled": st.booleans()}.items()}
    return _beside(records({}, known))


@as_called
def session_bodies() -> SearchStrategy[_Json]:
    """Draw the JSON objects that a server may give for a session.

    >>> from hypothesis import find
    >>> find(session_bodies(), lambda body: body.get("id") == "")
    {'id': ''}
    """
    return _beside(records({}, dict.fromkeys(("id", "value"), odd_texts() | odd_json())))


@as_called
def error_bodies() -> SearchStrategy[_Json]:
    """Draw the JSON objects that a server may give with an error's status, in both shapes of the hub's.

    >>> from hypothesis import find
    >>> find(error_bodies(), lambda body: body.get("errors") == [{}])
    {'errors': [{}]}
    """
    field = records({}, dict.fromkeys(("path", "message", "code"), odd_texts() | odd_json()))
    customer = records({"id": odd_texts() | odd_json()}, {})
    known: dict[str, SearchStrategy[Any]] = {
        "message": odd_texts(),
        "logref": odd_texts(),
        "errors": st.lists(field | odd_json(), max_size=3),
        "data": records({"customer": customer | odd_json()}, {}),
        "error": odd_texts(),
        "status": st.integers(100, 599),
        "timestamp": odd_dates(),
    }
    return _beside(records({}, {key: found | odd_json() for key, found in known.items()}))


@as_called
def broken_json() -> SearchStrategy[bytes]:
    """Draw bytes that no reader of JSON takes, or that strict ones refuse.

    >>> from hypothesis import find
    >>> find(broken_json(), lambda body: True)
    b''
    """
    cut = odd_json_objects().map(dumps).flatmap(_beginnings)
    return st.sampled_from([b"", *_BROKEN]) | st.binary(min_size=1, max_size=20).map(b"\xff".__add__) | cut


def _beginnings(text: bytes) -> SearchStrategy[bytes]:
    return st.integers(0, len(text) - 1).map(lambda end: text[:end])


_BROKEN: Final = (
    b"{}{}",
    b"null,",
    b"{'id': 1}",
    b'{"id": 1,}',
    b'{"page":' + b"9" * 5000 + b"}",
    b'{"date":-1e999}',
    b'{"elements":[NaN]}',
    b"[" * 100_000 + b"]" * 100_000,
    b"<!doctype html><title>Bad Gateway</title>",
    '{"id":"e"}'.encode("utf-16"),
)


@as_called
def responses(statuses: SearchStrategy[int] | None = None) -> SearchStrategy[Response]:
    """Draw answers that a server may give to anything: any status, JSON of every shape, what is no JSON, no body.

    >>> from hypothesis import find
    >>> find(responses(st.just(429)), lambda response: response.header("Retry-After") == "3").status
    429
    """
    problems: Problems = []
    found = arguments.strategy(statuses, "statuses", problems, st.integers(200, 599))
    arguments.checked(problems)
    return st.builds(Response, status=found, reason=_REASONS, headers=_HEADERS, body=_BODIES)


_REASONS: Final = st.sampled_from(["", "OK", "Bad Request", "Some Status"])
_HEADERS: Final = st.lists(
    st.tuples(st.just("content-type"), st.sampled_from(["application/json", "text/plain", "text/html"]))
    | st.tuples(st.just("retry-after"), st.sampled_from(["3", "-1", "soon", "Sun, 08 Mar 2026 10:18:17 GMT"]))
    | st.tuples(st.just("date"), st.just("Sun, 08 Mar 2026 10:18:07 GMT")),
    max_size=3,
    unique_by=lambda header: header[0],
).map(tuple)
_BODIES: Final = (
    st.just(b"")
    | (error_bodies() | page_bodies() | event_bodies() | customer_bodies() | session_bodies()).map(dumps)
    | odd_json().map(dumps)
    | broken_json()
)
