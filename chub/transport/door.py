"""The one door to the network: every call passes `send`, which adds the token, picks the transport, keeps the time.

`logging.getLogger("chub")` gets one DEBUG line for each attempt: method, path template, outcome, tracing id and
milliseconds; never an id, a header or a body.
"""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

import attrs
from returns.result import Failure, Result, Success

from chub.errors import ChubError, InvalidValue, PageFailed
from chub.http import Request, Response, Transport, deadline_in, header_text_fault, token
from chub.settings import Config
from chub.transport.exchange import exchange
from chub.transport.redaction import error_without, response_without
from chub.version import VERSION
from chub.wire.operation import Operation

A = TypeVar("A")

_log = logging.getLogger("chub")
_log.addHandler(logging.NullHandler())


def send(
    config: Config,
    operation: Operation[A],
    *,
    clock: Callable[[], float] = time.monotonic,
    tracing_id: str | None = None,
) -> Result[A, ChubError]:
    """Carry an operation out, once, and read its answer.

    `tracing_id` goes out as `X-Tracing-ID`, which the hub's services hand on; without one, a new one is made.  It,
    and the seconds that the call took, are on every error, for whoever must look for the call in a log.
    """
    if not isinstance(config, Config):
        raise InvalidValue.of("config", f"made by chub.config(...) is needed, not {type(config).__name__}")
    if not isinstance(operation, Operation):
        raise InvalidValue.of("operation", f"an operation is needed, not {type(operation).__name__}")
    trace, started = uuid4().hex if tracing_id is None else tracing_id, clock()
    try:
        request = _addressed(config, operation.request, trace)
        secret = token(config.token.reveal())
    except InvalidValue as error:
        return Failure(InvalidValue(error.problems))
    answered = _transport(config)(request, deadline_in(config.timeouts.total, clock))
    elapsed = clock() - started
    _log_attempt(request, answered, trace, elapsed)
    result = answered.bind(lambda response: operation.read(response_without(secret, response)))
    return result.alt(lambda error: _stamped(error_without(secret, error), request, trace, elapsed))


def _transport(config: Config) -> Transport:
    return partial(exchange, config) if config.transport is None else config.transport


def _addressed(config: Config, request: Request, trace: str) -> Request:
    fault = header_text_fault(trace)
    if fault:
        raise InvalidValue.of("tracing_id", fault)
    # The hub may store the User-Agent as the customer's own: it says the library alone, nothing of the machine.
    headers = (*request.headers, ("User-Agent", f"chub/{VERSION}"), ("X-Tracing-ID", trace))
    return attrs.evolve(request, base_url=config.base_url, token=config.token, headers=headers)


def _log_attempt(request: Request, answered: Result[Response, ChubError], trace: str, elapsed: float) -> None:
    if _log.isEnabledFor(logging.DEBUG):
        outcome: Any = answered.map(lambda response: str(response.status)).lash(
            lambda error: Success(type(error).__name__)
        )
        line = (request.method, request.template, outcome.unwrap(), trace, elapsed * 1000)
        _log.debug("%s %s -> %s (trace %s, %.1f ms)", *line)


def _stamped(error: ChubError, request: Request, trace: str, elapsed: float) -> ChubError:
    """Add to an error which call it was and what it took."""
    if isinstance(error, InvalidValue | PageFailed):
        return error
    called: dict[str, Any] = {} if error.method else {"method": request.method, "template": request.template}
    return attrs.evolve(error, tracing_id=trace, elapsed=elapsed, **called)
