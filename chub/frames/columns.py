"""Arrow arrays from values, column by column: no value becomes a dict on the way, and no type is guessed.

A builder is made once for each kind of field.  It takes the column as a sequence, with None where there is nothing, and
first lets Arrow have all of it; only where Arrow refuses is it looked at value by value.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

from chub.frames.extras import needed
from chub.frames.layout import arrow, instant, of_kind, struct_of
from chub.frames.tally import Place, Rest
from chub.values.schema import Choice, Flag, Free, Instant, Kind, Many, Nested, Number, Text, field_specs
from chub.wire.jsontext import dumps

if TYPE_CHECKING:
    import pyarrow as pa

Column = Sequence[Any]
Builder = Callable[[Column, Rest, Place, str], "pa.Array"]
"""Makes an array of a column; what can't be held is kept in the rest, at its place under the wire's name."""

_SURROGATES = re.compile(r"[\ud800-\udfff]")


@cache
def builder_of(kind: Kind) -> Builder:
    """Give the builder of a kind of field."""
    match kind:
        case Text() | Choice():
            return _texts
        case Number():
            return _whole_numbers if kind.whole else _numbers
        case Flag():
            return lambda column, *_: arrow().array(column, arrow().bool_())
        case Instant():
            return lambda column, *_: instants(column)
        case Free():
            return lambda column, *_: json_texts(column)
        case Nested(cls=cls):
            return _nested(cls)
        case Many(item=Text()):
            return _lists_of_texts
        case _:
            return _lists(kind.item)


def texts(column: Column, rest: Rest) -> "pa.Array":
    """Give an array of texts, lone surrogates replaced."""
    pa = arrow()
    try:
        return pa.array(column, pa.string())
    except UnicodeEncodeError:
        return pa.array([sound(text, rest) for text in column], pa.string())


def _texts(column: Column, rest: Rest, *_: object) -> "pa.Array":
    return texts(column, rest)


def sound(text: str | None, rest: Rest) -> str | None:
    """Give a text that UTF-8 can hold."""
    if text is None or text.isascii():
        return text
    sound, found = _SURROGATES.subn("\ufffd", text)
    rest.replaced += found > 0
    return sound


def instants(column: Column) -> "pa.Array":
    """Give an array of instants.

    By way of seconds, which doubles hold to better than a millisecond within the years 1 to 9999: Arrow asks each
    datetime for its zone, which takes twenty times as long.
    """
    if is_empty(column):
        return arrow().nulls(len(column), instant())
    try:
        seconds: Column = list(map(datetime.timestamp, column))
    except TypeError:
        seconds = [None if value is None else value.timestamp() for value in column]
    pa, compute = arrow(), arrow_compute()
    milliseconds = compute.round(compute.multiply(pa.array(seconds, pa.float64()), 1000.0))
    return milliseconds.cast(pa.int64()).cast(instant())


def is_empty(column: Column) -> bool:
    """Say whether nothing is in a column, without looking at all of one that holds something at its ends."""
    if not column or column[0] is not None or column[-1] is not None:
        return not column
    return column.count(None) == len(column)


@cache
def arrow_compute() -> Any:
    """Give the module of Arrow's functions."""
    return needed("pyarrow.compute", extra="arrow", purpose="a frame")


def json_texts(column: Column) -> "pa.Array":
    """Give an array of JSON; lone surrogates are escaped there, so that none is lost."""
    pa = arrow()
    return pa.array([None if value is None else dumps(value) for value in column], pa.string())


def _whole_numbers(column: Column, rest: Rest, place: Place, key: str) -> "pa.Array":
    pa = arrow()
    try:
        return pa.array(column, pa.int64())
    except OverflowError:
        held = _held(column, lambda value: -(2**63) <= value < 2**63, rest, place, key)
        return pa.array(held, pa.int64())


def _numbers(column: Column, rest: Rest, place: Place, key: str) -> "pa.Array":
    pa = arrow()
    try:
        return pa.array(column, pa.float64())
    except pa.ArrowInvalid:
        held = _held(column, _is_float, rest, place, key)
        return pa.array([None if value is None else float(value) for value in held], pa.float64())


def _is_float(value: float) -> bool:
    try:
        return float(value) == value
    except OverflowError:
        return False


def _held(column: Column, fits: Callable[[Any], bool], rest: Rest, place: Place, key: str) -> list[Any]:
    """Give the column without what doesn't fit, which is kept elsewhere."""
    held: list[Any] = []
    for index, value in enumerate(column):
        fit = value is None or fits(value)
        held.append(value if fit else None)
        if not fit:
            rest.keep_unheld(place, index, key, value)
    return held


def struct(cls: type[Any], values: Sequence[Any], rest: Rest, place: Place) -> "pa.StructArray":
    """Give the struct array of values of a class, none of them None."""
    if not values:
        return arrow().nulls(0, struct_of(cls))
    arrays = fields(cls, values, rest, place)
    return arrow().StructArray.from_arrays(arrays, fields=list(struct_of(cls)))


