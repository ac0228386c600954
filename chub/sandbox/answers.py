"""What the hub answers with: bodies, statuses and its two shapes of errors, as `Response` values."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any, Final

from attrs import frozen

from chub.http import Response
from chub.sandbox.schema import Violation
from chub.sandbox.text import write_instant, write_json

BASE_PATH: Final = "/hub/v1"
"""Where every path of the hub begins."""

# More than anybody reads; without an end, a hostile body would get an answer many times its size.
_MOST_VIOLATIONS: Final = 1000
_JSON: Final = (("content-type", "application/json;charset=UTF-8"),)


@frozen(auto_exc=False)
class Refused(Exception):
    """Raised by a handler: the request is refused, and nothing of it is stored."""

    status: int
    message: str
    violations: tuple[Violation, ...] = ()
    data: Mapping[str, Any] | None = None

    @classmethod
    def unless_valid(cls, violations: Iterable[Violation]) -> None:
        """Raise a 400 with these violations, if there are any."""
        found = tuple(islice(violations, _MOST_VIOLATIONS))
        if found:
            raise cls(400, "Validation failed", found)


def answer(status: int, body: Any) -> Response:
    """Answer with JSON."""
    return Response(status=status, reason=HTTPStatus(status).phrase, headers=_JSON, body=write_json(body))


def empty(status: int) -> Response:
    """Answer without a body."""
    return Response(status=status, reason=HTTPStatus(status).phrase)


def refusal(refused: Refused, logref: str) -> Response:
    """Answer in the shape of the hub's own errors."""
    errors = [
        {"message": wrong.message, "path": wrong.path, "code": wrong.code, "data": None} for wrong in refused.violations
    ]
    body = {"message": refused.message, "logref": logref, "data": refused.data, "errors": errors}
    return answer(refused.status, body)


def stray(status: int, message: str, path: str, now: int) -> Response:
    """Answer in the shape of errors that arise before the hub: no such route, no such method, broken HTTP."""
    body = {
        "timestamp": write_instant(now),
        "status": status,
        "error": HTTPStatus(status).phrase,
        "message": message,
        "path": path,
    }
    return answer(status, body)
