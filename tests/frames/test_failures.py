"""What becomes of the Failures of a stream: raised, the end, or collected."""

from collections.abc import Iterator
from typing import Any

import pytest
from returns.result import Failure, Result, Success

import chub
from chub.frames.failures import successes

LATE = chub.NotSent(reason="late", transient=True)
WRONG = chub.Rejected(status=400, message="Bad Request")


def stream(asked: list[int]) -> Iterator[Any]:
    items: list[Any] = [Success("a"), "b", Failure(LATE), Success("c"), Failure(WRONG), "d"]
    for index, item in enumerate(items):
        asked.append(index)
        yield item


def test_the_first_error_is_raised() -> None:
    asked: list[int] = []
    found = successes(stream(asked))
    assert ["a", "b"] == [next(found), next(found)]
    with pytest.raises(chub.NotSent) as raised:
        next(found)
    assert LATE == raised.value
    assert [0, 1, 2] == asked


def test_or_it_is_the_end() -> None:
    asked: list[int] = []
    assert ["a", "b"] == list(successes(stream(asked), "stop"))
    assert [0, 1, 2] == asked


def test_or_all_are_appended_to_a_list() -> None:
    errors: list[chub.ChubError] = []
    assert ["a", "b", "c", "d"] == list(successes(stream([]), errors))
    assert [LATE, WRONG] == errors


def test_or_given_to_a_function() -> None:
    errors: list[Any] = []
    assert ["a", "b", "c", "d"] == list(successes(stream([]), lambda error: errors.append(str(error))))
    assert [str(LATE), str(WRONG)] == errors


@pytest.mark.parametrize("failures", ["ignore", None, (), True, {}])
def test_anything_else_is_a_wrong_program_before_anything_is_asked_for(failures: Any) -> None:
    asked: list[int] = []
    with pytest.raises(chub.InvalidValue, match=r"^failures: 'raise', 'stop', or a list or function"):
        successes(stream(asked), failures)
    assert [] == asked


def test_it_is_lazy() -> None:
    asked: list[int] = []
    results: Iterator[Result[str, chub.ChubError]] = stream(asked)
    successes(results, "stop")
    assert [] == asked
