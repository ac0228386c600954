"""One exchange as one line of JSON: what was asked, and what came of it; written here, read in `reading`.

    {"request": {"method": "GET", "path": ..., "template": ..., "query": [["size", "10"]]},
     "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": {"elements": []}}}

A body stands under `body` where it is JSON that can be written as a value without loss, else as `text`, else as
`base64`.  In the place of `response` there may be `error`: a failure of the transport.
"""

import base64
import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, NoReturn, get_args

import attrs
from returns.result import Result, Success

from chub.errors import ChubError
from chub.http import Request, Response
from chub.testing.recording.masking import Mask

Row = dict[str, Any]

DEEPEST = 100
"""A body of more arrays and objects in one another is kept as text: Python's own writer has a limit as well."""

ERRORS: Mapping[str, type[Any]] = {kind.__name__: kind for kind in get_args(ChubError)}
"""The errors that a transport may fail with, by their names."""

# The others are made anew by whoever gets the error: the door writes them into it.
TAKEN_ANEW = ("attempts", "elapsed", "tracing_id")
# `Date` is there for a Retry-After that is a date.  No other header is read by chub, and some are secret.
HEADERS = ("content-type", "retry-after", "date")
# What rules a terminal, breaks a line for some tool, or has no UTF-8.
_UNREADABLE = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def request_row(request: Request, mask: Mask) -> Row:
    """Give what is kept of a request; its headers are not."""
    query = [[mask(name), mask(value)] for name, value in request.query]
    row: Row = {"method": request.method, "path": mask(request.path), "template": mask(request.template)}
    return row | ({"query": query} if query else {}) | _content(request.body, mask)


def answer_row(request: Request, result: Result[Response, ChubError], mask: Mask) -> Row:
    """Give what is kept of an answer, or of the failure to get one."""
    if isinstance(result, Success):
        return {"response": _response_row(result.unwrap(), mask)}
    return {"error": _error_row(result.failure(), request, mask)}


def _response_row(response: Response, mask: Mask) -> Row:
    given = {name: mask(value) for name in HEADERS if (value := response.header(name)) is not None}
    if "retry-after" not in given:
        given.pop("date", None)
    row: Row = {"status": response.status}
    if response.reason:
        row["reason"] = mask(response.reason)
    if given:
        row["headers"] = given
    return row | _content(response.body, mask, plain=given.get("content-type", "").lower().startswith("text/plain"))


def _content(body: bytes | None, mask: Mask, *, plain: bool = False) -> Row:
    if not body:
        return {}
    try:
        text = mask(body.decode("utf-8"))
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(mask(body.decode("latin-1")).encode("latin-1")).decode("ascii")}
    try:
        return {"text": text} if plain else {"body": _value_of(text)}
    except ValueError:
        return {"text": text}


def _value_of(text: str) -> Any:
    """Read JSON; a ValueError where it is none, or where the value would be less than the text."""
    try:
        value = EXACT.decode(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if text.count("[") + text.count("{") > DEEPEST and is_deeper(value, DEEPEST):
        raise ValueError("nested too deep")
    return value


def is_deeper(value: Any, most: int) -> bool:
    """Whether more than so many arrays and objects stand in one another."""
    level = [value]
    for _ in range(most + 1):
        level = [inner for item in level for _, inner in children(item)]
    return bool(level)


def children(value: Any) -> list[tuple[str | int, Any]]:
    """Give what stands in a JSON array or object, with its key or place."""
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _exact_float(text: str) -> float:
    number = float(text)
    if not isfinite(number) or not _is_exactly(number, text):
        raise ValueError("more than a float holds")
    return number


def _is_exactly(number: float, text: str) -> bool:
    try:
        return Decimal(text) == Decimal(repr(number))
    except InvalidOperation:
        return False  # an exponent beyond a decimal's


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a key stands there twice")
    return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


EXACT = json.JSONDecoder(parse_float=_exact_float, parse_constant=_refuse, object_pairs_hook=_unique)
"""Reads JSON, or raises a ValueError where the value would be less than the text."""


def _error_row(error: Any, request: Request, mask: Mask) -> Row:
    if type(error).__name__ not in ERRORS:
        raise TypeError(f"a transport fails with one of chub's errors, not with {type(error).__name__}")
    called = {"method": request.method, "template": request.template}
    fields = [item for item in attrs.fields(type(error)) if item.name not in TAKEN_ANEW]
    given = {item.name: getattr(error, item.name) for item in fields}
    return {"kind": type(error).__name__} | {
        item.name: _plain(given[item.name], request, mask)
        for item in fields
        if given[item.name] != called.get(item.name, item.default)
    }


def _plain(value: Any, request: Request, mask: Mask) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, tuple):
        return [
            attrs.asdict(item, value_serializer=lambda _, __, inner: _plain(inner, request, mask)) for item in value
        ]
    return _error_row(value, request, mask) if isinstance(value, Exception) else value


def line_of(row: Row) -> bytes:
    """Write a row as a line that can be shown anywhere."""
    text = json.dumps(row, ensure_ascii=False, allow_nan=False)
    return _UNREADABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", text).encode() + b"\n"
