"""DataFrames of pandas and polars: their dtypes are fixed too; and what is said where a package is missing."""

import json
import subprocess
import sys
from typing import Any

import pandas as pd
import polars as pl
import pytest
from chub_frames import HOME, SEARCH, UNICORN, recorded
from chub_payloads import EIGHT_TEXT

import chub
from chub import frames

DATED = recorded(date=EIGHT_TEXT, type="searched", properties={"resultCount": 3})


def test_the_dtypes_of_pandas_depend_on_no_data() -> None:
    empty, found, unknown = frames.to_pandas([]), frames.to_pandas([DATED]), frames.to_pandas([UNICORN])
    assert empty.dtypes.tolist() == found.dtypes.tolist()
    assert [name for name in found if unknown[name].dtype != found[name].dtype] == ["type"]
    assert "datetime64[ms, UTC]" == str(empty["date"].dtype)
    assert pd.StringDtype() == empty["id"].dtype
    assert list(chub.event_types()) == empty["type"].dtype.categories.tolist()
    assert "sawUnicorn" == unknown["type"].dtype.categories[-1]


def test_the_cells_of_pandas() -> None:
    frame = frames.to_pandas([DATED, HOME])
    assert pd.Timestamp(EIGHT_TEXT) == frame["date"][0]
    assert pd.isna(frame["date"][1])
    assert [3] == frame["searched"].struct.field("result_count").dropna().tolist()
    assert {"searched": 1, "viewedPage": 1} == frame["type"].value_counts().loc[["searched", "viewedPage"]].to_dict()
    assert 1 == len(frame[frame["type"] == "searched"])


def test_the_dtypes_of_a_type_in_pandas() -> None:
    frame = frames.to_pandas([SEARCH], by_type=chub.Searched)
    assert pd.Int64Dtype() == frame["result_count"].dtype
    ticket = frames.to_pandas([], by_type=chub.CampaignOpened)
    assert "list" in str(ticket["campaign_tags"].dtype)
    assert pd.Float64Dtype() != frames.to_pandas([], by_type=chub.AddedProduct)["price"].dtype == float


def test_the_dtypes_of_polars_depend_on_no_data() -> None:
    empty, found = frames.to_polars([]), frames.to_polars([DATED, UNICORN])
    assert empty.schema == found.schema
    assert pl.Datetime("ms", "UTC") == empty.schema["date"]
    assert pl.Categorical == empty.schema["type"]
    assert ["searched", "sawUnicorn"] == found["type"].to_list()


def test_the_cells_of_polars() -> None:
    frame = frames.to_polars([DATED, HOME])
    assert [3, None] == frame["searched"].struct.field("result_count").to_list()
    assert [DATED.date, None] == frame["date"].to_list()


@pytest.mark.parametrize("convert", [frames.to_pandas, frames.to_polars])
def test_a_frame_for_each_type(convert: Any) -> None:
    found = convert([HOME, SEARCH, HOME], by_type=True)
    assert {"searched": 1, "viewedPage": 2} == {name: len(frame) for name, frame in found.items()}
    assert ["Home", "Home"] == list(found["viewedPage"]["title"])


def test_polars_takes_batches_itself() -> None:
    frame = pl.DataFrame(frames.to_arrow_batches([HOME, SEARCH], batch_size=1))
    assert ["viewedPage", "searched"] == frame["type"].to_list()


MISSING = """
import sys
sys.modules.update(dict.fromkeys({blocked!r}))
import chub
event = chub.event(chub.Searched(), owner=chub.CustomerId("c"), context="WEB")
from chub import frames
try:
    {call}
except ModuleNotFoundError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("blocked", "call", "said"),
    [
        ("pyarrow", "frames.to_arrow([event])", "contacthub-chub[arrow]"),
        ("pyarrow", "frames.to_arrow_batches([event])", "contacthub-chub[arrow]"),
        ("pyarrow", "frames.write_parquet('x', [event])", "contacthub-chub[arrow]"),
        ("pyarrow", "frames.read_parquet('x')", "contacthub-chub[arrow]"),
        ("pandas", "frames.to_pandas([event])", "contacthub-chub[pandas]"),
        ("polars", "frames.to_polars([event])", "contacthub-chub[polars]"),
    ],
)
def test_a_missing_package_is_told_with_what_to_install(blocked: str, call: str, said: str) -> None:
    done = after(MISSING.format(blocked=[blocked, f"{blocked}.parquet"], call=call))
    assert f"pip install '{said}'" in done


def test_rows_need_no_package_at_all() -> None:
    rows = "list(frames.events_from([{'type': 'searched', 'context': 'WEB', 'customer_id': 'c'}]))"
    done = after(
        MISSING.format(blocked=["pyarrow", "pandas", "polars", "numpy"], call=f"print({rows}[0].unwrap() == event)")
    )
    assert "True\n" == done


def test_no_package_is_loaded_before_one_is_needed() -> None:
    names = "[getattr(chub.frames, name) for name in chub.frames.__all__]"
    loaded = json.loads(after(f"import chub, chub.frames, json, sys; {names}; print(json.dumps(list(sys.modules)))"))
    assert set() == {"pyarrow", "pandas", "polars", "numpy"} & set(loaded)


def after(code: str) -> str:
    """Give what a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
