"""A hub behind a socket: a thread for each connection, kept alive, and a clean stop; `run` is for the command line."""

import logging
import signal
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from functools import partial
from os import PathLike
from typing import Any, BinaryIO, Final, Unpack

from chub.http import Response
from chub.sandbox.answers import BASE_PATH, empty
from chub.sandbox.http11 import LARGEST_BODY, Broken, Received, read_request, response_bytes
from chub.sandbox.hub import Hub
from chub.sandbox.options import HubOptions, Options
from chub.sandbox.text import write_ascii

_LOG: Final = logging.getLogger("chub.sandbox")
_POLL: Final = 0.02
_PATIENCE: Final = 1.0
_PIECE: Final = 64 * 1024
_LONGEST_WAIT: Final = 0.5


class _Listener(socketserver.TCPServer):
    """Accepts connections and hands each over."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, on_connection: Callable[[socket.socket], None]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.on_connection = on_connection
        super().__init__((host, port), socketserver.BaseRequestHandler)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Take a connection that was accepted."""
        self.on_connection(request)


class Server:
    """Serves a hub from the moment it is made until `stop`."""

    def __init__(self, hub: Hub, host: str, port: int) -> None:
        self._hub = hub
        self._open: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        self._stopping = False
        self.connections = 0
        """How many connections were accepted."""
        self._listener = _Listener(host, port, self._welcome)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(_POLL,), daemon=True)
        self._thread.start()

    @property
    def base_url(self) -> str:
        """Where the hub's paths begin."""
        host, port = self._listener.server_address[:2]
        name = f"[{host!s}]" if self._listener.address_family == socket.AF_INET6 else str(host)
        return f"http://{name}:{port}{BASE_PATH}"

    def stop(self) -> None:
        """Accept no more, let the requests at hand be answered, and close every connection; twice does no more."""
        self._stopping = True
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()
        with self._lock:
            left = dict(self._open)
        # A thread that waits for a request ends by the first; by the second, one whose client doesn't read its answer.
        for how, patience in ((socket.SHUT_RD, _PATIENCE), (socket.SHUT_RDWR, 60.0)):
            for connection in left:
                _shut(connection, how)
            _join(left.values(), patience)

    def _welcome(self, connection: socket.socket) -> None:
        thread = threading.Thread(target=self._converse, args=(connection,), daemon=True)
        with self._lock:
            self.connections += 1
            self._open[connection] = thread
        thread.start()

    def _converse(self, connection: socket.socket) -> None:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with connection.makefile("rb") as source:
                while not self._stopping and self._exchange(source, connection):
                    pass
        except OSError:
            pass  # the client went away, which is its right
        finally:
            with self._lock:
                del self._open[connection]
            connection.close()

    def _exchange(self, source: BinaryIO, connection: socket.socket) -> bool:
        """Answer one request; tell whether another may follow."""
        try:
            received = read_request(source, connection.sendall)
        except Broken as broken:
            refused = _safe(partial(self._hub.stray, broken.status, broken.message, broken.path))
            connection.sendall(response_bytes(refused, keeps=False))
            _drain(connection)
            return False
        if received is None:
            return False
        response = _safe(partial(self._answer, received))
        with_body = received.request.method != "HEAD"
        connection.sendall(response_bytes(response, keeps=received.keeps, with_body=with_body))
        return received.keeps

    def _answer(self, received: Received) -> Response:
        if received.is_ours:
            return self._hub.answer(received.request)
        return self._hub.stray(404, "No such path", received.path)


def _safe(answer: Callable[[], Response]) -> Response:
    try:
        return answer()
    except Exception:
        # A clock or ids of the user's that fail, or a mistake of this room's: the client must get an answer.
        _LOG.debug("a request to the sandbox failed", exc_info=True)
        return empty(500)


def _shut(connection: socket.socket, how: int) -> None:
    with suppress(OSError):
        connection.shutdown(how)


def _join(threads: Iterable[threading.Thread], patience: float) -> None:
    end = time.monotonic() + patience
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))


def _drain(connection: socket.socket) -> None:
    # To close with bytes unread is to reset the connection, and the client might never see the answer.
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(_PATIENCE)
    with connection.makefile("rb") as rest:
        for _ in range(LARGEST_BODY // _PIECE):
            if not rest.read1(_PIECE):
                break


def run(
    port: int = 0,
    host: str = "127.0.0.1",
    database: str | PathLike[str] = ":memory:",
    announce: Callable[[str], object] = print,
    **options: Unpack[HubOptions],
) -> int:
    """Serve a hub until SIGINT or SIGTERM, and give the exit code of a clean stop, 0; for the main thread alone.

    First it announces, as one line of JSON: base_url, workspace_id, node_id, token.
    """
    ended = threading.Event()
    with ExitStack() as undo:
        for number in (signal.SIGINT, signal.SIGTERM):
            undo.callback(signal.signal, number, signal.signal(number, lambda *_: ended.set()))
        hub = Hub(database, Options(**options))
        undo.callback(hub.close)
        server = Server(hub, host, port)
        undo.callback(server.stop)
        known = hub.workspace
        facts = {"workspace_id": known.workspace_id, "node_id": known.node_id, "token": known.token}
        announce(write_ascii({"base_url": server.base_url, **facts}))
        # Whoever started this process may wait for that line at the end of a pipe.
        sys.stdout.flush()
        # Not one long wait: on some systems a signal does not end it.
        while not ended.wait(_LONGEST_WAIT):
            pass
    return 0
