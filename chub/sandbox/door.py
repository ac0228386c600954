"""The door of a server: a port that takes connections, and that can be shut for a while without being given away."""

import socket
import socketserver
import threading
from collections.abc import Callable
from typing import Any, Final

from chub.sandbox.bad_options import BadOptions

_POLL: Final = 0.02


class _Listener(socketserver.TCPServer):
    """Has a port, and once it is activated accepts connections and hands each over."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, on_connection: Callable[[socket.socket], None]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.on_connection = on_connection
        if type(port) is not int or not 0 <= port <= 65_535:
            raise BadOptions([("port", f"{port!r} is no number from 0 to 65535")])
        super().__init__((host, port), socketserver.BaseRequestHandler, bind_and_activate=False)
        try:
            self.server_bind()
        except BaseException:
            self.server_close()
            raise

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Take a connection that was accepted."""
        self.on_connection(request)


class Door:
    """Takes connections from the moment it is made, but for the times when it is shut."""

    def __init__(self, host: str, port: int, on_connection: Callable[[socket.socket], None]) -> None:
        self._lock = threading.Lock()
        self._on_connection = on_connection
        self._listener = _Listener(host, port, on_connection)
        self._thread: threading.Thread | None = None
        self._timers: list[threading.Timer] = []
        self._shut_by = 0
        self._closed = False
        self._open()

    @property
    def place(self) -> tuple[str, int]:
        """The host and the port."""
        host, port = self._listener.server_address[:2]
        return str(host), int(port)

    def shut(self) -> None:
        """Refuse connections from now on, until `open` was called as often as this."""
        with self._lock:
            self._shut_by += 1
            if self._thread is not None:
                place = self.place
                self._leave()
                # A socket that is bound and doesn't listen keeps the port, and the kernel refuses whoever comes.
                self._listener = _Listener(*place, self._on_connection)

    def open(self) -> None:
        """Take connections again."""
        with self._lock:
            # Whoever shut it before `reopen` opens it once too often.
            self._shut_by -= self._shut_by > 0
            if self._thread is None and not self._shut_by and not self._closed:
                self._open()

    def reopen(self) -> None:
        """Take connections again, whoever shut it, and for how long."""
        self._end_timers()
        with self._lock:
            self._shut_by = min(self._shut_by, 1)
        self.open()

    def shut_for(self, seconds: float) -> None:
        """Refuse connections for so many seconds."""
        self.shut()
        timer = threading.Timer(seconds, self.open)
        timer.daemon = True
        with self._lock:
            self._timers = [*filter(threading.Thread.is_alive, self._timers), timer]
            timer.start()

    def close(self) -> None:
        """Take no connection any more; twice does no more."""
        with self._lock:
            self._closed = True
            self._leave()
        self._end_timers()

    def _end_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
            timer.join()

    def _open(self) -> None:
        self._listener.server_activate()
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(_POLL,), daemon=True)
        self._thread.start()

    def _leave(self) -> None:
        if self._thread is not None:
            self._listener.shutdown()
            self._thread.join()
            self._thread = None
        self._listener.server_close()
