"""Timing two callables against each other: many short slices in shuffled order, a ratio for each round.

A ratio of two slices that stand next to each other in time is little touched by what else the machine is doing; the
quartiles of many such ratios say how far to trust it.
"""

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from attrs import frozen

Clock = Callable[[], float]


@frozen(kw_only=True)
class Row:
    """One line of the table: a ratio to the reference, with its quartiles, and both times in microseconds."""

    name: str
    reference: str
    ratio: float
    lower: float
    upper: float
    candidate_us: float
    reference_us: float
    rounds: int


def compare(
    name: str,
    reference_name: str,
    reference: Callable[[], Any],
    candidate: Callable[[], Any],
    *,
    rounds: int,
    slice_seconds: float = 0.005,
    clock: Clock = time.perf_counter,
) -> Row:
    """Time the two in turn: in each round the reference, the candidate, the reference, in shuffled order.

    The ratio of a round is the candidate's time over the mean of the two reference times.
    """
    calls = {run: _calls_for(run, slice_seconds) for run in (reference, candidate)}
    ratios, candidates, references = [], [], []
    for _ in range(rounds):
        order = [reference, candidate, reference]
        random.shuffle(order)
        taken: dict[Any, list[float]] = {reference: [], candidate: []}
        for run in order:
            taken[run].append(_slice(run, calls[run], clock))
        beside = statistics.fmean(taken[reference])
        ratios.append(taken[candidate][0] / beside)
        candidates.append(taken[candidate][0])
        references.append(beside)
    lower, middle, upper = statistics.quantiles(ratios, n=4)
    return Row(
        name=name,
        reference=reference_name,
        ratio=middle,
        lower=lower,
        upper=upper,
        candidate_us=statistics.median(candidates) * 1e6,
        reference_us=statistics.median(references) * 1e6,
        rounds=rounds,
    )


def _calls_for(run: Callable[[], Any], seconds: float) -> int:
    """How many calls fill a slice; found by trying, which warms up as well."""
    calls = 1
    while True:
        started = time.perf_counter()
        for _ in range(calls):
            run()
        taken = time.perf_counter() - started
        if taken >= seconds / 2:
            return max(1, round(calls * seconds / taken))
        calls *= 2


def _slice(run: Callable[[], Any], calls: int, clock: Clock) -> float:
    """Seconds for one call, over a slice of them."""
    started = clock()
    for _ in range(calls):
        run()
    return (clock() - started) / calls
