"""Compressed streams by the end of a file's name: `.gz` by the standard library, `.zst` by what is there."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from sys import version_info
from typing import Any, BinaryIO, Protocol, cast

from chub.frames.extras import needed

COMPRESSED = (".gz", ".zst")
"""The ends of names that stand for compressed files."""

_CHUNK = 16_384

Opening = Callable[[BinaryIO], AbstractContextManager[BinaryIO]]
"""Puts one stream upon another; closing it leaves the other open."""


def compressing(suffix: str) -> Opening:
    """Give what compresses a file of this suffix; any other suffix leaves it as it is."""
    match suffix.lower():
        case ".gz":
            return _gzip
        case ".zst":
            return _zstd_writer()
        case _:
            return nullcontext


def decompressing(suffix: str) -> Opening:
    """Give what decompresses a file of this suffix; the stream raises `OSError` for what is damaged or cut."""
    match suffix.lower():
        case ".gz":
            return _gzip_reader()
        case ".zst":
            return _zstd_reader()
        case _:
            return nullcontext


def _gzip(raw: BinaryIO) -> AbstractContextManager[BinaryIO]:
    # Without a name and a time in its head the same content gives the same file.
    return cast(BinaryIO, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6))


def _zstd() -> Any:
    module = "compression.zstd" if version_info >= (3, 14) else "zstandard"
    return needed(module, extra="zstd", purpose="a .zst file")


def _zstd_writer() -> Opening:
    zstd = _zstd()
    if hasattr(zstd, "ZstdFile"):  # the standard library's
        checked = {zstd.CompressionParameter.checksum_flag: 1}
        return lambda raw: zstd.ZstdFile(raw, "wb", options=checked)
    return lambda raw: zstd.ZstdCompressor(write_checksum=True).stream_writer(raw, closefd=False)


def _zstd_reader() -> Opening:
    zstd = _zstd()
    if hasattr(zstd, "ZstdFile"):
        return _decompressed(zstd.ZstdDecompressor, zstd.ZstdError)
    return _decompressed(lambda: zstd.ZstdDecompressor().decompressobj(), zstd.ZstdError)


def _gzip_reader() -> Opening:
    return _decompressed(lambda: zlib.decompressobj(wbits=zlib.MAX_WBITS | 16), zlib.error)


class _Member(Protocol):
    """Decompresses one member of a file; those of all the libraries are alike in this."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


def _decompressed(make: Callable[[], _Member], error: type[Exception]) -> Opening:
    return lambda raw: io.BufferedReader(_Chunked(_chunks(raw, make, error)), _CHUNK)


def _chunks(raw: BinaryIO, make: Callable[[], _Member], error: type[Exception]) -> Iterator[bytes]:
    """Yield what a compressed file holds, member after member; never an empty chunk.

    The libraries' own files differ in what they raise for a damaged file, and one of them takes a cut one for whole.
    """
    try:
        data = raw.read(_CHUNK)
        while data:
            member = make()
            while data and not member.eof:
                plain = member.decompress(data)
                if plain:
                    yield plain
                data = b"" if member.eof else raw.read(_CHUNK)
            if not member.eof:
                raise OSError("the compressed file is cut short")
            data = member.unused_data.lstrip(b"\0") or raw.read(_CHUNK)  # some writers pad a file with zeros
    except error as damage:
        raise OSError(f"the compressed file is damaged: {damage}") from None


class _Chunked(io.RawIOBase):
    """A stream of bytes that come in chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._left = self._left or memoryview(next(self._chunks, b""))
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size
