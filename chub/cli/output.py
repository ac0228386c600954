"""What the command line writes: JSON lines to the standard output, and one line for each thing to be told to the other.

On a terminal JSON is laid out, progress is a bar that is drawn over, and nothing that the hub returned can rule it.
"""

import json
import os
import re
import shutil
import sys
from typing import Any

from chub.errors import PageFailed, one_line
from chub.progress import Progress
from chub.wire.jsontext import dumps

# What JSON lets stand as it is, and a terminal would obey.
_RULING = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def emit(value: dict[str, Any]) -> None:
    """Write an object: as one line, or laid out on a terminal."""
    if sys.stdout.isatty():
        text = json.dumps(value, indent=2, ensure_ascii=False)
        sound = text.encode("utf-8", "backslashreplace").decode()
        print(_RULING.sub(lambda found: f"\\u{ord(found.group()):04x}", sound), flush=True)
    else:
        write(dumps(value) + b"\n")


def write(line: bytes) -> None:
    """Write a line of bytes, for whoever waits for it now."""
    sys.stdout.buffer.write(line)
    sys.stdout.flush()


def can_be_drawn_on(stream: Any) -> bool:
    """Say whether this is a terminal that knows how to erase and to colour."""
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


def tell(message: str) -> None:
    """Write one line to the standard error, over a bar that may be there."""
    clear = "\r\x1b[K" if can_be_drawn_on(sys.stderr) else ""
    print(f"{clear}{one_line(message)}", file=sys.stderr, flush=True)


def told_of(error: BaseException) -> str:
    """Say what went wrong, and how to go on where there is a way."""
    if isinstance(error, PageFailed):
        return f"{error}; go on with --page {error.page}"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def width() -> int:
    """Give the columns of the terminal, 80 where there is none."""
    return shutil.get_terminal_size().columns


def cut(text: str, columns: int) -> str:
    """Give the text as one line that fits.

    >>> cut("a longer text", 8), cut("short", 8)
    ('a longe…', 'short')
    """
    line = one_line(text)
    return line if len(line) <= columns else f"{line[: columns - 1]}…"


class Teller:
    """Tells of a command on the standard error: errors as a line each, progress as a bar, or a line now and then.

    It is an observer of walks and streams.
    """

    def __init__(self, name: str, *, unit: str = "events") -> None:
        self._name = f"chub {name}"
        self._unit = unit
        self._draws = can_be_drawn_on(sys.stderr)
        self._next = 0.0

    def say(self, message: object) -> None:
        """Write one line, over the bar."""
        tell(f"{self._name}: {message}")

    def __call__(self, progress: Progress) -> None:
        if not progress.done and progress.seconds >= self._next:
            self._show(progress)

    def _show(self, progress: Progress) -> None:
        if self._draws:
            self._next = progress.seconds + 0.1
            bar = bar_of(progress, self._unit, width() - 1)
            print(f"\r{bar}\x1b[K", end="", file=sys.stderr, flush=True)
            return
        if self._next:
            self.say(_so_far(progress, self._unit))
        self._next = progress.seconds + 10


def bar_of(progress: Progress, unit: str, columns: int) -> str:
    """Draw a bar, or only tell how far it is where the whole isn't known.

    >>> bar_of(Progress(events=1_200, total=2_400, seconds=4), "events", 60)
    '[========        ]  50%  1,200 of 2,400 events, 300/s, 4 s'
    """
    told = _so_far(progress, unit)
    if not progress.total:
        return cut(told, columns)
    share = min(1.0, progress.events / progress.total)
    inner = max(0, min(24, columns - len(told) - 11))
    done = round(share * inner)
    bar = f"[{'=' * done}{' ' * (inner - done)}]" if inner >= 5 else ""
    return cut(f"{bar} {f'{share:.0%}':>4}  {told}", columns)


def _so_far(progress: Progress, unit: str) -> str:
    whole = f" of {progress.total:,}" if progress.total else ""
    rate = f", {progress.events / progress.seconds:,.0f}/s" if progress.seconds >= 1 else ""
    return f"{progress.events:,}{whole} {unit}{rate}, {progress.seconds:,.0f} s"
