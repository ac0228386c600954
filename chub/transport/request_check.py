"""Requests that no connection can bear, found before one is opened: the operations of chub make none, callers may."""

import re
from collections.abc import Iterable, Iterator

from chub.errors import InvalidValue, Problem, shown
from chub.http import Request
from chub.wire.operation import READING, WRITING

# RFC 9110, 5.6.2 and 5.5: the name of a method or a header, and a header's value, as http.client can write it.
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_VALUE = re.compile(r"[\x21-\x7e\xa0-\xff]([\t\x20-\x7e\xa0-\xff]*[\x21-\x7e\xa0-\xff])?|")
_OF_THE_TRANSPORT = frozenset({"host", "content-length", "transfer-encoding"})  # twice, they mean two things
_PATH = re.compile(r"(/[\x21\x22\x24-\x3e\x40-\x7e]*)?")


def check_request(request: Request) -> None:
    """Raise `InvalidValue` with everything that can't be sent; it shows no header's value.

    >>> check_request(Request(method="GET", path="/a b", template="/x"))
    Traceback (most recent call last):
    chub.errors.InvalidValue: request.path: '/a b' is no path of a URL
    """
    InvalidValue.check(_problems(request))


def _problems(request: Request) -> Iterator[Problem]:
    if not _fits(_NAME, request.method):
        yield Problem(path="request.method", message=f"{shown(request.method)} is no method")
    if not _fits(_PATH, request.path):
        yield Problem(path="request.path", message=f"{shown(request.path)} is no path of a URL")
    if request.headers not in (READING, WRITING):  # those of chub's own operations are right
        yield from _header_problems(request.headers)
    if not (request.body is None or isinstance(request.body, bytes)):
        yield Problem(path="request.body", message=f"bytes are needed, not {type(request.body).__name__}")


def _header_problems(headers: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    for name, value in headers:
        if not (_fits(_NAME, name) and _fits(_VALUE, value)):
            yield Problem(path=f"request.headers[{shown(name)}]", message="no header can be written so")
        elif name.lower() in _OF_THE_TRANSPORT:
            yield Problem(path=f"request.headers[{shown(name)}]", message="the transport itself writes this one")


def _fits(pattern: re.Pattern[str], text: object) -> bool:
    return isinstance(text, str) and pattern.fullmatch(text) is not None
