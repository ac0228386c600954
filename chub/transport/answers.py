"""Answers as they come in over a socket: every single wait is limited, and interim answers are passed over.

The standard library's timeout starts anew with each byte, so a server that sends one now and then could hold a call for
ever; of the interim answers (RFC 9110, 15.2) it passes over 100 alone, so that any other would be taken for the
answer, and the answer for that of the next request; and it reads the headers with the parser of e-mails, which costs
more than all the rest of an answer.  Status lines and bodies, chunked ones too, are read by the standard library.
"""

import io
import re
import socket
import ssl
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse, IncompleteRead, LineTooLong, UnknownProtocol
from typing import Any

from urllib3.exceptions import InvalidHeader

Wait = Callable[[], float]
"""Gives the seconds that the next wait may last; raises `TimeoutError` where there are none left."""

Headers = list[tuple[str, str]]

MAX_LINE = 64 * 1024
"""Bytes of one line of the headers; a longer one ends the exchange."""

MAX_HEADERS = 100
"""Lines of headers; more end the exchange."""

_CHUNK = 64 * 1024
_MAX_DIGITS = 18  # of a length; Python refuses to read thousands
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_USUAL_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\r\n]*)\r\n")
_USUAL_HEADERS = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n]*\r\n)+")
_BODILESS = (204, 304)


class _LimitedReader(io.RawIOBase):
    """The bytes of a socket; before each wait for more, the socket's timeout is set.

    `held` bytes that the kernel has already are read without a look at the time: they were there in time, for all that
    is known, and only this side was late.
    """

    def __init__(self, sock: socket.socket, wait: Wait, held: int) -> None:
        self._sock = sock
        self._wait = wait
        self._held = held
        self.waited = False
        self.over = False

    def readable(self) -> bool:
        return True

    @property
    def holds_more(self) -> bool:
        """Whether TLS has deciphered more than was read, which no look at the socket shows."""
        return isinstance(self._sock, ssl.SSLSocket) and self._sock.pending() > 0

    def readinto(self, buffer: Any, /) -> int:
        if self.over:
            return 0
        if self._held > 0:
            self._sock.settimeout(0.0)
            try:
                there = self._sock.recv_into(buffer)
            except (BlockingIOError, ssl.SSLWantReadError):
                pass
            else:
                self._held -= there
                return there
        self.waited = True
        self._sock.settimeout(self._wait())
        return self._sock.recv_into(buffer)


