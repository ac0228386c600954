"""The strategies: narrowed by their arguments, valid by construction, shrinking to what people can read."""

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest
from chub_strategies import law, minimal
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

import chub
from chub.paging import walk_elements
from chub.testing import strategies as s
from chub.values.base import WireValue
from chub.values.identities import path_id_fault

MARCH = datetime(2026, 3, 8, tzinfo=UTC)
APRIL = datetime(2026, 4, 8, tzinfo=timezone(timedelta(hours=2)))

SHRUNK: dict[str, tuple[Any, Callable[[Any], bool], str]] = {
    "any event": (
        s.events(),
        lambda event: True,
        "Event(properties=LoggedIn(), owner=CustomerId('0'), context=Context.CONTACT_CENTER)",
    ),
    "an event of a type": (
        s.events(chub.CompletedOrder, contexts="WEB", owners=chub.CustomerId("c")),
        lambda event: event.properties.amount is not None and event.properties.amount.total is not None,
        "Event(properties=CompletedOrder(amount=OrderAmount(total=0)), owner=CustomerId('c'), context=Context.WEB)",
    ),
    "an event with a date": (
        s.events(chub.LoggedIn, contexts="WEB", modes=[None], owners=chub.SessionId),
        lambda event: event.date is not None,
        "Event(properties=LoggedIn(), owner=SessionId('0'), context=Context.WEB, date=2000-01-01T00:00:00.000Z)",
    ),
    "an event with a place": (
        s.events(chub.LoggedIn, contexts="ECOMMERCE", modes="ACTIVE", owners=chub.CustomerId("c")),
        lambda event: event.context_info is not None and event.context_info.store is not None,
        "",  # a user may stay with it, whose id is needed
    ),
    "a field of its own": (
        s.values(chub.ViewedPage),
        lambda page: page.page_tags is not None and len(page.page_tags) > 0,
        "ViewedPage(page_tags=('',))",
    ),
    "a link": (s.values(chub.Product), lambda it: it.link_url is not None, "Product(link_url='https://example.com/0')"),
    "a reader": (s.values(chub.Contacts), lambda it: it.email is not None, "Contacts(email='0@example.com')"),
    "an address": (s.values(chub.Client), lambda it: it.ip is not None, "Client(ip='0.0.0.0')"),
    "keys of its own": (
        s.values(chub.LoggedIn, unlisted=True),
        lambda it: len(it.unlisted) > 0,
        "LoggedIn(unlisted=FrozenDict({'': None}))",
    ),
    "a custom event": (
        s.properties(chub.Custom),
        lambda it: len(it.properties) > 0,
        "Custom('sawUnicorn', {'': None})",
    ),
    "a session id": (s.owners(chub.SessionId), lambda it: True, "SessionId('0')"),
    "a query": (s.queries(), lambda it: it.types is not None, "EventQuery(types=('abandonedCart',))"),
    "a config": (
        s.configs(),
        lambda it: it.node_id is not None,
        repr(chub.config(workspace_id="0", node_id="0", token="demo", base_url="https://hub.invalid/hub/v1")),
    ),
    "a customer": (s.customers(), lambda it: it.enabled is not None, "Customer(enabled=False)"),
    "an error": (s.errors(), lambda it: isinstance(it, chub.Throttled) and it.retry_after, ""),
    "a walk of two pages": (
        s.walks(st.integers(), totals=True),
        lambda walk: len(walk) == 2,
        (
            "(Page(elements=(0,), number=0, size=1, total_elements=2, total_unfiltered_elements=2, total_pages=2), "
            "Page(elements=(0,), number=1, size=1, total_elements=2, total_unfiltered_elements=2, total_pages=2))"
        ),
    ),
    "a script": (s.fault_scripts(), lambda script: any(script), "[Reply(answer=None, commit=True, forms=())]"),
    "a body with a page": (s.page_bodies(), lambda body: "page" in body, ""),
    "an answer": (s.responses(st.just(503)), lambda it: it.header("retry-after"), ""),
    "odd text": (s.odd_texts(), lambda text: len(text) > 3, "'0000'"),
}


@pytest.mark.parametrize("name", SHRUNK)
def test_what_it_shrinks_to(name: str) -> None:
    strategy, condition, expected = SHRUNK[name]
    found = minimal(strategy, condition)
    assert expected in ("", repr(found))
    assert len(repr(found)) < 400


def test_shrunk_elements_of_a_page_are_told_apart() -> None:
    sessions = st.builds(chub.Session, value=st.just("a visit"), id=s.path_ids())
    (page,) = minimal(s.walks(sessions, min_elements=3, sizes=st.just(50)))
    assert ["0", "1", "2"] == sorted(session.id for session in page.elements)


