"""Working with Results: folding one, collecting or parting many; typed without a plugin of any type checker."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from returns.result import Failure, Result, Success

A = TypeVar("A")
B = TypeVar("B")
E = TypeVar("E")


def fold(result: Result[A, E], success: Callable[[A], B], failure: Callable[[E], B]) -> B:
    """Turn a Result into a plain value, whichever of the two it is.

    >>> fold(Success(2), lambda value: f"got {value}", lambda error: f"no: {error}")
    'got 2'
    >>> fold(Failure("late"), lambda value: f"got {value}", lambda error: f"no: {error}")
    'no: late'
    """
    return success(result.unwrap()) if isinstance(result, Success) else failure(result.failure())


def collect(results: Iterable[Result[A, E]]) -> Result[tuple[A, ...], E]:
    """Gather the values of many Results, or stop at the first Failure; nothing after it is asked for.

    >>> collect([Success(1), Success(2)])
    <Success: (1, 2)>
    >>> collect(iter([Success(1), Failure("bad"), Success(3)]))
    <Failure: bad>
    """
    values: list[A] = []
    for result in results:
        if not isinstance(result, Success):
            return Failure(result.failure())
        values.append(result.unwrap())
    return Success(tuple(values))


def partition(results: Iterable[Result[A, E]]) -> tuple[tuple[A, ...], tuple[E, ...]]:
    """Part many Results into the values and the errors, each in order.

    >>> partition([Success(1), Failure("bad"), Success(3)])
    ((1, 3), ('bad',))
    """
    values: list[A] = []
    errors: list[E] = []
    for result in results:
        if isinstance(result, Success):
            values.append(result.unwrap())
        else:
            errors.append(result.failure())
    return tuple(values), tuple(errors)
