"""Strategies of queries and of what comes back for them: pages, and walks of pages that agree with one another."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from chub.errors import InvalidValue
from chub.testing.strategies import arguments
from chub.testing.strategies.called import as_called
from chub.testing.strategies.event_values import Contexts, recorded_events
from chub.testing.strategies.plain import MOMENTS, TEXTS, path_ids, records
from chub.values.catalogue import event_types
from chub.values.catalogue.properties import EventProperties
from chub.values.enums import Context, Mode
from chub.values.pages import Page
from chub.values.queries import MAX_PAGE_SIZE, EventQuery, event_query
from chub.values.schema import Problems, note

_ENDS: Final = ("date_from", "date_to")


@as_called
def queries(
    types: Iterable[type[EventProperties] | str] | type[EventProperties] | str | None = None,
    *,
    contexts: Contexts | None = None,
    **fields: Any,
) -> SearchStrategy[EventQuery]:
    """Draw queries of events; `types` and `contexts` are those that a query may ask for.

    `fields` are strategies, or values, for others of its fields, which are always there then.

    >>> from hypothesis import find
    >>> find(queries("viewedPage", size=50), lambda query: query.types is not None)
    EventQuery(types=('viewedPage',), size=50)
    """
    problems: Problems = []
    drawn: dict[str, SearchStrategy[Any]] = {
        "types": _several(types, event_types(), "types", problems),
        "contexts": _several(contexts, tuple(Context), "contexts", problems),
        "customer_id": path_ids(),
        "node_id": TEXTS.map(lambda text: text or "0"),
        "mode": st.sampled_from(Mode),
        "date_from": MOMENTS,
        "date_to": MOMENTS,
        "page": st.integers(0, 1000),
        "size": st.integers(1, MAX_PAGE_SIZE),
    }
    for name in fields.keys() - drawn.keys():
        note(problems, name, "no field of EventQuery")
    arguments.checked(problems)
    given = {name: found if isinstance(found, SearchStrategy) else st.just(found) for name, found in fields.items()}
    optional = {name: found for name, found in drawn.items() if name not in given}
    return records(given, optional).map(partial(_query, frozenset(given)))


def _several(value: Any, every: tuple[Any, ...], name: str, problems: Problems) -> SearchStrategy[Any]:
    """Draw one or several of those that a query can have."""
    if value is None:
        return st.lists(st.sampled_from(every), min_size=1, max_size=3, unique=True)
    try:
        checked: tuple[Any, ...] = getattr(EventQuery(**{name: value}), name)
    except InvalidValue as error:
        problems += error.problems
        return st.none()
    return st.lists(st.sampled_from(checked), min_size=1, max_size=3, unique=True)


def _query(given: frozenset[str], fields: dict[str, Any]) -> EventQuery:
    """Make the query; of two ends that are the wrong way round, one that was drawn gives way to one that was given."""
    ends: list[Any] = [fields.get(name) for name in _ENDS]
    if all(isinstance(end, datetime) for end in ends) and not given.issuperset(_ENDS) and ends != sorted(ends):
        kept = next((fields[name] for name in _ENDS if name in given), None)
        fields = fields | dict(zip(_ENDS, sorted(ends) if kept is None else (kept, kept), strict=True))
    return event_query(**fields)


@as_called
def walks(
    elements: SearchStrategy[Any] | None = None,
    *,
    sizes: SearchStrategy[int] | None = None,
    min_elements: int = 0,
    max_elements: int = 12,
    totals: bool | None = None,
) -> SearchStrategy[tuple[Page[Any], ...]]:
    """Draw the pages of whole walks, from the first to the last, over a list that does not change.

    Numbers count from 0, each page but the last is full, all tell the same totals, and no id comes twice.  `elements`
    are recorded events by default; `sizes` are those of a page.  Without `totals`, as of old hubs, the walk ends with
    the first page that isn't full; None draws both kinds.

    >>> from hypothesis import find
    >>> find(walks(st.integers(), sizes=st.just(2), totals=False), lambda walk: len(walk) > 1)[0].elements
    (0, 0)
    """
    problems: Problems = []
    found = recorded_events() if elements is None else arguments.strategy(elements, "elements", problems, st.none())
    lengths = arguments.strategy(sizes, "sizes", problems, _SIZES)
    arguments.bounds(min_elements, max_elements, ("min_elements", "max_elements"), problems)
    if totals is not None:
        arguments.flag(totals, "totals", problems)
    arguments.checked(problems)
    several = st.lists(found, min_size=min_elements, max_size=max_elements, unique_by=_identity)
    return _walks(several, lengths, st.booleans() if totals is None else st.just(totals))


_SIZES: Final = st.integers(1, 4) | st.sampled_from([10, MAX_PAGE_SIZE])


def _identity(element: Any) -> Any:
    """Give what two elements of a list can't share: an id, if it has one."""
    found = getattr(element, "id", None)
    return object() if found is None else found


@st.composite
def _walks(draw: DrawFn, elements: SearchStrategy[list[Any]], sizes: Any, totals: Any) -> tuple[Page[Any], ...]:
    size, listed, told = draw(sizes), draw(elements), draw(totals)
    unfiltered = len(listed) + draw(st.integers(0, 3))
    pages = -(-len(listed) // size) if told else len(listed) // size + 1
    counts = {"total_elements": len(listed), "total_pages": pages, "total_unfiltered_elements": unfiltered}
    return tuple(
        Page(
            elements=tuple(listed[number * size : (number + 1) * size]),
            number=number,
            size=size,
            **(counts if told else {}),
        )
        for number in range(max(pages, 1))
    )


@as_called
def pages(elements: SearchStrategy[Any] | None = None, **options: Any) -> SearchStrategy[Page[Any]]:
    """Draw one page, any of a walk's; the arguments are those of `walks`.

    >>> from hypothesis import find
    >>> find(pages(st.integers(), totals=True), lambda page: page.number == 1).elements
    (0,)
    """
    return walks(elements, **options).flatmap(st.sampled_from)
