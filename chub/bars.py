"""Observers that draw a bar of tqdm's or rich's (extra `progress`); each is imported when its bar is first drawn.

They write to standard error, so that a pipe stays clean, and may serve several walks in turn.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from chub.frames.extras import needed
from chub.progress import Observer, Progress

REFRESHED = 0.1
"""Seconds between two drawings of a bar of rich's."""


def tqdm_observer(bar: Any = None, **options: Any) -> Observer:
    """Give an observer that draws a bar of tqdm's: in a notebook with ipywidgets as a widget, else as text.

    Without `bar`, each walk or stream gets one of its own, made with these options of tqdm's, and closed in the end.
    A bar of the caller's stays open: many walks add up in it.  Raises `ModuleNotFoundError` where tqdm is missing.

    >>> import io
    >>> drawn = io.StringIO()
    >>> observe = tqdm_observer(file=drawn, desc="reading")
    >>> for events in (0, 2):
    ...     observe(Progress(events=events, total=2, done=events == 2))
    >>> "reading: 100%" in drawn.getvalue()
    True
    """
    make = _tqdm()
    return _Tqdm(lambda: make(**{"unit": " events", **options}), bar)


def _tqdm() -> Any:
    module = "tqdm.auto" if find_spec("ipywidgets") else "tqdm"  # tqdm.auto warns where they are missing
    return needed(module, extra="progress", purpose="a bar of tqdm's").tqdm


class _Tqdm:
    def __init__(self, make: Callable[[], Any], bar: Any) -> None:
        self._make = make
        self._given = bar
        self._bar: Any = None
        self._seen = self._before = 0

    def __call__(self, progress: Progress) -> None:
        if self._bar is None:
            self._bar = self._make() if self._given is None else self._given
            self._seen, self._before = 0, self._bar.n
        if progress.total is not None:
            _resize(self._bar, self._before + progress.total)
        self._bar.update(progress.events - self._seen)
        self._seen = progress.events
        if progress.done:
            bar, self._bar = self._bar, None
            (bar.close if self._given is None else bar.refresh)()


def _resize(bar: Any, total: int) -> None:
    """Change how long a bar is; a notebook's learns that by `reset` alone, which begins anew."""
    if total == bar.total:
        return
    number, start = bar.n, getattr(bar, "start_t", None)  # one that is switched off has no start
    bar.reset(total)
    bar.n, bar.start_t = number, start


def rich_observer(display: Any = None, *, description: str = "events") -> Observer:
    """Give an observer that draws a bar of rich's, one for each walk or stream.

    Without `display`, a `rich.progress.Progress` of its own is started for each, and stopped in the end; one of the
    caller's is neither.  Raises `ModuleNotFoundError` where rich is missing.

    >>> observe = rich_observer(description="reading")
    """
    module = needed("rich.progress", extra="progress", purpose="a bar of rich's")
    return _Rich(lambda: _display(module), display, description)


def _display(module: Any) -> Any:
    console = needed("rich.console", extra="progress", purpose="a bar of rich's").Console(stderr=True)
    columns = (
        module.TextColumn("{task.description}"),
        module.BarColumn(),
        module.MofNCompleteColumn(),
        module.TimeElapsedColumn(),
        module.TimeRemainingColumn(),
    )
    return module.Progress(*columns, console=console, auto_refresh=False)


class _Rich:
    def __init__(self, make: Callable[[], Any], display: Any, description: str) -> None:
        self._make = make
        self._given = display
        self._description = description
        self._display: Any = None
        self._task: Any = None
        self._drawn = 0.0

    def __call__(self, progress: Progress) -> None:
        display = self._begun() if self._display is None else self._display
        display.update(self._task, completed=progress.events, total=progress.total)
        if progress.done:
            self._display = None
            (display.stop if self._given is None else display.refresh)()
        elif progress.seconds - self._drawn >= REFRESHED:
            self._drawn = progress.seconds
            display.refresh()

    def _begun(self) -> Any:
        self._display = self._make() if self._given is None else self._given
        self._task = self._display.add_task(self._description, total=None)
        self._drawn = 0.0
        if self._given is None:
            self._display.start()
        return self._display
