"""Walks: each element once, in order, with no request too many, and one page held at a time (law 3)."""

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

import chub
from chub.paging import walk_elements, walk_pages

BAD_DAY = chub.Unconfirmed(method="GET", template="/events", reason="the connection was cut")


class FakeHub:
    """A list of elements behind the door of a walk; it counts what it is asked."""

    def __init__(self, elements: int, *, tells_total: bool = True, fails_at: int | None = None) -> None:
        self.elements = range(elements)
        self.asked: list[int | None] = []
        self._tells_total = tells_total
        self._fails_at = fails_at

    def __call__(self, query: chub.EventQuery) -> Result[chub.Page[int], chub.ChubError]:
        self.asked.append(query.page)
        page, size = query.page or 0, query.size or 10
        if page == self._fails_at:
            return Failure(BAD_DAY)
        total = -(-len(self.elements) // size) if self._tells_total else None
        found = tuple(self.elements[page * size : (page + 1) * size])
        return Success(chub.Page(elements=found, number=page, size=size, total_pages=total))


@given(elements=st.integers(0, 60), size=st.integers(1, 50), start=st.integers(0, 8) | st.none())
def test_a_walk_yields_each_element_once_in_order_with_no_request_too_many(
    elements: int, size: int, start: int | None
) -> None:
    hub = FakeHub(elements)
    query = chub.event_query(size=size, page=start)
    assert list(walk_elements(hub, query)) == [Success(element) for element in range((start or 0) * size, elements)]
    pages = -(-elements // size)
    assert hub.asked == [start, *range((start or 0) + 1, pages)]


@given(elements=st.integers(0, 60), size=st.integers(1, 50))
def test_without_the_number_of_pages_a_page_that_is_not_full_is_the_last(elements: int, size: int) -> None:
    hub = FakeHub(elements, tells_total=False)
    assert list(walk_elements(hub, chub.event_query(size=size))) == [Success(element) for element in range(elements)]
    assert len(hub.asked) == elements // size + 1


@given(elements=st.integers(0, 60), size=st.integers(1, 50), fails_at=st.integers(0, 70))
def test_after_the_first_failure_there_is_nothing(elements: int, size: int, fails_at: int) -> None:
    hub = FakeHub(elements, fails_at=fails_at)
    pages = max(1, -(-elements // size))
    results = list(walk_elements(hub, chub.event_query(size=size)))
    wanted: list[Any] = [Success(element) for element in range(min(elements, fails_at * size))]
    failures = [Failure(chub.PageFailed(page=fails_at, cause=BAD_DAY))] if fails_at < pages else []
    assert results == wanted + failures
    assert len(hub.asked) == min(pages, fails_at + 1)


@given(elements=st.integers(1, 60), size=st.integers(1, 50), fails_at=st.integers(0, 59))
def test_a_walk_goes_on_from_the_page_that_failed(elements: int, size: int, fails_at: int) -> None:
    query = chub.event_query(size=size)
    *before, last = walk_elements(FakeHub(elements, fails_at=fails_at), query)
    after: list[Any] = [last]
    if isinstance(last, Failure):
        failed = last.failure()
        assert isinstance(failed, chub.PageFailed)
        after = list(walk_elements(FakeHub(elements), attrs.evolve(query, page=failed.page)))
    assert before + after == [Success(element) for element in range(elements)]


WALKS = {
    "the exact last page": (20, {"size": 10}, [None, 1]),
    "one beyond it": (21, {"size": 10}, [None, 1, 2]),
    "one page, full": (10, {"size": 10}, [None]),
    "no pages": (0, {"size": 10}, [None]),
    "page 0 is asked for by its number": (5, {"page": 0}, [0]),
    "from page 2 on": (25, {"page": 2}, [2]),
    "past the end": (25, {"page": 3}, [3]),
    "far past the end": (25, {"page": 900}, [900]),
    "the hub's own size": (11, {}, [None, 1]),
}


@pytest.mark.parametrize(("elements", "query", "asked"), WALKS.values(), ids=WALKS)
def test_the_requests_of_a_walk(elements: int, query: dict[str, int], asked: list[int | None]) -> None:
    hub = FakeHub(elements)
    first = query.get("page", 0) * query.get("size", 10)
    walked = [result.unwrap() for result in walk_elements(hub, chub.event_query(**query))]
    assert (walked, hub.asked) == (list(range(first, elements)), asked)


def test_pages_come_whole_and_the_last_is_an_empty_one_where_there_is_nothing() -> None:
    pages = [page.unwrap().elements for page in walk_pages(FakeHub(5), chub.event_query(size=2))]
    assert pages == [(0, 1), (2, 3), (4,)]
    assert [page.unwrap().elements for page in walk_pages(FakeHub(0), chub.event_query())] == [()]


def test_the_filters_go_with_every_page() -> None:
    asked: list[chub.EventQuery] = []
    hub = FakeHub(3)

    def fetch(query: chub.EventQuery) -> Result[chub.Page[int], chub.ChubError]:
        asked.append(query)
        return hub(query)

    query = chub.event_query(customer_id="c", types=["viewedPage"], size=2)
    list(walk_elements(fetch, query))
    assert asked == [query, attrs.evolve(query, page=1)]


def test_nothing_is_asked_before_the_first_element_is() -> None:
    hub = FakeHub(5)
    walk = walk_elements(hub, chub.event_query(size=2))
    asked = [list(hub.asked)]
    for _ in range(3):
        next(walk)
        asked.append(list(hub.asked))
    assert asked == [[], [None], [None], [None, 1]]


def test_a_walk_that_is_left_asks_no_more() -> None:
    hub = FakeHub(5)
    walk = walk_elements(hub, chub.event_query(size=2))
    next(walk)
    del walk
    assert hub.asked == [None]


def test_a_failure_of_the_first_page_is_all_there_is() -> None:
    walk = walk_pages(FakeHub(5, fails_at=0), chub.event_query())
    assert next(walk) == Failure(chub.PageFailed(page=0, cause=BAD_DAY))
    assert list(walk) == []


def test_what_is_no_query_is_a_failure_of_page_0() -> None:
    cause = chub.InvalidValue.of("query", "a query is needed")
    walk = walk_elements(lambda query: Failure(cause), "no query")  # type: ignore[arg-type]
    assert list(walk) == [Failure(chub.PageFailed(page=0, cause=cause))]


def test_a_page_failed_from_below_is_not_wrapped_again() -> None:
    failed = chub.PageFailed(page=7, cause=BAD_DAY)
    assert list(walk_pages(lambda query: Failure(failed), chub.event_query())) == [Failure(failed)]


class Element:
    """One that can be referred to weakly."""


def alive_at_each_request(walk: Any, consume: Any) -> list[int]:
    """Count the pages' elements that are alive whenever the next page is asked for."""
    born: list[weakref.ref[Element]] = []
    alive: list[int] = []

    def fetch(query: chub.EventQuery) -> Result[chub.Page[Element], chub.ChubError]:
        gc.collect()
        alive.append(sum(element() is not None for element in born))
        elements = tuple(Element() for _ in range(10))
        born.extend(map(weakref.ref, elements))
        return Success(chub.Page(elements=elements, number=query.page or 0, size=10, total_pages=4))

    consume(walk(fetch, chub.event_query()))
    return alive


def each(walk: Iterator[Any]) -> None:
    for _ in walk:
        pass


def each_without_the_last(walk: Iterator[Any]) -> None:
    """Let go of every result before the next is asked for."""
    while next(walk, None) is not None:
        continue


def test_while_the_next_page_is_got_the_one_before_is_gone() -> None:
    assert alive_at_each_request(walk_elements, each_without_the_last) == [0, 0, 0, 0]
    assert alive_at_each_request(walk_pages, each_without_the_last) == [0, 0, 0, 0]


def test_a_consumer_that_holds_the_last_element_holds_no_other() -> None:
    assert alive_at_each_request(walk_elements, each) == [0, 1, 1, 1]