NARROWED: dict[str, tuple[Any, Callable[[Any], bool]]] = {
    "types, one class": (s.events(chub.ViewedPage), lambda it: isinstance(it.properties, chub.ViewedPage)),
    "types, names and classes": (
        s.events(["viewedPage", chub.EventType.LOGGED_IN, chub.CompletedOrder, "sawUnicorn"]),
        lambda it: it.type in ("viewedPage", "loggedIn", "completedOrder", "sawUnicorn"),
    ),
    "types, a strategy": (
        s.events(s.values(chub.ViewedPage, title="Home")),
        lambda it: it.properties.title == "Home",
    ),
    "an unknown type": (s.properties("sawUnicorn"), lambda it: it == chub.Custom("sawUnicorn", it.properties)),
    "Custom": (s.properties([chub.Custom]), lambda it: isinstance(it, chub.Custom)),
    "owners, one class": (s.events(owners=chub.SessionId), lambda it: isinstance(it.owner, chub.SessionId)),
    "owners, classes": (
        s.events(owners=[chub.SessionId, chub.ExternalId]),
        lambda it: not isinstance(it.owner, chub.CustomerId),
    ),
    "owners, one": (s.events(owners=chub.CustomerId("c")), lambda it: it.owner == chub.CustomerId("c")),
    "owners, a strategy": (
        s.events(owners=s.owners(chub.ExternalId, node_ids=st.just("shop"))),
        lambda it: it.owner == chub.ExternalId(it.owner.value, node_id="shop"),
    ),
    "owners without a node": (s.owners([chub.SessionId, chub.ExternalId]), lambda it: it.node_id is None),
    "contexts": (s.events(contexts=["WEB", chub.Context.IOT]), lambda it: it.context in ("WEB", "IOT")),
    "every context": (s.events(contexts=chub.Context), lambda it: it.context in [*chub.Context]),
    "dates": (s.events(dates=s.instants(MARCH, APRIL)), lambda it: MARCH <= it.date <= APRIL),
    "modes": (s.events(modes=[None]), lambda it: it.mode is None),
    "texts": (
        s.values(chub.ViewedPage, texts=st.just("x")),
        lambda it: {it.title, it.url, it.path} <= {None, "x"},
    ),
    "unlisted": (s.events(), lambda it: it.properties.unlisted == {}),
    "a field": (s.values(chub.Geo, lat=45.5), lambda it: it.lat == 45.5),
    "unlisted, a strategy": (
        s.values(chub.Geo, unlisted=st.just({"alt": 1})),
        lambda it: it.unlisted == {"alt": 1},
    ),
    "infos of a context": (s.context_infos("WEB"), lambda it: it.device is None and it.store is None),
    "recorded events": (
        s.recorded_events(chub.ViewedPage, owners=chub.SessionId("s"), contexts="WEB"),
        lambda it: it.bring_back == chub.SessionId("s", node_id="node") and it.context == "WEB",
    ),
    "recorded events of an external id": (
        s.recorded_events(owners=chub.ExternalId("e", node_id="shop")),
        lambda it: it.bring_back == chub.ExternalId("e", node_id="shop") and it.customer_id,
    ),
    "recorded events with more": (
        s.recorded_events(unlisted=True),
        lambda it: all(key[:3] == "own" for key in it.unlisted),
    ),
    "queries": (
        s.queries([chub.ViewedPage, "sawUnicorn"], contexts="WEB", size=st.just(50)),
        lambda it: (
            {*(it.types or ())} <= {"viewedPage", "sawUnicorn"} and it.size == 50 and it.contexts in (None, ("WEB",))
        ),
    ),
    "queries up to a date": (
        s.queries(date_to=MARCH),
        lambda it: it.date_to == MARCH and (it.date_from or MARCH) <= MARCH,
    ),
    "queries from a date": (s.queries(date_from=MARCH), lambda it: (it.date_to or MARCH) >= MARCH == it.date_from),
    "queries of a day": (
        s.queries(date_from=MARCH, date_to=APRIL),
        lambda it: (it.date_from, it.date_to) == (MARCH, APRIL),
    ),
    "configs": (s.configs(workspace_id="w", proxy=None), lambda it: it.workspace_id == "w"),
    "configs reach nobody": (s.configs(), lambda it: ".invalid" in it.base_url),
    "customers": (s.customers(external_id="CRM-17"), lambda it: it.external_id == "CRM-17" and it.node_id is None),
    "recorded customers": (s.recorded_customers(id="c"), lambda it: it.id == "c"),
    "sessions": (s.sessions(st.just("a visit")), lambda it: it.value == "a visit"),
    "errors, one class": (s.errors(chub.NotSent), lambda it: isinstance(it, chub.NotSent)),
    "errors, classes": (
        s.errors([chub.Rejected, chub.PageFailed]),
        lambda it: isinstance(it, chub.Rejected | chub.PageFailed),
    ),
    "outcomes": (s.outcomes(chub.Deleted), lambda it: isinstance(it, chub.Deleted)),
    "results": (
        s.results(st.just(5), s.errors(chub.NotSent)),
        lambda it: it == Success(5) or isinstance(it.failure(), chub.NotSent),
    ),
    "instants": (s.instants(max_value=MARCH), lambda it: it <= MARCH),
    "ids": (s.path_ids(), lambda it: path_id_fault(it) is None),
    "texts of a length": (s.odd_texts(2, 3), lambda it: 2 <= len(it) <= 3),
    "texts of no length": (s.odd_texts(0, 0), lambda it: it == ""),
    "JSON of texts": (s.json_objects(st.just("x")), lambda it: it.keys() <= {"x"}),
    "faults of a word": (s.faults("commit_then_close"), lambda it: it == chub.sandbox.commit_then_close()),
    "faults of a function": (s.faults([chub.sandbox.refuse], seconds=0), lambda it: it == chub.sandbox.refuse(0)),
    "scripts": (s.fault_scripts("ok", min_size=2, max_size=3), lambda it: len(it) in (2, 3)),
    "bodies of a type": (s.odd_recorded_events("viewedPage"), lambda it: isinstance(it, chub.RecordedEvent)),
    "answers": (s.responses(st.just(429)), lambda it: it.status == 429),
}


