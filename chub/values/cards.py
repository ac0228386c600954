"""What a notebook shows of events, pages, queries and outcomes: compact, and nothing that a value does not hold."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import attrs

from chub.errors import shown
from chub.html import GOOD, Markup, call_facts, card, faint, fields, lines, marked, short, table
from chub.values.base import WireValue, set_fields
from chub.values.catalogue.properties import Custom, EventProperties
from chub.values.events import Event, RecordedEvent
from chub.values.identities import CustomerId, ExternalId, SessionId

if TYPE_CHECKING:
    from chub.values.outcomes import Outcome
    from chub.values.pages import Page
    from chub.values.queries import EventQuery

_MOST_ROWS = 10
_MOST_ITEMS = 3
_DEEPEST = 2

_OWNERS: Mapping[type[Any], str] = {CustomerId: "customer", SessionId: "session", ExternalId: "external id"}


def event_card(event: Event) -> str:
    """Show an event that is to be sent."""
    return card(event.type, fields(_all_but(event, "context")), about=f"{event.context}, to be sent")


def recorded_card(event: RecordedEvent) -> str:
    """Show an event as the hub has it."""
    about = ", ".join(filter(None, (str(event.context), f"recorded as {event.id}" if event.id else "recorded")))
    return card(event.type, fields(_all_but(event, "context", "id")), about=about)


def _all_but(event: Any, *names: str) -> Iterator[tuple[str, str]]:
    """The fields of an event but those told above them; its properties are told one by one, first."""
    yield from _limited(_property_rows(event.properties), "properties")
    for name, value in set_fields(event):
        if name not in ("properties", *names):
            yield name, brief(value)


def _property_rows(properties: Any) -> list[tuple[str, str]]:
    if not isinstance(properties, Custom):
        shared = [item.name for item in attrs.fields(EventProperties)]
        own_first = sorted(set_fields(properties), key=lambda pair: pair[0] in shared)
        return [(name, brief(value)) for name, value in own_first]
    misfit = [("misfit", str(properties.misfit))] if properties.misfit else []
    return [*misfit, *((name, brief(value)) for name, value in properties.properties.items())]


def _limited(rows: list[tuple[str, str]], what: str) -> Iterator[tuple[str, str]]:
    yield from rows[:_MOST_ROWS]
    if len(rows) > _MOST_ROWS:
        yield "", faint(f"and {len(rows) - _MOST_ROWS:,} more {what}")


def page_card(page: "Page[Any]") -> str:
    """Show the first elements of a page."""
    elements = page.elements[:_MOST_ROWS]
    recorded = elements and all(isinstance(element, RecordedEvent) for element in elements)
    rows = [_event_row(element) if recorded else (shown(element),) for element in elements]
    heads = ("date", "type", "context", "customer", "brought back by", "id") if recorded else ("element",)
    left = len(page.elements) - len(elements)
    more = [Markup(f"<div>{faint(f'and {left:,} more')}</div>")] if left else []
    return card("Page", *([table(rows, heads)] if rows else []), *more, about=_place(page))


def _place(page: "Page[Any]") -> str:
    number = "" if page.number is None else f"number {page.number:,}"
    pages = "" if page.total_pages is None else f"{page.total_pages:,} in all"
    whole = "" if page.total_elements is None else f" of {page.total_elements:,}"
    return ", ".join(filter(None, (number, pages, f"{len(page.elements):,}{whole} elements")))


def _event_row(event: RecordedEvent) -> tuple[str, ...]:
    led = event.bring_back
    kind, came = (_OWNERS[type(led)], led.value) if isinstance(led, SessionId | ExternalId) else ("", _part(led or ""))
    date = "" if event.date is None else instant_words(event.date)
    customer = short(event.customer_id or "")
    return date, event.type, str(event.context), customer, Markup(f"{kind} {short(came)}"), short(event.id)


def query_card(query: "EventQuery") -> str:
    """Show the filters of a query."""
    rows = [
        (name, ", ".join(_few(value, str, _MOST_ROWS)) if isinstance(value, tuple) else brief(value))
        for name, value in set_fields(query)
    ]
    return card("EventQuery", fields(rows), about="" if rows else "all events")


def outcome_card(outcome: "Outcome") -> str:
    """Show what a write came to."""
    took = call_facts(outcome.attempts, outcome.elapsed, outcome.tracing_id)
    told = [(name, brief(value)) for name, value in set_fields(outcome)]
    return card(type(outcome).__name__, fields([*told, *took]), edge=GOOD)


def brief(value: Any) -> Markup:
    """Write a value in few words.

    >>> brief(("a", 1, None, True)), brief({"colour": "white"}), brief(CustomerId("c"))
    ('a<br>1<br>none<br>and 1 more', 'colour: white', 'customer c')
    """
    return lines(_few(value, _part)) if isinstance(value, tuple | list) and value else marked(_part(value))


def _part(value: Any, depth: int = 0) -> str:
    if isinstance(value, str):
        return str.__str__(value)
    if value is None:
        return "none"
    if isinstance(value, datetime):
        return instant_words(value)
    if isinstance(value, CustomerId | SessionId | ExternalId):
        return _owner(value)
    if isinstance(value, WireValue):
        return _pairs(dict(set_fields(value)), depth)
    if isinstance(value, Mapping):
        return _pairs(value, depth)
    if isinstance(value, tuple | list):
        return f"[{', '.join(_few(value, lambda item: _part(item, depth + 1)))}]" if depth < _DEEPEST else "[…]"
    return shown(value)


def _pairs(mapping: Mapping[str, Any], depth: int) -> str:
    if depth >= _DEEPEST:
        return "{…}"
    told = ", ".join(_few(mapping.items(), lambda pair: f"{pair[0]}: {_part(pair[1], depth + 1)}", 2 * _MOST_ITEMS))
    return f"{{{told}}}" if depth or not told else told


def _few(items: Any, tell: Any, most: int = _MOST_ITEMS) -> Iterator[str]:
    yield from map(tell, islice(items, most))
    if len(items) > most:
        yield f"and {len(items) - most:,} more"


def _owner(owner: CustomerId | SessionId | ExternalId) -> str:
    kind = _OWNERS[type(owner)]
    node = None if isinstance(owner, CustomerId) else owner.node_id
    return f"{kind} {owner.value}{f' of node {node}' if node else ''}"


def instant_words(value: datetime) -> str:
    """Write an instant for people, with no more digits than it has.

    >>> from datetime import UTC
    >>> instant_words(datetime(2026, 3, 8, 10, 18, 17, 120000, UTC)), instant_words(datetime(2026, 3, 8, tzinfo=UTC))
    ('2026-03-08 10:18:17.12 UTC', '2026-03-08 00:00:00 UTC')
    """
    text = value.replace(tzinfo=None).isoformat(" ")
    return f"{text.rstrip('0') if value.microsecond else text} UTC"
