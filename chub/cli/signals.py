"""Ctrl-C and SIGTERM: both end a command in order, so that no half-written file is left and what was sent is told."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


class Terminated(KeyboardInterrupt):
    """SIGTERM came."""


def _terminate(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - a handler's arguments
    raise Terminated("terminated")


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM end a command as Ctrl-C does."""
    with _handled({signal.SIGTERM: _terminate}):
        yield


@contextmanager
def asked_first(ask: Callable[[KeyboardInterrupt], object]) -> Iterator[None]:
    """Have the first Ctrl-C or SIGTERM handed over, and only the second one raised."""

    def first(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler's arguments
        for one, handler in before.items():
            signal.signal(one, handler)
        ask(Terminated("terminated") if number == signal.SIGTERM else KeyboardInterrupt("interrupted"))

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with _handled(dict.fromkeys(before, first)):
        yield


@contextmanager
def _handled(handlers: dict[signal.Signals, Callable[[int, FrameType | None], object]]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread can have handlers
        return
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
