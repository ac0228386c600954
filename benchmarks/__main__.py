"""`python -m benchmarks [--quick] [--out DIR] [--readme]`: run all, print one table of ratios, each taken in this run.

The table goes to DIR as `benchmarks.json` and `benchmarks.png` as well, and with `--readme` into the README.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from attrs import frozen

from benchmarks.calls import call_rows
from benchmarks.codec import codec_rows
from benchmarks.frames import frame_rows
from benchmarks.machine import HOW_TO_INSTALL, facts
from benchmarks.memory import memory_rows
from benchmarks.picture import draw
from benchmarks.report import as_json, lines, markdown, summary, write_readme
from benchmarks.rows import Row
from benchmarks.starts import start_rows
from benchmarks.streams import stream_rows
from benchmarks.walks import walk_rows


@frozen(kw_only=True)
class Extent:
    """How much is done: rounds, and what of a stream's works fits into a round."""

    slices: int
    processes: int
    races: int
    race_seconds: float
    pages: int
    events: int
    rows: int


FULL = Extent(slices=48, processes=9, races=9, race_seconds=0.8, pages=200, events=200_000, rows=1_000_000)
QUICK = Extent(slices=3, processes=1, races=1, race_seconds=0.05, pages=16, events=1_000, rows=5_000)


def all_rows(extent: Extent) -> Iterator[Row]:
    """Yield the rows, each as soon as it is measured."""
    return chain(
        start_rows(extent.processes),
        codec_rows(extent.slices),
        memory_rows(extent.processes, extent.events),
        call_rows(extent.slices),
        stream_rows(extent.races, extent.race_seconds),
        walk_rows(max(1, extent.races // 2), extent.pages),
        frame_rows(extent.slices, extent.rows),
    )


def main() -> None:
    """Run all, print the table, write it where it was asked for."""
    options = _options()
    command = "python -m benchmarks" + " --quick" * options.quick
    taken = {"command": command} | facts()
    print(f"{command}, {taken['date']}, {taken['python']}, {taken['machine']}, load {taken['load']}")
    print("The ratio is what chub takes over what the other takes; with an x, how many times as much chub does.")
    started, rows = time.perf_counter(), []
    for line in lines(_kept(all_rows(QUICK if options.quick else FULL), rows)):
        print(line, flush=True)
    print(summary(rows) + "\n(a quick run: too short to judge by)" * options.quick)
    _write(options.out, taken | {"seconds": round(time.perf_counter() - started)}, rows)
    if options.readme:
        write_readme(markdown(taken, rows))


def _options() -> Any:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a round or a few only, to see that everything runs")
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"), help="where results go (%(default)s)")
    parser.add_argument("--readme", action="store_true", help="put the table into the README too")
    return parser.parse_args()


def _kept(rows: Iterator[Row], kept: list[Row]) -> Iterator[Row]:
    for row in rows:
        kept.append(row)
        yield row


def _write(out: Path, taken: dict[str, Any], rows: list[Row]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "benchmarks.json").write_text(as_json(taken, rows), encoding="utf-8")
    try:
        draw(rows, taken, out / "benchmarks.png")
    except ModuleNotFoundError as missing:
        print(f"no picture, for {missing.name} is not installed: {HOW_TO_INSTALL}", file=sys.stderr)
    print(f"written to {out} in {taken['seconds']} s", flush=True)


if __name__ == "__main__":
    main()
