"""What becomes of the Failures of a stream that is written to a file or made a table: one argument, `failures`.

- "raise", the default: the first error is raised, and nothing is left of what was being made.
- "stop": it ends there, and keeps what came before.
- a list, or a function: it goes on, and the list has each error appended, the function is called with it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, TypeVar

from returns.result import Failure, Result, Success

from chub.errors import ChubError, InvalidValue, shown

A = TypeVar("A")

Failures = Literal["raise", "stop"] | list[ChubError] | Callable[[ChubError], object]
"""What to do with an error: raise it, stop there, or go on, with a list or a function that takes it."""


def check_failures(failures: object) -> None:
    """Raise `InvalidValue` where this is none of the choices; to be called before anything is read or made."""
    if not (failures in ("raise", "stop") or isinstance(failures, list) or callable(failures)):
        choices = "'raise', 'stop', or a list or function that takes the errors"
        raise InvalidValue.of("failures", f"{choices} is needed, not {shown(failures)}")


def successes(results: Iterable[Result[A, ChubError] | A], failures: Failures = "raise") -> Iterator[A]:
    """Yield the values of a stream lazily, doing with its Failures as was asked; a plain value counts as a Success.

    >>> errors = []
    >>> list(successes([Success(1), Failure("late"), 2], errors)), errors
    ([1, 2], ['late'])
    >>> list(successes([Success(1), Failure("late"), 2], "stop"))
    [1]
    """
    check_failures(failures)
    return _successes(results, failures)


def _successes(results: Iterable[Any], failures: Any) -> Iterator[Any]:
    take = failures.append if isinstance(failures, list) else failures
    for result in results:
        kind = result.__class__  # of final classes; `isinstance` would ask their metaclass, which takes longer
        if kind is Success:
            yield result.unwrap()
        elif kind is not Failure:
            yield result
        elif failures == "stop":
            return
        elif failures == "raise":
            raise result.failure()
        else:
            take(result.failure())
