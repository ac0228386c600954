"""How strategies are shown: as the call that made them, not as the thousands of parts that they are made of.

Hypothesis shows a strategy in what it says of a failure, and warns of one that takes long to show.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

P = ParamSpec("P")
A = TypeVar("A")


class _Made:
    """The strategy that a call made, shown as the call's arguments; no attrs class, whose fields would be shown."""

    def __init__(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], strategy: SearchStrategy[Any]) -> None:
        self.args = args
        self.kwargs = kwargs
        self.strategy = strategy

    def __repr__(self) -> str:
        return ", ".join([*map(repr, self.args), *(f"{name}={value!r}" for name, value in self.kwargs.items())])


def as_called(make: Callable[P, SearchStrategy[A]]) -> Callable[P, SearchStrategy[A]]:
    """Have what a function makes shown as its call.

    >>> @as_called
    ... def digits(*, most: int = 9):
    ...     return st.integers(0, most)
    >>> st.lists(digits(most=5))
    lists(digits(most=5))
    """

    def drawn(draw: DrawFn, made: _Made) -> Any:
        return draw(made.strategy)

    drawn.__name__ = drawn.__qualname__ = make.__name__
    composite = st.composite(drawn)

    @wraps(make)
    def called(*args: P.args, **kwargs: P.kwargs) -> SearchStrategy[A]:
        return composite(_Made(args, kwargs, make(*args, **kwargs)))

    return called
