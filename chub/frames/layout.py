"""The Arrow schema of events, derived from chub's classes and never from data: what each column is called and holds.

Common columns come first, then one struct column for the properties of each event type, named as the type; then two
columns of JSON text: `properties` for payloads that have no such struct, `unlisted` for what has no column at all.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from chub.errors import InvalidValue, shown
from chub.frames.extras import needed
from chub.values.catalogue import EventProperties, event_types, properties_class
from chub.values.catalogue.properties import event_type_of
from chub.values.context_info import ContextInfo, Tracking
from chub.values.schema import (
    Flag,
    Instant,
    Kind,
    Many,
    Nested,
    Number,
    Problems,
    field_specs,
    note,
)

if TYPE_CHECKING:
    import pyarrow as pa

EventTypeName = type[EventProperties] | str
"""An event type, by its class or its name."""

PAYLOAD = "properties"
"""The column of payloads without a struct of their own, as JSON: of types that chub doesn't know, and misfits."""

REST = "unlisted"
"""The column of everything that has no column, as JSON in the hub's form; an item of a list goes by its index there."""


def arrow() -> Any:
    """Give the module pyarrow; raises `ModuleNotFoundError` that says what to install."""
    return needed("pyarrow", extra="arrow", purpose="a frame")


@cache
def of_kind(kind: Kind) -> "pa.DataType":
    """Give the Arrow type of the values of a kind."""
    pa = arrow()
    match kind:
        case Number(whole=whole):
            return pa.int64() if whole else pa.float64()
        case Flag():
            return pa.bool_()
        case Instant():
            return instant()
        case Nested(cls=cls):
            return struct_of(cls)
        case Many(item=item):
            return pa.list_(of_kind(item))
        case _:
            return pa.string()


def instant() -> "pa.DataType":
    """Give the type of instants: UTC, in milliseconds."""
    return arrow().timestamp("ms", "UTC")


def member() -> "pa.DataType":
    """Give the type of texts of a known set, which is open."""
    pa = arrow()
    return pa.dictionary(pa.int32(), pa.string())


def _struct_of(cls: Any) -> Any:
    return arrow().struct([(spec.name, of_kind(spec.kind)) for spec in field_specs(cls)])


struct_of: Callable[[type[Any]], "pa.StructType"] = cache(_struct_of)  # type: ignore[assignment]
"""Give the struct of a class with wire keys: a field for each of its own, by the same names."""


def common_fields() -> list[tuple[str, "pa.DataType"]]:
    """Give the columns that every table begins with."""
    text = arrow().string()
    return [
        ("id", text),
        ("type", member()),
        ("context", member()),
        ("mode", member()),
        ("customer_id", text),
        ("session_id", text),
        ("external_id", text),
        ("node_id", text),
        ("date", instant()),
        ("registered_at", instant()),
        ("updated_at", instant()),
        ("context_info", struct_of(ContextInfo)),
        ("tracking", struct_of(Tracking)),
    ]


COMMON = (
    *("id", "type", "context", "mode", "customer_id", "session_id", "external_id", "node_id"),
    *("date", "registered_at", "updated_at", "context_info", "tracking"),
)
"""The names of the common columns."""


def json_fields() -> list[tuple[str, "pa.DataType"]]:
    """Give the columns of JSON that every table ends with."""
    text = arrow().string()
    return [(PAYLOAD, text), (REST, text)]


def wide_schema(names: tuple[str, ...]) -> "pa.Schema":
    """Give the schema of mixed events, with a struct column for each of these known types."""
    structs = [(name, struct_of(known_class(name))) for name in names]
    return arrow().schema(common_fields() + structs + json_fields())


def type_schema(name: str) -> "pa.Schema":
    """Give the schema of the events of one type, with its fields as columns; a type that chub doesn't know has none."""
    cls = properties_class(name)
    own = [] if cls is None else [(own_column(spec.name), of_kind(spec.kind)) for spec in field_specs(cls)]
    return arrow().schema(common_fields() + own + json_fields())


def own_column(name: str) -> str:
    """Name the column of a field, in the table of its type alone: as the field, unless a common column has the name.

    >>> own_column("title"), own_column("id")
    ('title', 'properties_id')
    """
    return f"{PAYLOAD}_{name}" if name in COMMON else name


def known_class(name: str) -> type[EventProperties]:
    """Give the class of a type that chub is known to know."""
    found = properties_class(name)
    assert found is not None
    return found


def type_names(types: Iterable[EventTypeName] | EventTypeName | None) -> tuple[str, ...]:
    """Give the names of the types that are to have a column, all known ones for None; raises `InvalidValue`."""
    if types is None:
        return event_types()
    given = (types,) if isinstance(types, str | type) or not isinstance(types, Iterable) else tuple(types)
    problems: Problems = []
    names = [type_of(item, f"types[{index}]", problems) for index, item in enumerate(given)]
    for index, name in enumerate(names):
        if name and properties_class(name) is None:
            note(problems, f"types[{index}]", f"chub has no class for {shown(name)}; such events stand in {PAYLOAD!r}")
    InvalidValue.check(problems)
    return tuple(dict.fromkeys(names))


def type_of(given: object, path: str, problems: Problems) -> str:
    """Give the name of an event type, or note that this is none."""
    if isinstance(given, type) and issubclass(given, EventProperties) and given.TYPE:
        return event_type_of(given)
    if isinstance(given, str) and given:
        return str.__str__(given)
    note(problems, path, f"an event type is needed, a class of chub's or a str, not {shown(given)}")
    return ""


def check_no_types(types: object) -> None:
    """Raise `InvalidValue` where `types` is given beside `by_type`."""
    if types is not None:
        raise InvalidValue.of("types", "it goes without by_type, which gives a table of one type")
