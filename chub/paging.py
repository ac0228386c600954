"""Walks over pages, lazy: a page is asked for when its first element is, and let go before the next is asked for.

With `ahead`, once the first page has told how many there are, the following ones are asked for before they are reached.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from returns.result import Failure, Result, Success

from chub.errors import ChubError, PageFailed
from chub.values.pages import Page, following_pages, ids_of, new_elements, next_page
from chub.values.queries import EventQuery

A = TypeVar("A")

Fetched = Result[Page[A], ChubError]

Fetch = Callable[[EventQuery], Fetched[A]]
"""Gets the page that a query asks for."""

Ahead = Callable[[Iterator[EventQuery]], Iterator[Fetched[A]]]
"""Gets the pages of many queries, in order, some of them ahead of their turn."""


def walk_pages(fetch: Fetch[A], query: EventQuery, ahead: Ahead[A] | None = None) -> Iterator[Fetched[A]]:
    """Yield the pages from the query's on; after a Failure, which is a `PageFailed`, nothing."""
    coming: Iterator[Fetched[A]] = iter(())
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
        yield fetched
        del fetched
        if following is None:
            return
        query = following


def _page_failed(query: Any, cause: ChubError) -> PageFailed:
    page = query.page if isinstance(query, EventQuery) else None
    return cause if isinstance(cause, PageFailed) else PageFailed(page=page or 0, cause=cause)


def walk_elements(fetch: Fetch[A], query: EventQuery, ahead: Ahead[A] | None = None) -> Iterator[Result[A, ChubError]]:
    """Yield the elements of the pages from the query's on; after a Failure, which is a `PageFailed`, nothing.

    Those whose ids were on the page before are not given again.
    """
    seen: frozenset[str] = frozenset()
    for fetched in walk_pages(fetch, query, ahead):
        if not isinstance(fetched, Success):
            yield Failure(fetched.failure())
            return
        elements = iter(new_elements(fetched.unwrap(), seen))
        seen = ids_of(fetched.unwrap())
        del fetched
        yield from map(Success, elements)
        del elements
