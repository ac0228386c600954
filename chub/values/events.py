"""Events: one action of a customer in a context; as built to be sent, and as the hub has recorded it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen

from chub.errors import InvalidValue, Plain
from chub.late import Late
from chub.values.base import Checks, Shown, check_fields
from chub.values.catalogue.properties import (
    Custom,
    EventProperties,
    Properties,
    event_type_of,
)
from chub.values.enums import Context, Mode
from chub.values.frozen_dict import EMPTY, FrozenDict
from chub.values.identities import TEXT, ExternalId, Owner, OwnerKind, SessionId
from chub.values.schema import Choice, Free, Instant, Nested, Problems, Text, choice_of, note

if TYPE_CHECKING:
    from chub.values import context_info as circumstances
else:
    circumstances = Late("chub.values.context_info")

CONTEXT = choice_of(Context)
MODE = choice_of(Mode)


@frozen(kw_only=True, repr=False)
class Event(Shown):
    """One action of a customer, ready to be sent; made by `event`.

    `date` is when it happened (the hub takes the time of arrival where it is None).  `mode` belongs to the event type
    in the workspace's configuration and is sent only when given: the hub's schema of 2019 knows no such key.
    """

    properties: Properties
    owner: Owner
    context: Context | str
    date: datetime | None = None
    mode: Mode | str | None = None
    context_info: "circumstances.ContextInfo | None" = None
    tracking: "circumstances.Tracking | None" = None

    def __attrs_post_init__(self) -> None:
        problems: Problems = []
        _check_properties(self.properties, problems)
        check_fields(self, _EVENT, problems, required=("owner", "context"))
        _check_parts(self, problems)
        InvalidValue.check(problems)

    @property
    def type(self) -> str:
        """The event type, as on the wire: `completedOrder`."""
        return event_type_of(self.properties)

    def _repr_html_(self) -> str:
        from chub.values.cards import event_card

        return event_card(self)


@frozen(eq=False, repr=False)
class _Circumstance(Plain):
    """A value of a class of `context_info`, whose many classes are made when an event first has one.

    Where it is `open`, the free object that the hub returned in its place may stand there too.
    """

    name: str
    open: bool = False

    def check(self, value: object, path: str, problems: Problems) -> Any:
        cls = getattr(circumstances, self.name)
        if self.open:
            return value if isinstance(value, cls) else Free().check(value, path, problems)
        return Nested(cls).check(value, path, problems)


_EVENT: Mapping[str, Checks] = {
    "owner": OwnerKind(),
    "context": CONTEXT,
    "date": Instant(),
    "mode": MODE,
    "context_info": _Circumstance("ContextInfo"),
    "tracking": _Circumstance("Tracking"),
}


def _check_properties(value: object, problems: Problems) -> None:
    if not isinstance(value, EventProperties | Custom):
        needed = "an event's properties are needed, e.g. chub.ViewedPage(...) or chub.Custom(type, {...})"
        note(problems, "properties", f"{needed}, not {type(value).__name__}")


def _check_parts(event: Event, problems: Problems) -> None:
    if event.context_info is not None and event.context is not None:
        for part, fault in circumstances.parts_outside(event.context_info, event.context):
            note(problems, f"context_info.{part}", fault)


def event(
    properties: Properties,
    *,
    owner: Owner,
    context: Context | str,
    date: datetime | None = None,
    mode: Mode | str | None = None,
    context_info: "circumstances.ContextInfo | None" = None,
    tracking: "circumstances.Tracking | None" = None,
) -> Event:
    """Make an event; raises `InvalidValue` with every problem of the arguments.

    >>> from chub.values.catalogue import Custom
    >>> event(Custom("sawUnicorn"), owner=SessionId("s"), context="WEB").type
    'sawUnicorn'
    """
    return Event(
        properties=properties,
        owner=owner,
        context=context,
        date=date,
        mode=mode,
        context_info=context_info,
        tracking=tracking,
    )


@frozen(kw_only=True, repr=False)
class RecordedEvent(Shown):
    """An event as the hub returns it; nothing that it returns is refused, or lost.

    After a reconciliation it has both `customer_id` and `bring_back` (the session or external id that led to him).
    A context or mode that chub doesn't know stays a `str`; a `context_info`, `tracking` or `bring_back` of another
    shape stays a `FrozenDict`; what has no place, such as a date that can't be read, stays in `unlisted` under its
    wire name.  `id` and `context` are "" where the hub gave none.
    """

    id: str
    properties: Properties
    context: Context | str
    customer_id: str | None = None
    bring_back: SessionId | ExternalId | FrozenDict | None = None
    date: datetime | None = None
    mode: Mode | str | None = None
    context_info: "circumstances.ContextInfo | FrozenDict | None" = None
    tracking: "circumstances.Tracking | FrozenDict | None" = None
    registered_at: datetime | None = None
    updated_at: datetime | None = None
    unlisted: Mapping[str, Any] = EMPTY

    def __attrs_post_init__(self) -> None:
        problems: Problems = []
        _check_properties(self.properties, problems)
        check_fields(self, _RECORDED, problems, required=("id", "context", "unlisted"))
        InvalidValue.check(problems)

    @property
    def type(self) -> str:
        """The event type, as on the wire: `completedOrder`."""
        return event_type_of(self.properties)

    def _repr_html_(self) -> str:
        from chub.values.cards import recorded_card

        return recorded_card(self)


@frozen(eq=False, repr=False)
class _OrFree(Plain):
    """A value of one of these classes, or the free object that the hub returned in its place."""

    classes: tuple[type[Any], ...]

    def check(self, value: object, path: str, problems: Problems) -> Any:
        return value if isinstance(value, self.classes) else Free().check(value, path, problems)


@frozen(eq=False, repr=False)
class _Open(Plain):
    """A member of an enumeration, or a text that the hub returned and chub doesn't know."""

    choice: Choice
    text: Text

    def check(self, value: object, path: str, problems: Problems) -> Any:
        plain = self.text.check(value, path, problems)
        return None if plain is None else self.choice.member(plain)


_RECORDED: Mapping[str, Checks] = {
    "id": Text(),
    "context": _Open(CONTEXT, Text()),
    "customer_id": TEXT,
    "bring_back": _OrFree((SessionId, ExternalId)),
    "date": Instant(),
    "mode": _Open(MODE, TEXT),
    "context_info": _Circumstance("ContextInfo", open=True),
    "tracking": _Circumstance("Tracking", open=True),
    "registered_at": Instant(),
    "updated_at": Instant(),
    "unlisted": Free(),
}
