"""Strategies of events and what is in them: properties, circumstances, owners; as sent, and as a hub recorded them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, TypeVar

from attrs import evolve, frozen
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from chub.testing.strategies import arguments
from chub.testing.strategies.called import as_called
from chub.testing.strategies.fields import Leaves, filled, leaves_of, of_class
from chub.testing.strategies.plain import MOMENTS, TEXTS, json_objects, path_ids, records
from chub.values.base import WireValue
from chub.values.catalogue import Custom, EventProperties, event_types, properties_class
from chub.values.catalogue.properties import Properties
from chub.values.context_info import PARTS_OF_SOME_CONTEXTS, ContextInfo, Tracking
from chub.values.enums import Context, Mode
from chub.values.events import CONTEXT, MODE, Event, RecordedEvent
from chub.values.identities import CustomerId, ExternalId, Owner, SessionId
from chub.values.schema import FieldSpec, Problems, field_specs, note

W = TypeVar("W", bound=WireValue)

Types = Iterable[type[EventProperties | Custom] | str] | type[EventProperties | Custom] | str
Contexts = Iterable[Context | str] | Context | str
Modes = Iterable[Mode | str | None] | Mode | str
OwnerKind = type[CustomerId | SessionId | ExternalId]
Owners = SearchStrategy[Any] | Iterable[OwnerKind | Owner] | OwnerKind | Owner


@as_called
def values(
    cls: type[W],
    *,
    texts: SearchStrategy[str] | None = None,
    unlisted: bool | SearchStrategy[Any] = False,
    **fields: Any,
) -> SearchStrategy[W]:
    """Draw values of a class with wire keys, such as the properties of one event type.

    A field that isn't required may be left out, and is once it shrinks.  `fields` are strategies, or values, for some
    of them, which are always there then; `texts` are the texts of the others.  With `unlisted` they bear keys
    that the class doesn't list, as old schemas of a hub refuse.  `InvalidValue` tells of what is no field.

    >>> from hypothesis import find
    >>> from chub.values.catalogue.web import ViewedPage
    >>> find(values(ViewedPage, title=st.sampled_from(["Home", "Shop"])), lambda page: True)
    ViewedPage(title='Home')
    """
    problems: Problems = []
    if isinstance(unlisted, SearchStrategy):
        fields, unlisted = {**fields, "unlisted": unlisted}, False
    leaves = leaves_of(texts, unlisted, problems)
    specs = _specs_of(cls, problems)
    known = {"unlisted", *(spec.name for spec in specs)}
    for name in fields.keys() - known if specs else ():
        note(problems, name, f"no field of {cls.__name__}")
    arguments.checked(problems)
    return filled(cls, leaves, specs, {name: _strategy(found) for name, found in fields.items()})


def _specs_of(cls: Any, problems: Problems) -> tuple[FieldSpec, ...]:
    if isinstance(cls, type) and issubclass(cls, WireValue) and cls not in (WireValue, EventProperties):
        return field_specs(cls)
    note(problems, "cls", f"a class with wire keys is needed, such as chub.ViewedPage, not {cls!r}")
    return ()


def _strategy(found: Any) -> SearchStrategy[Any]:
    return found if isinstance(found, SearchStrategy) else st.just(found)


@as_called
def properties(
    types: Types | None = None, *, texts: SearchStrategy[str] | None = None, unlisted: bool = False
) -> SearchStrategy[Properties]:
    """Draw the properties of events: of these types, by default of every type that chub knows.

    A type is a class, or a name; a name that chub doesn't know gives a `Custom` with any properties, and `chub.Custom`
    itself one with any name.

    >>> from hypothesis import find
    >>> find(properties("sawUnicorn"), lambda found: True)
    Custom('sawUnicorn', {})
    """
    problems: Problems = []
    found = _properties(types, leaves_of(texts, unlisted, problems), problems)
    arguments.checked(problems)
    return found


def _properties(types: Any, leaves: Leaves, problems: Problems) -> SearchStrategy[Any]:
    given = event_types() if types is None else types
    named = [found for found in arguments.choices(given, "types", problems, _event_type) if found is not None]
    # What comes first is the simplest for Hypothesis, and so is what has the fewest fields.
    return st.one_of([_of_type(found, leaves) for found in sorted(named, key=_fields)])


def _fields(found: Any) -> int:
    return len(field_specs(found)) if isinstance(found, type) and found is not Custom else 0


def _event_type(value: Any, path: str, problems: Problems) -> Any:
    """Give the class of a type, or the name of one that chub doesn't know."""
    if isinstance(value, str) and value:
        name = str.__str__(value)
        return properties_class(name) or name
    if isinstance(value, type) and (value is Custom or (issubclass(value, EventProperties) and value.TYPE)):
        return value
    return note(problems, path, f"an event type is needed, a class of chub's or a name, not {value!r}")


