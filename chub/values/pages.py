"""Pages of a list, and the pure arithmetic between them; the next page is computed, never taken from a body."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

import attrs
from attrs import frozen

from chub.errors import InvalidValue
from chub.values.base import check_fields
from chub.values.frozen_dict import EMPTY
from chub.values.queries import EventQuery
from chub.values.schema import Free, Instant, Number, Problems, Range, note

DEFAULT_PAGE_SIZE = 10

A_co = TypeVar("A_co", covariant=True)


@frozen(kw_only=True)
class Page(Generic[A_co]):
    """One page of a list.  `number` counts from 0; the hub gives `size` and `number` for certain, the rest perhaps."""

    elements: tuple[A_co, ...]
    number: int | None = None
    size: int | None = None
    total_elements: int | None = None
    total_unfiltered_elements: int | None = None
    total_pages: int | None = None
    unlisted: Mapping[str, Any] = attrs.field(default=EMPTY, repr=False)

    def __attrs_post_init__(self) -> None:
        problems: Problems = []
        if not isinstance(self.elements, tuple | list):
            note(problems, "elements", f"a tuple is needed, not {type(self.elements).__name__}")
        else:
            object.__setattr__(self, "elements", tuple(self.elements))
        check_fields(self, dict.fromkeys(COUNTS, _COUNT) | {"unlisted": Free()}, problems, required=("unlisted",))
        InvalidValue.check(problems)

    def _repr_html_(self) -> str:
        from chub.values.cards import page_card

        return page_card(self)


COUNTS = ("number", "size", "total_elements", "total_unfiltered_elements", "total_pages")
_COUNT = Number(whole=True, bounds=Range(0))


def next_page(query: EventQuery, page: Page[Any]) -> EventQuery | None:
    """Give the query of the page after the one that `query` got; None where that was the last.

    Where the hub doesn't tell the number of pages, a page that isn't full is the last.

    >>> from chub.values.queries import event_query
    >>> next_page(event_query(size=2), Page(elements=("a", "b"), total_pages=2))
    EventQuery(page=1, size=2)
    >>> next_page(event_query(page=1, size=2), Page(elements=("c",), total_pages=2)) is None
    True
    """
    after = (query.page or 0) + 1
    if page.total_pages is None:
        full = len(page.elements) >= (page.size or query.size or DEFAULT_PAGE_SIZE)
        return attrs.evolve(query, page=after) if full else None
    return attrs.evolve(query, page=after) if after < page.total_pages else None


def previous_page(query: EventQuery, page: Page[Any]) -> EventQuery | None:
    """Give the query of the page before the one that `query` got; None where that was the first.

    From beyond the end it leads to the last page.

    >>> from chub.values.queries import event_query
    >>> previous_page(event_query(page=9), Page(elements=(), total_pages=3))
    EventQuery(page=2)
    """
    here = query.page or 0
    last = here - 1 if page.total_pages is None else min(here - 1, max(page.total_pages - 1, 0))
    return attrs.evolve(query, page=last) if here > 0 else None


def following_pages(query: EventQuery, page: Page[Any]) -> Iterator[EventQuery]:
    """Give the queries of the pages after the one that `query` got, lazily; none where their number isn't told.

    >>> from chub.values.queries import event_query
    >>> list(following_pages(event_query(page=1), Page(elements=("a",), total_pages=4)))
    [EventQuery(page=2), EventQuery(page=3)]
    """
    end = page.total_pages or 0 if page.elements else 0
    return (attrs.evolve(query, page=number) for number in range((query.page or 0) + 1, end))


def ids_of(page: Page[Any]) -> frozenset[str]:
    """Give the ids of the elements that have one.

    >>> ids_of(Page(elements=("an element without",)))
    frozenset()
    """
    ids = (getattr(element, "id", None) for element in page.elements)
    return frozenset(found for found in ids if isinstance(found, str) and found)  # "" is that of all that have none


def new_elements(page: Page[A_co], seen: frozenset[str]) -> tuple[A_co, ...]:
    """Give the elements whose ids weren't on the neighbouring page.

    What is stored while somebody walks pushes the elements on, so that the last of a page come again on the next.

    >>> new_elements(Page(elements=("a", "b")), frozenset())
    ('a', 'b')
    """
    return tuple(element for element in page.elements if getattr(element, "id", None) not in seen)


def until(query: EventQuery, instant: datetime) -> EventQuery:
    """Limit a query to what is dated up to an instant, so that a walk isn't met by events that come in meanwhile.

    A `date_to` that is earlier stays.  What comes in late with an earlier date is met all the same: `drift` tells.

    >>> from datetime import UTC
    >>> from chub.values.queries import event_query
    >>> until(event_query(), datetime(2026, 3, 8, tzinfo=UTC))
    EventQuery(date_to=2026-03-08T00:00:00.000Z)
    """
    problems: Problems = []
    if not isinstance(query, EventQuery):
        note(problems, "query", f"made by chub.event_query(...) is needed, not {type(query).__name__}")
    end = Instant().check(instant, "instant", problems)
    InvalidValue.check(problems)
    return query if query.date_to is not None and query.date_to <= end else attrs.evolve(query, date_to=end)


def drift(first: Page[Any], last: Page[Any]) -> int | None:
    """Tell by how many elements the list grew, or shrank if negative, between two pages of a walk.

    None where the hub told no totals.  0 doesn't prove that nothing moved: one may have come and another gone.

    >>> drift(Page(elements=(), total_elements=120), Page(elements=(), total_elements=123))
    3
    """
    for name, page in (("first", first), ("last", last)):
        if not isinstance(page, Page):
            raise InvalidValue.of(name, f"a page is needed, not {type(page).__name__}")
    if first.total_elements is None or last.total_elements is None:
        return None
    return last.total_elements - first.total_elements
