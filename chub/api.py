"""The public functions: each takes a config and a value, makes one call (or a lazy walk), and returns a Result.

They never raise for what the world does; a wrong config is a wrong program and raises `InvalidValue`.
"""

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

import attrs
from returns.result import Failure, Result, Success

from chub.errors import ChubError, InvalidValue, Rejected
from chub.paging import walk_elements, walk_pages
from chub.progress import Observer, telling
from chub.settings import Config
from chub.transport.door import RetryBudget, send
from chub.transport.window import Window, results_ahead, window_size
from chub.values.customers import Customer, RecordedCustomer, Session, SessionKey, SessionLink
from chub.values.events import Event, RecordedEvent
from chub.values.identities import CustomerId, ExternalId, SessionId, session_id
from chub.values.outcomes import Accepted, Deleted
from chub.values.pages import Page
from chub.values.queries import EventQuery
from chub.wire import operations

A = TypeVar("A")


def add_event(config: Config, event: Event) -> Result[Accepted, ChubError]:
    """Send an event.

    `Accepted.id` is the hub's id of it, None where an old hub tells none.  `Unconfirmed` means that it may be stored
    or not; any other error, that it is not (of `Throttled` an assumption, see `RetryPolicy`).  Once it may have been
    stored it is not sent again, unless the config's policy has `repeat_unconfirmed`.

    >>> add_event(config, event)
    <Success: Accepted(id='id-1')>
    """
    return operations.add_event(config, event).bind(partial(send, config))


def get_event(config: Config, event_id: str) -> Result[RecordedEvent, ChubError]:
    """Get one event.

    A `Rejected` of status 404 may only mean that the event is young: see `wait_for_event`.

    >>> get_event(config, event_id).unwrap().type
    'viewedPage'
    """
    return operations.get_event(config, event_id).bind(partial(send, config))


def update_event(config: Config, event: RecordedEvent) -> Result[Accepted, ChubError]:
    """Replace an event by this one, made with `attrs.evolve` of what the hub returned.

    The hub documents it (PUT); no known client has tried it.

    >>> recorded = get_event(config, event_id).unwrap()
    >>> update_event(config, attrs.evolve(recorded, tracking=Tracking(utm_source="mail"))).unwrap().id == event_id
    True
    """
    return operations.update_event(config, event).bind(partial(send, config))


def delete_event(config: Config, event_id: str) -> Result[Deleted, ChubError]:
    """Delete one event; a second time it is `Rejected` with 404.

    >>> delete_event(config, event_id)
    <Success: Deleted(confirmed=True)>
    """
    return operations.delete_event(config, event_id).bind(partial(send, config))


