"""Which events to list, as a frozen value."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from attrs import frozen

from chub.errors import InvalidValue, shown
from chub.values.base import Checks, Shown, check_fields
from chub.values.catalogue.properties import EventProperties, event_type_of
from chub.values.enums import Context, Mode
from chub.values.events import CONTEXT, MODE
from chub.values.identities import TEXT, CustomerId
from chub.values.schema import Instant, Number, Problems, Range, note

MAX_PAGE_SIZE = 50
"""The hub gives 10 elements for a page unless asked, and 50 at most."""

EventTypes = Iterable[type[EventProperties] | str]
Contexts = Iterable[Context | str]


@frozen(kw_only=True, repr=False)
class EventQuery(Shown):
    """Which events to list; every filter is optional, and those given must all hold.  Made by `event_query`.

    `types` and `contexts` hold one or several alternatives.  Whether the hub includes `date_from` and `date_to`
    themselves is not documented.  There is no sort: the hub has none for events.
    """

    customer_id: str | None = None
    node_id: str | None = None
    types: tuple[str, ...] | None = None
    contexts: tuple[Context, ...] | None = None
    mode: Mode | str | None = None
    date_from: datetime | None = None
    date_to: datetime | None = None
    page: int | None = None
    size: int | None = None

    def __attrs_post_init__(self) -> None:
        problems: Problems = []
        check_fields(self, _QUERY, problems)
        _check_order(self, problems)
        InvalidValue.check(problems)

    def _repr_html_(self) -> str:
        from chub.values.cards import query_card

        return query_card(self)


class _Filter:
    """A text that may also be given as the value it stands for."""

    def check(self, value: object, path: str, problems: Problems) -> Any:
        return TEXT.check(value.value if isinstance(value, CustomerId) else value, path, problems)


@frozen
class _Alternatives:
    """One or several alternatives of one kind; a single one counts as one of one."""

    kind: Checks

    def check(self, value: Any, path: str, problems: Problems) -> Any:
        single = isinstance(value, str | type) or not isinstance(value, Iterable)
        items: tuple[Any, ...] = (value,) if single else tuple(cast(Iterable[Any], value))
        if not items:
            return note(problems, path, "empty, which would match nothing; leave it out for no filter")
        return tuple(self.kind.check(item, f"{path}[{index}]", problems) for index, item in enumerate(items))


class _EventType:
    """An event type: a class of chub's, or any text that can stand beside others between commas."""

    def check(self, value: object, path: str, problems: Problems) -> Any:
        name = event_type_of(value) if isinstance(value, type) and issubclass(value, EventProperties) else value
        if not isinstance(name, str) or not name:
            return note(problems, path, f"an event type is needed, a class of chub's or a str, not {shown(value)}")
        if "," in name:
            return note(problems, path, f"{shown(name)} holds a comma, which parts the types of a query; give several")
        return str.__str__(name)


def _check_order(query: EventQuery, problems: Problems) -> None:
    start, end = query.date_from, query.date_to
    if isinstance(start, datetime) and isinstance(end, datetime) and start > end:
        note(problems, "date_from", f"{start.isoformat()} is after date_to, {end.isoformat()}")


_QUERY: Mapping[str, Checks] = {
    "customer_id": _Filter(),
    "node_id": _Filter(),
    "types": _Alternatives(_EventType()),
    "contexts": _Alternatives(CONTEXT),
    "mode": MODE,
    "date_from": Instant(),
    "date_to": Instant(),
    "page": Number(whole=True, bounds=Range(0)),
    "size": Number(whole=True, bounds=Range(1, MAX_PAGE_SIZE)),
}


def event_query(
    *,
    customer_id: CustomerId | str | None = None,
    node_id: str | None = None,
    types: EventTypes | type[EventProperties] | str | None = None,
    contexts: Contexts | Context | str | None = None,
    mode: Mode | str | None = None,
    date_from: datetime | None = None,
    date_to: datetime | None = None,
    page: int | None = None,
    size: int | None = None,
) -> EventQuery:
    """Make a query of events; raises `InvalidValue` with every problem of the arguments.

    `page` counts from 0, `size` is 1 to 50 (the hub's own default is 10).

    >>> event_query(customer_id="c_id", types="viewedPage", contexts=[Context.WEB, "MOBILE"], size=50)
    EventQuery(customer_id='c_id', types=('viewedPage',), contexts=(Context.WEB, Context.MOBILE), size=50)
    """
    given: dict[str, Any] = {"types": types, "contexts": contexts, "customer_id": customer_id}
    return EventQuery(node_id=node_id, mode=mode, date_from=date_from, date_to=date_to, page=page, size=size, **given)
