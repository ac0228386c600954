"""One event sent and its id read, one call after the other, by each of many clients.

All send the same JSON (the server tells what it got), on a kept connection where the client keeps one.  The body of the
others is made before; chub and the old SDK make theirs in the call.
"""

import asyncio
import json
import os
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from urllib.parse import urlsplit

import urllib3

import chub
from benchmarks.machine import installed
from benchmarks.payloads import BODY, HEADERS, event_url, one_event, ready_event
from benchmarks.rows import Row, missing_row
from benchmarks.server import Served, serving, serving_tls
from benchmarks.targets import CALL_CPU, CALL_TLS_CPU, CALL_WALL, OLD
from benchmarks.timing import compare

Call = Callable[[], str | None]
"""Sends the event and gives its id; None where the client doesn't tell it."""

Client = Callable[[Served, ExitStack], Call]
"""Makes a call; what must be closed goes on the stack."""


def config_of(served: Served, latency: int = 0, pages: int = 1) -> chub.Config:
    """Give the config that leads to the server."""
    url = served.base_url(latency, pages)
    return chub.config(workspace_id="w", node_id="n", token="demo", base_url=url, ca_file=served.ca_file)


def _chub(served: Served, stack: ExitStack) -> Call:
    config, event = config_of(served), one_event()
    stack.callback(chub.disconnect, config)
    return lambda: chub.add_event(config, event).unwrap().id


def _urllib3(served: Served, stack: ExitStack) -> Call:
    pool = stack.enter_context(urllib3.PoolManager(ssl_context=tls_of(served)))
    url = event_url(served.base_url())
    return lambda: _id(pool.urlopen("POST", url, body=BODY, headers=HEADERS, retries=False).data)


def _id(body: bytes) -> str:
    return str(json.loads(body)["id"])


def _requests(served: Served, stack: ExitStack) -> Call:
    import requests

    del stack
    post = partial(requests.post, event_url(served.base_url()), data=BODY, headers=HEADERS, verify=served.ca_file)
    return lambda: str(post(timeout=30).json()["id"])


def _session(served: Served, stack: ExitStack) -> Call:
    import requests

    session = stack.enter_context(requests.Session())
    post = partial(session.post, event_url(served.base_url()), data=BODY, headers=HEADERS, verify=served.ca_file)
    return lambda: str(post(timeout=30).json()["id"])


def _httpx(served: Served, stack: ExitStack) -> Call:
    import httpx

    client = stack.enter_context(httpx.Client(verify=tls_of(served) or True))
    post = partial(client.post, event_url(served.base_url()), content=BODY, headers=HEADERS)
    return lambda: str(post().json()["id"])


def tls_of(served: Served) -> ssl.SSLContext | None:
    """Give the TLS context that trusts the server; None where it needs none."""
    return None if served.ca_file is None else ssl.create_default_context(cafile=served.ca_file)


def _aiohttp(served: Served, stack: ExitStack) -> Call:
    import aiohttp

    loop = asyncio.new_event_loop()
    stack.callback(loop.close)
    url, tls = event_url(served.base_url()), tls_of(served) or True

    async def opened() -> aiohttp.ClientSession:
        return aiohttp.ClientSession()

    session = loop.run_until_complete(opened())
    stack.callback(lambda: loop.run_until_complete(session.close()))

    async def post() -> str:
        async with session.post(url, data=BODY, headers=HEADERS, ssl=tls) as answer:
            return str((await answer.json())["id"])

    return lambda: loop.run_until_complete(post())


def old_sdk(served: Served, stack: ExitStack, latency: int = 0) -> Call:
    """Post by contacthub-sdk-python: `Event(...).post()`, which gives nothing back."""
    from contacthub.models import Event
    from contacthub.workspace import Workspace

    stack.enter_context(_trusting(served))
    node = Workspace("w", "demo", base_url=f"{served.base_url(latency)}/workspaces").get_node("n")
    parts = ready_event()
    return lambda: Event(node, **parts).post()


