"""Walks over pages, lazy: a page is asked for when its first element is, and let go before the next is asked for."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from returns.result import Failure, Result, Success

from chub.errors import ChubError, PageFailed
from chub.values.pages import Page, next_page
from chub.values.queries import EventQuery

A = TypeVar("A")

Fetch = Callable[[EventQuery], Result[Page[A], ChubError]]
"""Gets the page that a query asks for."""


def walk_pages(fetch: Fetch[A], query: EventQuery) -> Iterator[Result[Page[A], ChubError]]:
    """Yield the pages from the query's on; after a Failure, which is a `PageFailed`, nothing."""
    while True:
        fetched = fetch(query)
        if not isinstance(fetched, Success):
            yield Failure(_page_failed(query, fetched.failure()))
            return
        following = next_page(query, fetched.unwrap())
        yield fetched
        del fetched
        if following is None:
            return
        query = following


def _page_failed(query: Any, cause: ChubError) -> PageFailed:
    page = query.page if isinstance(query, EventQuery) else None
    return cause if isinstance(cause, PageFailed) else PageFailed(page=page or 0, cause=cause)


def walk_elements(fetch: Fetch[A], query: EventQuery) -> Iterator[Result[A, ChubError]]:
    """Yield the elements of the pages from the query's on; after a Failure, which is a `PageFailed`, nothing."""
    for fetched in walk_pages(fetch, query):
        if not isinstance(fetched, Success):
            yield Failure(fetched.failure())
            return
        yield from map(Success, fetched.unwrap().elements)
        del fetched
