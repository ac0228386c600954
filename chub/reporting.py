"""What became of many events, added up: a `Report` is a count of outcomes, and reports add up to reports.

`Report()` is nothing, `+` is associative and commutative, so parts may be counted anywhere and added in any order.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from attrs import field, frozen
from returns.result import Failure, Result, Success

from chub.errors import (
    BadResponse,
    ChubError,
    ErrorValue,
    InvalidValue,
    NotSent,
    PageFailed,
    Rejected,
    Throttled,
    Unconfirmed,
    shown,
)
from chub.html import card, seconds, table
from chub.late import Late
from chub.values.base import Shown, check_fields
from chub.values.schema import Number, Problems, Range, note

if TYPE_CHECKING:
    from chub import lanes
else:
    lanes = Late("chub.lanes")

_COUNT = Number(whole=True, bounds=Range(0))
_COUNTS = ("accepted", "throttled", "unconfirmed", "not_sent", "invalid", "unreadable", "attempts", "microseconds")

# Each count, what it is called, and whether those events are stored.
_TOLD = (
    ("accepted", "accepted", "yes"),
    ("rejected", "rejected", "no"),
    ("throttled", "throttled", "no"),
    ("unconfirmed", "unconfirmed", "nobody knows"),
    ("not_sent", "not sent", "no"),
    ("invalid", "invalid", "no"),
    ("unreadable", "unreadable", "it only read"),
)


Statuses = Mapping[int, int] | Iterable[tuple[int, int]]


def _pairs(given: Statuses) -> tuple[tuple[int, int], ...]:
    pairs: Any = given.items() if isinstance(given, Mapping) else given
    return tuple(pairs) if isinstance(pairs, Iterable) else pairs


@frozen(kw_only=True, repr=False)
class Report(Shown):
    """How many outcomes there were of each kind; `+` adds, `sum(reports, Report())` adds many.  Made by `report`.

    `statuses` holds how many were rejected with each HTTP status, as sorted pairs.  `unreadable` counts answers to
    reads.  `attempts` are the requests that were made, `microseconds` what all calls took together: where several are
    under way at once, that is more than passed on the wall.

    >>> Report(accepted=2) + Report(accepted=1, statuses={404: 1})
    Report(accepted=3, statuses=((404, 1),))
    """

    accepted: int = 0
    statuses: tuple[tuple[int, int], ...] = field(default=(), converter=_pairs)
    throttled: int = 0
    unconfirmed: int = 0
    not_sent: int = 0
    invalid: int = 0
    unreadable: int = 0
    attempts: int = 0
    microseconds: int = 0

    def __attrs_post_init__(self) -> None:
        problems: Problems = []
        check_fields(self, dict.fromkeys(_COUNTS, _COUNT), problems, required=_COUNTS)
        object.__setattr__(self, "statuses", _checked(self.statuses, problems))
        InvalidValue.check(problems)

    @property
    def rejected(self) -> int:
        """How many were rejected, whatever the status."""
        return sum(count for _, count in self.statuses)

    @property
    def total(self) -> int:
        """How many outcomes there were."""
        return sum(getattr(self, name) for name, _, _ in _TOLD)

    @property
    def seconds(self) -> float:
        """What all calls took together."""
        return self.microseconds / 1_000_000

    def __add__(self, other: object) -> "Report":
        if not isinstance(other, Report):
            return NotImplemented
        sums = {name: getattr(self, name) + getattr(other, name) for name in _COUNTS}
        return Report(statuses=_added(self.statuses, other.statuses), **sums)

    def __str__(self) -> str:
        told = ", ".join(f"{count:,} {name}{_by_status(self, key)}" for key, name, count, _ in _rows(self))
        return "; ".join([": ".join(filter(None, (_number(self.total, "outcome"), told))), *_took(self)])

    def _repr_html_(self) -> str:
        rows = [(f"{name}{_by_status(self, key)}", count, stored) for key, name, count, stored in _rows(self)]
        about = ", ".join([_number(self.total, "outcome"), *_took(self)])
        return card("Report", *([table(rows, ("outcome", "how many", "stored?"))] if rows else []), about=about)


def _checked(pairs: Any, problems: Problems) -> tuple[tuple[int, int], ...]:
    """Sort the pairs of status and count, leaving out what was never met; note what is wrong."""
    if not isinstance(pairs, tuple | list) or not all(
        isinstance(pair, tuple | list) and len(pair) == 2 for pair in pairs
    ):
        note(problems, "statuses", "a mapping from status to count is needed")
        return ()
    before = len(problems)
    found = [
        (_COUNT.check(status, "statuses", problems), _COUNT.check(count, f"statuses[{status}]", problems))
        for status, count in cast(Any, pairs)
    ]
    return () if len(problems) > before else _added(tuple(found))


def _added(*many: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    sums: dict[int, int] = {}
    for status, count in (pair for pairs in many for pair in pairs):
        sums[status] = sums.get(status, 0) + count
    return tuple(sorted((status, count) for status, count in sums.items() if count))


def _rows(report: Report) -> Iterator[tuple[str, str, int, str]]:
    """Give what there were: the field, what it is called, how many, and whether those are stored."""
    counts = ((key, name, getattr(report, key), stored) for key, name, stored in _TOLD)
    return (row for row in counts if row[2])


def _took(report: Report) -> Iterator[str]:
    if report.attempts:
        yield f"{_number(report.attempts, 'attempt')}, {seconds(report.seconds)} s"


def _by_status(report: Report, key: str) -> str:
    if key != "rejected":
        return ""
    return f" ({', '.join(f'{status}: {count:,}' for status, count in report.statuses)})"


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def report(outcomes: "Iterable[lanes.Delivery | Result[Any, ChubError]]") -> Report:
    """Add up the outcomes of a stream of events, or plain Results, as they come; none is kept.

    Any Success counts as accepted, a `PageFailed` as what caused it.  After a stream that was left early, add
    `report(deliveries.in_flight)`.  Raises `InvalidValue` for what is no outcome.

    >>> from returns.result import Failure
    >>> print(report([Success("id-1"), Failure(Rejected(status=404, message="no"))]))
    2 outcomes: 1 accepted, 1 rejected (404: 1); 2 attempts, 0.000 s
    """
    counts: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    for index, outcome in enumerate(outcomes):
        value, error = _parts(outcome, index)
        if isinstance(error, Rejected):
            statuses[error.status] += 1
        else:
            counts["accepted" if error is None else _kind(error)] += 1
        counts.update(_taken(value if error is None else error))
    return Report(statuses=tuple(statuses.items()), **counts)


_KINDS: Mapping[type[ErrorValue], str] = {
    InvalidValue: "invalid",
    NotSent: "not_sent",
    Unconfirmed: "unconfirmed",
    Throttled: "throttled",
    BadResponse: "unreadable",
}


def _parts(outcome: Any, index: int) -> tuple[Any, ErrorValue | None]:
    """Give the value of an outcome, or its error."""
    result = outcome if isinstance(outcome, Result) else getattr(outcome, "result", None)
    if isinstance(result, Success):
        return result.unwrap(), None
    error = result.failure() if isinstance(result, Failure) else None
    cause = error.cause if isinstance(error, PageFailed) else error
    if isinstance(cause, Rejected | InvalidValue | NotSent | Unconfirmed | Throttled | BadResponse):
        return None, cause
    needed = "a Delivery, or a Result whose error is a ChubError,"
    raise InvalidValue.of(f"outcomes[{index}]", f"{needed} is needed, not {shown(outcome)}")


def _kind(error: ErrorValue) -> str:
    return next(name for kind, name in _KINDS.items() if isinstance(error, kind))


def _taken(told: Any) -> dict[str, int]:
    """What the call took; one that was never made, for its value was wrong, took nothing."""
    if isinstance(told, InvalidValue):
        return {}
    elapsed = getattr(told, "elapsed", 0.0)
    return {"attempts": getattr(told, "attempts", 1), "microseconds": round(1_000_000 * elapsed)}
