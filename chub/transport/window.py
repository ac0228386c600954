"""A rolling window of calls: several are under way on connections of their own, all in the caller's thread.

Each request is sent at once and its answer read when it is the oldest's turn, so what is under way waits in the kernel,
not in this process.  An attempt after the first is made while its call is the oldest, by the ordinary path.
"""

import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import Generic, TypeVar

from attrs import define, frozen
from returns.result import Failure, Result, Success

from chub.errors import ChubError, InvalidValue, NotSent, Unconfirmed
from chub.http import Deadline, Request, Response
from chub.settings import Config
from chub.transport.door import Call, RetryBudget, carry, open_call, transport_of, without_frames
from chub.transport.exchange import Flight, answer_of, dispatch
from chub.values.schema import Number, Problems, Range
from chub.wire.operation import Operation

A = TypeVar("A")

MAX_WINDOW = 256
"""So many calls may be under way; each takes a connection, and a process has some thousand at best."""

HELD = 4 * 1024 * 1024
"""Bytes of an answer that are read without a look at the time, where the kernel has them; the rest must be in time."""

Built = Result[Operation[A], ChubError]


@frozen
class Steps:
    """The clock, the sleep and the randomness of a window; replaced in tests."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    draw: Callable[[], float] = random.random


@define
class _Underway(Generic[A]):
    """A call whose result is still to be received, and how long the caller had had the turn when it began."""

    opened: Result[Call[A], ChubError]
    away: float
    sending: bool = False
    flight: Result[Flight, ChubError] | None = None
    receiving: bool = False

    def doubt(self) -> Unconfirmed | None:
        """Say that nobody knows what became of it; None where it is known that nothing was sent."""
        if not isinstance(self.opened, Success) or not (self.sending or self.receiving):
            return None
        failed = self.flight.failure() if isinstance(self.flight, Failure) else None
        if isinstance(failed, NotSent | InvalidValue) and not self.receiving:
            return None
        call = self.opened.unwrap()
        return Unconfirmed(
            method=call.request.method,
            template=call.request.template,
            reason="its answer was not read, for the stream had ended",
            tracing_id=call.trace,
        )


class Window(Generic[A]):
    """Calls under way, the oldest first; `size` is how many there may be.

    A transport of the caller's own, or a proxy, carries them one by one, each when it is received.  The time that the
    caller takes between two turns is no part of any call's.
    """

    def __init__(self, config: Config, size: int, budget: RetryBudget, steps: Steps | None = None) -> None:
        self._config = config
        self._budget = budget
        self._steps = steps or Steps()
        self._rolls = config.transport is None and config.proxy is None
        self._underway: deque[_Underway[A]] = deque()
        self._away = 0.0
        self._left = self._steps.clock()
        self.size = size if self._rolls else 1

    def __len__(self) -> int:
        return len(self._underway)

    @property
    def has_room(self) -> bool:
        """Whether one more call may begin.

        Not after one that could not go out: its result comes first, for others would wait as long for nothing.
        """
        is_stuck = bool(self._underway) and isinstance(self._underway[-1].flight, Failure)
        return len(self._underway) < self.size and not is_stuck

    def send(self, built: Built[A]) -> None:
        """Begin one more call."""
        self._return()
        opened = built.bind(partial(open_call, self._config, clock=self._steps.clock))
        # It is noted before it goes out: one that an interrupt cuts short is under way as well.
        underway = _Underway(opened, self._away)
        self._underway.append(underway)
        if self._rolls and isinstance(opened, Success):
            underway.sending = True
            underway.flight = without_frames(partial(_dispatched, self._config, opened.unwrap()))
        self._left = self._steps.clock()

    def receive(self) -> Result[A, ChubError]:
        """Wait for the result of the oldest call, and forget the call."""
        result = self.oldest()
        self.forget()
        return result

    def oldest(self) -> Result[A, ChubError]:
        """Wait for the result of the oldest call, which is in doubt until it is forgotten."""
        self._return()
        oldest = self._underway[0]
        oldest.receiving = True
        result = oldest.opened.bind(partial(self._received, oldest))
        self._left = self._steps.clock()
        return result

    def forget(self) -> None:
        """Forget the oldest call, for its result is had."""
        del self._underway[0]  # no interrupt comes after this as it would after a call

    def in_doubt(self) -> tuple[Unconfirmed | None, ...]:
        """Say of each call, the oldest first, what is in doubt; None for nothing."""
        return tuple(one.doubt() for one in self._underway)

    def close(self) -> None:
        """Drop what is under way."""
        for one in self._underway:
            if isinstance(one.flight, Success):
                one.flight.unwrap().connection.close()
        self._underway.clear()

    def _return(self) -> None:
        self._away += self._steps.clock() - self._left

    def _received(self, oldest: _Underway[A], call: Call[A]) -> Result[A, ChubError]:
        later = self._away - oldest.away
        return carry(
            call,
            self._after(oldest),
            deadline=Deadline(at=call.deadline.at + later, clock=call.deadline.clock),
            budget=self._budget,
            sleep=self._steps.sleep,
            draw=self._steps.draw,
        )

    def _after(self, oldest: _Underway[A]) -> Callable[[Request, Deadline], Result[Response, ChubError]]:
        """Give a transport whose first request may be out already."""

        def transport(request: Request, deadline: Deadline) -> Result[Response, ChubError]:
            # Whoever reads the answer closes the connection or gives it back: it may be another's then.
            sent, oldest.flight = oldest.flight, None
            if sent is None:
                return transport_of(self._config)(request, deadline)
            return sent.bind(partial(answer_of, deadline=deadline, held=HELD))

        return transport


def _dispatched(config: Config, call: Call[A]) -> Result[Flight, ChubError]:
    return dispatch(config, call.request, call.deadline)


def results_ahead(window: Window[A], built: Iterator[Built[A]]) -> Iterator[Result[A, ChubError]]:
    """Yield the results in order, with as many calls under way while the caller has the turn as the window holds."""
    try:
        _fill(window, built)
        while len(window):
            result = window.receive()
            _fill(window, built)
            yield result
            del result  # the caller may have let go of it
    finally:
        window.close()


def _fill(window: Window[A], built: Iterator[Built[A]]) -> None:
    while window.has_room and (operation := next(built, None)) is not None:
        window.send(operation)


def window_size(value: object, name: str, least: int = 1) -> int:
    """Check how many calls may be under way; raises `InvalidValue`."""
    problems: Problems = []
    size: int = Number(whole=True, bounds=Range(least, MAX_WINDOW)).check(value, name, problems)
    InvalidValue.check(problems)
    return size
