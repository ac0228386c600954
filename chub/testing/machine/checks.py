"""What a machine asks a hub, brought into a form that can be compared with what the model says; and patience.

A hub stores asynchronously: what it says now may be right only after a while.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

import attrs
from returns.result import Result

from chub.api import event_pages, find_customer, get_customer, get_event, sessions
from chub.errors import ChubError, Rejected
from chub.results import collect, fold
from chub.settings import Config
from chub.testing.laws.verdict import written
from chub.testing.machine.model import KnownEvent, facts_of, facts_told
from chub.transport.door import send
from chub.values.customers import RecordedCustomer
from chub.values.events import RecordedEvent
from chub.values.identities import ExternalId
from chub.values.pages import DEFAULT_PAGE_SIZE, Page
from chub.values.queries import EventQuery
from chub.wire import operations

A = TypeVar("A")
Told = Mapping[str, Any] | str
"""What a hub says, or in words why it says nothing."""

REFUSED = "refused with {}".format


def said(result: Result[A, ChubError], tell: Callable[[A], Told]) -> Told:
    """Give what a Result says, a refusal by its status alone."""
    return fold(result, tell, _why_not)


def _why_not(error: ChubError) -> str:
    return REFUSED(error.status) if isinstance(error, Rejected) else str(error)


def settled(
    ask: Callable[[], A],
    is_right: Callable[[A], bool],
    within: float,
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], object],
) -> A:
    """Ask until the answer is right, or so many seconds are over, and give the last answer.

    >>> settled(lambda: 7, lambda answer: answer > 7, within=0, clock=lambda: 0.0, sleep=print)
    7
    """
    end, pause = clock() + within, 0.25
    while True:
        answer = ask()
        left = end - clock()
        if is_right(answer) or not left > 0:
            return answer
        sleep(min(pause, left))
        pause = min(2 * pause, 5.0)


def difference(expected: Told, found: Told) -> str:
    """Say what differs, without what doesn't.

    >>> difference({"a": 1, "b": {"c": 2, "d": 3}}, {"a": 1, "b": {"c": 2}})
    'b d: expected 3, found nothing'
    """
    return "; ".join(_differences(expected, found, ""))


def _differences(expected: object, found: object, path: str) -> Iterator[str]:
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for name in {**expected, **found}:
            yield from _differences(expected.get(name, "nothing"), found.get(name, "nothing"), f"{path} {name}")
    elif expected != found:
        where = f"{path.strip()}: " if path else ""
        yield f"{where}expected {written(expected)}, found {written(found)}"


def event_told(config: Config, known: KnownEvent) -> Told:
    """Ask for one event."""
    return said(get_event(config, known.id), lambda event: facts_told(event, known))


def customer_found(config: Config, external_id: ExternalId) -> Told:
    """Ask who has an external id."""
    return said(find_customer(config, external_id), lambda found: {"id": None if found is None else found.id})


def customer_told(config: Config, customer_id: str) -> Told:
    """Ask for one customer and his sessions."""

    def tell(customer: RecordedCustomer) -> Result[Told, ChubError]:
        facts = {"id": customer.id, "external_id": customer.external_id}
        return sessions(config, customer_id).map(
            lambda found: {**facts, "sessions": {one.value: one.id for one in found}}
        )

    return said(get_customer(config, customer_id).bind(tell), lambda facts: facts)


def list_expected(known: tuple[KnownEvent, ...], query: EventQuery) -> Told:
    """Give what the pages of a query must say, where these are its events; the order is the hub's own.

    >>> list_expected((), EventQuery(size=2))["elements of each page"]
    [0]
    """
    size, total = query.size or DEFAULT_PAGE_SIZE, len(known)
    filled = -(-total // size)
    count = max(1, filled)
    return {
        "events": {event.id: facts_of(event) for event in known},
        "elements of each page": [min(size, total - size * number) for number in range(count)],
        "number": [*range(count)],
        "size": [size] * count,
        "total_elements": [total] * count,
        "total_pages": [filled] * count,
        "elements past the end": 0,
    }


def list_told(config: Config, query: EventQuery, known: tuple[KnownEvent, ...]) -> Told:
    """Walk over the pages of a query and ask for one past their end."""
    past = attrs.evolve(query, page=max(1, -(-len(known) // (query.size or DEFAULT_PAGE_SIZE))))
    asked = operations.list_events(config, past).bind(partial(send, config))
    walked = collect(event_pages(config, query))
    return said(walked.bind(lambda pages: asked.map(partial(_list_facts, pages, known))), dict)


def _list_facts(
    pages: tuple[Page[RecordedEvent], ...], known: tuple[KnownEvent, ...], past: Page[RecordedEvent]
) -> Mapping[str, Any]:
    if len(pages) > 1 and not pages[-1].elements and pages[-1].total_pages is None:
        pages = pages[:-1]  # where no totals are told, only an empty page shows that a full one was the last
    by_id = {event.id: event for event in known}
    elements = [element for page in pages for element in page.elements]
    return {
        "events": {element.id: _facts(element, by_id) for element in elements},
        "elements of each page": [len(page.elements) for page in pages],
        "elements past the end": len(past.elements),
        **{name: [getattr(page, name) for page in pages] for name in ("number", "size", *_TOTALS)},
    }


_TOTALS = ("total_elements", "total_pages")


def _facts(element: RecordedEvent, by_id: Mapping[str, KnownEvent]) -> Any:
    return facts_told(element, by_id[element.id]) if element.id in by_id else "not one of them"


def without_totals(expected: Told, found: Told) -> Told:
    """Give what is expected of a hub that tells no totals, where this one told none.

    >>> without_totals({"total_pages": [3]}, {"total_pages": [None]})
    {'total_pages': [None]}
    """
    if isinstance(expected, str) or isinstance(found, str):
        return expected
    untold = {name: found[name] for name in _TOTALS if name in found and not any(map(_is_told, found[name]))}
    return {**expected, **untold}


def _is_told(total: int | None) -> bool:
    return total is not None
