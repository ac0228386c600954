"""The ways on which the events of a stream are carried: a window of connections, or an executor of the caller's own.

A lane says of each event under way whether it is in doubt, until its outcome is had.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError
from typing import Any, Protocol

from attrs import define, frozen
from returns.result import Failure, Result

from chub.api import add_event
from chub.errors import ChubError, NotSent, Unconfirmed
from chub.settings import Config
from chub.transport.door import RetryBudget
from chub.transport.window import Window
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


class Lane(Protocol):
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


class RollingLane:
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


class SubmittedLane:
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


def _carried(config: Config, index: int, event: Event) -> Result[Accepted, ChubError]:  # noqa: ARG001 - see `SubmittedLane`
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