class _Buffered(io.BufferedReader):
    """Reads so many bytes, and never "all there are": the standard library would, for a chunk whose size is -1."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            raise HTTPException("a chunk of less than no bytes")
        return super().read(size)


class _LimitedSocket:
    """What `HTTPResponse` needs of a socket."""

    def __init__(self, reader: _LimitedReader) -> None:
        self._reader = reader

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002 - it is always for reading
        return _Buffered(self._reader)


class LimitedAnswer(HTTPResponse):
    """An HTTP answer, none of whose waits is longer than `wait` says; `fields` are its headers, names in lower case."""

    def __init__(self, sock: socket.socket, *args: Any, wait: Wait, held: int = 0, **more: Any) -> None:
        self._limited = _LimitedReader(sock, wait, held)
        super().__init__(_LimitedSocket(self._limited), *args, **more)  # type: ignore[arg-type]
        self.fields: Headers = []
        self._is_cut = False  # in the midst of the headers: what they would have told of the body is lost
        self.is_overlong = False
        """Whether more came than the answer: nobody knows to what, so the connection bears no further request."""

    @property
    def waited(self) -> bool:
        """Whether it wasn't there yet when it was to be read."""
        return self._limited.waited

    def begin(self) -> None:
        """Read the status and the headers of the final answer."""
        while True:
            version, status, reason = self._read_status()  # type: ignore[attr-defined]
            if not version.startswith("HTTP/1."):
                raise UnknownProtocol(version)
            self.fields, self._is_cut = _read_fields(self.fp)
            if not 100 <= status < 200:
                break
        self.version = 10 if version == "HTTP/1.0" else 11
        self.code = self.status = status
        self.reason = reason.strip()
        self._frame()

    def _frame(self) -> None:
        """Find out where the body ends, and whether the connection does (RFC 9112, 6.3 and 9.3)."""
        combined = _combined(self.fields)
        length = _length(combined.get("content-length", ""))
        coding = combined.get("transfer-encoding", "identity").lower()
        is_coded = coding != "identity"
        has_body = self.status not in _BODILESS and self._method != "HEAD"  # type: ignore[attr-defined]
        self.headers = self.msg = combined  # type: ignore[assignment]  # what is asked of it is `get`
        self.chunked = has_body and coding == "chunked"
        self.chunk_left = None
        self.length = 0 if not has_body else None if is_coded else length
        endless = self.length is None and not self.chunked
        # Who tells a coding and a length may mean either, and somebody on the way the other one.
        ambiguous = is_coded and length is not None
        self.will_close = self._check_close() or endless or ambiguous  # type: ignore[attr-defined]

    def _close_conn(self) -> None:
        self._limited.over = True
        self.is_overlong = bool(self.fp.peek(1)) or self._limited.holds_more
        super()._close_conn()  # type: ignore[misc]

    def body(self, most: int) -> bytes | None:
        """Read the body whole; None where it is bigger than that, raises `IncompleteRead` where it was cut."""
        body = bytearray()
        while chunk := self.read(_CHUNK):
            body += chunk
            if len(body) > most:
                return None
        if self.length or self._is_cut:
            raise IncompleteRead(b"", self.length)
        return bytes(body)


def _combined(fields: Headers) -> dict[str, str]:
    """Give one value for each name; several of one name are a list in several parts (RFC 9110, 5.3)."""
    combined: dict[str, str] = {}
    for name, value in fields:
        combined[name] = f"{combined[name]}, {value}" if name in combined else value
    return combined


def _length(told: str) -> int | None:
    """Give the one length that the headers tell; None where it is none, or no number."""
    if told.isdecimal() and told.isascii() and len(told) <= _MAX_DIGITS:
        return int(told)
    lengths = {length.strip() for length in told.split(",")}
    if len(lengths) > 1:
        raise InvalidHeader("several lengths")
    length = "".join(lengths)
    return int(length[:_MAX_DIGITS]) if length.isascii() and length.isdigit() else None


def _read_fields(lines: Any) -> tuple[Headers, bool]:
    """Read headers up to the blank line, and tell whether they were cut before it.

    A line that is none is passed over, a folded one belongs to the one before.
    """
    usual = _usual_fields(lines)
    if usual is not None:
        return usual, False
    fields: Headers = []
    for _ in range(MAX_HEADERS + 1):
        line = lines.readline(MAX_LINE + 1)
        if len(line) > MAX_LINE:
            raise LineTooLong("header line")
        if line in (b"\r\n", b"\n", b""):
            return fields, not line
        name, colon, value = line.partition(b":")
        if line[0] in b" \t" and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {_text(line)}".strip())
        elif colon and _NAME.fullmatch(name):
            fields.append((name.decode().lower(), _text(value)))
    raise HTTPException(f"over {MAX_HEADERS} headers")


def _usual_fields(lines: Any) -> Headers | None:
    """Read headers that have come whole and are as they nearly always are; None, and nothing is read, for others."""
    there = lines.peek(1)
    end = there.find(b"\r\n\r\n") + 2
    if end < 2 or not _USUAL_HEADERS.fullmatch(there, 0, end):
        return None
    found = _USUAL_HEADER.findall(there[:end].decode("latin-1"))
    if len(found) > MAX_HEADERS:
        return None
    lines.read(end + 2)
    return [(name.lower(), value.strip(" \t")) for name, value in found]


def _text(value: bytes) -> str:
    return value.strip(b" \t\r\n").decode("latin-1")
