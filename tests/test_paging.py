"""Walks: each element once, in order, with no request too many, and one page held at a time (law 3)."""

import gc
import json
import re
import threading
import weakref
from collections.abc import Iterator
from functools import partial
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

import chub
from chub import sandbox
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
        whole = len(self.elements) if self._tells_total else None
        return Success(chub.Page(elements=found, number=page, size=size, total_pages=total, total_elements=whole))


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


class Coming:
    """What gets pages ahead of their turn: all that are asked for at once."""

    def __init__(self, hub: FakeHub) -> None:
        self.asked: list[list[int | None]] = []
        self._hub = hub

    def __call__(self, queries: Iterator[chub.EventQuery]) -> Iterator[Result[chub.Page[int], chub.ChubError]]:
        found = list(queries)
        self.asked.append([query.page for query in found])
        return iter([self._hub(query) for query in found])


@given(elements=st.integers(0, 60), size=st.integers(1, 50), start=st.integers(0, 8) | st.none())
def test_with_pages_ahead_a_walk_yields_the_same_with_no_request_more(
    elements: int, size: int, start: int | None
) -> None:
    plain, hub = FakeHub(elements), FakeHub(elements)
    query = chub.event_query(size=size, page=start)
    assert list(walk_elements(hub, query, Coming(hub))) == list(walk_elements(plain, query))
    assert hub.asked == plain.asked


@given(elements=st.integers(0, 60), size=st.integers(1, 50))
def test_without_the_number_of_pages_none_is_asked_for_ahead(elements: int, size: int) -> None:
    hub = FakeHub(elements, tells_total=False)
    walked = list(walk_elements(hub, chub.event_query(size=size), Coming(hub)))
    assert walked == [Success(element) for element in range(elements)]
    assert len(hub.asked) == elements // size + 1


@given(elements=st.integers(0, 60), size=st.integers(1, 50), fails_at=st.integers(0, 70))
def test_with_pages_ahead_there_is_nothing_after_the_first_failure(elements: int, size: int, fails_at: int) -> None:
    hub, plain = FakeHub(elements, fails_at=fails_at), FakeHub(elements, fails_at=fails_at)
    query = chub.event_query(size=size)
    assert list(walk_elements(hub, query, Coming(hub))) == list(walk_elements(plain, query))


