"""Walks over pages, lazy: a page is asked for when its first element is, and let go before the next is asked for.

With `ahead`, once the first page has told how many there are, the following ones are asked for before they are reached.
With `tell`, each page is told of when it comes, before anything of it is given.
"""

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, TypeVar

import attrs
from returns.result import Failure, Result, Success

from chub.errors import ChubError, PageFailed
from chub.progress import Progress, Tell
from chub.values.pages import DEFAULT_PAGE_SIZE, Page, following_pages, ids_of, new_elements, next_page
from chub.values.queries import EventQuery

A = TypeVar("A")

Fetched = Result[Page[A], ChubError]

Fetch = Callable[[EventQuery], Fetched[A]]
"""Gets the page that a query asks for."""

Ahead = Callable[[Iterator[EventQuery]], Iterator[Fetched[A]]]
"""Gets the pages of many queries, in order, some of them ahead of their turn."""


class _Told:
    """Tells how far a walk has come: as it begins, with each page, and as it ends, however it does."""

    def __init__(self, tell: Tell | None, query: EventQuery) -> None:
        self._tell = tell
        self._query = query
        self._progress = Progress()
        self._repeated = 0

    def __enter__(self) -> Callable[[Page[Any], int], None]:
        self._say()
        return self._page

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._say(done=True)

    def _page(self, page: Page[Any], new: int) -> None:
        """Count a page, of whose elements so many are new."""
        self._repeated += len(page.elements) - new
        self._say(pages=self._progress.pages + 1, events=self._progress.events + new, total=self._total(page))

    def _total(self, page: Page[Any]) -> int | None:
        """How many elements there are from the first page of the walk on."""
        if page.total_elements is None:
            return None
        before = (self._query.page or 0) * (page.size or self._query.size or DEFAULT_PAGE_SIZE)
        return max(page.total_elements - before - self._repeated, 0)

    def _say(self, **changes: Any) -> None:
        if self._tell is not None:
            self._progress = attrs.evolve(self._progress, **changes)
            self._tell(self._progress)


def walk_pages(
    fetch: Fetch[A], query: EventQuery, ahead: Ahead[A] | None = None, tell: Tell | None = None
) -> Iterator[Fetched[A]]:
    """Yield the pages from the query's on; after a Failure, which is a `PageFailed`, nothing."""
    coming: Iterator[Fetched[A]] = iter(())
    with _Told(tell, query) as told:
        while True:
            fetched = next(coming, None)
            is_alone = fetched is None
            if fetched is None:  # the first, or one more than there were at first
                fetched = fetch(query)
            if not isinstance(fetched, Success):
                yield Failure(_page_failed(query, fetched.failure()))
                return
            if is_alone and ahead is not None:
                coming = ahead(following_pages(query, fetched.unwrap()))
            following = next_page(query, fetched.unwrap())
            told(fetched.unwrap(), len(fetched.unwrap().elements))
            yield fetched
            del fetched
            if following is None:
                return
            query = following


def _page_failed(query: Any, cause: ChubError) -> PageFailed:
    page = query.page if isinstance(query, EventQuery) else None
    return cause if isinstance(cause, PageFailed) else PageFailed(page=page or 0, cause=cause)


def walk_elements(
    fetch: Fetch[A], query: EventQuery, ahead: Ahead[A] | None = None, tell: Tell | None = None
) -> Iterator[Result[A, ChubError]]:
    """Yield the elements of the pages from the query's on; after a Failure, which is a `PageFailed`, nothing.

    Those whose ids were on the page before are not given again.
    """
    seen: frozenset[str] = frozenset()
    with _Told(tell, query) as told:
        for fetched in walk_pages(fetch, query, ahead):
            if not isinstance(fetched, Success):
                yield Failure(fetched.failure())
                return
            found = new_elements(fetched.unwrap(), seen)
            seen = ids_of(fetched.unwrap())
            told(fetched.unwrap(), len(found))
            elements = iter(found)
            del fetched, found
            yield from map(Success, elements)
            del elements
