"""The arguments by which strategies are narrowed: read once, when a strategy is made, and refused by `InvalidValue`."""

from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chub.errors import InvalidValue, Problem
from chub.values.schema import Problems, note

Check = Callable[[Any, str, Problems], Any]
"""Gives an argument as it is meant, or notes what is wrong with it."""


def checked(problems: Problems) -> None:
    """Raise `InvalidValue` where something was noted."""
    InvalidValue.check(problems)


def strategy(value: Any, path: str, problems: Problems, otherwise: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Take a strategy, or this one where None is given."""
    if value is None:
        return otherwise
    if not isinstance(value, SearchStrategy):
        note(problems, path, f"a strategy is needed, such as st.just(...), not {type(value).__name__}")
        return otherwise
    return value


def choices(value: Any, path: str, problems: Problems, check: Check) -> tuple[Any, ...]:
    """Take one or several of what `check` takes; at least one."""
    single = isinstance(value, str) or not isinstance(value, Iterable)
    items = (value,) if single else tuple(value)
    if not items:
        note(problems, path, "empty, which leaves nothing to draw; leave it out for everything")
    return tuple(check(item, path if single else f"{path}[{index}]", problems) for index, item in enumerate(items))


def bounds(least: Any, most: Any, names: tuple[str, str], problems: Problems, *, floor: int = 0) -> None:
    """Note what is wrong with the two ends of a range of whole numbers."""
    wrong = [
        Problem(path=name, message=f"a whole number from {floor} on is needed, not {value!r}")
        for name, value in zip(names, (least, most), strict=True)
        if not isinstance(value, int) or isinstance(value, bool) or value < floor
    ]
    problems += wrong
    if not wrong and least > most:
        note(problems, names[0], f"{least} is above {names[1]}, {most}")


def flag(value: Any, path: str, problems: Problems) -> None:
    """Note what is no bool."""
    if not isinstance(value, bool):
        note(problems, path, f"a bool is needed, not {type(value).__name__}")


def maybe(found: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Draw None too, and shrink towards it."""
    return st.none() | found
