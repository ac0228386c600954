"""HTTP/1.1 from a server's side: one request read from a stream, one response written; strict in what it takes.

Hand-written rather than `http.server`'s, whose header parser, made for mail, takes longer than the hub's whole answer.
"""

import re
from collections.abc import Callable, Mapping
from typing import BinaryIO, Final
from urllib.parse import parse_qsl

from attrs import frozen

from chub.http import Request, Response
from chub.sandbox.answers import BASE_PATH

LONGEST_LINE: Final = 64 * 1024
LARGEST_BODY: Final = 8 * 1024 * 1024
_MOST_HEADERS: Final = 100

_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_REQUEST_LINE: Final = re.compile(rf"({_WORD}) ([\x21-\x7e]+) HTTP/1\.([01])", re.ASCII)
_HEADER_NAME: Final = re.compile(_WORD, re.ASCII)
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
NO_BODY: Final = (204, 304)


@frozen
class Broken(Exception):
    """What came is no request that this server takes; the connection can't be used any further."""

    status: int
    message: str
    path: str = "/"


@frozen(kw_only=True)
class Received:
    """A request, its path as it came, and whether the client keeps the connection."""

    request: Request
    path: str
    keeps: bool

    @property
    def is_ours(self) -> bool:
        """Whether the path stands below the hub's base, as the request's own path always does."""
        return self.path.startswith(BASE_PATH + "/")


def read_request(source: BinaryIO, send: Callable[[bytes], object]) -> Received | None:
    """Read the next request; None where the client has gone.  Raises `Broken`.

    `send` is for the interim answer alone that some clients await before they send a body.
    """
    line = _line(source)
    if line == "":
        # RFC 9112, 2.2: an empty line before a request is to be ignored.
        line = _line(source)
    return None if line is None else _after_line(line, source, send)


def _after_line(line: str, source: BinaryIO, send: Callable[[bytes], object]) -> Received:
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise Broken(400, "The request line can't be read")
    method, target, minor = match.groups()
    path, _, query = target.partition("?")
    headers = _headers(source)
    named = {name.lower(): value for name, value in headers}
    request = Request(
        method=method,
        path=path.removeprefix(BASE_PATH),
        template="",
        headers=headers,
        body=_body(source, send, named),
        query=_query(query, path),
    )
    keeps = minor == "1" and "close" not in named.get("connection", "").lower()
    return Received(request=request, path=path, keeps=keeps)


def _line(source: BinaryIO) -> str | None:
    raw = source.readline(LONGEST_LINE + 1)
    if not raw:
        return None
    if not raw.endswith(b"\n"):
        raise Broken(400, "A line is too long, or was cut")
    return raw.decode("latin-1").rstrip("\r\n")


def _headers(source: BinaryIO) -> tuple[tuple[str, str], ...]:
    headers: list[tuple[str, str]] = []
    while line := _line(source):
        name, colon, value = line.partition(":")
        if not colon or not _HEADER_NAME.fullmatch(name) or len(headers) == _MOST_HEADERS:
            raise Broken(400, "The headers can't be read")
        headers.append((name, value.strip(" \t")))
    lengths = [name for name, _ in headers if name.lower() == "content-length"]
    if line is None or len(lengths) > 1:
        raise Broken(400, "The headers were cut, or contradict one another")
    return tuple(headers)


def _body(source: BinaryIO, send: Callable[[bytes], object], headers: Mapping[str, str]) -> bytes | None:
    if "transfer-encoding" in headers:
        raise Broken(411, "A body needs its Content-Length")
    stated = headers.get("content-length")
    if stated is None:
        return None
    if not re.fullmatch("[0-9]{1,18}", stated):
        raise Broken(400, "Content-Length can't be read")
    if int(stated) > LARGEST_BODY:
        raise Broken(413, "The body is too large")
    if headers.get("expect", "").lower() == "100-continue":
        send(_CONTINUE)
    body = source.read(int(stated))
    if len(body) < int(stated):
        raise Broken(400, "The body was cut")
    return body


def _query(query: str, path: str) -> tuple[tuple[str, str], ...]:
    if not query:
        return ()
    try:
        return tuple(parse_qsl(query, keep_blank_values=True, strict_parsing=True, errors="surrogatepass"))
    except ValueError:
        raise Broken(400, "The query can't be read", path) from None


def response_bytes(response: Response, *, keeps: bool, with_body: bool = True) -> bytes:
    """Give a response as it goes over the wire, head and body in one piece."""
    headers = list(response.headers)
    if response.status not in NO_BODY:
        headers.append(("content-length", str(len(response.body))))
    if not keeps:
        headers.append(("connection", "close"))
    lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{name}: {value}" for name, value in headers)]
    head = "\r\n".join([*lines, "\r\n"]).encode("latin-1")
    return head + response.body if with_body else head
