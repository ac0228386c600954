"""Events as tables: `to_arrow` beside what others make of the same events, and memory while a file is written.

`python -m benchmarks.frames EVENTS` writes so many events to Parquet and prints the most memory that took, in MB.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from itertools import chain, repeat
from typing import Any

import chub
from benchmarks.machine import peak_memory
from benchmarks.payloads import page_text
from benchmarks.rows import Row, missing_row, row_of
from benchmarks.targets import FROM_PYLIST, NORMALIZED, PARQUET, TABLE
from benchmarks.timing import compare
from chub import frames

_SECTION = "frames"
_AT_ONCE = 8192
_NAME = TABLE.format(_AT_ONCE)


def frame_rows(slices: int, events: int) -> Iterator[Row]:
    """Yield the rows of a table, made of values, beside those made of the dicts of the same JSON; and of memory."""
    if find_spec("pyarrow") is None or find_spec("pandas") is None:
        yield from (missing_row(_SECTION, _NAME, beside) for beside in (FROM_PYLIST, NORMALIZED))
        return
    text = page_text(_AT_ONCE)
    found, rows = chub.parse_page(text).unwrap().elements, json.loads(text)["elements"]
    assert [row["id"] for row in rows] == frames.to_arrow(found)["id"].to_pylist()
    for beside, run in _peers(rows).items():
        assert len(run()) == _AT_ONCE
        yield compare(_SECTION, _NAME, beside, run, partial(frames.to_arrow, found), rounds=max(2, slices // 4))
    yield _growth_row(events, rounds=2 if slices > 3 else 1)


def _peers(rows: list[Any]) -> dict[str, Callable[[], Any]]:
    import pandas as pd
    import pyarrow as pa

    return {FROM_PYLIST: partial(pa.Table.from_pylist, rows), NORMALIZED: partial(pd.json_normalize, rows)}


def _growth_row(events: int, rounds: int) -> Row:
    """Say by how many MB the peak of memory is higher after all the events than after the hundredth part of them."""
    few, many = events // 100, events
    taken = [(_told_by(few), _told_by(many)) for _ in range(rounds)]
    growth = [max(0.0, after - before) for before, after in taken]
    theirs, ours = (statistics.median(one[side] for one in taken) for side in (0, 1))
    name = PARQUET.replace("1,000,000", f"{events:,}")
    return row_of(_SECTION, name, f"{few:,} of them", growth, ours=ours, theirs=theirs, unit="MB", is_ratio=False)


def _told_by(count: int) -> float:
    command = [sys.executable, "-m", "benchmarks.frames", str(count)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _peak(count: int) -> float:
    """Write events as a walk gives them, each page read anew; give the most memory this process has had, in MB."""
    text = page_text()
    pages = (chub.parse_page(text).unwrap().elements for _ in repeat(None, count // 50))
    with tempfile.TemporaryDirectory() as folder:
        written = frames.write_parquet(f"{folder}/events.parquet", chain.from_iterable(pages))
        assert written.rows == count
    return peak_memory()


if __name__ == "__main__":
    print(_peak(int(sys.argv[1])))
