"""Lines in and out of files: a path, or a binary file that the caller opened and will close."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from os import PathLike
from pathlib import Path
from typing import BinaryIO, cast

from chub.errors import InvalidValue
from chub.frames.files import reading, writing

MAX_LINE = 16 * 2**20
"""Bytes of one line; the hub takes 64 KiB for the properties of an event, and as much for its context info."""

File = str | PathLike[str] | BinaryIO


def path_of(file: File) -> Path | None:
    """Give the path, where this is one; None where it is a binary file.  Raises `InvalidValue` where it is neither."""
    if isinstance(file, str | PathLike):
        return Path(file)
    if not (hasattr(file, "write") or hasattr(file, "readline")) or hasattr(file, "encoding"):
        raise InvalidValue.of("file", f"a path or a binary file is needed, not {type(file).__name__}")
    return None


def write_lines(file: File, lines: Iterable[bytes]) -> int:
    """Write lines as they come, and say how many there were; a file of that name is replaced when all are there."""
    count = 0
    with _opened(file) as out:
        for line in lines:
            out.write(line)
            count += 1
    return count


def _opened(file: File) -> AbstractContextManager[BinaryIO]:
    path = path_of(file)
    return nullcontext(cast(BinaryIO, file)) if path is None else writing(path)


def name_of(file: File) -> str:
    """Name a file for messages: the last part of its path, or what it says of itself.

    >>> name_of("data/events.ndjson.gz")
    'events.ndjson.gz'
    """
    name = path_of(file) or getattr(file, "name", None)
    return Path(name).name if isinstance(name, str | Path) else "line"


def read_lines(file: File) -> Iterator[tuple[int, bytes | InvalidValue]]:
    """Yield the lines that are not blank, each with its number from 1, or what is wrong with it.

    After what can't be read on (a damaged or cut file) nothing more is yielded.
    """
    path = path_of(file)
    with nullcontext(cast(BinaryIO, file)) if path is None else reading(path) as opened:
        yield from _numbered(opened)


def _numbered(file: BinaryIO) -> Iterator[tuple[int, bytes | InvalidValue]]:
    number = 0
    try:
        while line := file.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE and not line.endswith(b"\n"):
                _skip_line(file)
                yield number, InvalidValue.of("", f"longer than {MAX_LINE:,} bytes")
            elif not line.isspace():
                yield number, line
    except OSError as error:
        yield number + 1, InvalidValue.of("", f"can't be read: {error}")


def _skip_line(file: BinaryIO) -> None:
    while (line := file.readline(MAX_LINE)) and not line.endswith(b"\n"):
        pass
