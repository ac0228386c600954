"""Streams beside what people write without them, against the same server, in turn and in shuffled order.

In each round every side works for about as long; a ratio is that of one round, and what the server has answered is
counted there.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial

from attrs import frozen

from benchmarks.crowds import WORKERS, Work, chub_stream
from benchmarks.machine import installed
from benchmarks.rows import Row, missing_row, row_of
from benchmarks.server import Served, serving, serving_tls
from benchmarks.targets import LIMIT, OLD, TARGETS, TASKS, THREADS, WINDOW, bulk


@frozen
class Run:
    """How often in a second it was done, and the CPU time of this process for each, in microseconds."""

    rate: float
    cpu: float


Runs = dict[str, list[Run]]


def measured(served: Served, send: Callable[[int], None], many: int) -> Run:
    """Have so many things done; the server must have answered each once."""
    before, cpu, started = served.answered(), time.process_time(), time.perf_counter()
    send(many)
    elapsed, used = time.perf_counter() - started, time.process_time() - cpu
    assert served.answered() - before == many, "the server has answered each once"
    return Run(many / elapsed, used / many * 1e6)


def race(served: Served, works: Mapping[str, Work], seconds: float, rounds: int) -> Runs:
    """Have all work in turn, each for so many seconds a round, in an order that is shuffled for each round."""
    sizes = {name: _size(served, work, seconds) for name, work in works.items()}
    runs: Runs = {name: [] for name in works}
    for _ in range(rounds):
        for name in random.sample(list(works), len(works)):
            runs[name].append(measured(served, works[name].send, sizes[name]))
    return runs


def _size(served: Served, work: Work, seconds: float) -> int:
    """How many fill the seconds; found by trying, which warms up as well."""
    size = work.step
    # The first few pay for their connections, so few tell little of many.
    for part in (0.2, 1.0) if seconds > 0.2 else (1.0,):
        rate = measured(served, work.send, size).rate
        size = max(1, round(rate * seconds * part / work.step)) * work.step
    return size


def rows_of(section: str, name: str, runs: Runs, ours: str) -> Iterator[Row]:
    """Yield a row for each of the others; what a round cost is the time that chub took over the other's."""
    for beside, theirs in runs.items():
        if beside != ours:
            yield rate_row(section, name, beside, runs[ours], theirs)


def rate_row(section: str, name: str, beside: str, ours: list[Run], theirs: list[Run]) -> Row:
    """Make the row of runs that were taken in the same rounds."""
    rate, cpu = (lambda run: run.rate), (lambda run: run.cpu)
    return row_of(
        section,
        name,
        beside,
        [its.rate / mine.rate for mine, its in zip(ours, theirs, strict=True)],
        more_is_better=True,
        unit="/s",
        ours=statistics.median(map(rate, ours)),
        theirs=statistics.median(map(rate, theirs)),
        ours_cpu=statistics.median(map(cpu, ours)),
        theirs_cpu=statistics.median(map(cpu, theirs)) or None,
    )


_SECTION = "streams"
_CHUB = "chub"


def stream_rows(rounds: int, seconds: float) -> Iterator[Row]:
    """Yield the rows of `add_events` at each latency, and over TLS."""
    with serving() as served:
        for latency in (0, 5, 50):
            # 50 ms are a window's turn: there must be many turns in a round.
            long = 2 * seconds if latency == 50 else seconds
            yield from _bulk_rows(served, bulk(latency), latency, list(WORKERS), rounds, long)
    over_tls = (TASKS, THREADS, OLD, f"{OLD}, 32 threads")
    name = f"{bulk(0)}, over TLS"
    with ExitStack() as stack:
        secured = installed(lambda: stack.enter_context(serving_tls()))
        if secured is None:
            yield from (missing_row(_SECTION, name, beside) for beside in over_tls)
        else:
            yield from _bulk_rows(secured, name, 0, list(over_tls), rounds, seconds)


def _bulk_rows(
    served: Served, name: str, latency: int, others: list[str], rounds: int, seconds: float
) -> Iterator[Row]:
    with ExitStack() as stack:
        works = {_CHUB: chub_stream(served, latency, stack)}
        for beside in others:
            work = installed(partial(WORKERS[beside], served, latency, stack))
            if work is None:
                yield missing_row(_SECTION, name, beside)
            else:
                works[beside] = work
        runs = race(served, works, seconds, rounds)
    yield from rows_of(_SECTION, name, runs, _CHUB)
    if (name, LIMIT) in TARGETS:
        limit = Run(WINDOW / latency * 1000, 0.0)
        yield rate_row(_SECTION, name, LIMIT, runs[_CHUB], [limit] * rounds)
