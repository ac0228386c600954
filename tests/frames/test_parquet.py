"""Parquet files: what is written comes back as it was, in memory that does not grow."""

import io
from itertools import repeat
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from chub_cases import paths, raised
from chub_frames import HOME, SEARCH, UNICORN, any_events, on_the_wire, recorded
from chub_memory import MEBIBYTE, peak_of
from chub_strategies import law
from hypothesis import given
from returns.result import Failure, Success

import chub
from chub import frames
from chub.frames.layout import type_schema, wide_schema


@law
@given(any_events)
def test_events_come_back_as_they_were(found: list[Any]) -> None:
    file = io.BytesIO()
    assert len(found) == frames.write_parquet(file, found).rows
    assert on_the_wire(found) == on_the_wire(frames.read_parquet(io.BytesIO(file.getvalue())))


@law
@given(any_events)
def test_so_do_those_of_one_type_from_its_own_columns(found: list[Any]) -> None:
    for name in {event.type for event in found if event.type.isascii()}:
        of_type = [event for event in found if event.type == name]
        file = io.BytesIO()
        frames.write_parquet(file, of_type, by_type=name) if name else frames.write_parquet(file, of_type)
        assert on_the_wire(of_type) == on_the_wire(frames.read_parquet(io.BytesIO(file.getvalue())))


def test_the_file_has_the_schema_of_the_table(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    assert frames.Tally(rows=2) == frames.write_parquet(path, [HOME, Success(SEARCH)], types=["viewedPage"])
    assert wide_schema(("viewedPage",)) == pq.read_schema(path)
    assert frames.to_arrow([HOME, SEARCH], types="viewedPage") == pq.read_table(path)
    frames.write_parquet(str(path), [], by_type=chub.ViewedPage)
    assert type_schema("viewedPage") == pq.read_schema(path)
    assert [] == list(frames.read_parquet(path))


def test_many_rows_make_several_groups_and_come_back_in_order() -> None:
    file, count = io.BytesIO(), 20_000
    searches = map(numbered, range(count))
    assert count == frames.write_parquet(file, searches, types=["searched"]).rows
    assert 2 == pq.ParquetFile(io.BytesIO(file.getvalue())).num_row_groups
    back = frames.read_parquet(io.BytesIO(file.getvalue()))
    assert list(range(count)) == [event.unwrap().properties.result_count for event in back]


def numbered(number: int) -> chub.Event:
    return chub.event(chub.Searched(result_count=number), owner=chub.CustomerId("c"), context="WEB")


def test_writing_holds_a_row_group_at_most() -> None:
    def write(count: int) -> None:
        frames.write_parquet(io.BytesIO(), repeat(HOME, count), types=["viewedPage"])

    assert peak_of(write, 40_000) < 8 * MEBIBYTE


def test_a_failure_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    frames.write_parquet(path, [HOME])
    late = chub.NotSent(reason="late", transient=True)
    with pytest.raises(chub.NotSent):
        frames.write_parquet(path, [Success(SEARCH), Failure(late)])
    assert [HOME] == [event.unwrap() for event in frames.read_parquet(path)]
    found: list[chub.ChubError] = []
    assert 1 == frames.write_parquet(path, [Failure(late), Success(SEARCH)], failures=found).rows
    assert [late] == found
    assert 1 == frames.write_parquet(path, [Success(UNICORN), Failure(late), Success(SEARCH)], failures="stop").rows
    assert [UNICORN] == [event.unwrap() for event in frames.read_parquet(path)]
    assert [path] == list(tmp_path.iterdir())


def test_reading_is_lazy_and_keeps_an_event_that_has_no_id() -> None:
    file = io.BytesIO()
    without = chub.parse_recorded_event({"type": "viewedPage", "context": "WEB"}).unwrap()
    frames.write_parquet(file, [without, recorded(), HOME])
    walk = frames.read_parquet(io.BytesIO(file.getvalue()))
    assert without == next(walk).unwrap()
    assert [recorded(), HOME] == [event.unwrap() for event in walk]


def test_a_file_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        frames.read_parquet(tmp_path / "none.parquet")
    with pytest.raises(FileNotFoundError):
        frames.write_parquet(tmp_path / "none" / "events.parquet", [HOME])


@pytest.mark.parametrize("name", ["events.parquet.gz", "events.zst", "EVENTS.GZ"])
def test_a_name_that_promises_another_compression_is_refused(name: str, tmp_path: Path) -> None:
    assert ["file"] == paths(raised(lambda: frames.write_parquet(tmp_path / name, [HOME])))
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("file", [7, None, io.StringIO()])
def test_what_is_no_file_is_told(file: Any) -> None:
    assert ["file"] == paths(raised(lambda: frames.write_parquet(file, [HOME])))
    assert ["file"] == paths(raised(lambda: frames.read_parquet(file)))


def problems_of(content: bytes) -> list[str]:
    """Give the last Failure that reading such a file gives."""
    *_, last = frames.read_parquet(io.BytesIO(content))
    return [str(problem) for problem in last.failure().problems]


def parquet_of(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


def test_a_file_that_is_no_parquet_or_damaged_gives_a_failure() -> None:
    (no_parquet,) = problems_of(b"id,type\n")
    assert no_parquet.startswith("rows[0]: the file can't be read: ")
    whole = parquet_of(frames.to_arrow([HOME]))
    damaged = whole[:4] + b"\xff" * 200 + whole[204:]
    assert problems_of(damaged)
    assert problems_of(whole[:-40])


def test_a_file_of_others_gives_a_failure() -> None:
    assert ["colour"] == [text.partition(":")[0] for text in problems_of(parquet_of(pa.table({"colour": ["red"]})))]
    assert ["type"] == [text.partition(":")[0] for text in problems_of(parquet_of(pa.table({"id": ["e"]})))]


def test_a_row_that_can_not_be_read_gives_a_failure_with_its_number() -> None:
    table = pa.table({"id": ["a", "b", None], "type": ["searched"] * 3, "unlisted": ['{"x": 1}', "no", None]})
    good, bad, neither = frames.read_parquet(io.BytesIO(parquet_of(table)))
    assert {"x": 1} == good.unwrap().unlisted
    assert "rows[1].unlisted: not JSON: Expecting value at character 0" == str(bad.failure())
    assert ["rows[2].customerId", "rows[2].context"] == paths(neither.failure())
