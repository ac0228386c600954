"""Scripts of calls, as Hypothesis strategies: each call gets a config and the ids that the hub gave before."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st

import chub

Known = list[str]
Call = Callable[[chub.Config, Known], Any]

EXTERNAL_IDS = ["CRM-17", "CRM-18", "a/b ?#%2e", "\ud800"]
SESSIONS = ["a visit", "another", "é\n"]
PROPERTIES: list[Any] = [
    chub.ViewedPage(title="Home", page_tags=["a", "b"]),
    chub.ViewedPage(extended={"deep": {"list": [1, None, 2.5]}}),
    chub.ServiceSubscribed(subscriber_id="s", extra_properties={"extra": "extra"}),
    chub.Custom("sawUnicorn", {"colour": "white"}),
    chub.Custom("viewedPage", {"title": 7}),
]


def picked(known: Known, number: int) -> str:
    """Pick an id that the hub gave before, or one that it never gave."""
    return known[number % len(known)] if known else "no-id"


numbers = st.integers(0, 20)
owners: st.SearchStrategy[Callable[[Known], chub.Owner]] = st.one_of(
    numbers.map(lambda number: lambda known: chub.CustomerId(picked(known, number))),
    st.sampled_from(SESSIONS).map(lambda value: lambda known: chub.SessionId(value)),
    st.sampled_from(EXTERNAL_IDS).map(lambda value: lambda known: chub.ExternalId(value)),
    st.just(lambda known: chub.SessionId("s", node_id="no-node")),
)


def adding(owner: Any, properties: Any, context: Any, mode: Any, day: int | None) -> Call:
    date = None if day is None else datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)

    def call(config: chub.Config, known: Known) -> Any:
        event = chub.event(properties, owner=owner(known), context=context, mode=mode, date=date)
        return chub.add_event(config, event)

    return call


def updating(number: int) -> Call:
    def call(config: chub.Config, known: Known) -> Any:
        return chub.get_event(config, picked(known, number)).bind(lambda event: chub.update_event(config, event))

    return call


def by_id(function: Any) -> st.SearchStrategy[Call]:
    return numbers.map(lambda number: lambda config, known: function(config, picked(known, number)))


def by_session(function: Any, second: Any, texts: Any) -> st.SearchStrategy[Call]:
    return st.builds(
        lambda number, text: lambda config, known: function(config, second(picked(known, number), text(known))),
        numbers,
        texts,
    )


session_values = st.sampled_from(SESSIONS).map(lambda value: lambda known: value)
session_ids = numbers.map(lambda number: lambda known: picked(known, number))
queries = st.builds(
    chub.event_query,
    types=st.none() | st.lists(st.sampled_from(["viewedPage", "serviceSubscribed"]), min_size=1, max_size=2),
    contexts=st.none() | st.just(["WEB", "IOT"]),
    mode=st.none() | st.sampled_from(chub.Mode),
    node_id=st.none() | st.just("no-node"),
    date_from=st.none() | st.just(datetime(2026, 1, 3, tzinfo=UTC)),
    page=st.none() | st.integers(0, 3),
    size=st.none() | st.integers(1, 4),
)
calls: st.SearchStrategy[Call] = st.one_of(
    st.builds(
        adding,
        owners,
        st.sampled_from(PROPERTIES),
        st.sampled_from(["WEB", "IOT"]),
        st.none() | st.sampled_from(chub.Mode),
        st.none() | st.integers(0, 5),
    ),
    numbers.map(updating),
    by_id(chub.get_event),
    by_id(chub.delete_event),
    by_id(chub.get_customer),
    by_id(chub.delete_customer),
    by_id(chub.sessions),
    by_session(chub.add_session, chub.SessionLink, session_values),
    by_session(chub.find_session, chub.SessionLink, session_values),
    by_session(chub.get_session, chub.SessionKey, session_ids),
    by_session(chub.delete_session, chub.SessionKey, session_ids),
    st.sampled_from(EXTERNAL_IDS).map(lambda key: lambda config, known: chub.add_customer(config, chub.customer(key))),
    st.sampled_from(EXTERNAL_IDS).map(lambda key: lambda config, known: chub.find_customer(config, key)),
    queries.map(lambda query: lambda config, known: list(chub.events(config, query))),
    queries.map(lambda query: lambda config, known: list(chub.event_pages(config, query))),
)


def repeatable() -> dict[str, Any]:
    """A clock and ids that give the same to each hub."""
    seconds, ids = count(), count(1)
    return {
        "clock": lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(seconds)),
        "ids": lambda: f"id-{next(ids)}",
    }


def results_of(config: chub.Config, script: list[Call]) -> list[Any]:
    known: Known = []
    results = []
    for call in script:
        results.append(call(config, known))
        known += new_ids(results[-1])
    return results


def new_ids(result: Any) -> Known:
    """Give the id that a call made, if it did."""
    value = None if isinstance(result, list) else result.value_or(None)
    made = isinstance(value, chub.Accepted | chub.Session) and value.id is not None
    return [value.id] if made else []
