"""A server in a process of its own that answers after a fixed time: 202 with an id to POST, a page to GET.

So the client is what is measured, not the hub.  The first two parts of a path say after how many milliseconds it
answers, each request by itself, and of how many pages a list is: `/50/200/hub/v1/...`.  What it has answered, `/counts`
tells.
"""

import asyncio
import json
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import frozen

from benchmarks.payloads import page_text

_ACCEPTED = b'{"id":"3f2a9c1e-0000-4000-8000-000000000000"}'

_answered: dict[str, Any] = {"events": 0, "pages": 0, "last": ""}


class _Answers(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, just enough of it for clients that tell the length of a body."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.received = b""

    def data_received(self, data: bytes) -> None:
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            head = self.received[:end]
            _, told, length = head.lower().partition(b"content-length:")
            whole = end + 4 + (int(length.partition(b"\r\n")[0]) if told else 0)
            if len(self.received) < whole:
                return
            body, self.received = self.received[end + 4 : whole], self.received[whole:]
            method, target, _ = head.split(b" ", 2)
            self._answer(method == b"POST", target, body)

    def _answer(self, is_post: bool, target: bytes, body: bytes) -> None:
        if target == b"/counts":
            self._send(b"200 OK", json.dumps(_answered).encode())
            return
        _, latency, pages, _ = target.split(b"/", 3)
        if is_post:
            is_batch = target.endswith(b"/v1/batch")
            _answered["events"] += body.count(b'"messageId"') if is_batch else 1
            _answered["last"] = body.decode()
        else:
            _answered["pages"] += 1
        answer = (b"202 Accepted", _ACCEPTED) if is_post else (b"200 OK", _page(int(pages), target))
        if latency == b"0":
            self._send(*answer)
        else:
            asyncio.get_running_loop().call_later(int(latency) / 1000, self._send, *answer)

    def _send(self, status: bytes, body: bytes) -> None:
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        self.transport.write(head + body)  # type: ignore[attr-defined]


_first_page = cache(lambda pages: page_text(pages=pages).encode())


def _page(pages: int, target: bytes) -> bytes:
    """Give a page whose elements have ids of their own."""
    number = int(target.partition(b"page=")[2].partition(b"&")[0] or 0)
    mine: bytes = _first_page(pages).replace(b"-4000-", b"-%04d-" % number)
    return mine.replace(b'"number": 0}', b'"number": %d}' % number)


async def _serve(certificate: str | None) -> None:
    tls = None
    if certificate is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)
    server = await asyncio.get_running_loop().create_server(_Answers, "127.0.0.1", 0, backlog=512, ssl=tls)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@frozen
class Served:
    """A server that runs: where it is, and the authorities to trust, of which one is its own."""

    root: str
    ca_file: str | None = None

    def base_url(self, latency: int = 0, pages: int = 1) -> str:
        """Give the base URL of a hub that answers after so many milliseconds, and has so many pages of 50 events."""
        return f"{self.root}/{latency}/{pages}/hub/v1"

    def counts(self) -> dict[str, Any]:
        """Ask how many events and pages it has answered, and what the last body was."""
        tls = None if self.ca_file is None else ssl.create_default_context(cafile=self.ca_file)
        with urllib.request.urlopen(f"{self.root}/counts", context=tls) as answer:
            told: dict[str, Any] = json.load(answer)
        return told

    def answered(self) -> int:
        """Say how many events and pages it has answered."""
        told = self.counts()
        return int(told["events"] + told["pages"])


@contextmanager
def serving() -> Iterator[Served]:
    """Start the server in a process of its own, and end it."""
    with _process() as port:
        yield Served(f"http://127.0.0.1:{port}")


@contextmanager
def serving_tls() -> Iterator[Served]:
    """Start the server over TLS; its authority is one more in the bundle that requests brings."""
    import certifi
    import trustme

    authority = trustme.CA()
    with TemporaryDirectory() as place:
        certificate, bundle = Path(place, "server.pem"), Path(place, "authorities.pem")
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(certificate))
        bundle.write_bytes(Path(certifi.where()).read_bytes() + b"\n" + authority.cert_pem.bytes())
        with _process(str(certificate)) as port:
            yield Served(f"https://127.0.0.1:{port}", str(bundle))


@contextmanager
def _process(*arguments: str) -> Iterator[int]:
    command = [sys.executable, "-m", "benchmarks.server", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1] if len(sys.argv) > 1 else None))
