"""The one door to the network: every call passes `send`, which adds the token, picks the transport, keeps the time.

Whether an attempt is followed by another is decided in `chub.retry`; the clock, the sleep and the randomness are here.
`logging.getLogger("chub")` gets one DEBUG line for each attempt: method, path template, outcome, tracing id and
milliseconds; never an id, a header or a body.
"""

import logging
import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar, cast
from uuid import uuid4

import attrs
from attrs import frozen
from returns.result import Failure, Result, Success

from chub.errors import ChubError, InvalidValue, PageFailed, Rejected, Throttled, Unconfirmed
from chub.http import Deadline, Request, Response, Token, Transport, deadline_in, header_text_fault, token
from chub.retry import Decision, Wait, decide
from chub.settings import Config
from chub.transport.exchange import exchange
from chub.transport.redaction import error_without, response_without
from chub.transport.request_check import check_request
from chub.values.outcomes import Accepted, Deleted, Outcome
from chub.version import VERSION
from chub.wire.operation import Operation

A = TypeVar("A")

_log = logging.getLogger("chub")
_log.addHandler(logging.NullHandler())


class RetryBudget:
    """A share of retries that several calls have together, such as those of one walk.

    >>> RetryBudget(10).left
    10
    """

    def __init__(self, retries: int) -> None:
        self.left = retries


@frozen(kw_only=True)
class Call(Generic[A]):
    """What stays the same over all attempts of a call."""

    config: Config
    operation: Operation[A]
    request: Request
    secret: Token
    trace: str
    clock: Callable[[], float]
    started: float
    deadline: Deadline


def send(
    config: Config,
    operation: Operation[A],
    *,
    tracing_id: str | None = None,
    budget: RetryBudget | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
    draw: Callable[[], float] = random.random,
) -> Result[A, ChubError]:
    """Carry an operation out and read its answer; what `config.retry` allows is tried again.

    `tracing_id` goes out as `X-Tracing-ID`, one for all attempts, which the hub's services hand on; without one, a new
    one is made.  It, the number of attempts and the seconds that the call took, waits included, are on every error, on
    `Accepted`, `Deleted` and an attached `Session`.  `budget` is a share of retries that several calls have together.

    >>> from chub.http import Response
    >>> from chub.settings import config
    >>> from chub.wire.operations import delete_event
    >>> gone = Success(Response(status=204))
    >>> answering = config(workspace_id="w", token="demo", transport=lambda request, deadline: gone)
    >>> send(answering, delete_event(answering, "e1").unwrap())
    <Success: Deleted(confirmed=True)>
    """
    if not isinstance(config, Config):
        raise InvalidValue.of("config", f"made by chub.config(...) is needed, not {type(config).__name__}")
    if not isinstance(operation, Operation):
        raise InvalidValue.of("operation", f"an operation is needed, not {type(operation).__name__}")
    share = RetryBudget(config.retry.budget) if budget is None else budget
    opened = open_call(config, operation, tracing_id=tracing_id, clock=clock)
    transport = transport_of(config)
    return opened.bind(
        lambda call: carry(call, transport, deadline=call.deadline, budget=share, sleep=sleep, draw=draw)
    )


def open_call(
    config: Config, operation: Operation[A], *, tracing_id: str | None = None, clock: Callable[[], float]
) -> Result[Call[A], ChubError]:
    """Begin a call: its request gets the headers of the door, its time begins to run."""
    try:
        trace = uuid4().hex if tracing_id is None else _checked(tracing_id)
        return Success(without_frames(partial(_call, config, operation, trace, clock)))
    except InvalidValue as error:
        return Failure(InvalidValue(error.problems))


def carry(
    call: Call[A],
    transport: Transport,
    *,
    deadline: Deadline,
    budget: RetryBudget,
    sleep: Callable[[float], object],
    draw: Callable[[], float],
) -> Result[A, ChubError]:
    """Make attempts by this transport until one succeeds, or no further one is allowed.

    The deadline is the call's own, or a later one where others had the time.
    """
    failures: list[ChubError] = []
    while True:
        result = _attempt(call, transport, deadline)
        if isinstance(result, Success):
            return result.map(partial(_stamped, call, len(failures) + 1))
        failures.append(result.failure())
        decision = _decision(call, failures, deadline, budget, draw())
        if not isinstance(decision, Wait):
            stamp = partial(_stamped, call, len(failures))
            return _concluded(call.request, failures).map(stamp).alt(stamp)
        budget.left -= 1
        sleep(decision.seconds)


