"""Files read and written as streams: compressed by their names, and replaced as a whole or not at all.

`.gz` is gzip, `.zst` is Zstandard (the standard library's from Python 3.14 on, else the extra `zstd`).
"""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from chub.frames.compression import compressing, decompressing


@contextmanager
def writing(path: str | PathLike[str]) -> Iterator[BinaryIO]:
    """Write a file as a whole: to another beside it, which takes its name once all went well.

    On any exception, Ctrl-C included, that other file is removed and the old one is as it was.  A file that is
    replaced keeps its permissions, and one that can't be written is not replaced.  A name that stands for no regular
    file (`/dev/stdout`, a pipe) is written directly.  Raises `OSError` as `open` does.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with writing(f"{folder}/a.txt.gz") as file:
    ...         _ = file.write(b"hello")
    ...     with reading(f"{folder}/a.txt.gz") as file:
    ...         file.read()
    b'hello'
    """
    target = Path(os.path.realpath(path))
    compress = compressing(target.suffix)
    if target.exists() and not target.is_file():
        with target.open("wb") as device, compress(device) as file:
            yield file
        return
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
    decompress = decompressing(Path(path).suffix)
    with Path(path).open("rb") as raw, decompress(raw) as file:
        yield file
