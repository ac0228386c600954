"""Files read and written as streams: compressed by their names, and replaced as a whole or not at all.

`.gz` is gzip, `.zst` is Zstandard (the standard library's from Python 3.14 on, else the extra `zstd`).
"""

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from chub.frames.compression import COMPRESSED, compressing, decompressing


@contextmanager
def writing(path: str | PathLike[str]) -> Iterator[BinaryIO]:
    """Write a file as a whole: to another beside it, which takes its name once all went well.

    On any exception, Ctrl-C included, that other file is removed and the old one is as it was.  A file that is
    replaced keeps its permissions, and one that can't be written is not replaced.  A name that stands for no regular
    file (a device, a pipe) is written directly, and so is one of a stream that is open (`/dev/stdout`, `/dev/fd/3`),
    wherever that leads: what stands there already stays.  Raises `OSError` as `open` does.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with writing(f"{folder}/a.txt.gz") as file:
    ...         _ = file.write(b"hello")
    ...     with reading(f"{folder}/a.txt.gz") as file:
    ...         file.read()
    b'hello'
    """
    compress = compressing(_suffix_of(path))
    device = _device(Path(path))
    if device is not None:
        with device, compress(device) as file:
            yield file
        return
    target = Path(os.path.realpath(path))
    draft = _draft_of(target)
    try:
        with _begun(draft, target) as raw:
            if target.exists():
                shutil.copymode(target, draft)
            with compress(raw) as file:
                yield file
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _suffix_of(path: str | PathLike[str]) -> str:
    """Give the end of a file's name; of a link that says nothing, that of the file it leads to."""
    given = Path(path).suffix
    return given if given.lower() in COMPRESSED else Path(os.path.realpath(path)).suffix


_STREAMS = {"/dev/stdout": 1, "/dev/stderr": 2}
_NUMBERED = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,9})")


def _device(path: Path) -> BinaryIO | None:
    """Open what is not to be replaced; None for a regular file.

    A stream that is open goes on where it is: its name may lead to a file, which opening anew would empty.
    """
    numbered = _NUMBERED.fullmatch(str(path))
    stream = int(numbered[1]) if numbered else _STREAMS.get(str(path))
    if stream is not None:
        return os.fdopen(os.dup(stream), "wb")
    return path.open("wb") if path.exists() and not path.is_file() else None


def _draft_of(target: Path) -> Path:
    """Name a new file beside the target; on the same file system, so that renaming it is one step."""
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is write-protected", str(target))
    return target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")


def _begun(draft: Path, target: Path) -> AbstractContextManager[BinaryIO]:
    """Open the new file; where it can't be, the error names the file that was asked for."""
    try:
        return draft.open("xb")
    except OSError as error:
        error.filename = str(target)
        raise


@contextmanager
def reading(path: str | PathLike[str]) -> Iterator[BinaryIO]:
    """Read a file, decompressed by its name.  Raises `OSError` as `open` does, and for what is damaged or cut."""
    decompress = decompressing(_suffix_of(path))
    with Path(path).open("rb") as raw, decompress(raw) as file:
        yield file
