"""A server in a process of its own that answers as fast as it can: 202 with an id to POST, a count to GET.

So the client is what is measured, not the hub.  `with serving() as url:` starts and stops it.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_ACCEPTED = b'{"id":"3f2a9c1e-0000-4000-8000-000000000000"}'


class _Answers(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, just enough of it for clients that send heads and bodies whole."""

    posts = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.received = b""

    def data_received(self, data: bytes) -> None:
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            head = self.received[:end].lower()
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in head else 0
            if len(self.received) < end + 4 + length:
                return
            self.received = self.received[end + 4 + length :]
            self._answer(is_post=head.startswith(b"post"))

    def _answer(self, *, is_post: bool) -> None:
        _Answers.posts += is_post
        body = _ACCEPTED if is_post else b'{"posts":%d}' % _Answers.posts
        status = b"202 Accepted" if is_post else b"200 OK"
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        self.transport.write(head + body)  # type: ignore[attr-defined]


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Answers, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def serving() -> Iterator[str]:
    """Start the server in a process of its own, give its base URL, and end it."""
    command = [sys.executable, "-m", "benchmarks.server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/hub/v1"
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(_serve())
