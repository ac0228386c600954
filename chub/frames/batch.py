"""One record batch from some events: the common columns, the properties by type, and the JSON of all the rest."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Any

from attrs import frozen

from chub.frames.columns import Column, columns_of, instants, json_texts, sound, spread, struct, structs, texts
from chub.frames.layout import arrow, known_class, type_schema, wide_schema
from chub.frames.tally import Place, Rest, Tally
from chub.values.catalogue import Custom, event_types, properties_class
from chub.values.context_info import ContextInfo, Tracking
from chub.values.enums import Context, Mode
from chub.values.events import Event, RecordedEvent
from chub.values.frozen_dict import thaw
from chub.values.identities import CustomerId, ExternalId, SessionId
from chub.wire.events import encode_properties
from chub.wire.recorded_events import encode_recorded_event

if TYPE_CHECKING:
    import pyarrow as pa

AnyEvent = Event | RecordedEvent

Maker = Callable[[Sequence[AnyEvent]], tuple["pa.RecordBatch", Tally]]
"""Makes a batch of events, and says what was counted."""

_FIELDS = (
    *("id", "context", "mode", "customer_id", "bring_back", "date", "registered_at", "updated_at"),
    *("context_info", "tracking", "properties", "unlisted"),
)
_columns_of_recorded = columns_of(_FIELDS)


@frozen(slots=True)
class _Row:
    """An event that is to be sent, with the fields of a recorded one: it has no id, and nothing beside its fields."""

    context: Any
    mode: Any
    customer_id: str | None
    bring_back: Any
    date: Any
    context_info: Any
    tracking: Any
    properties: Any
    id = registered_at = updated_at = unlisted = None


def _row(event: AnyEvent) -> Any:
    if isinstance(event, RecordedEvent):
        return event
    owner = event.owner
    customer, bring_back = (owner.value, None) if isinstance(owner, CustomerId) else (None, owner)
    circumstances = (event.context_info, event.tracking, event.properties)
    return _Row(event.context, event.mode, customer, bring_back, event.date, *circumstances)


def _columns(events: Sequence[AnyEvent]) -> Sequence[Column]:
    recorded = {RecordedEvent}.issuperset(map(type, events))
    return _columns_of_recorded(events if recorded else [_row(event) for event in events])


def wide_maker(names: tuple[str, ...]) -> Maker:
    """Give what makes batches of mixed events, with a struct column for each of these types."""
    schema = wide_schema(names)
    classes = [known_class(name) for name in names]
    null_columns: dict[int, list[pa.Array]] = {}

    def absent(count: int) -> "list[pa.Array]":
        """The columns of types that don't occur, made once: the batches of a stream are nearly all of one size."""
        if count not in null_columns:
            null_columns.clear()
            null_columns[count] = [arrow().nulls(count, schema.field(name).type) for name in names]
        return null_columns[count]

    def make(events: Sequence[AnyEvent]) -> "tuple[pa.RecordBatch, Tally]":
        rest, columns = Rest(), _columns(events)
        common = _common(columns, rest)
        groups = _by_class(columns[10])
        structs = [
            _properties(cls, columns[10], groups[cls], rest) if cls in groups else nothing
            for cls, nothing in zip(classes, absent(len(events)), strict=True)
        ]
        payload = _payload(events, {row for cls in classes for row in groups.get(cls, ())}, rest)
        arrays = [*common, *structs, payload, _rest_column(events, columns[11], rest)]
        return arrow().RecordBatch.from_arrays(arrays, schema=schema), rest.tally(len(events))

    return make


def type_maker(name: str) -> Maker:
    """Give what makes batches of the events of one type, with a column for each of its fields."""
    schema, cls = type_schema(name), properties_class(name)

    def make(events: Sequence[AnyEvent]) -> "tuple[pa.RecordBatch, Tally]":
        rest, columns = Rest(), _columns(events)
        arrays, own = _common(columns, rest), set[int]()
        if cls is not None:
            rows = _by_class(columns[10]).get(cls, [])
            arrays += _properties(cls, columns[10], rows, rest).flatten()
            own = set(rows)
        arrays += [_payload(events, own, rest), _rest_column(events, columns[11], rest)]
        return arrow().RecordBatch.from_arrays(arrays, schema=schema), rest.tally(len(events))

    return make


def _common(columns: Sequence[Column], rest: Rest) -> "list[pa.Array]":
    ids, contexts, modes, customers, owners, dates, registered, updated, infos, trackings, *_ = columns
    return [
        texts(ids, rest),
        _members("type", [value.type if value.__class__ is Custom else value.TYPE for value in columns[10]], rest),
        _members("context", contexts, rest),
        _members("mode", modes, rest),
        texts(customers, rest),
        *_owners(owners, rest),
        *map(instants, (dates, registered, updated)),
        _circumstance(ContextInfo, infos, rest, "contextInfo"),
        _circumstance(Tracking, trackings, rest, "tracking", "ga"),
    ]