def wait_for_event(
    config: Config,
    event_id: str,
    within: float = 90.0,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Result[RecordedEvent, ChubError]:
    """Get an event as soon as it is visible, or the last 404 once `within` seconds are over.

    The hub stores asynchronously: 30 s are usual, more than 60 s were seen.  It is asked after 0.25 s, 0.5 s, 1 s and
    so on, at most 5 s apart; any other error than 404 ends the wait, and no call outlasts it.

    >>> wait_for_event(config, event_id, within=5).unwrap().type
    'viewedPage'
    """
    if isinstance(within, bool) or not isinstance(within, int | float):
        return Failure(InvalidValue.of("within", f"a number of seconds is needed, not {type(within).__name__}"))
    end, left, pause = clock() + within, within, 0.25
    while True:
        result = get_event(_hurried(config, left), event_id)
        left = end - clock()
        if not _is_missing(result) or not left > 0:  # NaN is not above 0 either
            return result
        sleep(min(pause, left))
        pause = min(2 * pause, 5.0)


def _hurried(config: Config, left: float) -> Config:
    """Give a config whose calls take no longer than the time left; a call that is due gets a tenth of a second."""
    if not isinstance(config, Config) or not left < config.timeouts.total:
        return config
    return attrs.evolve(config, timeouts=attrs.evolve(config.timeouts, total=max(left, 0.1)))


def _is_missing(result: Result[Any, ChubError]) -> bool:
    error = None if isinstance(result, Success) else result.failure()
    return isinstance(error, Rejected) and error.status == 404


def event_pages(
    config: Config, query: EventQuery, ahead: int = 0, *, observe: Observer | None = None
) -> Iterator[Result[Page[RecordedEvent], ChubError]]:
    """Walk over the pages of a query, lazily: each page is asked for when it is reached.

    With `ahead=8`, once the first page has told how many there are, the next 8 are under way before they are reached,
    on connections of their own; each is decoded when it is reached.  256 at most.

    `observe` is told how far the walk has come: at its first step, with each page, and at its end.  One that raises
    ends no walk: it is told nothing more, which is logged.

    After the first Failure, a `PageFailed`, nothing more is yielded; go on with
    `attrs.evolve(query, page=failed.page)`.

    >>> [page.unwrap().total_elements for page in event_pages(config, event_query(size=50))]
    [1]
    """
    return _walk(walk_pages, config, query, ahead, observe)


def events(
    config: Config, query: EventQuery, ahead: int = 0, *, observe: Observer | None = None
) -> Iterator[Result[RecordedEvent, ChubError]]:
    """Walk over the events of a query, lazily, holding one page at a time.

    An event that comes again on the next page, for others were stored before it meanwhile, is given once.  `ahead` and
    `observe` are those of `event_pages`.

    After the first Failure, a `PageFailed`, nothing more is yielded; go on with
    `attrs.evolve(query, page=failed.page)`.

    >>> [result.unwrap().type for result in events(config, event_query())]
    ['viewedPage']
    """
    return _walk(walk_elements, config, query, ahead, observe)


def _walk(
    walk: Callable[..., Iterator[A]], config: Config, query: EventQuery, ahead: int, observe: Observer | None
) -> Iterator[A]:
    """Walk with one share of retries for all pages."""
    size, tell = window_size(ahead, "ahead", least=0), telling(observe, time.monotonic)
    build = partial(operations.list_events, config)
    budget = RetryBudget(config.retry.budget) if isinstance(config, Config) else None

    def fetch(one: EventQuery) -> Result[Page[RecordedEvent], ChubError]:
        return build(one).bind(partial(send, config, budget=budget))

    def fetch_ahead(queries: Iterator[EventQuery]) -> Iterator[Result[Page[RecordedEvent], ChubError]]:
        return results_ahead(Window(config, size, budget or RetryBudget(0)), map(build, queries))

    return walk(fetch, query, fetch_ahead if size else None, tell)


def new_session_id() -> SessionId:
    """Draw a new session id, a random version-4 UUID.

    >>> new_session_id() == new_session_id()
    False
    """
    return session_id(os.urandom(16))


def add_session(config: Config, link: SessionLink) -> Result[Session, ChubError]:
    """Attach a session to a customer: its events, past and to come, become his.

    A session that is his already is a success too, with the same id.

    >>> first = add_session(config, SessionLink(customer_id, "a visit"))
    >>> first == add_session(config, SessionLink(customer_id, "a visit"))
    True
    """
    trace = uuid4().hex
    sent = operations.add_session(config, link).bind(partial(send, config, tracing_id=trace))
    return sent.lash(lambda error: _already_his(config, link, error, trace))


def _already_his(config: Config, link: SessionLink, error: ChubError, trace: str) -> Result[Session, ChubError]:
    """The hub answers 400 for a value that is attached already; whether to this customer, his sessions tell.

    Where they can't be had, the 400 stands: it is true that this call attached nothing.
    """
    if not isinstance(error, Rejected) or error.status != 400:
        return Failure(error)
    listed = operations.list_sessions(config, link.customer_id).bind(partial(send, config, tracing_id=trace))
    found = listed.map(partial(_with_value, link.session.value)).value_or(None)
    if found is None:
        return Failure(error)
    return Success(attrs.evolve(found, attempts=error.attempts, elapsed=error.elapsed, tracing_id=trace))


def _with_value(value: str, found: tuple[Session, ...]) -> Session | None:
    return next((one for one in found if one.value == value), None)


def sessions(config: Config, customer_id: CustomerId | str) -> Result[tuple[Session, ...], ChubError]:
    """Get all sessions of a customer.

    >>> [session.value for session in sessions(config, customer_id).unwrap()]
    ['a visit']
    """
    return operations.list_sessions(config, customer_id).bind(partial(send, config))


def get_session(config: Config, key: SessionKey) -> Result[Session, ChubError]:
    """Get one session by the hub's own id of it.

    >>> get_session(config, SessionKey(customer_id, session.id)) == Success(session)
    True
    """
    return operations.get_session(config, key).bind(partial(send, config))


def find_session(config: Config, link: SessionLink) -> Result[Session | None, ChubError]:
    """Find the session of a customer that has this value; None where he has none such.

    >>> find_session(config, SessionLink(customer_id, "no visit"))
    <Success: None>
    """
    if not isinstance(link, SessionLink):
        return Failure(InvalidValue.of("link", "chub.SessionLink(customer_id, session) is needed"))
    return sessions(config, link.customer_id).map(partial(_with_value, link.session.value))


def delete_session(config: Config, key: SessionKey) -> Result[Deleted, ChubError]:
    """Detach a session from a customer, by the hub's own id of it.

    >>> delete_session(config, SessionKey(customer_id, session.id))
    <Success: Deleted(confirmed=True)>
    """
    return operations.delete_session(config, key).bind(partial(send, config))


def add_customer(config: Config, customer: Customer) -> Result[Accepted, ChubError]:
    """Add a customer; `Accepted.id` is the hub's id of him.

    Where the workspace's matching policy finds one already, the error is `Rejected` with status 409 and the other
    customer's id in `conflicting_id`.

    >>> conflict = add_customer(config, customer("CRM-17")).failure()
    >>> conflict.status, conflict.conflicting_id == customer_id.value
    (409, True)
    """
    return operations.add_customer(config, customer).bind(partial(send, config))


def get_customer(config: Config, customer_id: CustomerId | str) -> Result[RecordedCustomer, ChubError]:
    """Get one customer.

    >>> get_customer(config, customer_id).unwrap().external_id
    'CRM-17'
    """
    return operations.get_customer(config, customer_id).bind(partial(send, config))


def find_customer(config: Config, external_id: ExternalId | str) -> Result[RecordedCustomer | None, ChubError]:
    """Find the customer of a node that has this external id; None where there is none such.

    >>> find_customer(config, "CRM-17").unwrap().id == customer_id.value
    True
    """
    return operations.find_customer(config, external_id).bind(partial(send, config))


def delete_customer(config: Config, customer_id: CustomerId | str) -> Result[Deleted, ChubError]:
    """Delete a customer, and with him his events.

    >>> delete_customer(config, customer_id)
    <Success: Deleted(confirmed=True)>
    """
    return operations.delete_customer(config, customer_id).bind(partial(send, config))
