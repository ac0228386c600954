"""One request over one connection, and what its failures say of the request: not sent, or unconfirmed.

What fails before the connection stands has sent nothing.  What fails after it may have been processed by the server.
"""

import socket
import ssl
from contextlib import suppress
from functools import partial
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from returns.result import Failure, Result, Success
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from chub.errors import BadResponse, ChubError, InvalidValue, NotSent, Unconfirmed, shown
from chub.http import Deadline, Request, Response, wire_headers
from chub.settings import Config
from chub.transport.answers import LimitedAnswer, Wait
from chub.transport.connections import IdleConnections, connections_of
from chub.transport.dialling import Connection

MAX_BODY = 16 * 1024 * 1024
"""Bytes of an answer's body that are read; a larger one is given up, and its connection closed."""

FRESH = 1.0
"""Seconds after an answer for which its connection is trusted with a POST."""

_CHUNK = 64 * 1024


class _Headers(dict[str, str]):
    """Headers with the token among them, which a traceback with locals must not show."""

    def __repr__(self) -> str:
        return "(headers)"


def exchange(config: Config, request: Request, deadline: Deadline) -> Result[Response, ChubError]:
    """Send one request over a kept or a new connection, and read its answer; a `Transport` once it has its config."""
    wait = partial(_wait, deadline, config.timeouts.read)
    try:
        headers = _Headers(wire_headers(request))
        idle = connections_of(config)
        connection = _ready(idle, config, request, deadline)
    except InvalidValue as error:
        return Failure(InvalidValue(error.problems))
    except (OSError, HTTPError, HTTPException, UnicodeError) as error:
        return Failure(_not_sent(request, error))
    try:
        result = _over(connection, request, headers, wait)
    except BaseException as interrupt:  # the answer to this request must not be taken for the next one's
        connection.close()
        interrupt.__context__ = None
        raise interrupt.with_traceback(None)  # noqa: B904 - without the frames below: they hold the token
    if isinstance(result, Success):
        idle.give_back(connection, deadline.clock())
    else:
        connection.close()
    return result


def _wait(deadline: Deadline, longest: float) -> float:
    """Say how long the next wait may be; raises `TimeoutError` where the time is over."""
    left = deadline.left()
    if left <= 0:
        raise TimeoutError("the deadline passed")
    return min(longest, left)


def _ready(idle: IdleConnections, config: Config, request: Request, deadline: Deadline) -> Connection:
    now = deadline.clock()
    # A server closes what idles, and its close may cross a request on the wire; whether a POST was processed then,
    # nobody knows.  So a POST goes on a connection that was in use just now, or on a new one.
    connection = idle.take(now - FRESH) if request.method == "POST" else idle.take()
    if connection is not None:
        return connection
    dialling = Deadline(at=min(now + config.timeouts.connect, deadline.at), clock=deadline.clock)
    wait = partial(_wait, dialling, config.timeouts.connect)
    return _opened(idle.new(wait), wait)


def _opened(connection: Connection, wait: Wait) -> Connection:
    try:
        _limit(connection, wait)  # a proxy answers too
        connection.connect()
    except BaseException:
        connection.close()
        raise
    return connection


def _limit(connection: Connection, wait: Wait) -> None:
    connection.wait = wait
    connection.response_class = partial(LimitedAnswer, wait=wait, on_excess=connection.close)  # type: ignore[assignment]


def _over(connection: Connection, request: Request, headers: dict[str, str], wait: Wait) -> Result[Response, ChubError]:
    target = f"{urlsplit(request.base_url).path}{request.target}"
    try:
        connection.timeout = wait()
    except TimeoutError as error:
        return Failure(_not_sent(request, error))
    try:
        _limit(connection, wait)
        # A server that refuses a request before it has read it all may have answered, and then closed.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request(
                request.method, target, request.body, headers, preload_content=False, decode_content=False
            )
        answer = connection.getresponse()
    except (OSError, HTTPError, HTTPException) as error:
        return Failure(_unconfirmed(request, error))
    return _read(connection, answer, request)


def _read(connection: Connection, answer: BaseHTTPResponse, request: Request) -> Result[Response, ChubError]:
    """Read the body; where it can't be had, the status alone still tells what became of a write."""
    called: dict[str, Any] = {"method": request.method, "template": request.template, "status": answer.status}
    body, fault = _body(answer, called)
    if fault is not None:
        connection.close()  # not drained: nobody knows how much is to come
        if answer.status < 300 and request.method == "GET":
            return Failure(fault)
    headers = tuple((name.lower(), value) for name, value in answer.headers.items())
    return Success(Response(status=answer.status, reason=answer.reason or "", headers=headers, body=body))


def _body(answer: BaseHTTPResponse, called: dict[str, Any]) -> tuple[bytes, Unconfirmed | BadResponse | None]:
    """Read a body whole; else give none, and what its absence means for a read.

    One that was cut may come whole the next time; one that is too big, or compressed unasked, would come again as it
    is.  What is compressed is not inflated: a few bytes can become a gigabyte.
    """
    coding = answer.headers.get("Content-Encoding", "identity")
    if coding.strip().lower() != "identity":
        return b"", BadResponse(reason=f"it came with the content coding {shown(coding)}, unasked", **called)
    body = bytearray()
    try:
        while len(body) <= MAX_BODY and (chunk := answer.read(_CHUNK, decode_content=False)):
            body += chunk
    except (OSError, HTTPError, HTTPException) as error:
        return b"", Unconfirmed(reason=f"its body was cut: {_reason(error)}", **called)
    if len(body) > MAX_BODY:
        return b"", BadResponse(reason=f"its body is over {MAX_BODY // 1024 // 1024} MiB", **called)
    return bytes(body), None


def _not_sent(request: Request, error: BaseException) -> NotSent:
    root = _root(error)
    lasting = isinstance(root, ssl.CertificateError | UnicodeError)
    reason = _reason(error)
    return NotSent(method=request.method, template=request.template, reason=reason, transient=not lasting)


def _unconfirmed(request: Request, error: BaseException) -> Unconfirmed:
    return Unconfirmed(method=request.method, template=request.template, reason=_reason(error))


def _root(error: BaseException) -> BaseException:
    """The error that the socket raised, beneath what urllib3 made of it."""
    seen = error
    while isinstance(seen, HTTPError) and isinstance(seen.__cause__ or seen.__context__, Exception):
        seen = seen.__cause__ or seen.__context__ or seen
    return seen


def _reason(error: BaseException) -> str:
    """Say in a few words what happened; never the exception's own text where that could hold more than the fact."""
    root = _root(error)
    if isinstance(root, socket.gaierror):
        return f"the host's name can't be resolved: {root.strerror or root}"
    if isinstance(root, UnicodeError):
        return "no host can have this name"
    if isinstance(root, ssl.SSLCertVerificationError):
        return f"the server's certificate is refused: {root.verify_message or 'it does not fit the host'}"
    if isinstance(root, TimeoutError):
        return "timed out"
    if isinstance(root, ssl.SSLError):
        return f"TLS failed: {(root.reason or 'no reason').replace('_', ' ').lower()}"
    if isinstance(root, OSError):
        return (root.strerror or str(root) or type(root).__name__).lower()
    return f"the answer breaks HTTP ({type(root).__name__})"
