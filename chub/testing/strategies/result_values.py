"""Strategies of what calls tell: outcomes, each error, and Results of both."""

from collections.abc import Iterable
from typing import Any, Final, TypeVar, get_args

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from returns.result import Failure, Result, Success

from chub.errors import (
    BadResponse,
    ChubError,
    FieldError,
    InvalidValue,
    NotSent,
    PageFailed,
    Problem,
    Rejected,
    Throttled,
    Unconfirmed,
)
from chub.progress import Progress
from chub.reporting import Report
from chub.testing.strategies import arguments
from chub.testing.strategies.called import as_called
from chub.testing.strategies.plain import TEXTS, path_ids, records
from chub.values.outcomes import Accepted, Deleted
from chub.values.schema import Problems, note

A = TypeVar("A")

_REASONS: Final = TEXTS.map(lambda text: text or "0")
_SECONDS: Final = st.integers(0, 60).map(float)
_TOOK: Final[dict[str, SearchStrategy[Any]]] = {
    "attempts": st.integers(1, 5),
    "elapsed": _SECONDS,
    "tracing_id": st.none() | st.uuids(version=4).map(str),
}
_EVENTS, _EVENT = "/workspaces/{workspaceId}/events", "/workspaces/{workspaceId}/events/{id}"
_READS: Final = (("GET", _EVENT), ("GET", _EVENTS), ("GET", "/workspaces/{workspaceId}/customers/{customer_id}"))
_CALLS: Final = (
    ("POST", _EVENTS),
    *_READS,
    ("PUT", _EVENT),
    ("DELETE", _EVENT),
    ("POST", "/workspaces/{workspaceId}/customers"),
    ("POST", "/workspaces/{workspaceId}/customers/{customer_id}/sessions"),
)
_LOGREFS: Final = st.none() | st.uuids(version=4).map(str)

PROBLEMS: Final = st.builds(
    Problem, path=st.sampled_from(["", "owner", "products[0].price", "$.properties.startDate"]), message=_REASONS
)
FIELD_ERRORS: Final = st.builds(
    FieldError,
    path=st.sampled_from(["", "/context", "/properties/amount/total"]),
    message=_REASONS,
    code=st.sampled_from([None, "type", "required"]),
)


def _error(cls: type[Any], calls: tuple[tuple[str, str], ...] = _CALLS, /, **needed: Any) -> Any:
    """Make a function that takes the strategies of optional fields, and draws errors of one call or another."""

    def with_optional(**optional: Any) -> SearchStrategy[Any]:
        called = st.sampled_from(calls).map(lambda call: {"method": call[0], "template": call[1]})
        rest = records(needed, {**_TOOK, **optional})
        return st.builds(lambda call, fields: cls(**call, **fields), called, rest)

    return with_optional


_CAUSES: Final[dict[Any, SearchStrategy[Any]]] = {
    InvalidValue: st.builds(InvalidValue, st.lists(PROBLEMS, min_size=1, max_size=3)),
    NotSent: _error(NotSent, reason=_REASONS, transient=st.booleans())(),
    Unconfirmed: _error(Unconfirmed, reason=_REASONS)(
        status=st.sampled_from([408, *range(500, 512)]), logref=_LOGREFS, retry_after=_SECONDS
    ),
    Rejected: _error(Rejected, status=st.sampled_from([400, 401, 403, 404, 409, 423]), message=_REASONS)(
        logref=_LOGREFS, errors=st.lists(FIELD_ERRORS, max_size=2).map(tuple), conflicting_id=path_ids(), hint=TEXTS
    ),
    Throttled: _error(Throttled)(retry_after=_SECONDS, message=TEXTS, logref=_LOGREFS),
    BadResponse: _error(BadResponse, _READS, reason=_REASONS)(status=st.sampled_from([200, 202])),
}
_ERRORS: Final = {
    **_CAUSES,
    PageFailed: st.builds(PageFailed, page=st.integers(0, 100), cause=st.one_of(list(_CAUSES.values()))),
}


