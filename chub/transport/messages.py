"""A request as the bytes that go out: head and body in one, so that one `send` carries both (RFC 9112, 3)."""

from functools import lru_cache
from urllib.parse import urlsplit

from chub.http import Request, wire_headers

_PORTS = {"http": 80, "https": 443}
_WITH_BODY = ("POST", "PUT", "PATCH")
_UNCODED = ("Accept-Encoding", "identity")


class Message(bytes):
    """Bytes with the token among them, which a traceback with locals must not show."""

    def __repr__(self) -> str:
        return "(message)"


def message_of(request: Request) -> Message:
    """Write a request as HTTP/1.1; raises `InvalidValue` where the token can't be read.

    Of headers with the same name the last is written: a server would take one or the other of two.

    >>> asked = Request(method="GET", path="/events", template="/events", base_url="https://hub.example/v1")
    >>> bytes(message_of(asked)).decode().splitlines()
    ['GET /v1/events HTTP/1.1', 'Host: hub.example', 'Accept-Encoding: identity', '']
    """
    host, prefix = _host_and_path(request.base_url)
    body = request.body or b""
    start = f"{request.method} {prefix}{request.target} HTTP/1.1\r\nHost: {host}\r\n"
    has_length = body or request.method in _WITH_BODY
    first = (_UNCODED, ("Content-Length", str(len(body)))) if has_length else (_UNCODED,)
    # No name is given to what is made on the way: it would show the token in a traceback with locals.
    headers = Message(
        "".join(
            {name.lower(): f"{name}: {value}\r\n" for name, value in (*first, *wire_headers(request))}.values()
        ).encode("latin-1")
    )
    return Message(b"%b%b\r\n%b" % (start.encode("latin-1"), headers, body))


@lru_cache(maxsize=64)
def _host_and_path(base_url: str) -> tuple[str, str]:
    """Give what the Host header says of a base URL, and the path that all targets begin with."""
    parts = urlsplit(base_url)
    host = (parts.hostname or "").rstrip(".")
    name = f"[{host.partition('%')[0]}]" if ":" in host else host
    usual = parts.port in (None, _PORTS[parts.scheme])
    return (name if usual else f"{name}:{parts.port}"), parts.path
