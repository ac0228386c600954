"""Answers that say no: from a status and a body of whatever shape to an error value.

The hub has two shapes of its own, and what stands before it answers with plain text, HTML or nothing.
"""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from chub.errors import (
    BadResponse,
    ChubError,
    FieldError,
    Rejected,
    Throttled,
    Unconfirmed,
)
from chub.http import Request, Response
from chub.wire.jsontext import loads

_MAX_MESSAGE = 500
CUT = "…"
"""Ends a text of the server's that was cut short."""
_MAX_ERRORS = 100

_HINTS: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "check the token",
    HTTPStatus.FORBIDDEN: "check the workspace id, and what the token may do",
}


def failure_of(request: Request, response: Response, hint: str = "") -> ChubError:
    """Turn an answer outside 2xx into its error.

    429 says that nothing was stored (an assumption: the hub's documentation knows no 429); 408 and 5xx don't say what
    became of the request; everything else is a refusal.
    """
    called: dict[str, Any] = {"method": request.method, "template": request.template}
    body = _error_body(response)
    message, logref = _message(response, body), _text(body.get("logref"))
    if response.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(retry_after=retry_after(response), message=message, logref=logref, **called)
    if response.status == HTTPStatus.REQUEST_TIMEOUT or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unconfirmed(
            reason=f"{response.status} {message}",
            status=response.status,
            logref=logref,
            retry_after=retry_after(response),
            **called,
        )
    return Rejected(
        status=response.status,
        message=message,
        logref=logref,
        errors=_field_errors(body),
        conflicting_id=_conflicting_id(body),
        hint=hint or _HINTS.get(response.status, ""),
        **called,
    )


def unreadable(request: Request, response: Response, reason: str) -> BadResponse:
    """Make the error of an answer to a read that can't be read."""
    return BadResponse(method=request.method, template=request.template, status=response.status, reason=reason)


def _error_body(response: Response) -> Mapping[str, Any]:
    try:
        body = loads(response.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _message(response: Response, body: Mapping[str, Any]) -> str:
    """The server's message if there is one, else the status phrase; one line, not endless."""
    found = _text(body.get("message")) or _text(body.get("error")) or _text(_plain_text(response))
    return found or _text(response.reason) or _phrase(response.status)


def _plain_text(response: Response) -> str | None:
    if not (response.header("Content-Type") or "").lower().startswith("text/plain"):
        return None
    return response.body[: 4 * _MAX_MESSAGE].decode("utf-8", "replace")


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else f"status {status}"


def _text(value: object) -> str | None:
    """Give a text of the server's as one line, not endless; None where it is none, or blank."""
    line = " ".join(_CONTROLS.sub(" ", value).split()) if isinstance(value, str) else ""
    return (line if len(line) <= _MAX_MESSAGE else f"{line[:_MAX_MESSAGE]}{CUT}") or None


def _given(value: object) -> str | None:
    """Give an id or a pointer of the server's as it is."""
    return value if isinstance(value, str) and value else None


_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _field_errors(body: Mapping[str, Any]) -> tuple[FieldError, ...]:
    errors = body.get("errors")
    if not isinstance(errors, list):
        return ()
    return tuple(
        FieldError(
            path=_given(item.get("path")) or "", message=_text(item.get("message")) or "", code=_text(item.get("code"))
        )
        for item in errors[:_MAX_ERRORS]
        if isinstance(item, dict)
    )


def _conflicting_id(body: Mapping[str, Any]) -> str | None:
    data = body.get("data")
    customer = data.get("customer") if isinstance(data, dict) else None
    return _given(customer.get("id")) if isinstance(customer, dict) else None


def retry_after(response: Response) -> float | None:
    """Seconds that the server asks to wait (RFC 9110, 10.2.3): as a number, or as a date next to its own `Date`.

    >>> retry_after(Response(status=503, headers=(("Retry-After", "120"),)))
    120.0
    """
    text = (response.header("Retry-After") or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(response.header("Date") or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return max(wait.total_seconds(), 0.0)