@pytest.mark.parametrize("name", NARROWED)
@law
@given(st.data())
def test_arguments_narrow(name: str, data: st.DataObject) -> None:
    strategy, holds = NARROWED[name]
    assert holds(data.draw(strategy))


REFUSED: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "types": (
        lambda: s.events([chub.ViewedPage, 7, "", chub.EventProperties, int]),
        ["types[1]", "types[2]", "types[3]", "types[4]"],
    ),
    "no types": (lambda: s.properties([]), ["types"]),
    "all of an event": (
        lambda: s.events(7, owners=7, contexts="MOON", dates=MARCH, modes="ASLEEP", texts="x", unlisted=1),
        ["unlisted", "texts", "contexts", "types", "owners", "modes", "dates"],
    ),
    "owners": (lambda: s.owners([chub.Event], node_ids="shop", texts=1), ["node_ids", "texts", "kinds[0]"]),
    "unhashable owners": (lambda: s.owners([[]]), ["kinds[0]"]),
    "recorded events": (lambda: s.recorded_events(contexts=[]), ["contexts"]),
    "a context": (lambda: s.context_infos("MOON"), ["context"]),
    "no class": (lambda: s.values(int, title="x"), ["cls"]),  # type: ignore[type-var]
    "a base": (lambda: s.values(WireValue), ["cls"]),
    "fields": (lambda: s.values(chub.ViewedPage, tilte="Home"), ["tilte"]),
    "queries": (lambda: s.queries(["a,b"], contexts=[], sort=1), ["types[0]", "contexts", "sort"]),
    "walks": (
        lambda: s.walks(elements=5, sizes=5, min_elements=-1, max_elements=True, totals="yes"),  # type: ignore[arg-type]
        ["elements", "sizes", "min_elements", "max_elements", "totals"],
    ),
    "walks the wrong way round": (lambda: s.pages(min_elements=3, max_elements=2), ["min_elements"]),
    "configs": (lambda: s.configs(workspace="w"), ["workspace"]),
    "customers": (lambda: s.customers(name="Ada"), ["name"]),
    "recorded customers": (lambda: s.recorded_customers(name="Ada"), ["name"]),
    "sessions": (lambda: s.sessions("a visit"), ["values"]),  # type: ignore[arg-type]
    "errors": (lambda: s.errors([chub.NotSent, ValueError, "NotSent"]), ["kinds[1]", "kinds[2]"]),
    "outcomes": (lambda: s.outcomes(chub.Session), ["kinds"]),  # type: ignore[arg-type]
    "results": (lambda: s.results(None, 5), ["values", "failures"]),  # type: ignore[arg-type]
    "instants": (lambda: s.instants(datetime(2026, 3, 8), "now"), ["min_value", "max_value"]),  # type: ignore[arg-type]
    "instants the wrong way round": (lambda: s.instants(APRIL, MARCH), ["min_value"]),
    "instants out of this world": (
        lambda: s.instants(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2)))),
        ["min_value"],
    ),
    "texts": (lambda: s.odd_texts(3, 2), ["min_size"]),
    "JSON": (lambda: s.json_values("x"), ["texts"]),  # type: ignore[arg-type]
    "JSON objects": (lambda: s.json_objects("x"), ["texts"]),  # type: ignore[arg-type]
    "faults": (
        lambda: s.faults(["explode", print, status], seconds=-1),
        ["seconds", "words[0]", "words[1]", "words[2]"],
    ),
    "scripts": (lambda: s.fault_scripts(max_size="5"), ["max_size"]),  # type: ignore[arg-type]
    "answers": (lambda: s.responses(429), ["statuses"]),  # type: ignore[arg-type]
}