@contextmanager
def _trusting(served: Served) -> Iterator[None]:
    """Have requests trust the server's authority; the old SDK has no parameter for it."""
    before = os.environ.copy()
    os.environ["REQUESTS_CA_BUNDLE"] = served.ca_file or ""
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _raw_socket(served: Served, stack: ExitStack) -> Call:
    """The limit: bytes made before, one send, and an answer of which nothing but its length is looked at."""
    connection = stack.enter_context(raw_connection(served))
    message = MESSAGE % event_path(served.base_url())

    def call() -> str:
        connection.sendall(message)
        return _id(read_raw(connection))

    return call


def raw_connection(served: Served) -> socket.socket:
    """Open a socket to the server."""
    parts = urlsplit(served.root)
    plain = socket.create_connection((parts.hostname or "", parts.port or 0))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    context = tls_of(served)
    return context.wrap_socket(plain, server_hostname=parts.hostname) if context else plain


MESSAGE = (
    b"POST %%b HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer demo\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(BODY), BODY.replace(b"%", b"%%"))
)


def event_path(base_url: str) -> bytes:
    """Give the path that events are posted to."""
    return urlsplit(event_url(base_url)).path.encode()


def read_raw(connection: socket.socket) -> bytes:
    """Give the body of the next answer, which the server sends as a whole."""
    return connection.recv(65536).partition(b"\r\n\r\n")[2]


CLIENTS: dict[str, Client] = {
    "urllib3 urlopen": _urllib3,
    OLD: old_sdk,
    "requests": _requests,
    "requests, a Session": _session,
    "httpx": _httpx,
    "aiohttp": _aiohttp,
    "a raw socket, the limit": _raw_socket,
}


def call_rows(rounds: int) -> Iterator[Row]:
    """Yield the rows of one call: CPU beside each client, wall time beside the leanest, CPU over TLS."""
    with serving() as served:
        yield from _rows(served, CALL_CPU, CLIENTS, time.process_time, rounds)
        walls = ("urllib3 urlopen", OLD, "a raw socket, the limit")
        yield from _rows(served, CALL_WALL, {name: CLIENTS[name] for name in walls}, time.perf_counter, rounds)
    with ExitStack() as stack:
        secured = installed(lambda: stack.enter_context(serving_tls()))
        over_tls = {
            name: CLIENTS[name] for name in ("urllib3 urlopen", OLD, "requests, a Session", "a raw socket, the limit")
        }
        if secured is None:
            yield from (missing_row(_SECTION, CALL_TLS_CPU, name) for name in over_tls)
        else:
            yield from _rows(secured, CALL_TLS_CPU, over_tls, time.process_time, rounds)


_SECTION = "one call"


def _rows(
    served: Served, name: str, clients: dict[str, Client], clock: Callable[[], float], rounds: int
) -> Iterator[Row]:
    for beside, client in clients.items():
        with ExitStack() as stack:
            theirs = installed(partial(client, served, stack))
            if theirs is None:
                yield missing_row(_SECTION, name, beside)
                continue
            yield _row(served, name, beside, theirs, _chub(served, stack), clock, rounds)


def _row(
    served: Served, name: str, beside: str, theirs: Call, ours: Call, clock: Callable[[], float], rounds: int
) -> Row:
    counted = [0]

    def counting(call: Call) -> None:
        counted[0] += 1
        call()

    _assert_equal(served, theirs, ours)
    before = served.answered()
    found = compare(
        _SECTION, name, beside, partial(counting, theirs), partial(counting, ours), rounds=rounds, clock=clock
    )
    assert served.answered() - before == counted[0], "the server has answered every call once"
    return found


def _assert_equal(served: Served, theirs: Call, ours: Call) -> None:
    """Both send the same event, and are told the same id where they tell it."""
    mine, sent = ours(), json.loads(served.counts()["last"])
    assert theirs() in (mine, None)
    assert sent == json.loads(served.counts()["last"]) == ready_event()
