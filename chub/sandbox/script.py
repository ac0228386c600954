"""A script: which fault strikes which request.  Each entry is used up by one, in order; after the last all is well."""

from collections.abc import Callable, Iterable, Iterator
from threading import RLock
from typing import Any, Final

from attrs import evolve

from chub.http import Request
from chub.sandbox.faults import Drop, Fault, Refuse

Faults = Iterable[Fault | None] | Callable[[Request], Fault | None]
"""A list, an iterable without an end, which is read one entry ahead, or a function that is asked for each request."""

_MOST_REFUSALS: Final = 10_000


class Script:
    """Faults that are still to come; several threads may take from it."""

    def __init__(self, faults: Faults) -> None:
        self._lock = RLock()  # a function that is asked may change the script
        self._ask: Callable[[Request], Fault | None] | None = None
        self._rest: Iterator[Fault | None] = iter(())
        self._ahead: list[Fault | None] = []
        self._outages = 0
        self.is_over = True
        """Whether no fault can come any more."""
        self.follow(faults)

    def follow(self, faults: Faults) -> None:
        """Forget what was still to come, and go on with these."""
        with self._lock:
            self._ahead.clear()
            self._ask, self._rest = (faults, iter(())) if callable(faults) else (None, iter(faults))
            self.is_over = False
            self._look_ahead()

    def begin_outage(self) -> None:
        """Refuse every request from now on, and leave the script as it is."""
        with self._lock:
            self._outages += 1

    def end_outage(self) -> None:
        """End an outage."""
        with self._lock:
            self._outages -= 1

    def take(self, request: Request) -> Fault | None:
        """Take what strikes this request, None for nothing; TypeError where that is no fault."""
        if self.is_over and not self._outages:
            return None
        with self._lock:
            if self._outages:
                return Refuse()
            if self._ask is not None:
                return _checked(self._ask(_without_token(request)))
            return self._next()

    def take_early(self) -> Drop | None:
        """Take what is next if it strikes before a request is read."""
        if self.is_over:
            return None
        with self._lock:
            ahead = self._ahead[0] if self._ahead else None
            if isinstance(ahead, Drop) and ahead.after == "connect":
                self._next()
                return ahead
            return None

    def take_refusals(self) -> float:
        """Take the refusals that are next, and give the seconds that they last; of an endless run, a part."""
        seconds = 0.0
        if self.is_over:
            return seconds
        with self._lock:
            for _ in range(_MOST_REFUSALS):
                if not (self._ahead and isinstance(self._ahead[0], Refuse)):
                    break
                seconds += self._ahead[0].seconds
                self._next()
        return seconds

    def _next(self) -> Fault | None:
        """Take the entry that was read ahead, and read the next one."""
        taken = self._ahead.pop() if self._ahead else None
        self._look_ahead()
        return _checked(taken)

    def _look_ahead(self) -> None:
        self._ahead.extend(_first(self._rest))
        self.is_over = self._ask is None and not self._ahead


def _without_token(request: Request) -> Request:
    headers = tuple(item for item in request.headers if item[0].lower() != "authorization")
    return evolve(request, headers=headers, token=None)


def _first(entries: Iterator[Fault | None]) -> list[Fault | None]:
    for entry in entries:
        return [entry]
    return []


def _checked(entry: Any) -> Fault | None:
    if entry is None or isinstance(entry, Fault):
        return entry
    raise TypeError(f"a script holds faults and None, not {type(entry).__name__}")
