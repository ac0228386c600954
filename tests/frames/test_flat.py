"""Tables without structs, and back to the same tables."""

from typing import Any

import pyarrow as pa
import pytest
from chub_cases import paths, raised
from chub_frames import HOME, any_events
from chub_strategies import law
from hypothesis import given
from hypothesis import strategies as st

import chub
from chub import frames

values = st.recursive(
    st.none() | st.integers(0, 9),
    lambda inner: st.none() | st.fixed_dictionaries({"a": inner, "b": inner}),
    max_leaves=6,
)


@law
@given(any_events, st.sampled_from(["__", ".", "/"]))
def test_flattening_can_be_undone(found: list[Any], sep: str) -> None:
    table = frames.to_arrow(found)
    flat = frames.flatten(table, sep)
    assert not any(pa.types.is_struct(field.type) for field in flat.schema)
    assert table == frames.unflatten(flat, sep)
    for one in frames.to_arrow(found, by_type=True).values():
        assert one == frames.unflatten(frames.flatten(one, sep), sep)


KIND = pa.struct([("a", pa.int64()), ("b", pa.struct([("a", pa.int64()), ("b", pa.struct([("c", pa.string())]))]))])


def deep(kind: pa.DataType) -> st.SearchStrategy[Any]:
    """What a struct may hold, nothing and empty ones included."""
    if not pa.types.is_struct(kind):
        return st.none() | (st.integers(0, 9) if kind == pa.int64() else st.just("x"))
    return st.none() | st.fixed_dictionaries({field.name: deep(field.type) for field in kind})


@law
@given(st.lists(deep(KIND), max_size=4), st.integers(1, 4))
def test_what_is_absent_and_what_is_empty_stay_apart(rows: list[Any], size: int) -> None:
    table = pa.table({"x": pa.array(rows, KIND), "y": pa.array(range(len(rows)), pa.int64())})
    chunked = pa.Table.from_batches(table.to_batches(max_chunksize=size), table.schema)
    assert table == frames.unflatten(frames.flatten(chunked))


def test_the_columns_bear_the_paths_in_order() -> None:
    names = frames.flatten(frames.to_arrow([HOME])).schema.names
    assert "context_info__client__localization__geo__lat" in names
    assert "completedOrder__amount__local__currency" in names
    assert "completedOrder__products" in names
    assert "__empty" == names[-1]


def test_without_the_column_of_empty_ones_they_count_as_absent() -> None:
    event = chub.event(chub.Searched(), owner=chub.CustomerId("c"), context="WEB", context_info=chub.ContextInfo())
    flat = frames.flatten(frames.to_arrow([event]))
    assert [["context_info", "searched"]] == flat["__empty"].to_pylist()
    assert [None] == frames.unflatten(flat.drop_columns("__empty"))["context_info"].to_pylist()


@pytest.mark.parametrize("sep", ["__", "."])
def test_events_come_of_a_flat_table_whichever_separator_of_theirs_it_has(sep: str) -> None:
    event = chub.event(chub.Searched(), owner=chub.CustomerId("c"), context="WEB", context_info=chub.ContextInfo())
    flat = frames.flatten(frames.to_arrow([event, HOME]), sep)
    assert [event, HOME] == [result.unwrap() for result in frames.events_from(flat)]


def test_batches_and_frames_of_others_are_taken() -> None:
    flat = frames.flatten(frames.to_arrow_batches([HOME]))
    assert flat == frames.flatten(frames.to_arrow([HOME]))
    again = frames.unflatten(frames.to_polars(flat))
    assert ["Home"] == [page["title"] for page in again["viewedPage"].to_pylist()]


def test_a_struct_without_fields_stays() -> None:
    table = pa.table({"x": pa.array([{}, None], pa.struct([]))})
    assert table == frames.unflatten(frames.flatten(table))


@pytest.mark.parametrize(
    ("table", "path"),
    [
        (pa.table({"a__b": [1]}), "a__b"),
        (pa.table({"a": [{"b__c": 1}]}), "a.b__c"),
        (pa.table({"a_": [{"b": 1}]}), "a_.b"),
        (pa.table({"__empty": [1]}), "__empty"),
        (pa.table({"": [{"empty": 1}]}), ".empty"),
        (pa.table([[1], [2]], names=["a", "a"]), "a"),
        (pa.table({"a": pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], names=["b", "b"])}), "a.b"),
    ],
)
def test_names_that_could_not_be_told_apart_are_refused(table: pa.Table, path: str) -> None:
    assert [path] == paths(raised(lambda: frames.flatten(table)))


@pytest.mark.parametrize("names", [["a", "a__b"], ["a__b__c", "a__b"], ["a__b", "a__b"]])
def test_names_that_contradict_each_other_are_refused(names: list[str]) -> None:
    found = paths(raised(lambda: frames.unflatten(pa.table([[1], [2]], names=names))))
    assert found


@pytest.mark.parametrize("sep", ["", 7, None])
def test_a_wrong_sep_is_told(sep: Any) -> None:
    table = pa.table({"a": [1]})
    assert ["sep"] == paths(raised(lambda: frames.flatten(table, sep)))
    assert ["sep"] == paths(raised(lambda: frames.unflatten(table, sep)))
