"""Streams of events: many are under way at once, their outcomes come in order, and nothing is kept but the window.

There is no thread and no queue here: the input is pulled when there is room for one more, and nothing happens between
two results but what the kernel does.  An executor of the caller's own may do the calls instead.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import BrokenExecutor, CancelledError
from types import TracebackType
from typing import Any, Protocol, Self, final

from attrs import define, frozen
from returns.result import Failure, Result

from chub.api import add_event
from chub.errors import ChubError, InvalidValue, NotSent, Unconfirmed
from chub.progress import Observer, Progress, Tell, telling
from chub.settings import Config
from chub.transport.door import RetryBudget
from chub.transport.window import Window, window_size
from chub.values.events import Event
from chub.values.outcomes import Accepted
from chub.wire import operations


@frozen
class Delivery:
    """What became of one event of a stream: which one it is, counted from 0, and the result of its call."""

    index: int
    event: Event
    result: Result[Accepted, ChubError]


class Future(Protocol):
    """What a stream needs of an executor's future."""

    def result(self) -> Any:
        """Wait for the outcome."""

    def cancel(self) -> Any:
        """Take the call back; True where it had not begun."""


class Executor(Protocol):
    """What a stream needs of an executor, such as those of `concurrent.futures`."""

    def submit(self, function: Callable[..., Any], /, *args: Any) -> Future:
        """Have a function called."""
        ...


class _Lane(Protocol):
    """Carries events: several may be under way."""

    @property
    def has_room(self) -> bool:
        """Whether it takes one more event."""
        ...

    def __len__(self) -> int: ...

    def send(self, index: int, event: Event) -> None:
        """Begin with one more event."""

    def oldest(self) -> Delivery:
        """Wait for the outcome of the oldest, which is in doubt until it is forgotten."""
        ...

    def forget(self) -> None:
        """Forget the oldest, for its outcome is had."""

    def in_doubt(self) -> tuple[Delivery, ...]:
        """Give those of which nobody knows what became."""
        ...

    def close(self) -> None:
        """Drop what is under way."""


@final
class Deliveries(Iterator[Delivery]):
    """The outcomes of a stream of events, in order, lazily; made by `add_events`.

    Close it, or use it in a `with`, where it isn't used up.  After that, and after an input that failed, `in_flight`
    holds what had been sent while its answer wasn't read, each as `Unconfirmed`.  What was pulled from the input and is
    neither there nor was given before has not been sent.
    """

    def __init__(self, lane: _Lane, events: Iterator[tuple[int, Event]], told: "_Told") -> None:
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
    lane = _Rolling(config, size) if executor is None else _Submitted(config, size, executor)
    told = _Told(tell, len(events) if isinstance(events, Sized) else None)
    return Deliveries(lane, enumerate(events), told)


class _Rolling:
    """Carries events in the caller's thread, on a window of connections."""

    def __init__(self, config: Config, size: int) -> None:
        self._config = config
        self._window: Window[Accepted] = Window(config, size, RetryBudget(config.retry.budget))
        self._events: deque[tuple[int, Event]] = deque()

    @property
    def has_room(self) -> bool:
        return self._window.has_room

    def __len__(self) -> int:
        return len(self._events)

    def send(self, index: int, event: Event) -> None:
        built = operations.add_event(self._config, event)
        self._events.append((index, event))
        self._window.send(built)

    def oldest(self) -> Delivery:
        return Delivery(*self._events[0], self._window.oldest())

    def forget(self) -> None:
        self._window.forget()
        del self._events[0]

    def in_doubt(self) -> tuple[Delivery, ...]:
        # An interrupt may have come when the last event was noted here, and not there yet.
        noted = zip(self._events, self._window.in_doubt(), strict=False)
        return tuple(Delivery(*one, Failure(doubt)) for one, doubt in noted if doubt is not None)

    def close(self) -> None:
        self._window.close()
        self._events.clear()


@frozen
class _Missing:
    """The future of what an executor didn't take, or hasn't taken yet."""

    cancelled: bool

    def result(self) -> Any:
        raise CancelledError

    def cancel(self) -> bool:
        return self.cancelled


@define
class _Task:
    """An event that an executor has been given, or is just being given."""

    index: int
    event: Event
    future: Future = _Missing(cancelled=False)


class _Submitted:
    """Has events carried by an executor.

    The index goes with each event, so that no engine takes two equal events for the same piece of work.
    """

    def __init__(self, config: Config, size: int, executor: Executor) -> None:
        self._config = config
        self._executor = executor
        self._tasks: deque[_Task] = deque()
        self._size = size

    @property
    def has_room(self) -> bool:
        return len(self._tasks) < self._size

    def __len__(self) -> int:
        return len(self._tasks)

    def send(self, index: int, event: Event) -> None:
        task = _Task(index, event)
        self._tasks.append(task)  # before it is submitted: one that an interrupt cuts short may be under way
        try:
            task.future = self._executor.submit(_carried, self._config, index, event)
        except BrokenExecutor:
            task.future = _Missing(cancelled=True)
        except Exception:
            self._tasks.pop()
            raise

    def oldest(self) -> Delivery:
        task = self._tasks[0]
        return Delivery(task.index, task.event, _result_of(task.future))

    def forget(self) -> None:
        del self._tasks[0]

    def in_doubt(self) -> tuple[Delivery, ...]:
        doubt = _in_doubt("its answer was not read, for the stream had ended")
        return tuple(
            Delivery(task.index, task.event, doubt) for task in self._tasks if task.future.cancel() is not True
        )

    def close(self) -> None:
        self._tasks.clear()


def _carried(config: Config, index: int, event: Event) -> Result[Accepted, ChubError]:  # noqa: ARG001 - see `_Submitted`
    return add_event(config, event)


def _result_of(future: Future) -> Result[Accepted, ChubError]:
    """Give what the executor's call gave; where it broke, what that says of the event."""
    try:
        result: Result[Accepted, ChubError] = future.result()
    except CancelledError:
        return Failure(NotSent(**_CALLED, reason="the executor had ended before", transient=True))
    except BrokenExecutor as error:
        return _in_doubt(f"the executor broke ({type(error).__name__})")
    return result


_CALLED: dict[str, Any] = {"method": "POST", "template": "/workspaces/{workspaceId}/events"}


def _in_doubt(reason: str) -> Result[Accepted, ChubError]:
    return Failure(Unconfirmed(**_CALLED, reason=reason))
