"""The endpoints: for each a builder of its operation, and the parser of its answer beside it.

Builders return `Failure(InvalidValue)` for a value that can't be sent; what they check is known before any request.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import attrs
from returns.result import Failure, Result, Success

from chub.errors import ChubError, InvalidValue
from chub.http import Request, Response
from chub.settings import Config
from chub.values.customers import (
    Customer,
    RecordedCustomer,
    Session,
    SessionKey,
    SessionLink,
)
from chub.values.events import Event, RecordedEvent
from chub.values.identities import TEXT, CustomerId, ExternalId, PathId
from chub.values.instants import instant_text
from chub.values.outcomes import Accepted, Deleted
from chub.values.pages import Page
from chub.values.queries import EventQuery
from chub.values.schema import Problems, note
from chub.wire.customers import encode_customer, read_customer, read_session
from chub.wire.events import encode_event
from chub.wire.failures import failure_of
from chub.wire.jsontext import dumps, loads
from chub.wire.operation import (
    Operation,
    builder,
    needs,
    parse_object,
    request,
    succeeded,
)
from chub.wire.pages import read_page
from chub.wire.recorded_events import encode_recorded_event, read_event

MAX_PART_SIZE = 64 * 1024
"""Bytes of JSON, as sent, that the hub takes for an event's properties, and again for its context info."""

_YOUNG = "an event is visible some 30 s after it was accepted, or later: chub.wait_for_event waits for it"


@builder
def add_event(config: Config, event: Event) -> Operation[Accepted]:
    """`POST /events`."""
    needs(event, Event, "event", "an event, made by chub.event(...) or chub.parse_event(...),")
    body = encode_event(event)
    bring_back = body.get("bringBackProperties")
    if bring_back is not None and "nodeId" not in bring_back:
        bring_back["nodeId"] = _node(config, "owner.node_id")
    return Operation(_sized(request("POST", "/events", config, body=body), body), parse_accepted)


def _node(config: Config, path: str) -> str:
    if config.node_id is None:
        raise InvalidValue.of(path, "a node is needed here, and the config has none: chub.config(node_id=...)")
    return config.node_id


def _sized(made: Request, body: Mapping[str, Any]) -> Request:
    """Check the size of the two parts that the hub limits, once the whole is big enough for one to be over it."""
    if made.body is None or len(made.body) <= MAX_PART_SIZE:
        return made
    sizes = {key: len(dumps(body[key], made.json)) for key in ("properties", "contextInfo") if key in body}
    faults = [(key, size) for key, size in sizes.items() if size > MAX_PART_SIZE]
    if faults:
        raise InvalidValue(
            problem for key, size in faults for problem in InvalidValue.of(f"$.{key}", _too_big(size)).problems
        )
    return made


def _too_big(size: int) -> str:
    return f"{size:,} bytes of JSON; the hub takes {MAX_PART_SIZE:,}"


def parse_accepted(asked: Request, response: Response) -> Result[Accepted, ChubError]:
    """Read what a POST was answered with: any 2xx is a success, and an id that can't be read is none."""
    if not succeeded(response):
        return Failure(failure_of(asked, response))
    return Success(Accepted(_text_in(asked, response.body, "id")))


def _text_in(asked: Request, body: bytes | None, key: str) -> str | None:
    try:
        data = loads(body or b"", asked.json)
    except ValueError:
        return None
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, str) and found else None


@builder
def get_event(config: Config, event_id: str) -> Operation[RecordedEvent]:
    """`GET /events/{id}`."""
    return Operation(request("GET", "/events/{event_id}", config, {"event_id": event_id}), parse_event)


def parse_event(asked: Request, response: Response) -> Result[RecordedEvent, ChubError]:
    """Read one event; its 404 may only mean that it is young."""
    return parse_object(asked, response, read_event, hint=_YOUNG if response.status == 404 else "")