def _of_type(found: Any, leaves: Leaves) -> SearchStrategy[Any]:
    if isinstance(found, type) and found is not Custom:
        return of_class(found, leaves)
    names = st.just("sawUnicorn") | leaves.texts.map("my {}".format) if found is Custom else st.just(found)
    return st.builds(Custom, names, json_objects(leaves.texts))


@as_called
def context_infos(
    context: Context | str | None = None, *, texts: SearchStrategy[str] | None = None, unlisted: bool = False
) -> SearchStrategy[ContextInfo]:
    """Draw what is known of an event's circumstances, with the parts that this context takes; by default with any.

    >>> from hypothesis import find
    >>> find(context_infos("MOBILE"), lambda info: info.device is not None)
    ContextInfo(device=Device())
    """
    problems: Problems = []
    leaves = leaves_of(texts, unlisted, problems)
    found = None if context is None else CONTEXT.check(context, "context", problems)
    arguments.checked(problems)
    return _infos(found, leaves)


def _infos(context: str | None, leaves: Leaves) -> SearchStrategy[ContextInfo]:
    specs = field_specs(ContextInfo)
    taken = [spec for spec in specs if context is None or context in PARTS_OF_SOME_CONTEXTS.get(spec.name, [context])]
    return filled(ContextInfo, leaves, taken, {})


@as_called
def owners(
    kinds: Iterable[OwnerKind | Owner] | OwnerKind | Owner | None = None,
    *,
    node_ids: SearchStrategy[str | None] | None = None,
    texts: SearchStrategy[str] | None = None,
) -> SearchStrategy[Owner]:
    """Draw owners of these kinds, such as `chub.SessionId`, or from these owners; by default of all three kinds.

    They bear no node, so that the config's is sent, unless `node_ids` draws one.

    >>> import chub
    >>> from hypothesis import find
    >>> find(owners(chub.SessionId, node_ids=st.just("shop")), lambda owner: True)
    SessionId('0', node_id='shop')
    """
    problems: Problems = []
    nodes = arguments.strategy(node_ids, "node_ids", problems, st.none())
    found = _owners(kinds, "kinds", problems, nodes, arguments.strategy(texts, "texts", problems, TEXTS))
    arguments.checked(problems)
    return found


_OWNERS: Final = (CustomerId, SessionId, ExternalId)


def _owners(kinds: Any, path: str, problems: Problems, nodes: Any, texts: Any) -> SearchStrategy[Any]:
    if isinstance(kinds, SearchStrategy):
        return kinds
    named = arguments.choices(_OWNERS if kinds is None else kinds, path, problems, _owner)
    keys = texts.map(_not_empty)
    strategies = {
        CustomerId: st.builds(CustomerId, path_ids()),
        SessionId: st.builds(SessionId, keys, node_id=nodes),
        ExternalId: st.builds(ExternalId, keys, node_id=nodes),
    }
    return st.one_of([strategies[found] if found in strategies else st.just(found) for found in named])


def _not_empty(text: str) -> str:
    return text or "0"


def _owner(value: Any, path: str, problems: Problems) -> Any:
    if value in _OWNERS or isinstance(value, _OWNERS):
        return value
    return note(problems, path, f"chub.CustomerId, chub.SessionId, chub.ExternalId or one of them is needed: {value!r}")


@frozen(kw_only=True)
class _Parts:
    """What an event is drawn from."""

    properties: SearchStrategy[Any]
    owners: SearchStrategy[Any]
    contexts: SearchStrategy[Any]
    dates: SearchStrategy[Any]
    modes: SearchStrategy[Any]
    leaves: Leaves


