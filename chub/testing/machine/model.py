"""A small pure model of a hub: what its customers, sessions and events are after each deed.

Values and functions from one to the next, without a clock, a random id or a hub; `chub.testing.HubMachine` asks it what
a hub should answer.  It says nothing of what the hub's documentation leaves open, such as the order of a list.
"""

from collections.abc import Mapping
from typing import Any

from attrs import evolve, frozen

from chub.values.enums import Mode
from chub.values.events import Event, RecordedEvent
from chub.values.identities import CustomerId, ExternalId, Owner, SessionId
from chub.values.queries import EventQuery


@frozen
class KnownCustomer:
    """A customer by the hub's id, with his external id if he has one."""

    id: str
    external_id: str | None


@frozen
class KnownSession:
    """A session's value, to whom it is attached, and the hub's own id of it (None where it told none)."""

    value: str
    customer_id: str
    id: str | None


@frozen
class KnownEvent:
    """An event that the hub took, and whose it is, None for nobody's."""

    id: str
    sent: Event
    customer_id: str | None


@frozen(kw_only=True)
class Model:
    """All that is known to be at a hub.

    >>> Model().customers
    ()
    """

    customers: tuple[KnownCustomer, ...] = ()
    sessions: tuple[KnownSession, ...] = ()
    events: tuple[KnownEvent, ...] = ()


def has_customer(model: Model, customer_id: str | None) -> bool:
    """Whether there is a customer of this id."""
    return any(one.id == customer_id for one in model.customers)


def customer_of(model: Model, owner: Owner) -> str | None:
    """Give the id of the customer to whom an owner leads; None where it leads to nobody yet.

    >>> customer_of(with_customer(Model(), "c", "CRM-17"), ExternalId("CRM-17"))
    'c'
    """
    match owner:
        case CustomerId(value):
            found = (one.id for one in model.customers if one.id == value)
        case SessionId(value):
            found = (one.customer_id for one in model.sessions if one.value == value)
        case _:
            found = (one.id for one in model.customers if one.external_id == owner.value)
    return next(found, None)


def session_of(model: Model, visit: SessionId) -> KnownSession | None:
    """Give the session of a value, if it is attached to anybody."""
    return next((one for one in model.sessions if one.value == visit.value), None)


def with_customer(model: Model, customer_id: str, external_id: str | None) -> Model:
    """Add a customer."""
    return evolve(model, customers=(*model.customers, KnownCustomer(customer_id, external_id)))


def with_event(model: Model, event_id: str, sent: Event) -> Model:
    """Add an event; it is the customer's to whom its owner leads now."""
    known = KnownEvent(event_id, sent, customer_of(model, sent.owner))
    return evolve(model, events=(*model.events, known))


def with_session(model: Model, customer_id: str, value: str, session_id: str | None) -> Model:
    """Attach a session to a customer; its events that are nobody's become his.

    >>> from chub.values.catalogue.accounts import LoggedIn
    >>> visit = Event(properties=LoggedIn(), owner=SessionId("a visit"), context="WEB")
    >>> with_session(with_event(Model(), "e", visit), "c", "a visit", "s").events[0].customer_id
    'c'
    """
    session = KnownSession(value, customer_id, session_id)
    events = tuple(_brought_back(event, session) for event in model.events)
    return evolve(model, sessions=(*model.sessions, session), events=events)


def _brought_back(event: KnownEvent, session: KnownSession) -> KnownEvent:
    owner = event.sent.owner
    is_its = isinstance(owner, SessionId) and owner.value == session.value and event.customer_id is None
    return evolve(event, customer_id=session.customer_id) if is_its else event


def without_session(model: Model, value: str) -> Model:
    """Detach a session; the events that it brought stay the customer's."""
    return evolve(model, sessions=tuple(one for one in model.sessions if one.value != value))


def without_event(model: Model, event_id: str) -> Model:
    """Delete an event."""
    return evolve(model, events=tuple(one for one in model.events if one.id != event_id))


def without_customer(model: Model, customer_id: str) -> Model:
    """Delete a customer with his sessions and events."""
    return Model(
        customers=tuple(one for one in model.customers if one.id != customer_id),
        sessions=tuple(one for one in model.sessions if one.customer_id != customer_id),
        events=tuple(one for one in model.events if one.customer_id != customer_id),
    )


def found_by(model: Model, query: EventQuery, modes: Mapping[str, Mode]) -> tuple[KnownEvent, ...]:
    """Give the events that pass all filters of a query, whatever page it asks for; `modes` says those of the types.

    An event without a date passes no filter of dates, for the hub alone knows when it came.

    >>> found_by(Model(), EventQuery(types=["viewedPage"]), {})
    ()
    """
    return tuple(event for event in model.events if _passes(event, query, modes))


def _passes(event: KnownEvent, query: EventQuery, modes: Mapping[str, Mode]) -> bool:
    sent = event.sent
    mode = sent.mode or modes.get(sent.type)
    return (
        query.customer_id in (None, event.customer_id)
        and (query.types is None or sent.type in query.types)
        and (query.contexts is None or sent.context in query.contexts)
        and query.mode in (None, mode)
        and (query.date_from is None or (sent.date is not None and sent.date >= query.date_from))
        and (query.date_to is None or (sent.date is not None and sent.date <= query.date_to))
    )


def customer_facts(model: Model, customer: KnownCustomer) -> dict[str, Any]:
    """Give what a hub must say of a customer."""
    sessions = {one.value: one.id for one in model.sessions if one.customer_id == customer.id}
    return {"id": customer.id, "external_id": customer.external_id, "sessions": sessions}


def facts_of(event: KnownEvent) -> dict[str, Any]:
    """Give what a hub must say of an event; it may say more."""
    sent = event.sent
    owner = None if isinstance(sent.owner, CustomerId) else (type(sent.owner).__name__, sent.owner.value)
    facts = {name: getattr(sent, name) for name in _SENT if getattr(sent, name) is not None}
    return {"id": event.id, "customer_id": event.customer_id, "bring_back": owner, **facts}


_SENT = ("properties", "context", "date", "mode", "context_info", "tracking")


def facts_told(recorded: RecordedEvent, event: KnownEvent) -> dict[str, Any]:
    """Give what a hub said of that which it must say of an event."""
    told = {name: getattr(recorded, name) for name in facts_of(event)}
    back = recorded.bring_back
    return told | {
        "bring_back": (type(back).__name__, back.value) if isinstance(back, SessionId | ExternalId) else back
    }
