"""Streams of events: many are under way at once, their outcomes come in order, and nothing is kept but the window.

There is no thread and no queue here: the input is pulled when there is room for one more, and nothing happens between
two results but what the kernel does.  An executor of the caller's own may do the calls instead.
"""

import time
from collections.abc import Iterable, Iterator, Sized
from types import TracebackType
from typing import Self, final

from chub.errors import InvalidValue
from chub.lanes import Delivery, Executor, Lane, RollingLane, SubmittedLane
from chub.progress import Observer, Progress, Tell, telling
from chub.settings import Config
from chub.transport.window import window_size
from chub.values.events import Event


@final
class Deliveries(Iterator[Delivery]):
    """The outcomes of a stream of events, in order, lazily; made by `add_events`.

    Close it, or use it in a `with`, where it isn't used up.  After that, and after an input that failed, `in_flight`
    holds what had been sent while its answer wasn't read, each as `Unconfirmed`.  What was pulled from the input and is
    neither there nor was given before has not been sent.
    """

    def __init__(self, lane: Lane, events: Iterator[tuple[int, Event]], told: "_Told") -> None:
        self._closed = False
        self._lane = lane
        self._events = events
        self._told = told
        self.in_flight: tuple[Delivery, ...] = ()

    def __next__(self) -> Delivery:
        try:
            # Of the outcome before, which the caller has by now: an interrupt while it is told loses none.
            self._told.step()
            self._fill()
            if self._closed or not len(self._lane):
                raise StopIteration
            outcome = self._lane.oldest()
            self._lane.forget()  # the very last: what an interrupt keeps from the caller is in flight
        except BaseException:
            self.close()
            raise
        return outcome

    def _fill(self) -> None:
        """Send while there is room; the input itself may close the stream."""
        while self._lane.has_room and (following := next(self._events, None)) is not None and not self._closed:
            self._lane.send(*following)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Send nothing more and read no further answer."""
        self._events = iter(())
        if not self._closed:
            self.in_flight, self._closed = self._lane.in_doubt(), True
        self._lane.close()
        self._told.end()


class _Told:
    """Tells how far a stream has come, from its first step to its end, and not after it."""

    def __init__(self, tell: Tell | None, total: int | None) -> None:
        self._tell = tell
        self._total = total
        self._steps = 0

    def step(self) -> None:
        """Tell of the outcomes given before this step."""
        if self._tell is not None:
            self._steps += 1
            self._tell(Progress(events=self._steps - 1, total=self._total))

    def end(self) -> None:
        """Tell that there is no more, where the stream had begun."""
        if self._tell is not None and self._steps:
            tell, self._tell = self._tell, None
            tell(Progress(events=self._steps - 1, total=self._total, done=True))


def add_events(
    config: Config,
    events: Iterable[Event],
    *,
    window: int = 8,
    executor: Executor | None = None,
    observe: Observer | None = None,
) -> Deliveries:
    """Send many events, of which up to `window` (256 at most) are under way, and give the outcomes in order.

    Without an executor all is done in the caller's thread, on as many connections; a transport of the caller's own and
    a proxy carry one event after the other.  The stream has one share of retries, `config.retry.budget`.  The time that
    the caller takes between two results, or to find the next event, counts against no timeout.  After an event that
    could not go out no more are sent until its result was given.

    With an executor, each event is a call of `submit`, no more than `window` of them at a time.  In other processes the
    config has to be picklable: see `token_from_env`.

    `observe` is told how many outcomes were given and dealt with: at the first step, whenever the caller comes for the
    next, and at the end.  One that raises loses none: it is told nothing more, which is logged.

    >>> with add_events(config, [event, event]) as deliveries:
    ...     [(delivery.index, delivery.result.unwrap().id) for delivery in deliveries]
    [(0, 'id-1'), (1, 'id-2')]
    """
    if not isinstance(config, Config):
        raise InvalidValue.of("config", f"made by chub.config(...) is needed, not {type(config).__name__}")
    if not isinstance(events, Iterable):
        raise InvalidValue.of("events", f"an iterable of events is needed, not {type(events).__name__}")
    size, tell = window_size(window, "window"), telling(observe, time.monotonic)
    lane = RollingLane(config, size) if executor is None else SubmittedLane(config, size, executor)
    told = _Told(tell, len(events) if isinstance(events, Sized) else None)
    return Deliveries(lane, enumerate(events), told)