@builder
def update_event(config: Config, event: RecordedEvent) -> Operation[Accepted]:
    """`PUT /events/{id}`: the whole event; an `updated_at` that is None goes out as `registered_at`."""
    needs(event, RecordedEvent, "event", "an event that the hub returned (chub.get_event)")
    body = encode_recorded_event(event)
    InvalidValue.check(_update_problems(event, body))
    body.setdefault("updatedAt", body["registeredAt"])
    made = request("PUT", "/events/{id}", config, {"id": event.id}, body=body)
    return Operation(_sized(made, body), parse_updated)


def _update_problems(event: RecordedEvent, body: Mapping[str, Any]) -> Problems:
    problems: Problems = []
    PathId().check(event.id, "id", problems)
    for key, name in (("type", "properties"), ("context", "context"), ("registeredAt", "registered_at")):
        if key not in body:
            note(problems, name, f"PUT needs {key}, and this event has none")
    return problems


def parse_updated(asked: Request, response: Response) -> Result[Accepted, ChubError]:
    """Read what a PUT was answered with; its id is the one that was sent."""
    sent = _text_in(asked, asked.body, "id")
    return parse_accepted(asked, response).map(lambda accepted: Accepted(accepted.id or sent))


@builder
def delete_event(config: Config, event_id: str) -> Operation[Deleted]:
    """`DELETE /events/{id}`."""
    return Operation(request("DELETE", "/events/{event_id}", config, {"event_id": event_id}), parse_deleted)


def parse_deleted(asked: Request, response: Response) -> Result[Deleted, ChubError]:
    """Read what a DELETE was answered with; the body, if any, says nothing."""
    return Success(Deleted()) if succeeded(response) else Failure(failure_of(asked, response))


@builder
def list_events(config: Config, query: EventQuery) -> Operation[Page[RecordedEvent]]:
    """`GET /events`: one page."""
    needs(query, EventQuery, "query", "a query, made by chub.event_query(...),")
    return Operation(request("GET", "/events", config, query=_query_pairs(query)), parse_events)


def _query_pairs(query: EventQuery) -> tuple[tuple[str, str], ...]:
    """The parameters of a query; several types, or contexts, stand in one, parted by commas."""
    values = (
        ("customerId", query.customer_id),
        ("nodeId", query.node_id),
        ("type", None if query.types is None else ",".join(query.types)),
        ("context", None if query.contexts is None else ",".join(query.contexts)),
        ("mode", None if query.mode is None else str(query.mode)),
        ("dateFrom", None if query.date_from is None else instant_text(query.date_from)),
        ("dateTo", None if query.date_to is None else instant_text(query.date_to)),
        ("page", None if query.page is None else str(query.page)),
        ("size", None if query.size is None else str(query.size)),
    )
    return tuple((key, value) for key, value in values if value is not None)


def parse_events(asked: Request, response: Response) -> Result[Page[RecordedEvent], ChubError]:
    """Read a page of events."""
    return parse_object(asked, response, lambda data: read_page(data, read_event, is_ours=True))


@builder
def add_session(config: Config, link: SessionLink) -> Operation[Session]:
    """`POST /customers/{id}/sessions`."""
    needs(link, SessionLink, "link", "chub.SessionLink(customer_id, session)")
    body = {"value": link.session.value}
    ids = {"customer_id": link.customer_id.value}
    return Operation(request("POST", "/customers/{customer_id}/sessions", config, ids, body=body), parse_added_session)


def parse_added_session(asked: Request, response: Response) -> Result[Session, ChubError]:
    """Read what attaching a session was answered with; its value is the one that was sent."""
    if not succeeded(response):
        return Failure(failure_of(asked, response))
    return Success(Session(value=_text_in(asked, asked.body, "value") or "", id=_text_in(asked, response.body, "id")))