@as_called
def events(
    types: Types | None = None,
    *,
    owners: Owners | None = None,
    contexts: Contexts | None = None,
    dates: SearchStrategy[datetime | None] | None = None,
    modes: Modes | None = None,
    texts: SearchStrategy[str] | None = None,
    unlisted: bool = False,
) -> SearchStrategy[Event]:
    """Draw events that can be sent, of these types, owners, contexts, dates and modes.

    `types` are those of `properties`, or a strategy of properties; `owners` those of `owners`, or a strategy.  A hub
    knows none of the customers that are drawn unless you give its own.

    >>> import chub
    >>> from hypothesis import find
    >>> find(events(chub.ViewedPage, owners=chub.CustomerId("c"), contexts="WEB"), lambda event: True)
    Event(properties=ViewedPage(), owner=CustomerId('c'), context=Context.WEB)
    """
    problems: Problems = []
    parts = _parts(types, owners, contexts, problems, leaves_of(texts, unlisted, problems))
    named = arguments.choices((None, *Mode) if modes is None else modes, "modes", problems, _mode)
    parts = evolve(
        parts,
        dates=arguments.strategy(dates, "dates", problems, arguments.maybe(MOMENTS)),
        modes=st.sampled_from(named or (None,)),
    )
    arguments.checked(problems)
    return _events(parts)


def _mode(value: Any, path: str, problems: Problems) -> Any:
    return None if value is None else MODE.check(value, path, problems)


def _parts(types: Any, owned: Any, contexts: Any, problems: Problems, leaves: Leaves) -> _Parts:
    named = arguments.choices(Context if contexts is None else contexts, "contexts", problems, CONTEXT.check)
    return _Parts(
        properties=types if isinstance(types, SearchStrategy) else _properties(types, leaves, problems),
        owners=_owners(owned, "owners", problems, st.none(), leaves.texts),
        contexts=st.sampled_from(named or (None,)),
        dates=MOMENTS,
        modes=st.sampled_from((None, *Mode)),
        leaves=leaves,
    )


@st.composite
def _circumstances(draw: DrawFn, parts: _Parts) -> dict[str, Any]:
    """A context with information that goes with it, and the campaign that led there."""
    context = draw(parts.contexts)
    optional = {"context_info": _infos(context, parts.leaves), "tracking": of_class(Tracking, parts.leaves)}
    return {"context": context} | draw(records({}, optional))


@st.composite
def _events(draw: DrawFn, parts: _Parts) -> Event:
    return Event(
        properties=draw(parts.properties),
        owner=draw(parts.owners),
        date=draw(parts.dates),
        mode=draw(parts.modes),
        **draw(_circumstances(parts)),
    )


@as_called
def recorded_events(
    types: Types | None = None,
    *,
    owners: Owners | None = None,
    contexts: Contexts | None = None,
    texts: SearchStrategy[str] | None = None,
    unlisted: bool = False,
) -> SearchStrategy[RecordedEvent]:
    """Draw events as a hub returns them: with an id, with dates, after a reconciliation with both of their owners.

    They are as the hub's schemas allow; for what a hub may return beyond them there is `odd_recorded_events`.

    >>> import chub
    >>> from hypothesis import find
    >>> found = find(recorded_events(chub.LoggedIn, owners=chub.CustomerId("c"), contexts="WEB"), lambda event: True)
    >>> found.id, found.customer_id, found.registered_at == found.updated_at
    ('0', 'c', True)
    """
    problems: Problems = []
    parts = _parts(types, owners, contexts, problems, leaves_of(texts, unlisted, problems))
    arguments.checked(problems)
    return _recorded_events(parts)


@st.composite
def _recorded_events(draw: DrawFn, parts: _Parts) -> RecordedEvent:
    registered, updated = sorted([draw(MOMENTS), draw(MOMENTS)])
    more = json_objects(parts.leaves.texts).map(_own_keys) if parts.leaves.unlisted else st.just({})
    return RecordedEvent(
        id=draw(path_ids()),
        properties=draw(parts.properties),
        date=draw(parts.dates),
        mode=draw(parts.modes),
        registered_at=registered,
        updated_at=draw(st.sampled_from([updated, None])),
        unlisted=draw(more),
        **_owned(draw(parts.owners), draw(arguments.maybe(path_ids()))),
        **draw(_circumstances(parts)),
    )


def _own_keys(found: dict[str, Any]) -> dict[str, Any]:
    """Give keys other names than an event's own."""
    return {f"own {key}": value for key, value in found.items()}


def _owned(owner: Owner, customer_id: str | None) -> dict[str, Any]:
    """A session's customer may not be known yet; an external id has had one since its first event."""
    if isinstance(owner, CustomerId):
        return {"customer_id": owner.value}
    known = customer_id or ("0" if isinstance(owner, ExternalId) else None)
    return {"customer_id": known, "bring_back": evolve(owner, node_id=owner.node_id or "node")}