@as_called
def errors(kinds: Iterable[type[Any]] | type[Any] | None = None) -> SearchStrategy[ChubError]:
    """Draw errors of these classes, by default of every one that chub's functions return.

    >>> from hypothesis import find
    >>> print(find(errors(NotSent), lambda error: error.transient))
    POST /workspaces/{workspaceId}/events: not sent, nothing was stored: 0 (may be tried again)
    """
    wrong: Problems = []
    named = arguments.choices(get_args(ChubError) if kinds is None else kinds, "kinds", wrong, _kind)
    arguments.checked(wrong)
    return st.one_of([_ERRORS[kind] for kind in named])


def _kind(value: Any, path: str, wrong: Problems) -> Any:
    if isinstance(value, type) and value in _ERRORS:
        return value
    return note(wrong, path, f"a class of chub.ChubError is needed, such as chub.NotSent, not {value!r}")


@as_called
def outcomes(kinds: Iterable[type[Accepted | Deleted]] | type[Accepted | Deleted] | None = None) -> SearchStrategy[Any]:
    """Draw what writes tell when they succeed: `Accepted`, `Deleted`, or both by default.

    >>> from hypothesis import find
    >>> find(outcomes(Accepted), lambda outcome: outcome.id is not None)
    Accepted(id='0')
    """
    wrong: Problems = []
    named = arguments.choices(tuple(_OUTCOMES) if kinds is None else kinds, "kinds", wrong, _outcome)
    arguments.checked(wrong)
    return st.one_of([_OUTCOMES[kind] for kind in named])


_OUTCOMES: Final[dict[Any, SearchStrategy[Any]]] = {
    Accepted: st.builds(Accepted, st.none() | path_ids(), **_TOOK),
    Deleted: st.builds(Deleted, confirmed=st.booleans().map(lambda gone: not gone), **_TOOK),
}


def _outcome(value: Any, path: str, wrong: Problems) -> Any:
    if isinstance(value, type) and value in _OUTCOMES:
        return value
    return note(wrong, path, f"chub.Accepted or chub.Deleted is needed, not {value!r}")


@as_called
def results(
    values: SearchStrategy[A], failures: SearchStrategy[ChubError] | None = None
) -> SearchStrategy[Result[A, ChubError]]:
    """Draw Results: a Success of these values, or a Failure of these errors, by default of any.

    >>> from hypothesis import find
    >>> find(results(st.integers()), lambda result: True)
    <Success: 0>
    """
    wrong: Problems = []
    found = arguments.strategy(values, "values", wrong, st.none())
    if values is None:
        note(wrong, "values", "a strategy is needed, such as st.just(...), not NoneType")
    failed = arguments.strategy(failures, "failures", wrong, errors())
    arguments.checked(wrong)
    return found.map(Success) | failed.map(Failure)


_COUNTS: Final = st.integers(0, 1_000)


@as_called
def reports() -> SearchStrategy[Report]:
    """Draw reports of any counts; they fit together, so that no outcome took less than one attempt.

    >>> from hypothesis import find
    >>> find(reports(), lambda report: report.rejected > 0)
    Report(statuses=((400, 1),), attempts=1)
    """
    kinds = ("accepted", "throttled", "unconfirmed", "not_sent", "invalid", "unreadable")
    statuses = st.dictionaries(st.sampled_from([400, 401, 403, 404, 409]), st.integers(1, 1_000), max_size=3)
    counted = records({}, {**dict.fromkeys(kinds, _COUNTS), "statuses": statuses})
    return st.builds(_report, counted, _COUNTS, st.integers(0, 60_000_000))


def _report(counted: dict[str, Any], repeated: int, microseconds: int) -> Report:
    made = Report(**counted)
    sent = made.total - made.invalid
    return evolve(made, attempts=sent + repeated, microseconds=microseconds) if sent else made


@as_called
def progress() -> SearchStrategy[Progress]:
    """Draw how far a walk or a stream may have come.

    >>> from hypothesis import find
    >>> find(progress(), lambda progress: progress.done)
    Progress(pages=0, events=0, total=None, seconds=0.0, done=True)
    """
    return st.builds(_progress, _COUNTS, _COUNTS, arguments.maybe(_COUNTS), _SECONDS, st.booleans())


def _progress(pages: int, events: int, left: int | None, seconds: float, done: bool) -> Progress:
    total = None if left is None else events + left
    return Progress(pages=pages, events=events, total=total, seconds=seconds, done=done)