@builder
def list_sessions(config: Config, customer_id: CustomerId | str) -> Operation[tuple[Session, ...]]:
    """`GET /customers/{id}/sessions`: all of them, the hub has no pages here."""
    ids = {"customer_id": plain_id(customer_id)}
    return Operation(request("GET", "/customers/{customer_id}/sessions", config, ids), parse_sessions)


def plain_id(value: object) -> object:
    """Give the text of a customer's id, however it is given."""
    return value.value if isinstance(value, CustomerId) else value


def parse_sessions(asked: Request, response: Response) -> Result[tuple[Session, ...], ChubError]:
    """Read the sessions of a customer."""
    return parse_object(asked, response, lambda data: read_page(data, read_session).elements)


@builder
def get_session(config: Config, key: SessionKey) -> Operation[Session]:
    """`GET /customers/{id}/sessions/{id}`."""
    return Operation(_session_request("GET", config, key), parse_session)


def _session_request(method: str, config: Config, key: SessionKey) -> Request:
    needs(key, SessionKey, "key", "chub.SessionKey(customer_id, id)")
    ids = {"customer_id": key.customer_id.value, "session_id": key.id}
    return request(method, "/customers/{customer_id}/sessions/{session_id}", config, ids)


def parse_session(asked: Request, response: Response) -> Result[Session, ChubError]:
    """Read one session."""
    return parse_object(asked, response, read_session)


@builder
def delete_session(config: Config, key: SessionKey) -> Operation[Deleted]:
    """`DELETE /customers/{id}/sessions/{id}`."""
    return Operation(_session_request("DELETE", config, key), parse_deleted)


@builder
def add_customer(config: Config, customer: Customer) -> Operation[Accepted]:
    """`POST /customers`."""
    needs(customer, Customer, "customer", "a customer, made by chub.customer(...),")
    node = _node(config, "node_id") if customer.node_id is None else customer.node_id
    body = encode_customer(attrs.evolve(customer, node_id=node))
    return Operation(request("POST", "/customers", config, body=body), parse_accepted)


@builder
def get_customer(config: Config, customer_id: CustomerId | str) -> Operation[RecordedCustomer]:
    """`GET /customers/{id}`."""
    ids = {"customer_id": plain_id(customer_id)}
    return Operation(request("GET", "/customers/{customer_id}", config, ids), parse_customer)


def parse_customer(asked: Request, response: Response) -> Result[RecordedCustomer, ChubError]:
    """Read one customer."""
    return parse_object(asked, response, read_customer)


@builder
def find_customer(config: Config, external_id: ExternalId | str) -> Operation[RecordedCustomer | None]:
    """`GET /customers` of a node with this external id, which is unique there."""
    key = external_id.value if isinstance(external_id, ExternalId) else external_id
    problems: Problems = []
    plain = TEXT.check(key, "external_id", problems)
    InvalidValue.check(problems)
    own_node = external_id.node_id if isinstance(external_id, ExternalId) else None
    query = (("nodeId", own_node or _node(config, "node_id")), ("externalId", plain))
    return Operation(request("GET", "/customers", config, query=query), parse_found_customer)


def parse_found_customer(asked: Request, response: Response) -> Result[RecordedCustomer | None, ChubError]:
    """Read the customer of this external id; None where there is none.  Somebody else's record is a `BadResponse`."""
    return parse_object(asked, response, partial(_the_one, dict(asked.query).get("externalId")))


def _the_one(external_id: str | None, data: Mapping[str, Any]) -> RecordedCustomer | None:
    found = read_page(data, read_customer).elements
    if found and found[0].external_id != external_id:
        raise InvalidValue.of("elements", "a customer of another external id came back")
    return found[0] if found else None


@builder
def delete_customer(config: Config, customer_id: CustomerId | str) -> Operation[Deleted]:
    """`DELETE /customers/{id}`, which deletes the customer's events as well."""
    ids = {"customer_id": plain_id(customer_id)}
    return Operation(request("DELETE", "/customers/{customer_id}", config, ids), parse_deleted)
