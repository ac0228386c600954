"""The parameters of lists, all their faults at once, and the page that a list answers with."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from chub.http import Request, Response
from chub.sandbox.answers import Refused, answer
from chub.sandbox.schema import Violation, pointer
from chub.sandbox.text import read_instant

LARGEST_SIZE: Final = 50
DEFAULT_SIZE: Final = 10
# What the hub's own integers hold.
_LARGEST_NUMBER: Final = 2**31 - 1
# SQLite binds no more than some thousands of values to a statement.
_MOST_PARTS: Final = 1000

Reader = Callable[[str], Any]
"""Reads the text of a parameter; raises a ValueError that says what it should be."""


def read_query(request: Request, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """Read the parameters that have a reader, None where one is absent; others are ignored, as the hub does."""
    values: dict[str, Any] = {}
    wrong = []
    for name, read in readers.items():
        try:
            values[name] = _single([text for given, text in request.query if given == name], read)
        except ValueError as error:
            wrong.append(Violation(pointer("", name), "parameter", str(error)))
    Refused.unless_valid(wrong)
    return values


def _single(texts: Sequence[str], read: Reader) -> Any:
    if not texts:
        return None
    if len(texts) > 1:
        raise ValueError("is given more than once")
    if not texts[0]:
        raise ValueError("is empty")
    return read(texts[0])


def text(given: str) -> str:
    """Take any text."""
    return given


def instant(given: str) -> int:
    """Take an instant with its zone, as milliseconds since 1970."""
    milliseconds = read_instant(given)
    if milliseconds is None:
        raise ValueError("must be an instant with its zone")
    return milliseconds


def choice(*allowed: str) -> Reader:
    """Take one of these texts."""

    def read(given: str) -> str:
        if given not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return given

    return read


def several(read: Reader) -> Reader:
    """Take one or more, with commas between them."""

    def read_all(given: str) -> list[Any]:
        parts = given.split(",")
        if len(parts) > _MOST_PARTS:
            raise ValueError(f"must not have more than {_MOST_PARTS} parts")
        return [_single([part], read) for part in parts]

    return read_all


def whole_number(low: int, high: int) -> Reader:
    """Take a whole number in a range."""

    def read(given: str) -> int:
        if not re.fullmatch("[0-9]{1,10}", given) or not low <= int(given) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(given)

    return read


PAGE: Final[Mapping[str, Reader]] = {"page": whole_number(0, _LARGEST_NUMBER), "size": whole_number(1, LARGEST_SIZE)}
"""The parameters that every paged list takes."""


def window(query: Mapping[str, Any]) -> tuple[int, int]:
    """Give the size of the page that is asked for, and how many elements stand before it."""
    size = query["size"] or DEFAULT_SIZE
    return size, size * (query["page"] or 0)


def page(elements: Sequence[Any], query: Mapping[str, Any], *, total: int, unfiltered: int) -> Response:
    """Answer with a page of a list."""
    size, _ = window(query)
    facts = {
        "size": size,
        "totalElements": total,
        "totalUnfilteredElements": unfiltered,
        "totalPages": -(-total // size),
        "number": query["page"] or 0,
    }
    return answer(200, {"elements": elements, "page": facts})
