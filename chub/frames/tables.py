"""Whole tables of events: Arrow's, and from them pandas' and polars', with types that depend on no data."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast, overload

from chub.errors import InvalidValue
from chub.frames.batch import AnyEvent, Maker, type_maker
from chub.frames.batches import BATCH_SIZE, Batches, Results, check_events, events_of, to_arrow_batches
from chub.frames.extras import needed
from chub.frames.failures import Failures, check_failures
from chub.frames.layout import EventTypeName, arrow, check_no_types

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa


class ArrowStream(Protocol):
    """What gives its data as an Arrow stream: tables, readers, frames of pandas and polars, `Batches`."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


Types = Iterable[EventTypeName] | EventTypeName | None


@overload
def to_arrow(
    results: Results | ArrowStream,
    *,
    types: Types = None,
    by_type: EventTypeName | None = None,
    failures: Failures = ...,
) -> "pa.Table": ...
@overload
def to_arrow(results: Results, *, by_type: Literal[True], failures: Failures = ...) -> "dict[str, pa.Table]": ...
def to_arrow(
    results: Results | ArrowStream,
    *,
    types: Types = None,
    by_type: EventTypeName | Literal[True] | None = None,
    failures: Failures = "raise",
) -> "pa.Table | dict[str, pa.Table]":
    """Give events as an Arrow table, with the columns that `to_arrow_batches` tells of; all at once in memory.

    With `by_type=True` it is a dict of tables, one for each type that occurs, with the type's fields as columns; with
    `by_type=chub.ViewedPage` that one.  In place of events it takes `Batches` too, or whatever gives an Arrow stream.

    `events_from` makes the same events of the table again, and of the frames of pandas and polars; all that is lost are
    lone surrogates in texts.

    >>> from chub.values.catalogue.web import ViewedPage
    >>> from chub.values.events import event
    >>> from chub.values.identities import CustomerId
    >>> visits = [event(ViewedPage(title="Home"), owner=CustomerId("c"), context="WEB")]
    >>> to_arrow(visits, by_type=True)["viewedPage"].select(["customer_id", "title"]).to_pylist()
    [{'customer_id': 'c', 'title': 'Home'}]
    """
    if hasattr(results, "__arrow_c_stream__"):
        _check_alone(types, by_type, failures)
        return _table(results) if isinstance(results, Batches) else arrow().table(results)
    if by_type is True:
        check_no_types(types)
        return _tables(cast(Any, results), failures)
    return _table(to_arrow_batches(cast(Any, results), types=types, by_type=by_type, failures=failures))


def _check_alone(types: object, by_type: object, failures: object) -> None:
    if types is not None or by_type is not None or failures != "raise":
        message = "an Arrow stream is what it is; types, by_type and failures go with events"
        raise InvalidValue.of("results", message)


def _table(batches: Batches) -> "pa.Table":
    found = list(batches)
    return _joined(found or [batches.empty()])


def _joined(batches: "list[pa.RecordBatch]") -> "pa.Table":
    """Join batches, at least one; all chunks of a column get one dictionary, as polars and pandas like it."""
    return arrow().Table.from_batches(batches).unify_dictionaries()


def _tables(results: Results, failures: Failures) -> "dict[str, pa.Table]":
    check_failures(failures)
    makers: dict[str, Maker] = {}
    batches = defaultdict[str, list[Any]](list)
    for name, events in _runs_of_a_type(events_of(results, failures)):
        make = makers[name] = makers.get(name) or type_maker(name)
        batches[name].append(make(events)[0])
    return {name: _joined(found) for name, found in sorted(batches.items())}


def _runs_of_a_type(events: Iterator[AnyEvent]) -> Iterator[tuple[str, list[AnyEvent]]]:
    before = 0
    while some := list(islice(events, BATCH_SIZE)):
        check_events(some, before)
        before += len(some)
        groups = defaultdict[str, list[AnyEvent]](list)
        for event in some:
            groups[event.type].append(event)
        yield from groups.items()


@overload
def to_pandas(
    results: Results | ArrowStream,
    *,
    types: Types = None,
    by_type: EventTypeName | None = None,
    failures: Failures = ...,
) -> "pd.DataFrame": ...
@overload
def to_pandas(results: Results, *, by_type: Literal[True], failures: Failures = ...) -> "dict[str, pd.DataFrame]": ...
def to_pandas(
    results: Results | ArrowStream,
    *,
    types: Types = None,
    by_type: EventTypeName | Literal[True] | None = None,
    failures: Failures = "raise",
) -> "pd.DataFrame | dict[str, pd.DataFrame]":
    """Give events as a DataFrame of pandas; what it takes is what `to_arrow` takes.

    Instants are `datetime64[ms, UTC]`; type, context and mode are categories, of which the known ones are always there;
    texts are `string`, whole numbers `Int64`, booleans `boolean`.  Structs and lists stay Arrow's
    (`df["viewedPage"].struct.field("title")`); `flatten` makes columns of them.

    >>> from chub.values.catalogue.web import ViewedPage
    >>> from chub.values.events import event
    >>> from chub.values.identities import CustomerId
    >>> visits = [event(ViewedPage(title="Home"), owner=CustomerId("c"), context="WEB")]
    >>> to_pandas(visits, by_type=ViewedPage)[["context", "title"]].values.tolist()
    [['WEB', 'Home']]
    """
    pandas = needed("pandas", extra="pandas", purpose="a DataFrame")
    pa = arrow()
    made: dict[Any, Any] = {
        pa.string(): pandas.StringDtype(),
        pa.bool_(): pandas.BooleanDtype(),
        pa.int64(): pandas.Int64Dtype(),
    }

    def dtype(kind: Any) -> Any:
        return pandas.ArrowDtype(kind) if pa.types.is_nested(kind) else made.get(kind)

    found = _any_table(results, types=types, by_type=by_type, failures=failures)
    return _each(found, lambda table: table.to_pandas(types_mapper=dtype))


@overload
def to_polars(
    results: Results | ArrowStream,
    *,
    types: Types = None,
    by_type: EventTypeName | None = None,
    failures: Failures = ...,
) -> "pl.DataFrame": ...
@overload
def to_polars(results: Results, *, by_type: Literal[True], failures: Failures = ...) -> "dict[str, pl.DataFrame]": ...
def to_polars(
    results: Results | ArrowStream,
    *,
    types: Types = None,
    by_type: EventTypeName | Literal[True] | None = None,
    failures: Failures = "raise",
) -> "pl.DataFrame | dict[str, pl.DataFrame]":
    """Give events as a DataFrame of polars; what it takes is what `to_arrow` takes.

    Instants are `Datetime("ms", "UTC")`, type, context and mode `Categorical`, the rest what it is in Arrow.

    >>> from chub.values.catalogue.web import ViewedPage
    >>> from chub.values.events import event
    >>> from chub.values.identities import CustomerId
    >>> visits = [event(ViewedPage(title="Home"), owner=CustomerId("c"), context="WEB")]
    >>> to_polars(visits, by_type=ViewedPage).select("context", "title").rows()
    [('WEB', 'Home')]
    """
    polars = needed("polars", extra="polars", purpose="a DataFrame")
    made: pl.DataFrame | dict[str, pl.DataFrame] = _each(
        _any_table(results, types=types, by_type=by_type, failures=failures), polars.from_arrow
    )
    return made


_any_table: Callable[..., Any] = to_arrow


def _each(tables: Any, convert: Callable[[Any], Any]) -> Any:
    """Convert a table, or each of many."""
    return {name: convert(table) for name, table in tables.items()} if isinstance(tables, dict) else convert(tables)
