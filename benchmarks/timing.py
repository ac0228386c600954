"""Timing two callables against each other: many short slices in shuffled order, a ratio for each round.

A ratio of two slices that stand next to each other in time is little touched by what else the machine is doing; the
quartiles of many such ratios say how far to trust it.
"""

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks.rows import Row, row_of

Clock = Callable[[], float]

SLICE = 0.0045
"""Seconds of a slice; a single call that takes longer is a slice by itself."""


def compare(
    section: str,
    name: str,
    beside: str,
    reference: Callable[[], Any],
    candidate: Callable[[], Any],
    *,
    rounds: int,
    clock: Clock = time.process_time,
) -> Row:
    """Time the two in turn: in each round the reference, the candidate, the reference, in shuffled order.

    The cost of a round is the candidate's time over the mean of the two reference times; it is CPU time where nothing
    else is said, which what else the machine does lengthens least.
    """
    calls = {run: _calls_for(run, clock) for run in (reference, candidate)}
    taken = [_round(reference, candidate, calls, clock) for _ in range(rounds)]
    return row_of(
        section,
        name,
        beside,
        [ours / theirs for ours, theirs in taken],
        ours=statistics.median(ours for ours, _ in taken) * 1e6,
        theirs=statistics.median(theirs for _, theirs in taken) * 1e6,
    )


def _round(
    reference: Callable[[], Any], candidate: Callable[[], Any], calls: dict[Any, int], clock: Clock
) -> tuple[float, float]:
    """Give the seconds of a call of the candidate and of the reference."""
    order = [reference, candidate, reference]
    random.shuffle(order)
    taken: dict[Any, list[float]] = {reference: [], candidate: []}
    for run in order:
        taken[run].append(_slice(run, calls[run], clock))
    return taken[candidate][0], statistics.fmean(taken[reference])


def _calls_for(run: Callable[[], Any], clock: Clock) -> int:
    """How many calls fill a slice; found by trying, which warms up as well.

    Of each number several are tried, for one alone may have been held up: slices too short would be all cold caches.
    """
    if _slice(run, 1, clock) > 10 * SLICE:
        return 1
    calls = 1
    while True:
        fastest = min(_slice(run, calls, clock) for _ in range(3))
        wanted = max(1, round(SLICE / max(fastest, 1e-9)))
        if wanted < 2 * calls:
            return wanted
        calls = min(wanted, 8 * calls)


def _slice(run: Callable[[], Any], calls: int, clock: Clock) -> float:
    """Seconds for one call, over a slice of them."""
    started = clock()
    for _ in range(calls):
        run()
    return (clock() - started) / calls