def test_a_list_that_grows_is_walked_to_its_new_end_and_one_that_shrinks_to_its_own() -> None:
    for before, after in ((20, 45), (45, 15)):
        hub = FakeHub(before)
        walk = walk_elements(hub, chub.event_query(size=10), partial(map, hub))
        walked = [next(walk).unwrap()]
        hub.elements = range(after)
        walked += [element.unwrap() for element in walk]
        assert walked == list(range(after))
        assert hub.asked == [None, *range(1, -(-after // 10))]


class Stored:
    """An element with an id."""

    def __init__(self, id: object) -> None:
        self.id = id


def walked_ids(*pages: list[object]) -> list[object]:
    """Walk over these pages of elements with these ids."""

    def fetch(query: chub.EventQuery) -> Result[chub.Page[Stored], chub.ChubError]:
        elements = tuple(map(Stored, pages[query.page or 0]))
        return Success(chub.Page(elements=elements, total_pages=len(pages)))

    return [result.unwrap().id for result in walk_elements(fetch, chub.event_query())]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([["a", "b"], ["b", "c"]], ["a", "b", "c"]),
        ([["a", "b"], ["a", "b"], ["c"]], ["a", "b", "c"]),
        ([["a", "b"], ["c"], ["a"]], ["a", "b", "c", "a"]),
        ([["a", "a"], ["b"]], ["a", "a", "b"]),
        ([[None, None], [None]], [None, None, None]),
        ([[7], [7]], [7, 7]),
        ([["", ""], [""]], ["", "", ""]),
    ],
)
def test_an_id_of_the_page_before_is_not_given_again(pages: list[list[object]], expected: list[object]) -> None:
    assert walked_ids(*pages) == expected


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


def stored(hub: sandbox.Sandbox, number: int) -> None:
    owner = chub.ExternalId("CRM-17")
    pages = (chub.ViewedPage(title=str(title)) for title in range(number))
    events = [chub.event(page, owner=owner, context="WEB") for page in pages]
    assert all(isinstance(one.result, Success) for one in chub.add_events(hub.config, events))


@pytest.mark.parametrize("opened", [sandbox.open, sandbox.serve])
@pytest.mark.parametrize(("number", "ahead"), [(0, 3), (1, 3), (2, 3), (9, 1), (9, 3), (9, 64)])
def test_events_come_the_same_ahead_with_as_many_requests(number: int, ahead: int, opened: Any) -> None:
    query = chub.event_query(size=2)
    with opened() as hub:
        stored(hub, number)
        before = hub.ledger.received
        walked = list(chub.events(hub.config, query, ahead=ahead))
        assert hub.ledger.received - before == max(1, -(-number // 2))
        assert walked == list(chub.events(hub.config, query))
        assert list(chub.event_pages(hub.config, query, ahead=ahead)) == list(chub.event_pages(hub.config, query))
        chub.disconnect(hub.config)


def page_of(request: bytes) -> int:
    found = re.search(rb"[?&]page=(\d+)", request)
    return int(found[1]) if found else 0


def a_page(number: int, of: int = 20) -> bytes:
    element = {"id": f"e{number}", "type": "viewedPage", "context": "WEB", "properties": {}}
    return json.dumps({"elements": [element], "page": {"number": number, "size": 1, "totalPages": of}}).encode()


def test_so_many_pages_are_under_way_and_not_more(scripted: Any, config_of: Any) -> None:
    asked: list[int] = []
    arrived = threading.Semaphore(0)

    def script(talk: Any) -> None:
        while request := talk.read():
            asked.append(page_of(request))
            arrived.release()
            talk.answer("200 OK", a_page(page_of(request)))

    walk = chub.events(config_of(scripted(script)), chub.event_query(size=1), ahead=4)
    seen = []
    for answers in (1, 5, 1, 1):
        next(walk)
        assert all(arrived.acquire(timeout=5) for _ in range(answers))
        seen.append(sorted(asked))
    assert seen == [[0], [0, 1, 2, 3, 4, 5], [*range(7)], [*range(8)]]


def test_pages_ahead_share_the_retries_of_the_walk_and_fail_in_their_place() -> None:
    busy = sandbox.status(503, retry_after=0)
    query = chub.event_query(size=1)
    with sandbox.serve(faults=[*[sandbox.ok()] * 7, busy, *[sandbox.ok()] * 9]) as hub:
        stored(hub, 6)
        walked = [result.unwrap().properties for result in chub.events(hub.config, query, ahead=3)]
        assert len(set(walked)) == 6
        chub.disconnect(hub.config)
    with sandbox.serve(faults=[*[sandbox.ok()] * 7, *[sandbox.status(403)] * 9]) as hub:
        stored(hub, 6)
        first, failed = chub.events(hub.config, query, ahead=3)
        assert isinstance(first, Success)
        error = failed.failure()
        assert isinstance(error, chub.PageFailed)
        assert (error.page, type(error.cause)) == (1, chub.Rejected)
        chub.disconnect(hub.config)


@pytest.mark.parametrize("ahead", [-1, 257, 1.5, True, "8", None])
def test_what_can_not_be_ahead_is_refused_at_once(ahead: Any) -> None:
    config = chub.config(workspace_id="w", token="demo-token", transport=print)
    for walk in (chub.events, chub.event_pages):
        with pytest.raises(chub.InvalidValue, match=r"^ahead: "):
            walk(config, chub.event_query(), ahead=ahead)


WAYS = pytest.mark.parametrize("walk", [walk_elements, walk_pages])


@WAYS
@given(elements=st.integers(0, 60), size=st.integers(1, 50), start=st.integers(0, 8) | st.none())
def test_progress_is_told_at_the_first_step_with_each_page_and_at_the_end(
    walk: Any, elements: int, size: int, start: int | None
) -> None:
    told: list[chub.Progress] = []
    left = range(elements)[(start or 0) * size :]
    given = list(walk(FakeHub(elements), chub.event_query(size=size, page=start), None, told.append))
    pages = len(given) if walk is walk_pages else max(1, -(-len(left) // size))
    counts = [(number, min(number * size, len(left)), len(left)) for number in range(1, pages + 1)]
    expected = [chub.Progress(pages=number, events=events, total=total) for number, events, total in counts]
    assert [chub.Progress(), *expected, attrs.evolve(expected[-1], done=True)] == told


@WAYS
def test_progress_has_no_total_where_the_hub_tells_none(walk: Any) -> None:
    told: list[chub.Progress] = []
    list(walk(FakeHub(3, tells_total=False), chub.event_query(size=2), None, told.append))
    assert [None] * 4 == [progress.total for progress in told]


@WAYS
def test_a_walk_that_fails_is_done_where_it_failed(walk: Any) -> None:
    told: list[chub.Progress] = []
    list(walk(FakeHub(6, fails_at=1), chub.event_query(size=2), None, told.append))
    expected = chub.Progress(pages=1, events=2, total=6)
    assert [chub.Progress(), expected, attrs.evolve(expected, done=True)] == told


@WAYS
def test_a_walk_that_is_left_is_done_and_one_that_never_began_tells_nothing(walk: Any) -> None:
    told: list[chub.Progress] = []
    left = walk(FakeHub(6), chub.event_query(size=2), None, told.append)
    assert [] == told
    next(left)
    left.close()
    expected = chub.Progress(pages=1, events=2, total=6)
    assert [chub.Progress(), expected, attrs.evolve(expected, done=True)] == told
    walk(FakeHub(6), chub.event_query(size=2), None, told.append).close()
    assert 3 == len(told)


def test_what_comes_again_counts_once() -> None:
    told: list[chub.Progress] = []
    pages = (["a", "b"], ["b", "c"])

    def fetch(query: chub.EventQuery) -> Result[chub.Page[Stored], chub.ChubError]:
        elements = tuple(map(Stored, pages[query.page or 0]))
        return Success(chub.Page(elements=elements, total_pages=2, total_elements=3 + (query.page or 0)))

    assert 3 == len(list(walk_elements(fetch, chub.event_query(), None, told.append)))
    assert [(0, None), (2, 3), (3, 3), (3, 3)] == [(progress.events, progress.total) for progress in told]
