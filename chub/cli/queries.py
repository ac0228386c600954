"""The options that choose events, and the query and the walk that they make."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from returns.result import Result

from chub.api import events
from chub.errors import ChubError, InvalidValue, PageFailed
from chub.settings import Config
from chub.values.events import RecordedEvent
from chub.values.instants import read_instant
from chub.values.queries import MAX_PAGE_SIZE, EventQuery, event_query

Walk = Iterator[Result[RecordedEvent, ChubError]]


def query_of(options: Any) -> EventQuery:
    """Make the query that the options ask for; raises `InvalidValue`."""
    return event_query(
        customer_id=options.customer_id,
        types=_listed(options.type),
        contexts=_listed(options.context),
        mode=options.mode,
        date_from=instant_of(options.date_from, "--from"),
        date_to=instant_of(options.date_to, "--to"),
        page=options.page,
        size=MAX_PAGE_SIZE if options.size is None else options.size,
    )


def _without_first_page(query: EventQuery, error: ChubError) -> ChubError:
    """Give the cause where a walk failed at its very first page: there is nothing to go on from."""
    return error.cause if isinstance(error, PageFailed) and error.page == (query.page or 0) else error


def walk_of(options: Any, config: Config, query: EventQuery, **more: Any) -> Walk:
    """Walk over the events that the options ask for, lazily."""
    results = events(config, query, **more)
    return (result.alt(partial(_without_first_page, query)) for result in islice(results, options.limit))


def _listed(given: Iterable[str] | None) -> list[str] | None:
    """Give the items of an option that is given several times, or with commas.

    >>> _listed(["viewedPage,loggedIn", "searched"])
    ['viewedPage', 'loggedIn', 'searched']
    """
    return None if given is None else [item.strip() for text in given for item in text.split(",")]


def instant_of(text: str | None, option: str) -> datetime | None:
    """Read an instant; raises `InvalidValue` for what says none."""
    found = None if text is None else read_instant(text)
    if text is not None and found is None:
        raise InvalidValue.of(option, f"{text!r} is no instant; a zone is needed, as in 2026-01-31T00:00Z")
    return found
