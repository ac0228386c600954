"""Hubs in each of the three ways, and worlds in which no request can be sent."""

import select
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs
import pytest
import trustme
from faults.calls import Hub, nothing, opened
from faults.table import EVERYWHERE

import chub

Make = Callable[..., Any]
OpenHub = Callable[[str], Hub]


class World:
    """A hub, and a config that doesn't lead there until it is mended."""

    def __init__(self, hub: Hub, *, config: chub.Config | None = None, mended: Callable[[], object] = nothing) -> None:
        self.hub = hub
        self.config = config or hub.config
        self.ill = True
        self._mended = mended

    def mend(self) -> None:
        self.ill = False
        self._mended()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def server_tls(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture(scope="session")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    return server_tls(authority, "localhost")


@pytest.fixture
def open_hub(tls: ssl.SSLContext, ca_file: str) -> Iterator[OpenHub]:
    """Open hubs in one of the ways, for one test."""
    with ExitStack() as stack:
        yield lambda way: stack.enter_context(opened(way, tls, ca_file))


@pytest.fixture(scope="module")
def kept_hubs(tls: ssl.SSLContext, ca_file: str) -> Iterator[dict[str, Hub]]:
    """A hub for each of the ways, for tests that don't look at its ledger."""
    with ExitStack() as stack:
        yield {way: stack.enter_context(opened(way, tls, ca_file)) for way in EVERYWHERE}


@pytest.fixture
def hub(open_hub: OpenHub) -> Hub:
    return open_hub("sockets")


@pytest.fixture
def unresolved(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> World:
    world, real = World(hub), socket.getaddrinfo

    def resolve(*args: Any, **more: Any) -> Any:
        if world.ill:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return real(*args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return world


def down(hub: Hub) -> Iterator[World]:
    with ExitStack() as outage:
        outage.enter_context(hub.sandbox.down())
        yield World(hub, mended=outage.close)


@pytest.fixture
def refused(hub: Hub) -> Iterator[World]:
    yield from down(hub)


@pytest.fixture
def refused_near(open_hub: OpenHub) -> Iterator[World]:
    yield from down(open_hub("in process"))


@pytest.fixture
def unreachable(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> World:
    world, real = World(hub), socket.socket.connect

    def connect(sock: socket.socket, address: Any) -> None:
        if world.ill:
            raise TimeoutError("timed out")
        real(sock, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return world


@pytest.fixture
def refusing_proxy(hub: Hub, scripted: Make) -> Iterator[World]:
    def tunnel(talk: Any) -> None:
        asked = talk.read()
        if world.ill:
            talk.answer("503 Service Unavailable")
            return
        host, _, port = asked.split()[1].decode().rpartition(":")
        with socket.create_connection((host, int(port)), 5) as target:
            talk.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            pump(talk.connection, target)

    world = World(hub)
    world.config = attrs.evolve(hub.config, proxy=scripted(tunnel).url)
    yield world
    chub.disconnect(world.config)


def pump(client: socket.socket, target: socket.socket) -> None:
    while ready := select.select([client, target], [], [], 5)[0]:
        for source in ready:
            data = source.recv(65536)
            if not data:
                return
            (target if source is client else client).sendall(data)


@pytest.fixture
def unknown_authority(open_hub: OpenHub) -> World:
    hub = open_hub("TLS")
    return World(hub, config=attrs.evolve(hub.config, ca_file=None))


@pytest.fixture
def other_host(authority: trustme.CA, ca_file: str) -> Iterator[World]:
    with opened("TLS", server_tls(authority, "hub.example.com"), ca_file) as hub:
        yield World(hub)


@pytest.fixture
def impossible_name(hub: Hub) -> World:
    return World(hub, config=attrs.evolve(hub.config, base_url=f"https://{'x' * 64}.example.com"))