def fields(cls: type[Any], values: Sequence[Any], rest: Rest, place: Place) -> list["pa.Array"]:
    """Give the arrays of the fields of values of a class; what they have besides goes into the rest."""
    columns, builders = _plan(cls)
    *parts, unlisted = columns(values)
    if any(unlisted):
        for index, keys in enumerate(unlisted):
            rest.keep_unlisted(place, index, keys)
    nulls = arrow().nulls
    return [
        nulls(len(column), kind) if is_empty(column) else build(column, rest, place, key)
        for (build, key, kind), column in zip(builders, parts, strict=True)
    ]


Plan = tuple[Callable[[Sequence[Any]], Sequence[Column]], tuple[tuple[Builder, str, Any], ...]]
"""What gives the columns of values, `unlisted` last; what builds the array of each, its wire name and Arrow type."""


def _plan_of(cls: Any) -> Plan:
    specs = field_specs(cls)
    builders = tuple((builder_of(spec.kind), spec.wire_name, of_kind(spec.kind)) for spec in specs)
    return columns_of((*(spec.name for spec in specs), "unlisted")), builders


_plan: Callable[[type[Any]], Plan] = cache(_plan_of)  # type: ignore[assignment]


def columns_of(names: Iterable[str]) -> Callable[[Sequence[Any]], Sequence[Column]]:
    """Give the function that takes these attributes of many values, a list for each; compiled for each class.

    Python's interpreter adapts the code to the one class that it meets, which takes a third of what `attrgetter` and
    `zip` take.

    >>> columns_of(["real", "imag"])([1, 2j])
    ([1, 0.0], [0, 2.0])
    """
    lists = "".join(f"[value.{name} for value in values], " for name in names)
    namespace: dict[str, Any] = {}
    exec(f"def columns(values): return ({lists})", namespace)  # noqa: S102 - names of attributes of our own classes
    made: Callable[[Sequence[Any]], Sequence[Column]] = namespace["columns"]
    return made


def _nested(cls: type[Any]) -> Builder:
    def nested(column: Column, rest: Rest, place: Place, key: str) -> "pa.Array":
        def inside(index: int) -> tuple[int, tuple[str, ...]]:
            row, path = place(index)
            return row, (*path, key)

        return structs(cls, column, rest, inside)

    return nested


def structs(cls: type[Any], column: Column, rest: Rest, place: Place) -> "pa.StructArray":
    """Give the struct array of a column with values of a class, or None."""
    if all(column):  # a value of a class is true
        return struct(cls, column, rest, place)
    rows = [row for row, value in enumerate(column) if value is not None]
    dense = struct(cls, [column[row] for row in rows], rest, lambda index: place(rows[index]))
    return spread(dense, rows, len(column))


def spread(dense: "pa.Array", positions: Sequence[int], count: int) -> "pa.Array":
    """Put the items of an array at these positions among so many; elsewhere there is nothing."""
    if len(positions) == count:
        return dense
    pa = arrow()
    if not positions:
        return pa.nulls(count, dense.type)
    indices: list[int | None] = [None] * count
    for index, position in enumerate(positions):
        indices[position] = index
    taken = pa.array(indices, pa.int32())
    return _spread_struct(dense, taken) if pa.types.is_struct(dense.type) else dense.take(taken)


def _spread_struct(dense: "pa.StructArray", taken: "pa.Array") -> "pa.StructArray":
    """Spread the fields one by one: of those that hold nothing, which are most, nothing has to be copied."""
    pa, kind = arrow(), dense.type
    fields = [dense.field(index) for index in range(kind.num_fields)]
    spread_fields = [
        pa.nulls(len(taken), field.type) if field.null_count == len(field) else field.take(taken) for field in fields
    ]
    return pa.StructArray.from_arrays(spread_fields, fields=list(kind), mask=taken.is_null())


def _lists_of_texts(column: Column, rest: Rest, *_: object) -> "pa.Array":
    pa = arrow()
    kind = pa.list_(pa.string())
    try:
        return pa.array(column, kind)
    except UnicodeEncodeError:
        return pa.array([items and [sound(item, rest) for item in items] for items in column], kind)


def _lists(item: Kind) -> Builder:
    build = _items_of(item)

    def lists(column: Column, rest: Rest, place: Place, key: str) -> "pa.Array":
        starts = list(accumulate((len(items) if items else 0 for items in column), initial=0))

        def inside(index: int) -> tuple[int, tuple[str, ...]]:
            at = bisect_right(starts, index) - 1
            row, path = place(at)
            return row, (*path, key, str(index - starts[at]))

        values = build(list(chain.from_iterable(filter(None, column))), rest, inside)
        return list_array(starts, values, [items is None for items in column])

    return lists


def _items_of(kind: Kind) -> Callable[[list[Any], Rest, Place], "pa.Array"]:
    assert isinstance(kind, Nested), "the catalogue's lists hold texts or values of a class"
    return lambda values, rest, place: struct(kind.cls, values, rest, place)


def list_array(starts: Sequence[int], values: "pa.Array", absent: Iterable[bool]) -> "pa.ListArray":
    """Give the list array whose items begin at these places, and end at the next."""
    pa = arrow()
    offsets = pa.array(starts, pa.int32())
    return pa.ListArray.from_arrays(offsets, values, mask=pa.array(absent, pa.bool_()))
