"""How a law says that it is broken, and what several laws look at: the requests that go out."""

from collections.abc import Callable
from typing import Any, Final

import attrs
from attrs import frozen
from returns.result import Result, Success

from chub.errors import ChubError
from chub.http import Deadline, Request, Response
from chub.settings import Config
from chub.transport.door import transport_of

_LONGEST: Final = 600


@frozen
class Law:
    """A promise by its name.

    >>> Law("round trip").require(1 + 1 == 2, "2", "3")
    """

    name: str

    def require(self, holds: bool, expected: str, found: object) -> None:
        """Raise AssertionError unless the promise holds."""
        if not holds:
            raise AssertionError(f"{self.name}: expected {expected}, found {written(found)}")


def written(value: object) -> str:
    """Write a value as a part of a message: a text as it is, anything else as its `repr`, neither without an end."""
    try:
        text = value if isinstance(value, str) else repr(value)
    except Exception as error:  # a value of the user's may do anything, and Python writes no giant integers
        text = f"<{type(value).__name__}, whose repr raised {type(error).__name__}>"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


Answered = Result[Response, ChubError]


def watched(config: Config, see: Callable[[Request, Callable[[], Answered]], Answered]) -> Config:
    """Give a config whose requests all pass `see`, which sends each one by calling its second argument, or doesn't."""
    carry = transport_of(config)

    def transport(request: Request, deadline: Deadline) -> Answered:
        return see(request, lambda: carry(request, deadline))

    return attrs.evolve(config, transport=transport)


def value_or_error(result: Result[Any, Any]) -> Any:
    """Give what a Result holds, whichever of the two it is."""
    return result.unwrap() if isinstance(result, Success) else result.failure()
