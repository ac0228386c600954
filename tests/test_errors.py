"""Errors as values: equal, hashable, picklable, told in one line, and exceptions where one is raised."""

import copy
import pickle
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import pytest
from chub_cases import raised
from chub_strategies import law
from hypothesis import given
from returns.primitives.exceptions import UnwrapFailedError
from returns.result import Failure

from chub.errors import (
    BadResponse,
    ErrorValue,
    FieldError,
    InvalidValue,
    NotSent,
    PageFailed,
    Problem,
    Rejected,
    Throttled,
    Unconfirmed,
    one_line,
    shown,
)
from chub.testing.strategies import odd_texts

POST: dict[str, Any] = {"method": "POST", "template": "/events"}
GET: dict[str, Any] = {"method": "GET", "template": "/events"}
TOLD: list[tuple[ErrorValue, str]] = [
    (InvalidValue.of("size", "51 is not between 1 and 50"), "size: 51 is not between 1 and 50"),
    (InvalidValue.of("", "not JSON"), "not JSON"),
    (InvalidValue([Problem(path="a", message="1"), Problem(path="b", message="2")]), "2 problems: a: 1; b: 2"),
    (
        NotSent(reason="refused", transient=True, **POST),
        "POST /events: not sent, nothing was stored: refused (may be tried again)",
    ),
    (
        NotSent(reason="bad certificate", transient=False),
        "the answer: not sent, nothing was stored: bad certificate (trying again won't help)",
    ),
    (
        Unconfirmed(reason="cut", **POST),
        "POST /events: unconfirmed, it may be stored or not: cut (look before sending again)",
    ),
    (Unconfirmed(reason="cut", method="HEAD"), "HEAD: no answer: cut"),
    (Unconfirmed(reason="500 Oops", status=500, **GET), "GET /events: no answer: 500 Oops"),
    (Rejected(status=404, message="Not Found", **GET), "GET /events: 404 Not Found"),
    (
        Rejected(
            status=409,
            message="Conflict",
            logref="l1",
            errors=(FieldError(path="/a", message="no"), FieldError(path="", message="bad", code="x")),
            conflicting_id="c2",
            hint="look",
            **POST,
        ),
        "POST /events: refused, nothing was stored: 409 Conflict [/a no; bad] (customer c2) (logref l1); look",
    ),
    (Throttled(**POST), "POST /events: throttled, nothing was stored: try again later"),
    (Throttled(retry_after=2.5, **POST), "POST /events: throttled, nothing was stored: try again in 2.5 s"),
    (BadResponse(reason="not JSON", status=200, **GET), "GET /events: 200, but the answer can't be read: not JSON"),
    (BadResponse(reason="not JSON"), "the answer: the answer can't be read: not JSON"),
    (
        PageFailed(page=3, cause=Rejected(status=403, message="Forbidden", **GET)),
        "page 3 failed: GET /events: 403 Forbidden",
    ),
]
ERRORS = [error for error, _ in TOLD]


@pytest.mark.parametrize(("error", "told"), TOLD)
def test_each_error_tells_what_to_do(error: ErrorValue, told: str) -> None:
    assert str(error) == told


@pytest.mark.parametrize("error", ERRORS, ids=repr)
@pytest.mark.parametrize(
    "again",
    [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error)), attrs.evolve],
    ids=["copy", "deepcopy", "pickle", "evolve"],
)
def test_a_copy_is_equal_and_whole(error: ErrorValue, again: Any) -> None:
    made = again(error)
    assert (made, hash(made), str(made), repr(made)) == (error, hash(error), str(error), repr(error))
    assert type(made) is type(error)


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_an_evolved_error_pickles_with_what_was_changed(error: Any) -> None:
    name = attrs.fields(type(error))[0].name
    other = InvalidValue.of("x", "y").problems if name == "problems" else "other"
    made = attrs.evolve(error, **{name: other})
    assert getattr(pickle.loads(pickle.dumps(made)), name) == other
    assert made != error


def test_attempts_elapsed_and_tracing_id_are_kept_but_not_compared() -> None:
    one = Rejected(status=404, message="no", attempts=1, elapsed=0.5, tracing_id="a", hint="x")
    two = Rejected(status=404, message="no", attempts=2, elapsed=1.5, tracing_id="b", hint="y")
    assert (one, hash(one)) == (two, hash(two))
    again = pickle.loads(pickle.dumps(two))
    assert (2, 1.5, "b", "y") == (again.attempts, again.elapsed, again.tracing_id, again.hint)


def test_errors_of_other_classes_or_facts_are_unequal() -> None:
    assert len({*ERRORS}) == len(ERRORS)
    assert Rejected(status=404, message="no") != Rejected(status=403, message="no")


def test_an_error_does_not_change() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        InvalidValue.of("a", "b").problems = ()  # type: ignore[misc]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_unwrap_chains_the_error_as_the_cause(error: ErrorValue) -> None:
    with pytest.raises(UnwrapFailedError) as caught:
        Failure(error).unwrap()
    assert caught.value.__cause__ is error


@contextmanager
def room() -> Iterator[None]:
    yield


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_an_error_goes_through_a_context_manager(error: ErrorValue) -> None:
    with pytest.raises(type(error)) as caught, room():
        raise error
    assert caught.value is error
    assert str(error) in "".join(traceback.format_exception_only(error))


def test_an_error_takes_a_note() -> None:
    error = InvalidValue.of("a", "b")
    error.add_note("seen at noon")
    assert ["seen at noon"] == error.__notes__


def test_an_invalid_value_is_a_value_error() -> None:
    assert isinstance(InvalidValue.of("a", "b"), ValueError)


def test_check_raises_all_problems_at_once_or_nothing() -> None:
    problems = [Problem(path="a", message="1"), Problem(path="b", message="2")]
    assert tuple(problems) == raised(lambda: InvalidValue.check(iter(problems))).problems
    assert InvalidValue.check([]) is None  # type: ignore[func-returns-value]


@law
@given(odd_texts())
def test_every_error_is_told_in_one_line_that_can_be_printed(text: str) -> None:
    for error in (
        InvalidValue.of(text, text),
        InvalidValue([Problem(path=text, message=text)] * 2),
        NotSent(reason=text, transient=True, method=text, template=text),
        Unconfirmed(reason=text),
        Rejected(status=1, message=text, logref=text, errors=(FieldError(path=text, message=text),), hint=text),
        BadResponse(reason=text),
        PageFailed(page=0, cause=Rejected(status=400, message=text, conflicting_id=text)),
    ):
        told = str(error)
        assert len(told.splitlines()) <= 1
        assert told.encode().decode() == told


@pytest.mark.parametrize(
    ("text", "line"),
    [("plain – Zürich", "plain – Zürich"), ("a\r\nb", "a\\r\\nb"), ("\x1b[2J", "\\x1b[2J"), ("\ud800", "\\ud800")],
)
def test_one_line_escapes_what_breaks_or_hides_a_line(text: str, line: str) -> None:
    assert one_line(text) == line


class Unspeakable:
    def __repr__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    ("value", "text"),
    [("web", "'web'"), (10**5000, "<int>"), (Unspeakable(), "<Unspeakable>"), ("x" * 500, f"'{'x' * 79}…")],
    ids=["text", "giant", "unspeakable", "long"],
)
def test_a_value_is_shown_short_whatever_it_is(value: object, text: str) -> None:
    assert shown(value) == text
