"""A row of the table: a ratio with its quartiles, what is owed of it, and the verdict.

A cost is what chub takes over what the other takes, of one round.  Where more is better, the row shows its inverse.
"""

import statistics
from collections.abc import Sequence
from typing import Any, Literal

import attrs
from attrs import frozen

from benchmarks.targets import TARGETS, Target

Verdict = Literal["aim", "met", "missed", "short", "not installed", ""]
"""`missed`: the must; `short`: of its aim, nothing being owed; empty: a row without either."""


@frozen
class Quartiles:
    """The middle of some measured values, and the half of them around it."""

    lower: float
    middle: float
    upper: float

    def inverse(self) -> "Quartiles":
        """Give the quartiles of one over each value."""
        return Quartiles(1 / self.upper, 1 / self.middle, 1 / self.lower)


def quartiles_of(values: Sequence[float]) -> Quartiles:
    """Give the quartiles of at least one value."""
    return Quartiles(*(statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else [*values] * 3))


@frozen(kw_only=True)
class Row:
    """One line of the table; `ours` and `theirs` are what each side takes (or does), in `unit`, and its CPU in us."""

    section: str
    name: str
    beside: str
    target: Target
    ratio: Quartiles | None = None
    ours: float | None = None
    theirs: float | None = None
    unit: str = "us"
    ours_cpu: float | None = None
    theirs_cpu: float | None = None
    rounds: int = 0
    is_ratio: bool = True

    @property
    def verdict(self) -> Verdict:
        """Say whether the middle ratio keeps what is owed, and what is aimed at."""
        if self.ratio is None:
            return "not installed"
        must, aim = (self.target.holds(limit, self.ratio.middle) for limit in (self.target.must, self.target.aim))
        if must is False:
            return "missed"
        if aim:
            return "aim"
        return "met" if must else "short" if aim is False else ""

    def as_json(self) -> dict[str, Any]:
        """Give the row as a JSON object, the verdict with it."""
        return attrs.asdict(self) | {"verdict": self.verdict}


def row_of(
    section: str, name: str, beside: str, costs: Sequence[float], *, more_is_better: bool = False, **facts: Any
) -> Row:
    """Make a row of what each round cost; which way its ratio goes, its target says where there is one."""
    target = TARGETS.get((name, beside), Target(more_is_better=more_is_better))
    found = quartiles_of(costs)
    ratio = found.inverse() if target.more_is_better else found
    return Row(section=section, name=name, beside=beside, target=target, ratio=ratio, rounds=len(costs), **facts)


def missing_row(section: str, name: str, beside: str) -> Row:
    """Make the row of a peer that isn't installed."""
    return Row(section=section, name=name, beside=beside, target=TARGETS.get((name, beside), Target()))
