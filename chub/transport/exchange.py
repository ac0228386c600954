"""One request over one connection, and what its failures say of the request: not sent, or unconfirmed.

What fails before the connection stands has sent nothing.  What fails after it may have been processed by the server.
"""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.client import HTTPException
from typing import TypeVar

from attrs import frozen
from returns.result import Failure, Result, Success
from urllib3.exceptions import HTTPError

from chub.errors import BadResponse, ChubError, InvalidValue, NotSent, Unconfirmed, shown
from chub.http import Deadline, Request, Response
from chub.settings import Config
from chub.transport.answers import LimitedAnswer, Wait
from chub.transport.connections import IdleConnections, connections_of
from chub.transport.dialling import Connection
from chub.transport.messages import message_of

A = TypeVar("A")
E = TypeVar("E", Unconfirmed, BadResponse)

MAX_BODY = 16 * 1024 * 1024
"""Bytes of an answer's body that are read; a larger one is given up, and its connection closed."""

FRESH = 1.0
"""Seconds after an answer for which its connection is trusted with a POST."""


@frozen
class Flight:
    """A request that went out on a connection, in whole or in part, and when; its answer is to be read there."""

    idle: IdleConnections
    connection: Connection
    request: Request
    longest_wait: float
    sent: float


def exchange(config: Config, request: Request, deadline: Deadline) -> Result[Response, ChubError]:
    """Send one request over a kept or a new connection, and read its answer; a `Transport` once it has its config."""
    return dispatch(config, request, deadline).bind(partial(answer_of, deadline=deadline))


def dispatch(config: Config, request: Request, deadline: Deadline) -> Result[Flight, ChubError]:
    """Send one request over a kept or a new connection; its answer waits to be read."""
    try:
        message = message_of(request)
        idle = connections_of(config)
        connection = _ready(idle, config, request, deadline)
    except InvalidValue as error:
        return Failure(InvalidValue(error.problems))
    except (OSError, HTTPError, HTTPException, UnicodeError) as error:
        return Failure(_not_sent(request, error))
    flight = Flight(idle, connection, request, config.timeouts.read, deadline.clock())
    return _closing(connection, partial(_sent, flight, message, deadline))


def answer_of(flight: Flight, deadline: Deadline, held: int = 0) -> Result[Response, ChubError]:
    """Read the answer to a request that went out, and keep its connection where it may be kept.

    Up to `held` bytes that the kernel has already are read before any look at the time.
    """
    return _closing(flight.connection, partial(_answered, flight, deadline, held))


def _closing(connection: Connection, step: Callable[[], Result[A, ChubError]]) -> Result[A, ChubError]:
    """Close the connection where a step fails: the answer to this request must not be taken for the next one's."""
    try:
        result = step()
    except BaseException as interrupt:
        connection.close()
        interrupt.__context__ = None
        raise interrupt.with_traceback(None)  # noqa: B904 - without the frames below: they hold the token
    if not isinstance(result, Success):
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
    return dial(idle, config, deadline)


def dial(idle: IdleConnections, config: Config, deadline: Deadline) -> Connection:
    """Open a new connection to where a config leads; raises what `reason_of` tells, or `InvalidValue` for the CA."""
    by = min(deadline.clock() + config.timeouts.connect, deadline.at)
    wait = partial(_wait, Deadline(at=by, clock=deadline.clock), config.timeouts.connect)
    return _opened(idle.new(wait), wait)


def _opened(connection: Connection, wait: Wait) -> Connection:
    try:
        connection.wait = wait
        connection.response_class = partial(LimitedAnswer, wait=wait)  # type: ignore[assignment]  # a proxy answers too
        connection.connect()
    except BaseException:
        connection.close()
        raise
    return connection


def _sent(flight: Flight, message: bytes, deadline: Deadline) -> Result[Flight, ChubError]:
    """Send head and body in one; before that nothing has left, and after it nobody knows."""
    wait = flight.connection.wait = partial(_wait, deadline, flight.longest_wait)
    try:
        wait()
    except TimeoutError as error:
        return Failure(_not_sent(flight.request, error))
    try:
        # A server that refuses a request before it has read it all may have answered, and then closed.
        with suppress(BrokenPipeError, ConnectionResetError):
            flight.connection.send(message)
    except OSError as error:
        return Failure(_unconfirmed(flight.request, error))
    return Success(flight)


def _answered(flight: Flight, deadline: Deadline, held: int) -> Result[Response, ChubError]:
    wait = partial(_wait, deadline, flight.longest_wait)
    answer = LimitedAnswer(flight.connection.sock, method=flight.request.method, wait=wait, held=held)
    try:
        answer.begin()
    except (OSError, HTTPError, HTTPException) as error:
        return Failure(_unconfirmed(flight.request, error))
    body, fault = _body(answer, flight.request)
    if fault is not None and answer.status < 300 and flight.request.method == "GET":
        return Failure(fault)
    if fault is not None or answer.will_close or answer.is_overlong:
        flight.connection.close()  # not drained: nobody knows how much is to come
    # One that was there when it was looked for came at some time since the request went out.
    flight.idle.give_back(flight.connection, deadline.clock() if answer.waited else flight.sent)
    # Where the body can't be had, the status alone still tells what became of a write.
    return Success(Response(status=answer.status, reason=answer.reason, headers=tuple(answer.fields), body=body))


def _body(answer: LimitedAnswer, request: Request) -> tuple[bytes, Unconfirmed | BadResponse | None]:
    """Read a body whole; else give none, and what its absence means for a read.

    One that was cut may come whole the next time; one that is too big, or compressed unasked, would come again as it
    is.  What is compressed is not inflated: a few bytes can become a gigabyte.
    """
    told = partial(_told, request, answer)
    coding = answer.headers.get("content-encoding", "identity")
    if coding.strip().lower() != "identity":
        return b"", told(BadResponse, f"it came with the content coding {shown(coding)}, unasked")
    try:
        body = answer.body(MAX_BODY)
    except (OSError, HTTPException) as error:
        return b"", told(Unconfirmed, f"its body was cut: {reason_of(error)}")
    if body is None:
        return b"", told(BadResponse, f"its body is over {MAX_BODY // 1024 // 1024} MiB")
    return body, None


def _told(request: Request, answer: LimitedAnswer, kind: type[E], reason: str) -> E:
    return kind(method=request.method, template=request.template, status=answer.status, reason=reason)


def _not_sent(request: Request, error: BaseException) -> NotSent:
    lasting = isinstance(error, ssl.CertificateError | UnicodeError)
    reason = reason_of(error)
    return NotSent(method=request.method, template=request.template, reason=reason, transient=not lasting)


def _unconfirmed(request: Request, error: BaseException) -> Unconfirmed:
    return Unconfirmed(method=request.method, template=request.template, reason=reason_of(error))


def reason_of(error: BaseException) -> str:
    """Say in a few words what happened; never the exception's own text where that could hold more than the fact."""
    if isinstance(error, socket.gaierror):
        return f"the host's name can't be resolved: {error.strerror or error}"
    if isinstance(error, UnicodeError):
        return "no host can have this name"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is refused: {error.verify_message or 'it does not fit the host'}"
    if isinstance(error, TimeoutError):
        return "timed out"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {(error.reason or 'no reason').replace('_', ' ').lower()}"
    if isinstance(error, OSError):
        return (error.strerror or str(error) or type(error).__name__).lower()
    return f"the answer breaks HTTP ({type(error).__name__})"
