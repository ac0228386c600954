"""The ledger: which requests came, and what became of each one.  It may be written and read from several threads."""

from collections import deque
from threading import Lock
from typing import Final

from attrs import frozen

from chub.sandbox.faults import Fault

MOST_ENTRIES: Final = 10_000
"""So many entries are kept, the latest ones: a hub may be open for long."""


@frozen(kw_only=True)
class Entry:
    """One request.

    `path` has `*` for each id, and is empty, like `method`, where the request was not read.  `received` says whether it
    was read as a whole, `committed` whether the hub handled it with success (a 2xx of its own, whatever was sent then),
    `status` what was sent, None for nothing.
    """

    number: int
    method: str
    path: str
    received: bool
    committed: bool
    status: int | None
    fault: Fault | None


class Ledger(tuple[Entry, ...]):
    """The latest entries, the oldest first, and the counts of all that ever were."""

    received: int
    """How many requests were read as a whole."""
    committed: int
    """How many requests the hub handled with success, be it a write or a read."""


class Book:
    """Where entries are written; as plain tuples, for most are never read."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._latest: deque[tuple[str, str, bool, bool, int | None, Fault | None]] = deque(maxlen=MOST_ENTRIES)
        self._count = self._received = self._committed = 0

    def write(
        self, method: str, path: str, received: bool, committed: bool, status: int | None, fault: Fault | None
    ) -> None:
        """Write an entry; it has to be there before the client can know of anything."""
        with self._lock:
            self._count += 1
            self._received += received
            self._committed += committed
            self._latest.append((method, path, received, committed, status, fault))

    def read(self) -> Ledger:
        """Give what is written so far."""
        with self._lock:
            rows, count, received, committed = tuple(self._latest), self._count, self._received, self._committed
        ledger = Ledger(_entry(number, *row) for number, row in enumerate(rows, count - len(rows) + 1))
        ledger.received, ledger.committed = received, committed
        return ledger


def _entry(
    number: int, method: str, path: str, received: bool, committed: bool, status: int | None, fault: Fault | None
) -> Entry:
    return Entry(
        number=number,
        method=method,
        path=pattern_of(path),
        received=received,
        committed=committed,
        status=status,
        fault=fault,
    )


def pattern_of(path: str) -> str:
    """Give the form of a path, with `*` for each id.

    >>> pattern_of("/workspaces/w/events")
    '/workspaces/*/events'
    """
    return "/".join("*" if place and place % 2 == 0 else step for place, step in enumerate(path.split("/")))