def _decision(
    call: Call[Any], failures: list[ChubError], deadline: Deadline, budget: RetryBudget, draw: float
) -> Decision:
    return decide(
        call.config.retry,
        failures[-1],
        idempotent=call.request.method != "POST",
        attempts=len(failures),
        left=deadline.left(),
        budget=budget.left,
        draw=draw,
    )


def _checked(tracing_id: str) -> str:
    fault = header_text_fault(tracing_id)
    if fault:
        raise InvalidValue.of("tracing_id", fault)
    return tracing_id


def _call(config: Config, operation: Operation[A], trace: str, clock: Callable[[], float]) -> Call[A]:
    check_request(operation.request)
    return Call(
        config=config,
        operation=operation,
        request=_addressed(config, operation.request, trace),
        secret=token(config.token.reveal()),
        trace=trace,
        clock=clock,
        started=clock(),
        deadline=deadline_in(config.timeouts.total, clock),
    )


def _addressed(config: Config, request: Request, trace: str) -> Request:
    # The hub may store the User-Agent as the customer's own: it says the library alone, nothing of the machine.
    headers = (*request.headers, ("User-Agent", f"chub/{VERSION}"), ("X-Tracing-ID", trace))
    return Request(
        method=request.method,
        path=request.path,
        template=request.template,
        query=request.query,
        headers=headers,
        body=request.body,
        base_url=config.base_url,
        token=config.token,
    )


def _attempt(call: Call[A], transport: Transport, deadline: Deadline) -> Result[A, ChubError]:
    """Make one attempt, and read its answer."""
    started = call.clock()
    answered = without_frames(partial(transport, call.request, deadline))
    _log_attempt(call, answered, call.clock() - started)
    result = answered.bind(lambda response: call.operation.read(response_without(call.secret, response)))
    return result.alt(lambda error: _in_doubt(call.config, error_without(call.secret, error)))


def without_frames(step: Callable[[], A]) -> A:
    """Take a step towards the network; an interrupt comes out of it without the frames within, which hold the token."""
    try:
        return step()
    except (KeyboardInterrupt, SystemExit) as interrupt:
        interrupt.__context__ = None
        raise interrupt.with_traceback(None)  # noqa: B904


def transport_of(config: Config) -> Transport:
    """Give what carries the requests of a config, one by one."""
    return partial(exchange, config) if config.transport is None else config.transport


def _log_attempt(call: Call[Any], answered: Result[Response, ChubError], elapsed: float) -> None:
    if _log.isEnabledFor(logging.DEBUG):
        outcome = str(answered.unwrap().status) if isinstance(answered, Success) else type(answered.failure()).__name__
        line = (call.request.method, call.request.template, outcome, call.trace, elapsed * 1000)
        _log.debug("%s %s -> %s (trace %s, %.1f ms)", *line)


def _in_doubt(config: Config, error: ChubError) -> ChubError:
    """Where a 429 isn't trusted to mean "not stored", it says nothing of a write."""
    if not isinstance(error, Throttled) or error.is_read or config.retry.throttled_is_not_stored:
        return error
    return Unconfirmed(
        method=error.method,
        template=error.template,
        reason=f"429 {error.message}".strip(),
        status=429,
        logref=error.logref,
        retry_after=error.retry_after,
    )


def _concluded(request: Request, failures: list[ChubError]) -> Result[Any, ChubError]:
    """Say what all attempts together tell: once one of a write is unconfirmed, no later refusal makes it undone."""
    last = failures[-1]
    doubt = next((error for error in failures if isinstance(error, Unconfirmed) and not error.is_read), None)
    if doubt is None or isinstance(last, Unconfirmed):
        return Failure(last)
    if request.method == "DELETE" and isinstance(last, Rejected) and last.status == 404:
        return Success(Deleted(confirmed=False))
    return Failure(doubt)


def _stamped(call: Call[Any], attempts: int, value: A) -> A:
    """Add to an outcome or an error which call it was, and what it took."""
    took: dict[str, Any] = {"attempts": attempts, "elapsed": call.clock() - call.started, "tracing_id": call.trace}
    if isinstance(value, Accepted):  # by far the most; `evolve` takes several times as long
        return cast(A, Accepted(value.id, **took))
    if isinstance(value, Outcome):
        return cast(A, attrs.evolve(value, **took))
    if not isinstance(value, ChubError) or isinstance(value, InvalidValue | PageFailed):
        return value
    if not value.method:
        took |= {"method": call.request.method, "template": call.request.template}
    return cast(A, attrs.evolve(value, **took))
