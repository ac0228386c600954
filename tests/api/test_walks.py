"""Walks over the events of a query: pages, filters, what is held, what is asked."""

import gc
import json
import weakref
from datetime import timedelta
from typing import Any

import attrs
from chub_calls import add, ids, sent_events, visit
from returns.result import Result, Success

import chub


def test_a_walk_over_exactly_full_pages_asks_for_no_more(
    recorded: Any, config: chub.Config, customer_id: chub.CustomerId
) -> None:
    listed = sent_events(config, customer_id, 4)
    assert ids(recorded.config, size=2) == listed
    assert recorded.queries == [{"size": "2"}, {"page": "1", "size": "2"}]


def test_a_walk_over_nothing_asks_once(recorded: Any) -> None:
    assert ids(recorded.config) == []
    assert recorded.queries == [{}]
    assert [page.unwrap().total_pages for page in chub.event_pages(recorded.config, chub.event_query())] == [0]


def test_page_0_is_asked_for_as_0(recorded: Any) -> None:
    assert ids(recorded.config, page=0) == []
    assert recorded.queries == [{"page": "0"}]


def test_a_walk_from_a_page_on(recorded: Any, config: chub.Config, customer_id: chub.CustomerId) -> None:
    listed = sent_events(config, customer_id, 5)
    assert ids(recorded.config, size=2, page=1) == listed[2:]
    assert [query["page"] for query in recorded.queries] == ["1", "2"]


def test_pages_tell_their_counts(config: chub.Config, customer_id: chub.CustomerId) -> None:
    for _ in range(3):
        add(config, visit(customer_id))
    pages = [page.unwrap() for page in chub.event_pages(config, chub.event_query(size=2))]
    counts = [(page.number, page.size, len(page.elements), page.total_elements, page.total_pages) for page in pages]
    assert counts == [(0, 2, 2, 3, 2), (1, 2, 1, 3, 2)]


def test_filters(recorded: Any, config: chub.Config, customer_id: chub.CustomerId, clock: Any) -> None:
    page = add(config, visit(customer_id))
    clock.move(60)
    service = add(config, visit(customer_id, properties=chub.ServiceSubscribed(subscriber_id="s"), context="IOT"))
    clock.move(60)
    other = add(config, visit(chub.ExternalId("CRM-18"), context="MOBILE"))

    def found(**query: Any) -> set[str]:
        return set(ids(recorded.config, **query))

    assert found() == {page, service, other}
    assert found(types=[chub.ViewedPage]) == {page, other}
    assert found(types=[chub.ViewedPage, "serviceSubscribed"]) == {page, service, other}
    assert found(contexts=["IOT", chub.Context.MOBILE]) == {service, other}
    assert found(customer_id=customer_id) == {page, service}
    assert found(node_id=config.node_id, types=["viewedPage"], contexts=["WEB"]) == {page}
    assert found(date_from=clock.now - timedelta(seconds=61)) == {service, other}
    assert found(date_to=clock.now - timedelta(seconds=59), customer_id=customer_id.value) == {page, service}
    assert found(mode="ACTIVE", types=["viewedPage"]) == {page, other}
    assert recorded.queries[2] == {"type": "viewedPage,serviceSubscribed"}
    assert recorded.queries[3] == {"context": "IOT,MOBILE"}


def test_the_events_of_a_customer(config: chub.Config, customer_id: chub.CustomerId) -> None:
    his = add(config, visit(customer_id))
    add(config, visit(chub.ExternalId("CRM-18")))
    customer = chub.get_customer(config, customer_id).unwrap()
    queries = [chub.customer_events(customer), chub.customer_events(customer, chub.event_query(contexts=["IOT"]))]
    assert [[result.unwrap().id for result in chub.events(config, query)] for query in queries] == [[his], []]


def test_going_through_pages_by_hand(config: chub.Config, customer_id: chub.CustomerId) -> None:
    for _ in range(3):
        add(config, visit(customer_id))
    first = chub.event_query(size=2)
    page = next(chub.event_pages(config, first)).unwrap()
    second = chub.next_page(first, page)
    assert second == chub.event_query(size=2, page=1)
    last = next(chub.event_pages(config, second)).unwrap()
    assert chub.next_page(second, last) is None
    assert chub.previous_page(second, last) == chub.event_query(size=2, page=0)


def test_a_page_that_fails_ends_the_walk_and_tells_where_to_go_on(
    config: chub.Config, recorded: Any, customer_id: chub.CustomerId
) -> None:
    listed = sent_events(config, customer_id, 5)
    carry = recorded.config.transport

    def failing(request: chub.Request, deadline: chub.Deadline) -> Any:
        broken = dict(request.query).get("page") == "1"
        return Success(chub.Response(status=500)) if broken else carry(request, deadline)

    query = chub.event_query(size=2)
    *before, last = chub.events(attrs.evolve(config, transport=failing), query)
    failed = last.failure()
    assert isinstance(failed, chub.PageFailed)
    assert (failed.page, type(failed.cause)) == (1, chub.Unconfirmed)
    after = list(chub.events(config, attrs.evolve(query, page=failed.page)))
    assert [result.unwrap().id for result in before + after] == listed


def test_while_a_page_is_got_no_event_of_the_one_before_is_held() -> None:
    element = {"id": "e", "type": "viewedPage", "context": "WEB", "properties": {}}
    seen: list[weakref.ref[chub.RecordedEvent]] = []
    alive: list[int] = []

    def transport(request: chub.Request, deadline: chub.Deadline) -> Result[chub.Response, chub.ChubError]:
        gc.collect()
        alive.append(sum(event() is not None for event in seen))
        counts = {"number": len(alive) - 1, "size": 10, "totalPages": 4}
        elements = [element | {"id": f"{len(alive)}-{number}"} for number in range(10)]
        return Success(chub.Response(status=200, body=json.dumps({"elements": elements, "page": counts}).encode()))

    config = chub.config(workspace_id="w", token="demo-token", transport=transport)
    walk = chub.events(config, chub.event_query())
    while (result := next(walk, None)) is not None:
        seen.append(weakref.ref(result.unwrap()))
        del result
    assert (alive, len(seen)) == ([0, 0, 0, 0], 40)


def test_a_walk_asks_for_nothing_before_it_is_begun(recorded: Any) -> None:
    chub.events(recorded.config, chub.event_query())
    chub.event_pages(recorded.config, chub.event_query())
    assert recorded.requests == []