def status() -> None:
    """Bear the name of a word, without being it."""


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_arguments_are_told_all_at_once(name: str) -> None:
    make, paths = REFUSED[name]
    with pytest.raises(chub.InvalidValue) as caught:
        make()
    assert paths == [problem.path for problem in caught.value.problems]


@law
@given(s.recorded_events() | s.recorded_events(unlisted=True))
def test_recorded_events_are_whole(event: chub.RecordedEvent) -> None:
    assert Success(event) == chub.parse_recorded_event(chub.encode(event))
    assert None not in (event.date, event.registered_at)
    assert event.updated_at is None or event.registered_at <= event.updated_at
    assert event.customer_id or isinstance(event.bring_back, chub.SessionId)


@law
@given(s.walks(totals=True, max_elements=5) | s.walks(st.integers()), st.data())
def test_a_walk_over_its_pages_gives_each_element_once_and_asks_for_each_page_once(
    walk: tuple[chub.Page[Any], ...], data: st.DataObject
) -> None:
    asked: list[int] = []

    def fetch(query: chub.EventQuery) -> Result[chub.Page[Any], chub.ChubError]:
        asked.append(query.page or 0)
        return Success(walk[query.page or 0])

    size = walk[0].size or 0
    elements = [result.unwrap() for result in walk_elements(fetch, chub.event_query(size=size))]
    assert [element for page in walk for element in page.elements] == elements
    assert [*range(len(walk))] == asked == [page.number for page in walk]
    assert {size} == {page.size for page in walk} >= {len(page.elements) for page in walk[:-1]}
    assert walk[0].total_elements in (None, len(elements))
    assert {walk[0].total_pages} <= {None, len(walk), 0 if not elements else len(walk)}
    assert data.draw(st.sampled_from(walk)) in walk


@law
@given(s.errors())
def test_errors_are_values(error: chub.ChubError) -> None:
    for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert error == again
    assert 1 == len(str(error).splitlines())
    assert not isinstance(getattr(error, "cause", None), chub.PageFailed)


@law
@given(s.session_links(), s.session_keys(), s.timeouts(), s.retry_policies(), s.tokens())
def test_small_values(link: Any, key: Any, timeouts: Any, policy: Any, token: Any) -> None:
    for value in (link, key, timeouts, policy):
        assert value == attrs.evolve(value)
    assert "demo" not in repr(token)


def test_results_are_of_both_kinds() -> None:
    assert isinstance(
        minimal(s.results(st.integers()), lambda it: isinstance(it, Failure)).failure(), chub.InvalidValue
    )


@law
@given(s.customers(), s.queries())
def test_a_hub_takes_customers_and_queries(customer: chub.Customer, query: chub.EventQuery) -> None:
    with chub.sandbox.open() as hub:
        added = chub.add_customer(hub.config, customer).unwrap()
        assert chub.get_customer(hub.config, added.id or "").unwrap().external_id == customer.external_id
        narrowed = attrs.evolve(query, customer_id=added.id, node_id=None)
        assert () == chub.collect(chub.events(hub.config, narrowed)).unwrap()


NO_ARGUMENTS = [name for name in s.__all__ if name not in ("damaged", "results", "values")]


@pytest.mark.parametrize("name", NO_ARGUMENTS)
def test_a_strategy_is_shown_as_its_call(name: str) -> None:
    made = getattr(s, name)()
    made.validate()
    assert f"lists({name}())" == repr(st.lists(made))


def test_a_strategy_is_shown_with_its_arguments() -> None:
    assert "events('viewedPage', contexts='WEB')" == repr(s.events("viewedPage", contexts="WEB"))
