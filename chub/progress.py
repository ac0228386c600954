"""How far a walk or a stream has come: a frozen value, told to an observer.

Nothing is shown here.  An observer that raises loses no event and ends no walk: it is told nothing more, and
`logging.getLogger("chub")` gets a warning with its traceback.
"""

import logging
from collections.abc import Callable

import attrs
from attrs import frozen

from chub.errors import InvalidValue, Plain

_log = logging.getLogger("chub")


@frozen(kw_only=True, eq=False, repr=False)
class Progress(Plain):
    """How far a walk or a stream has come; `seconds` have passed since its first step.

    Of a walk, `pages` and `events` are those read from the hub; of a stream, `events` are the outcomes that were given
    and dealt with.  `total` is how many events there will be in the end, None where that isn't known; the hub's own
    number changes while others store events.  `done` says that there is no more: it is used up, failed, or was closed.

    >>> Progress(pages=1, events=50, total=120)
    Progress(pages=1, events=50, total=120, seconds=0.0, done=False)
    """

    pages: int = 0
    events: int = 0
    total: int | None = None
    seconds: float = 0.0
    done: bool = False


Observer = Callable[[Progress], object]
"""What is told of progress: at the first step, at each further one, and once more when it is `done`."""

Tell = Callable[[Progress], None]


def telling(observe: Observer | None, clock: Callable[[], float]) -> Tell | None:
    """Give what tells an observer, with the seconds that passed since it was first told; raises `InvalidValue`.

    An `Exception` of the observer's goes no further, an interrupt does.

    >>> told = []
    >>> tell = telling(told.append, iter([7.0, 9.5]).__next__)
    >>> tell(Progress()), tell(Progress(events=3)), told[1].seconds
    (None, None, 2.5)
    """
    if observe is None:
        return None
    if not callable(observe):
        raise InvalidValue.of(
            "observe", f"a function that takes a chub.Progress is needed, not {type(observe).__name__}"
        )
    return _Telling(observe, clock)


class _Telling:
    def __init__(self, observe: Observer, clock: Callable[[], float]) -> None:
        self._observe: Observer | None = observe
        self._clock = clock
        self._start: float | None = None

    def __call__(self, progress: Progress) -> None:
        if self._observe is None:
            return
        now = self._clock()
        self._start = now if self._start is None else self._start
        try:
            self._observe(attrs.evolve(progress, seconds=now - self._start))
        except Exception:
            self._observe = None
            _log.warning("an observer raised, and is told nothing more; no event is lost by it", exc_info=True)
