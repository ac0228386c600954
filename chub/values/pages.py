"""Pages of a list, and the pure arithmetic between them; the next page is computed, never taken from a body."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import attrs
from attrs import frozen

from chub.errors import InvalidValue
from chub.values.base import check_fields
from chub.values.frozen_dict import EMPTY
from chub.values.queries import EventQuery
from chub.values.schema import Free, Number, Problems, Range, note

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
