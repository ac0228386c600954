"""What values and streams take of memory: fresh processes, in turn.

`python -m benchmarks.memory weigh chub` and `... peak URL EVENTS` are those processes; each prints a number.
"""

import gc
import json
import statistics
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import repeat
from typing import Any

import chub
from benchmarks import decoders
from benchmarks.machine import peak_memory
from benchmarks.payloads import one_event, page_text
from benchmarks.rows import Row, missing_row, row_of
from benchmarks.server import serving
from benchmarks.targets import GROWTH, WEIGHT, WINDOW

_SECTION = "memory"
_PAGES = 20


def memory_rows(rounds: int, events: int) -> Iterator[Row]:
    """Yield the rows of an event kept in memory, and of a stream of so many events."""
    there = [name for name in _DECODERS if name in ("chub", "dict") or find_spec(name) is not None]
    taken = [{name: _told_by(("weigh", name)) for name in there} for _ in range(rounds)]
    for beside in _DECODERS:
        if beside not in there:
            yield missing_row(_SECTION, WEIGHT, beside)
        elif beside != "chub":
            ours, theirs = (statistics.median(one[name] for one in taken) for name in ("chub", beside))
            costs = [one["chub"] / one[beside] for one in taken]
            yield row_of(_SECTION, WEIGHT, beside, costs, ours=ours, theirs=theirs, unit="B")
    yield _growth_row(events, rounds=2 if rounds > 2 else 1)


def _beside(reference: tuple[str, ...], candidate: tuple[str, ...]) -> tuple[float, float]:
    """Give the number of the candidate, and the mean of two of the reference."""
    before, ours, after = (_told_by(command) for command in (reference, candidate, reference))
    return ours, (before + after) / 2


def _told_by(arguments: tuple[str, ...]) -> float:
    command = [sys.executable, "-m", "benchmarks.memory", *arguments]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _growth_row(events: int, rounds: int) -> Row:
    """Say by how many MB the peak of memory is higher after all the events than after the hundredth part of them."""
    with serving() as served:
        few = ("peak", served.base_url(), str(events // 100))
        many = ("peak", served.base_url(), str(events))
        taken = [_beside(few, many) for _ in range(rounds)]
        assert rounds * (events + 2 * (events // 100)) == served.counts()["events"]
    growth = [max(0.0, after - before) for after, before in taken]
    ours, theirs = (statistics.median(one[side] for one in taken) for side in (0, 1))
    name = GROWTH.replace("200,000", f"{events:,}")
    return row_of(
        _SECTION, name, f"{events // 100:,} of them", growth, ours=ours, theirs=theirs, unit="MB", is_ratio=False
    )


def _weigh(what: str) -> float:
    """Give the bytes of an event, of pages that were read one after the other and kept."""
    decode = _DECODERS[what]()
    decode(_text(_PAGES))  # what is made on first use doesn't count
    texts = [_text(number) for number in range(_PAGES)]
    gc.collect()
    tracemalloc.start()
    kept = [decode(text) for text in texts]
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    assert len(kept) == _PAGES
    return taken / _PAGES / 50


def _text(number: int) -> str:
    """Give a page that has ids of its own."""
    return page_text().replace("-4000-", f"-{4000 + number}-")


_DECODERS: dict[str, Callable[[], Callable[[str], Any]]] = {
    "chub": lambda: lambda text: chub.parse_page(text).unwrap().elements,
    "dict": lambda: lambda text: json.loads(text)["elements"],
    "msgspec": decoders.msgspec_decoder,
    "pydantic": decoders.pydantic_decoder,
}


def _peak(base_url: str, events: int) -> float:
    """Stream so many events; give the most memory that this process has had, in MB."""
    config = chub.config(workspace_id="w", node_id="n", token="demo", base_url=base_url)
    with chub.add_events(config, repeat(one_event(), events), window=WINDOW) as deliveries:
        assert events == sum(1 for delivery in deliveries if delivery.result.unwrap().id)
    return peak_memory()


if __name__ == "__main__":
    print(_weigh(sys.argv[2]) if sys.argv[1] == "weigh" else _peak(sys.argv[2], int(sys.argv[3])))
