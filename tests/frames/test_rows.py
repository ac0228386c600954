"""Rows out of pandas, polars, Arrow and CSV: what a frame's columns say, and what their cells are."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from chub_cases import paths, raised
from chub_frames import HOME
from chub_payloads import EIGHT, EIGHT_TEXT

import chub
from chub import frames
from chub.frames.rows import cells_of

NAIVE = datetime(2026, 3, 8, 8)
SEARCHES = {"customer_id": ["a", "b"], "result_count": [1, None], "keyword": ["x", None], "date": [EIGHT, None]}
EXPECTED = [
    chub.event(chub.Searched(result_count=1, keyword="x"), owner=chub.CustomerId("a"), context="WEB", date=EIGHT),
    chub.event(chub.Searched(), owner=chub.CustomerId("b"), context="WEB"),
]


def read(rows: Any, **more: Any) -> list[chub.Event]:
    found = frames.events_from(rows, type="searched", context="WEB", **more)
    return [result.unwrap() for result in found]


def problems(rows: Any, **more: Any) -> dict[str, str]:
    """Give what is said of a frame as a whole, by column."""
    error = raised(lambda: frames.events_from(rows, type="searched", context="WEB", **more))
    return {problem.path: problem.message for problem in error.problems}


def csv_of(text: str, **more: Any) -> Any:
    return csv.DictReader(io.StringIO(text, newline=""), **more)


@pytest.mark.parametrize(
    "rows",
    [
        pd.DataFrame(SEARCHES),
        pd.DataFrame(SEARCHES).convert_dtypes(),
        pd.DataFrame(SEARCHES, dtype=object),
        pd.DataFrame(SEARCHES, index=[7, 7]),
        pa.table(SEARCHES).to_pandas(types_mapper=pd.ArrowDtype),
        pl.DataFrame(SEARCHES),
        pl.DataFrame(SEARCHES).with_columns(pl.col("keyword").cast(pl.Categorical)),
        pa.table(SEARCHES),
        pa.table(SEARCHES).to_batches()[0],
        pa.table(SEARCHES).to_reader(),
        [dict(zip(SEARCHES, cells, strict=True)) for cells in zip(*SEARCHES.values(), strict=True)],
        csv_of(f"customer_id,result_count,keyword,date\na,1,x,{EIGHT_TEXT}\nb,,,\n"),
        csv_of(f"customer_id;result_count;keyword;date\na;1;x;{EIGHT_TEXT}\nb\n", delimiter=";"),
    ],
    ids=lambda rows: type(rows).__module__,
)
def test_every_kind_of_rows(rows: Any) -> None:
    assert EXPECTED == read(rows)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_instants_of_every_unit(unit: str) -> None:
    before = EIGHT.replace(year=1903, microsecond=0)
    for when in (EIGHT.replace(microsecond=0), before):
        column = pa.array([when], pa.timestamp(unit, "Europe/Rome"))
        table = pa.table({"customer_id": ["c"], "date": column})
        for rows in (table, table.to_pandas(), pl.DataFrame(table), table.to_pandas(types_mapper=pd.ArrowDtype)):
            assert [when] == [event.date for event in read(rows)]


def test_an_instant_is_cut_to_the_millisecond() -> None:
    exact = pd.DataFrame({"customer_id": ["c"], "date": [pd.Timestamp(EIGHT) + pd.Timedelta(999_999, "ns")]})
    for rows in (exact, pa.Table.from_pandas(exact), pl.DataFrame(exact)):
        assert [EIGHT] == [event.date for event in read(rows)]


NAIVE_COLUMNS = {"customer_id": ["c"], "date": [NAIVE]}


@pytest.mark.parametrize(
    ("rows", "mend"),
    [
        (pd.DataFrame(NAIVE_COLUMNS), "df['date'] = df['date'].dt.tz_localize('UTC')"),
        (
            pa.table(NAIVE_COLUMNS).to_pandas(types_mapper=pd.ArrowDtype),
            "df['date'] = df['date'].dt.tz_localize('UTC')",
        ),
        (pl.DataFrame(NAIVE_COLUMNS), "df = df.with_columns(pl.col('date').dt.replace_time_zone('UTC'))"),
        (pa.table(NAIVE_COLUMNS), "pyarrow.compute.assume_timezone(table['date'], 'UTC')"),
    ],
)
def test_datetimes_without_a_zone_are_refused_with_the_mend(rows: Any, mend: str) -> None:
    found = problems(rows)
    assert ["date"] == list(found)
    assert mend in found["date"]
    assert [None] == [event.date for event in read(rows, columns={"date": None})]


def test_the_mend_mends() -> None:
    df = pd.DataFrame(NAIVE_COLUMNS)
    df["date"] = df["date"].dt.tz_localize("UTC")
    assert [NAIVE.replace(tzinfo=UTC)] == [event.date for event in read(df)]
    df = pl.DataFrame(NAIVE_COLUMNS)
    df = df.with_columns(pl.col("date").dt.replace_time_zone("UTC"))
    assert [NAIVE.replace(tzinfo=UTC)] == [event.date for event in read(df)]


FRAMES = [pd.DataFrame, pl.DataFrame, pa.table]


@pytest.mark.parametrize("make", FRAMES)
def test_columns_that_mean_nothing_are_told_at_once(make: Any) -> None:
    rows = make({"customer_id": ["c"], "colour": ["red"], "size": [7]})
    found = problems(rows)
    assert ["colour", "size"] == list(found)
    assert "columns={'colour': None} leaves it out" in found["colour"]
    columns = {"colour": None, "size": "properties.size"}
    assert [{"size": 7}] == [event.properties.unlisted for event in read(rows, columns=columns)]
    assert ["columns['shape']"] == list(problems(rows, columns={**columns, "shape": None}))


@pytest.mark.parametrize("make", FRAMES)
def test_empty_frames_have_no_events(make: Any) -> None:
    assert [] == read(make({"customer_id": []}))
    assert [] == read(make({}))


@pytest.mark.parametrize("make", FRAMES)
def test_rows_in_which_nothing_is_are_rows_too(make: Any) -> None:
    found = list(frames.events_from(make({"customer_id": [None] * 1500}), type="searched", context="WEB"))
    assert 1500 == len(found)
    assert ["rows[1499].customerId"] == paths(found[-1].failure())


@pytest.mark.parametrize("make", FRAMES)
def test_many_rows_are_counted_through(make: Any) -> None:
    count = 2500
    rows = make({"customer_id": [f"c-{number}" for number in range(count)], "result_count": [0] * (count - 1) + [-1]})
    found = list(frames.events_from(rows, columns={"result_count": "date"}, type="searched", context="WEB"))
    assert [f"rows[{count - 1}].result_count"] == paths(found[-1].failure())


@pytest.mark.parametrize("make", FRAMES)
def test_structs_and_lists(make: Any) -> None:
    products = [[{"sku": "a", "price": 1.5}, {"sku": "b", "price": None}]]
    rows = make({"type": ["completedOrder"], "customer_id": ["c"], "products": products, "amount": [{"total": 3}]})
    (order,) = [event.properties for event in read(rows)]
    assert (chub.OrderProduct(sku="a", price=1.5), chub.OrderProduct(sku="b")) == order.products
    assert 3 == order.amount.total


def test_columns_named_twice_or_by_no_text_are_told() -> None:
    assert {"rows": "two columns are named 'date'"} == problems(pd.DataFrame([[1, 2]], columns=["date", "date"]))
    assert {"rows": "the column 7 is named by no str"} == problems(pd.DataFrame([[1]], columns=[7]))
    assert {"rows": "two columns are named 'date'"} == problems(pa.table([[1], [2]], names=["date", "date"]))
    assert {"rows": "two columns are named 'date'"} == problems(csv_of("date,date\n1,2\n"))


BEYOND = 10**15  # milliseconds: in the year 33658


@pytest.mark.parametrize("convert", [lambda table: table, pl.DataFrame, lambda table: table.to_pandas()])
def test_a_date_beyond_pythons_is_the_problem_of_its_row(convert: Any) -> None:
    dates = pa.array([0, BEYOND, None], pa.timestamp("ms", "UTC"))
    rows = convert(pa.table({"customer_id": ["a", "b", "c"], "date": dates}))
    first, second, third = frames.events_from(rows, type="searched", context="WEB")
    assert 1970 == first.unwrap().date.year
    assert ["rows[1].date"] == paths(second.failure())
    assert None is third.unwrap().date


class PanicException(BaseException):
    """Named as what polars raises where its own code fails."""


@pytest.mark.parametrize(
    ("error", "is_raised"), [(PanicException, False), (ValueError, False), (KeyboardInterrupt, True)]
)
def test_of_what_a_column_raises_ctrl_c_alone_goes_through(error: type[BaseException], is_raised: bool) -> None:
    class Column(list[Any]):
        def __getitem__(self, index: Any) -> Any:
            raise error("no")

        def to_list(self) -> list[Any]:
            raise error("no")

    column = Column([1])
    if is_raised:
        with pytest.raises(error):
            cells_of(column, column.to_list)
    else:
        (cell,) = cells_of(column, column.to_list)
        assert "no value of Python's" in cell.reason


def test_numbers_of_other_kinds() -> None:
    prices = [Decimal("1.5"), np.float32(2), 3]
    rows = pd.DataFrame({"customer_id": list("abc"), "price": prices}, dtype=object)
    found = [event.properties.price for event in read(rows.assign(type="addedProduct"))]
    assert [1.5, 2, 3] == found
    (wrong,) = frames.events_from(
        pa.table({"customer_id": ["c"], "price": [timedelta(1)]}), type="addedProduct", context="WEB"
    )
    assert ["rows[0].price"] == paths(wrong.failure())


@pytest.mark.parametrize("column", [pd.Series([1]), pl.Series([1]), pa.chunked_array([[1]])])
def test_a_single_column_holds_no_rows(column: Any) -> None:
    assert ["rows"] == list(problems(column))


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (Decimal(3), None),
        (Decimal("3.00"), None),
        (Decimal("3.5"), "an int is needed, not Decimal"),
        (Decimal("Infinity"), "Decimal('Infinity') is no exact float; pass float(...) or str(...)"),
        (Decimal("1e5000"), "Decimal('1E+5000') is no exact float; pass float(...) or str(...)"),
    ],
)
def test_whole_numbers_of_databases(count: Decimal, told: str | None) -> None:
    (found,) = frames.events_from([{"customer_id": "c", "result_count": count}], type="searched", context="WEB")
    if told is None:
        assert 3 == found.unwrap().properties.result_count
    else:
        assert f"rows[0].result_count: {told}" == str(found.failure())


def test_a_lazy_frame_is_to_be_collected() -> None:
    assert problems(pl.LazyFrame(SEARCHES))["rows"].endswith("not LazyFrame; collect() it first")


def test_texts_of_a_csv() -> None:
    rows = 'type,customer_id,price,extended,category\naddedProduct,c,"12.5","{""a"": 1}","[""shoes""]"\n'
    (found,) = read(csv_of(rows))
    assert chub.AddedProduct(price=12.5, extended={"a": 1}, category=["shoes"]) == found.properties


def test_a_wrong_csv_is_told() -> None:
    text = "customer_id,keyword\nc,x,y\nc,x\n"
    first, second = frames.events_from(csv_of(text), type="searched", context="WEB")
    assert "rows[0]: 1 cells more than columns" == str(first.failure())
    assert "x" == second.unwrap().properties.keyword
    assert ["rows"] == list(problems(csv_of("x" * 200_000)))
    long = f"customer_id\nc\n{'x' * 200_000}\nc\n"
    good, cut = frames.events_from(csv_of(long), type="searched", context="WEB")
    assert "c" == good.unwrap().owner.value
    assert str(cut.failure()).startswith("rows[1]: no CSV, nothing was read after it: ")
    assert [] == read(csv_of(""))


def test_other_rows_of_texts_say_so() -> None:
    rows = [{"customer_id": "c", "result_count": "3"}]
    assert 3 == read(rows, texts=True)[0].properties.result_count
    frame = pd.DataFrame(rows, dtype=str)
    assert 3 == read(frame, texts=True)[0].properties.result_count
    (wrong,) = frames.events_from(
        csv_of("customer_id,result_count\nc,3\n"), texts=False, type="searched", context="WEB"
    )
    assert ["rows[0].result_count"] == paths(wrong.failure())


def test_a_csv_of_ours_keeps_its_apostrophes_one_of_others_too() -> None:
    file = io.BytesIO()
    quoted = chub.event(chub.Searched(keyword="'tis"), owner=chub.CustomerId("c"), context="WEB")
    formula = chub.event(chub.Searched(keyword="=1+1"), owner=chub.CustomerId("c"), context="WEB")
    empty = chub.event(chub.Searched(keyword=""), owner=chub.CustomerId("c"), context="WEB")
    frames.write_csv(file, [quoted, formula, empty])
    back = frames.events_from(csv_of(file.getvalue().decode()))
    assert [quoted, formula, empty] == [result.unwrap() for result in back]
    assert "'tis" == read(csv_of("customer_id,keyword\nc,'tis\n"))[0].properties.keyword


def test_what_a_stream_raises_goes_through() -> None:
    def broken() -> Any:
        yield HOME
        raise RuntimeError("boom")

    walk = frames.events_from(frames.to_arrow_batches(broken(), batch_size=1))
    assert HOME == next(walk).unwrap()
    with pytest.raises(pa.ArrowInvalid, match="boom"):
        next(walk)


def test_an_instant_that_pandas_can_not_give_fails_its_own_row_alone() -> None:
    kind = pd.ArrowDtype(pa.timestamp("s", "UTC"))
    dates = pd.Series(pa.array([0, 10**15], pa.timestamp("s", "UTC")), dtype=kind)
    frame = pd.DataFrame({"customer_id": ["a", "b"], "date": dates})
    good, bad = frames.events_from(frame, type="searched", context="WEB")
    assert datetime(1970, 1, 1, tzinfo=UTC) == good.unwrap().date
    assert ["rows[1].date"] == paths(bad.failure())


def test_a_signalling_nan_fails_its_own_row_alone() -> None:
    counts = pd.Series([Decimal("3.0"), Decimal("sNaN")], dtype=object)
    frame = pd.DataFrame({"customer_id": ["a", "b"], "result_count": counts})
    good, bad = frames.events_from(frame, type="searched", context="WEB")
    assert chub.Searched(result_count=3) == good.unwrap().properties
    assert ["rows[1].result_count"] == paths(bad.failure())


def test_the_mark_that_spreadsheets_set_before_a_csv_is_no_part_of_a_name() -> None:
    reader = csv.DictReader(io.StringIO("\ufeffcustomer_id,keyword\r\na,x\r\n"))
    assert [chub.Searched(keyword="x")] == [event.properties for event in read(reader)]
