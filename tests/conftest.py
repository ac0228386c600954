"""What the tests of several rooms share: Hypothesis profiles, servers that follow a script, what a traceback shows."""

import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from traceback import TracebackException
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import chub

settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile("ci", max_examples=50, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("thorough", max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))

TESTS = str(Path(__file__).parent)
PATIENCE = 5.0


class Talk:
    """One connection to a scripted server, from the server's side."""

    def __init__(self, server: "ScriptedServer", connection: socket.socket) -> None:
        self.server = server
        self.connection = connection

    def read(self) -> bytes:
        """Read one request whole, and keep it; empty where the client has gone."""
        received = b""
        while b"\r\n\r\n" not in received:
            more = self.connection.recv(65536)
            if not more:
                return b""
            received += more
        head, _, body = received.partition(b"\r\n\r\n")
        while len(body) < _content_length(head):
            body += self.connection.recv(65536)
        self.server.requests.append(head + b"\r\n\r\n" + body)
        return self.server.requests[-1]

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(self, status: str, body: bytes = b"", *headers: str) -> None:
        """Send a whole answer with its right Content-Length."""
        lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
        self.send("\r\n".join(lines).encode() + body)

    def reset(self) -> None:
        """Close with a TCP reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def stall(self) -> None:
        """Say nothing more until the test is over."""
        self.server.over.wait(PATIENCE)

    def drip(self, data: bytes, every: float) -> None:
        """Send byte after byte, so far apart, until the test is over."""
        for byte in data:
            if self.server.over.wait(every):
                return
            self.send(bytes([byte]))


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


Script = Callable[[Talk], object]


class ScriptedServer:
    """A server on loopback that does with each connection what its script says, and counts."""

    def __init__(self, script: Script, wrap: Callable[[socket.socket], socket.socket]) -> None:
        self.requests: list[bytes] = []
        self.accepted = 0
        self.over = threading.Event()
        self._script = script
        self._wrap = wrap
        self._threads: list[threading.Thread] = []
        self._connections: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.02)
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _start(self, run: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=run, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.accepted += 1
            connection.settimeout(PATIENCE)
            self._start(self._converse, connection)

    def _converse(self, connection: socket.socket) -> None:
        try:
            connection = self._wrap(connection)
            self._connections.append(connection)
            self._script(Talk(self, connection))
        except OSError:
            pass  # the client went away, as some scripts make it
        finally:
            connection.close()

    def stop(self) -> None:
        self.over.set()
        for connection in self._connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for thread in self._threads:
            thread.join(PATIENCE)
        self._listener.close()


@pytest.fixture
def scripted() -> Iterator[Callable[..., ScriptedServer]]:
    """Start servers that follow a script, e.g. `scripted(lambda talk: talk.read())`; stopped after the test."""
    servers: list[ScriptedServer] = []

    def start(script: Script, wrap: Callable[[socket.socket], socket.socket] = lambda connection: connection) -> Any:
        servers.append(ScriptedServer(script, wrap))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def config_of() -> Iterator[Callable[..., chub.Config]]:
    """Make configs of servers, whose connections are closed after the test."""
    made: list[chub.Config] = []

    def config_of(server: Any, **more: Any) -> chub.Config:
        base_url = server if isinstance(server, str) else f"{server.url}/hub/v1"
        arguments = {"workspace_id": "w", "node_id": "n", "token": "demo-token", "base_url": base_url}
        arguments["retry"] = chub.RetryPolicy(attempts=1)  # what is looked at is one attempt
        made.append(chub.config(**{**arguments, "timeouts": chub.Timeouts(connect=2, read=2, total=4), **more}))
        return made[-1]

    yield config_of
    for config in made:
        chub.disconnect(config)


@pytest.fixture
def closed_port() -> int:
    """Give a port of loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture
def told() -> Callable[[BaseException], str]:
    """Give all that a reporter of errors could show of one: its whole chain with the locals of every frame.

    But the frames of the tests themselves, which hold the token that they look for.
    """

    def told(error: BaseException) -> str:
        return "\n".join(_told(TracebackException.from_exception(error, capture_locals=True)))

    return told


def _told(trace: TracebackException) -> Iterator[str]:
    yield "".join(trace.format_exception_only())
    for frame in trace.stack:
        if not frame.filename.startswith(TESTS):
            yield f"{frame.filename} {frame.name} {frame.locals}"
    for further in (trace.__cause__, trace.__context__):
        if further is not None:
            yield from _told(further)
