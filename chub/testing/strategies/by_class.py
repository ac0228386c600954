"""Which strategy a class of chub's has: what Hypothesis is told when somebody asks for values of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args, get_origin

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chub import errors
from chub.http import Response, Token
from chub.progress import Progress
from chub.reporting import Report
from chub.settings import Config, RetryPolicy, Timeouts
from chub.testing.strategies import (
    customer_values,
    event_values,
    plain,
    query_values,
    result_values,
    server_values,
    settings_values,
)
from chub.values.base import WireValue
from chub.values.catalogue import Custom, EventProperties
from chub.values.context_info import ContextInfo
from chub.values.customers import Customer, RecordedCustomer, Session, SessionKey, SessionLink
from chub.values.events import Event, RecordedEvent
from chub.values.frozen_dict import FrozenDict
from chub.values.identities import CustomerId, ExternalId, SessionId
from chub.values.outcomes import Accepted, Deleted
from chub.values.pages import Page
from chub.values.queries import EventQuery

_MADE_BY: Final[Mapping[Any, Callable[[], SearchStrategy[Any]]]] = {
    Config: settings_values.configs,
    ContextInfo: event_values.context_infos,
    Custom: lambda: event_values.properties(Custom),
    Customer: customer_values.customers,
    Event: event_values.events,
    EventProperties: event_values.properties,
    EventQuery: query_values.queries,
    FrozenDict: lambda: plain.json_objects().map(FrozenDict.of),
    Page: query_values.pages,
    RecordedCustomer: customer_values.recorded_customers,
    RecordedEvent: event_values.recorded_events,
    Progress: result_values.progress,
    Report: result_values.reports,
    Response: server_values.responses,
    RetryPolicy: settings_values.retry_policies,
    Session: customer_values.sessions,
    SessionKey: customer_values.session_keys,
    SessionLink: customer_values.session_links,
    Timeouts: settings_values.timeouts,
    Token: settings_values.tokens,
    errors.FieldError: lambda: result_values.FIELD_ERRORS,
    errors.Problem: lambda: result_values.PROBLEMS,
}


def strategy_of(thing: Any) -> SearchStrategy[Any] | None:
    """Give the strategy of a class of chub's, None for anything else; `Page[X]` is a page of what X has.

    >>> from chub.values.catalogue.accounts import LoggedIn
    >>> from hypothesis import find
    >>> find(strategy_of(LoggedIn), lambda value: True), strategy_of(int)
    (LoggedIn(), None)
    """
    if get_origin(thing) is Page:
        return query_values.pages(st.from_type(get_args(thing)[0]))
    if not isinstance(thing, type):
        return None
    if thing in _MADE_BY:
        return _MADE_BY[thing]()
    if thing in (CustomerId, SessionId, ExternalId):
        return event_values.owners(thing)
    if thing in (Accepted, Deleted):
        return result_values.outcomes(thing)
    if thing in get_args(errors.ChubError):
        return result_values.errors(thing)
    return event_values.values(thing) if issubclass(thing, WireValue) and thing is not WireValue else None