_MEMBERS: Mapping[str, Callable[[], Sequence[str]]] = {
    "type": event_types,
    "context": lambda: tuple(Context),
    "mode": lambda: tuple(Mode),
}


@cache
def _dictionary(name: str) -> "tuple[pa.Array, dict[str | None, int | None]]":
    """Give the known members of a column, and the place of each; nothing is at none."""
    known = _MEMBERS[name]()
    places: dict[str | None, int | None] = {str.__str__(text): index for index, text in enumerate(known)}
    return arrow().array(known, arrow().string()), places | {None: None, "": None}


def _members(name: str, column: Column, rest: Rest) -> "pa.DictionaryArray":
    """Give a dictionary array: the known members come first in every batch, those that are unknown follow."""
    pa = arrow()
    dictionary, places = _dictionary(name)
    try:
        indices = [places[text] for text in column]
    except KeyError:
        unknown = {text: sound(text, rest) for text in dict.fromkeys(column) if text not in places}
        further = tuple(dict.fromkeys(unknown.values()))
        indices_of = {text: index for index, text in enumerate(further, len(dictionary))}
        places = places | {text: indices_of[plain] for text, plain in unknown.items()}
        indices = [places[text] for text in column]
        dictionary = pa.concat_arrays([dictionary, pa.array(further, pa.string())])
    return pa.DictionaryArray.from_arrays(pa.array(indices, pa.int32()), dictionary)


def _owners(column: Column, rest: Rest) -> "list[pa.Array]":
    """Give the columns session_id, external_id and node_id."""
    kinds = set(map(type, column))
    if not _OWNERS.issuperset(kinds):
        for row, owner in enumerate(column):
            if owner.__class__ not in _OWNERS:
                rest.keep_misfit(row, "bringBackProperties", owner)
        column = [owner if owner.__class__ in _OWNERS else None for owner in column]
    if any(owner is not None and owner.unlisted for owner in column):
        for row, owner in enumerate(column):
            rest.keep_unlisted(_at("bringBackProperties"), row, owner.unlisted if owner else {})
    return [
        *(_values_of(kind, column, kind in kinds, rest) for kind in (SessionId, ExternalId)),
        texts([None if owner is None else owner.node_id for owner in column], rest),
    ]


_OWNERS = frozenset({SessionId, ExternalId, NoneType})


def _values_of(kind: type[Any], column: Column, occurs: bool, rest: Rest) -> "pa.Array":
    values = [owner.value if owner.__class__ is kind else None for owner in column] if occurs else [None] * len(column)
    return texts(values, rest)


def _at(*path: str) -> Place:
    return lambda row: (row, path)


def _circumstance(cls: type[Any], column: Column, rest: Rest, *path: str) -> "pa.Array":
    """Give the struct column of a class; where another object stands in its place, that goes into the rest."""
    if not {cls, NoneType}.issuperset(map(type, column)):
        for row, value in enumerate(column):
            if value is not None and value.__class__ is not cls:
                rest.keep_misfit(row, path[0], value)
        column = [value if value.__class__ is cls else None for value in column]
    return structs(cls, column, rest, lambda row: (row, path))


def _by_class(properties: Column) -> dict[type[Any], list[int]]:
    groups = defaultdict[type[Any], list[int]](list)
    for row, value in enumerate(properties):
        groups[value.__class__].append(row)
    return groups


def _properties(cls: type[Any], column: Column, rows: list[int], rest: Rest) -> "pa.Array":
    values = [column[row] for row in rows]
    return spread(struct(cls, values, rest, lambda index: (rows[index], ("properties",))), rows, len(column))


def _payload(events: Sequence[AnyEvent], own: set[int], rest: Rest) -> "pa.Array":
    """Give the JSON of the properties that have no columns of their own."""
    if len(own) == len(events):
        return arrow().nulls(len(events), arrow().string())
    column: list[Any] = [None] * len(events)
    for row, event in enumerate(events):
        if row not in own:
            column[row] = _free_payload(event)
            rest.misfits += event.properties.__class__ is Custom and properties_class(event.type) is not None
    return json_texts(column)


def _free_payload(event: AnyEvent) -> Any:
    properties = event.properties
    free = properties.properties if isinstance(properties, Custom) else encode_properties(properties)
    stands_elsewhere = not free and "properties" in getattr(event, "unlisted", ())
    return None if stands_elsewhere else free


def _rest_column(events: Sequence[AnyEvent], unlisted: Column, rest: Rest) -> "pa.Array":
    """Give the JSON of what has no column, after all columns are made."""
    if any(unlisted):
        for row, keys in enumerate(unlisted):
            if keys:
                _keep_row(events[row], row, keys, rest)
    pa = arrow()
    return pa.array(rest.column(len(events)), pa.string())


def _keep_row(event: Any, row: int, keys: Mapping[str, Any], rest: Rest) -> None:
    """Keep an event's unlisted keys, but those whose field has been filled since; they give way on the wire as well."""
    encoded = encode_recorded_event(event)
    rest.keep_unlisted(_at(), row, {key: value for key, value in keys.items() if encoded[key] == thaw(value)})
