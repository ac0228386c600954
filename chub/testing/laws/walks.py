"""Laws of walks and of transports: each element once with no request too many, and the same over every transport."""

from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from typing import Any, Final

import attrs
from returns.result import Failure, Result, Success

from chub.api import events
from chub.errors import ChubError, PageFailed, Unconfirmed
from chub.http import Request
from chub.settings import Config, RetryPolicy
from chub.testing.laws.verdict import Answered, Law, watched, written
from chub.transport.door import send
from chub.values.events import RecordedEvent
from chub.values.pages import DEFAULT_PAGE_SIZE, Page
from chub.values.queries import EventQuery
from chub.wire import operations

Walk = Callable[[Config, EventQuery], Iterable[Result[Any, ChubError]]]

_EXACT: Final = Law("a walk yields each element once, in order, with no request too many")
_ENDS: Final = Law("after its first Failure a walk yields nothing, and asks nothing")
_SAME: Final = Law("the same calls give equal Results over every transport")
_NOTHING: Final = object()


def walk_is_exact(config: Config, query: EventQuery, walk: Walk = events) -> None:
    """Require that a walk gives what its pages hold, asked for one by one, with one request for each page.

    The hub must not change meanwhile.  `walk` may be a function of your own that walks, `chub.events` in another coat.

    >>> from chub import sandbox
    >>> with sandbox.open() as hub:
    ...     walk_is_exact(hub.config, EventQuery(size=2))
    """
    pages = tuple(_pages(config, query))
    elements = [Success(element) for page in pages for element in page.elements]
    answered: list[Request] = []

    def see(request: Request, carry: Callable[[], Answered]) -> Answered:
        result = carry()
        if isinstance(result, Success):
            answered.append(request)
        return result

    walked = list(walk(watched(config, see), query))
    _EXACT.require(elements == walked, f"{len(elements)} elements, {written(elements)}", walked)
    asked = [request.target for request in answered]
    needed = _requests(query, pages)
    _EXACT.require(needed == len(asked), f"{needed} requests", f"{len(asked)}: {asked}")


def _pages(config: Config, query: EventQuery) -> Iterator[Page[RecordedEvent]]:
    """Give the pages of a query until one is empty: nothing here computes where the last is."""
    seen: set[str] = set()
    number = query.page or 0
    while True:
        page = _page(config, attrs.evolve(query, page=number))
        ids = [element.id for element in page.elements if element.id]
        again = sorted(seen.intersection(ids)) or sorted({one for one in ids if ids.count(one) > 1})
        _EXACT.require(not again, "no element twice", f"{again} once more on page {number}")
        yield page
        if not page.elements:
            return
        seen.update(ids)
        number += 1


def _page(config: Config, query: EventQuery) -> Page[RecordedEvent]:
    result = operations.list_events(config, query).bind(lambda operation: send(config, operation))
    _EXACT.require(isinstance(result, Success), f"page {query.page}", result)
    return result.unwrap()


def _requests(query: EventQuery, pages: tuple[Page[RecordedEvent], ...]) -> int:
    """How many requests a walk needs; where no number of pages is told, one that isn't full is the last."""
    filled, first = len(pages) - 1, pages[0]
    if first.total_pages is not None:
        return max(1, filled)
    size = first.size or query.size or DEFAULT_PAGE_SIZE
    is_full = filled > 0 and len(pages[filled - 1].elements) >= size
    return max(1, filled + is_full)


def walk_ends_at_failure(config: Config, query: EventQuery, page: int, walk: Walk = events) -> None:
    """Require that a walk whose page of this number fails gives what was before it, one `PageFailed`, and no more.

    No request but those of the pages before reaches the hub; a page that the walk never asks for changes nothing.

    >>> from chub import sandbox
    >>> with sandbox.open() as hub:
    ...     walk_ends_at_failure(hub.config, EventQuery(size=2), 0)
    """
    start, pages = query.page or 0, tuple(_pages(config, query))
    cause = Unconfirmed(method="GET", template="/workspaces/{workspaceId}/events", reason="the page was made to fail")
    asked: list[int] = []

    def see(request: Request, carry: Callable[[], Answered]) -> Answered:
        asked.append(int(dict(request.query).get("page", "0")))
        return Failure(cause) if asked[-1] == page else carry()

    once = attrs.evolve(watched(config, see), retry=RetryPolicy(attempts=1))
    walked = list(walk(once, query))
    needed = _requests(query, pages)
    fails = start <= page < start + needed
    before = pages[: page - start] if fails else pages
    expected: list[Result[Any, ChubError]] = [Success(element) for one in before for element in one.elements]
    if fails:
        expected.append(Failure(PageFailed(page=page, cause=cause)))
    _ENDS.require(expected == walked, f"{len(expected)} Results, {written(expected)}", walked)
    numbers = list(range(start, page + 1 if fails else start + needed))
    _ENDS.require(numbers == asked, f"requests for the pages {numbers}", asked)


def same_results(play: Callable[[Config], Iterable[Any]], one: Config, other: Config) -> None:
    """Require that what `play` makes of two configs is equal, Result by Result.

    `play` calls whatever it likes with a config and gives what came of it.  Two sandboxes answer the same if they were
    opened with clocks and ids that give the same.

    >>> from itertools import count
    >>> from datetime import UTC, datetime
    >>> from chub import sandbox
    >>> from chub.api import get_event
    >>> options = [{"clock": lambda: datetime(2026, 1, 1, tzinfo=UTC), "ids": map(str, count()).__next__} for _ in "ab"]
    >>> with sandbox.open(**options[0]) as near, sandbox.serve(**options[1]) as far:
    ...     same_results(lambda config: [get_event(config, "e")], near.config, far.config)
    """
    pairs = zip_longest(play(one), play(other), fillvalue=_NOTHING)
    for number, (first, second) in enumerate(pairs):
        what = "nothing more" if first is _NOTHING else written(first)
        _SAME.require(bool(first == second), f"{what} as Result {number} of both", _shown_end(second))


def _shown_end(value: object) -> str:
    return "nothing more" if value is _NOTHING else written(value)
