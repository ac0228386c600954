"""Hypothesis strategies: JSON of every kind, chub's values from their fields' kinds, and what a server may say."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

import chub
from chub.values.base import WireValue
from chub.values.context_info import PARTS_OF_SOME_CONTEXTS
from chub.values.schema import (
    Choice,
    Flag,
    Instant,
    Ipv4,
    Kind,
    Many,
    Nested,
    NotEmpty,
    Number,
    Text,
    field_specs,
    wire_names,
)

law = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
"""Settings of a law: no assertion on speed."""

texts = st.text(st.characters(exclude_categories=()), max_size=12)
"""Any text, lone surrogates included."""
some_texts = st.text(st.characters(exclude_categories=()), min_size=1, max_size=12)
segments = some_texts.filter(lambda text: chub.values.identities.path_id_fault(text) is None)

finite = st.floats(allow_nan=False, allow_infinity=False)
integers = st.integers() | st.integers(-(10**300), 10**300) | st.sampled_from([10**4300 - 1, 1 - 10**4300])
json_scalars = st.none() | st.booleans() | integers | finite | texts
json_values: st.SearchStrategy[Any] = st.recursive(
    json_scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
json_objects = st.dictionaries(texts, json_values, max_size=3)

zones = st.just(UTC) | st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=zones)


def of_kind(kind: Kind) -> st.SearchStrategy[Any]:
    """What a field of this kind takes."""
    match kind:
        case Text(marks=marks) if any(isinstance(mark, Ipv4) for mark in marks):
            return st.ip_addresses(v=4).map(str)
        case Text(marks=marks):
            return some_texts if any(isinstance(mark, NotEmpty) for mark in marks) else texts
        case Number(whole=whole, bounds=bounds):
            low, high = bounds.minimum, bounds.maximum
            ints = st.integers(None if low is None else int(low), None if high is None else int(high))
            return ints if whole else ints | st.floats(low, high, allow_nan=False, allow_infinity=False)
        case Flag():
            return st.booleans()
        case Choice(texts=choices):
            return st.sampled_from(sorted(choices))
        case Instant():
            return instants
        case Many(item=item):
            return st.lists(of_kind(item), max_size=2)
        case Nested(cls=cls):
            return wire_values(cls)
        case _:
            return json_objects


def wire_values(cls: type[WireValue]) -> st.SearchStrategy[Any]:
    """Values of a class, with any of its fields set and keys of the sender's own."""
    listed = wire_names(cls)
    unlisted = json_objects.map(lambda found: {key: value for key, value in found.items() if key not in listed})
    fields = {
        spec.name: of_kind(spec.kind) if spec.required else st.none() | of_kind(spec.kind) for spec in field_specs(cls)
    }
    return st.deferred(lambda: st.builds(cls, unlisted=unlisted, **fields))


KNOWN = (chub.ServiceSubscribed, chub.ViewedPage, chub.CompletedOrder)
customs = st.builds(chub.Custom, st.just("sawUnicorn") | some_texts.map("my {}".format), json_objects)
properties = st.one_of(*map(wire_values, KNOWN), customs)
nodes = st.none() | some_texts
owners = st.one_of(
    st.builds(chub.CustomerId, segments),
    st.builds(chub.SessionId, some_texts, node_id=nodes),
    st.builds(chub.ExternalId, some_texts, node_id=nodes),
)


@st.composite
def circumstances(draw: st.DrawFn) -> dict[str, Any]:
    """A context with information that goes with it."""
    context = draw(st.sampled_from(chub.Context))
    given = {
        spec.name: draw(st.none() | of_kind(spec.kind))
        for spec in field_specs(chub.ContextInfo)
        if context in PARTS_OF_SOME_CONTEXTS.get(spec.name, [context])
    }
    return {"context": context, "context_info": draw(st.none() | st.just(chub.ContextInfo(**given)))}


@st.composite
def events(draw: st.DrawFn) -> chub.Event:
    """Any event that can be sent."""
    return chub.event(
        draw(properties),
        owner=draw(owners),
        date=draw(st.none() | instants),
        mode=draw(st.none() | st.sampled_from(chub.Mode)),
        tracking=draw(st.none() | wire_values(chub.Tracking)),
        **draw(circumstances()),
    )


def damaged(whole: Any) -> st.SearchStrategy[Any]:
    """The same JSON, with something else put, or added, somewhere in it."""
    if isinstance(whole, dict):
        somewhere = [
            damaged(value).map(lambda found, key=key: whole | {key: found})  # type: ignore[misc]
            for key, value in whole.items()
        ]
        return st.one_of(json_values, json_objects.map(lambda more: whole | more), *somewhere)
    if isinstance(whole, list) and whole:
        return json_values | damaged(whole[0]).map(lambda found: [found, *whole[1:]])
    return json_values


def maybe_damaged(good: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What a schema allows, or something near it."""
    return good | good.flatmap(damaged)


dates = instants.map(lambda date: date.isoformat()) | st.sampled_from(
    [
        "2017-03-08T10:18:17.000+0000",
        "2017-03-08T10:18:17.12Z",
        "0001-01-01T00:00:00.000+0000",
        "0001-01-01T00:00:00+01:00",
        "2017-03-08T10:18:17",
        "2017-03-08",
        "yesterday",
        "",
    ]
)
bring_backs = st.fixed_dictionaries(
    {"type": st.sampled_from(["SESSION_ID", "EXTERNAL_ID", "externalId", "OTHER"]), "value": texts},
    optional={"nodeId": st.none() | texts, "more": json_values},
)


@st.composite
def recorded_json(draw: st.DrawFn) -> dict[str, Any]:
    """What a server may say of an event: right, nearly right, or anything under the keys that have a meaning."""
    kind = draw(st.sampled_from(KNOWN))
    payload = maybe_damaged(wire_values(kind).map(chub.encode))
    good = {
        "id": texts,
        "type": st.just(kind.TYPE) | texts,
        "context": st.sampled_from(["WEB", "RETAIL", "MOON", ""]),
        "customerId": texts,
        "bringBackProperties": maybe_damaged(bring_backs),
        "date": dates,
        "mode": st.sampled_from(["ACTIVE", "PASSIVE", "ASLEEP", ""]),
        "contextInfo": maybe_damaged(wire_values(chub.ContextInfo).map(chub.encode)),
        "tracking": maybe_damaged(st.fixed_dictionaries({"ga": wire_values(chub.Tracking).map(chub.encode)})),
        "registeredAt": dates,
        "updatedAt": dates,
        "properties": payload,
        "unlisted": json_values,
    }
    known = draw(st.fixed_dictionaries({}, optional={key: value | json_values for key, value in good.items()}))
    return draw(json_objects) | known
