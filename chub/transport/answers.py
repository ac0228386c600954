"""Answers as they come in over a socket: every single wait is limited, and interim answers are passed over.

The standard library's timeout starts anew with each byte, so a server that sends one now and then could hold a call for
ever; and of the interim answers (RFC 9110, 15.2) it passes over 100 alone, so that any other would be taken for the
answer, and the answer for that of the next request.
"""

import io
import socket
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import Any, cast

Wait = Callable[[], float]
"""Gives the seconds that the next wait may last; raises `TimeoutError` where there are none left."""


class _LimitedReader(io.RawIOBase):
    """The bytes of a socket; before each wait for more, the socket's timeout is set."""

    def __init__(self, sock: socket.socket, wait: Wait) -> None:
        self._sock = sock
        self._wait = wait
        self._raw = sock.makefile("rb", buffering=0)
        self.ended = False
        """Whether the answer is over: nothing more is then read for it."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        if self.ended:
            return 0
        self._sock.settimeout(self._wait())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Buffered(io.BufferedReader):
    """Reads so many bytes, and never "all there are": the standard library would, for a chunk whose size is -1."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            raise HTTPException("a chunk of less than no bytes")
        return super().read(size)

    def has_more(self) -> bool:
        """Whether bytes came beyond the end of the answer; doesn't wait for any."""
        cast(_LimitedReader, self.raw).ended = True
        return self.peek(1) != b""


class _LimitedSocket:
    """What `HTTPResponse` needs of a socket."""

    def __init__(self, sock: socket.socket, wait: Wait) -> None:
        self._sock = sock
        self._wait = wait

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002 - it is always for reading
        return _Buffered(_LimitedReader(self._sock, self._wait))


class LimitedAnswer(HTTPResponse):
    """An HTTP answer, none of whose waits is longer than `wait` says.

    `on_excess` is called where more came than the answer: nobody knows what the bytes after it belong to.
    """

    def __init__(self, sock: socket.socket, *args: Any, wait: Wait, on_excess: Callable[[], None], **more: Any) -> None:
        super().__init__(_LimitedSocket(sock, wait), *args, **more)  # type: ignore[arg-type]
        self._on_excess = on_excess

    def begin(self) -> None:
        """Read the status and the headers of the final answer."""
        super().begin()
        while 100 <= self.status < 200:
            self.headers = self.msg = None  # type: ignore[assignment]  # so that it has not begun
            super().begin()
        if self.headers.defects or self.headers.get_payload():
            self.headers = self.msg = _readable(self.headers)

    def _close_conn(self) -> None:
        excess = isinstance(self.fp, _Buffered) and self.fp.has_more()
        super()._close_conn()  # type: ignore[misc]
        if excess:
            self._on_excess()


def _readable(headers: HTTPMessage) -> HTTPMessage:
    """Give the headers without the lines that are none; urllib3 would log those, and the URL with its ids."""
    made = HTTPMessage()
    for name, value in headers.items():
        made[name] = value
    return made
