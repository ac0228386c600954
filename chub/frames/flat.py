"""Tables without structs, and back: a column for each field, its name the path that leads to it."""

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from chub.errors import InvalidValue, shown
from chub.frames.columns import arrow_compute
from chub.frames.layout import arrow
from chub.frames.tables import ArrowStream, to_arrow
from chub.values.schema import Problems, note

if TYPE_CHECKING:
    import pyarrow as pa


def flatten(frame: ArrowStream, sep: str = "__") -> "pa.Table":
    """Give a table with a column for each field of a struct, named by the path to it; lists stay lists.

    It takes whatever gives an Arrow stream.  `unflatten` makes the same table again; for that, one more column
    (`__empty`) lists the structs that are there and hold nothing, as those of events without properties.  Raises
    `InvalidValue` where a name holds `sep`, so that two paths could have one name.

    >>> import pyarrow as pa
    >>> table = pa.table({"amount": [{"total": 5, "local": {"currency": "EUR"}}, None]})
    >>> flatten(table).to_pylist()[0]
    {'amount__total': 5, 'amount__local__currency': 'EUR', '__empty': None}
    >>> unflatten(flatten(table)) == table
    True
    """
    _check_sep(sep)
    table = to_arrow(frame)
    _check_names(table.schema, sep)
    batches = table.to_batches() or [empty_batch(table.schema)]
    return arrow().Table.from_batches([_flat(batch, sep) for batch in batches])


def unflatten(frame: ArrowStream, sep: str = "__") -> "pa.Table":
    """Give the table of which `flatten` made this one; whatever gives an Arrow stream will do.

    A struct is there where one of its fields is, or where the column `__empty` says so; without that column, an empty
    one counts as absent.
    """
    _check_sep(sep)
    table = to_arrow(frame)
    _check_paths([tuple(name.split(sep)) for name in table.schema.names])
    batches = table.to_batches() or [empty_batch(table.schema)]
    return arrow().Table.from_batches([_deep(batch, sep) for batch in batches])


def empty_batch(schema: "pa.Schema") -> "pa.RecordBatch":
    """Give a batch of this schema without rows."""
    pa = arrow()
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)


def _check_sep(sep: object) -> None:
    if not isinstance(sep, str) or not sep:
        raise InvalidValue.of("sep", f"a text of at least one character is needed, not {shown(sep)}")


def _check_names(schema: "pa.Schema", sep: str) -> None:
    """Refuse names whose paths could not be told from the joined ones."""
    problems: Problems = []
    _note_names((), schema, sep, problems)
    InvalidValue.check(problems)


def _note_names(above: tuple[str, ...], fields: "Iterable[pa.Field]", sep: str, problems: Problems) -> None:
    ours = {(): f"{sep}empty", ("",): "empty"}  # the two paths to the name of the column of empty structs
    seen = {ours.get(above)}
    for field in fields:
        path = (*above, field.name)
        if field.name in seen:
            note(problems, ".".join(path), "two columns have this name")
        elif _has_fields(field.type):
            _note_names(path, field.type, sep, problems)
        elif sep.join(path).split(sep) != list(path):
            note(problems, ".".join(path), f"the name holds {sep!r}, which is to part the names; choose another sep")
        seen.add(field.name)


def _has_fields(kind: "pa.DataType") -> bool:
    return bool(arrow().types.is_struct(kind)) and kind.num_fields > 0


def _check_paths(paths: Sequence[tuple[str, ...]]) -> None:
    """Refuse a column that is a struct by the names of others."""
    structs = {path[:length] for path in paths for length in range(1, len(path))}
    problems: Problems = []
    for path in paths:
        if path in structs or paths.count(path) > 1:
            note(problems, ".".join(path), "the columns give this name twice")
    InvalidValue.check(problems)


def _flat(batch: "pa.RecordBatch", sep: str) -> "pa.RecordBatch":
    pa = arrow()
    columns: dict[str, Any] = {}
    empty: list[list[str] | None] = [None] * batch.num_rows
    for name, array in zip(batch.schema.names, batch.columns, strict=True):
        _take_apart(name, array, sep, columns, empty)
    columns[f"{sep}empty"] = pa.array(empty, pa.list_(pa.string()))
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def _take_apart(name: str, array: Any, sep: str, columns: dict[str, Any], empty: list[list[str] | None]) -> Any:
    """Put the leaves of an array into the columns; give the mask of the rows that hold anything."""
    if not _has_fields(array.type):
        columns[name] = array
        return array.is_valid()
    compute = arrow_compute()
    parts = zip(array.type, array.flatten(), strict=True)
    inner = [_take_apart(f"{name}{sep}{field.name}", part, sep, columns, empty) for field, part in parts]
    held = reduce(compute.or_, inner)
    hollow = compute.and_(array.is_valid(), compute.invert(held))
    for row in compute.indices_nonzero(hollow).to_pylist():
        empty[row] = [*(empty[row] or []), name]
    return array.is_valid()


def _deep(batch: "pa.RecordBatch", sep: str) -> "pa.RecordBatch":
    pa = arrow()
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    empty = columns.pop(f"{sep}empty", None)
    listed: list[Any] = [None] * batch.num_rows if empty is None else empty.to_pylist()
    hollow = [set[str](names or ()) for names in listed]
    arrays = _put_together("", [(name.split(sep), array) for name, array in columns.items()], sep, hollow)
    return pa.RecordBatch.from_arrays([array for _, array in arrays], names=[name for name, _ in arrays])


def _put_together(
    prefix: str, columns: Iterable[tuple[Sequence[str], Any]], sep: str, hollow: list[set[str]]
) -> list[tuple[str, Any]]:
    """Give the arrays of the first names of these paths, in their order."""
    groups: dict[str, list[tuple[Sequence[str], Any]]] = {}
    for (head, *rest), array in columns:
        groups.setdefault(head, []).append((rest, array))
    return [(head, _joined(f"{prefix}{head}", inner, sep, hollow)) for head, inner in groups.items()]


def _joined(name: str, columns: list[tuple[Sequence[str], Any]], sep: str, hollow: list[set[str]]) -> Any:
    path, array = columns[0]
    if not path:
        return array
    pa, compute = arrow(), arrow_compute()
    fields = _put_together(f"{name}{sep}", columns, sep, hollow)
    held = reduce(compute.or_, [array.is_valid() for _, array in fields])
    there = compute.or_(held, pa.array([name in names for names in hollow], pa.bool_()))
    arrays, names = [array for _, array in fields], [name for name, _ in fields]
    return pa.StructArray.from_arrays(arrays, names=names, mask=compute.invert(there))
