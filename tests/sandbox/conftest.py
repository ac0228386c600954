"""A desk from which raw requests go to a hub: in process, or over a socket that the standard library's client opens."""

import http.client
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

import chub.sandbox
from chub.http import Request, Response
from chub.transport.connections import disconnect

NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def move(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def counted_ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"id-{next(numbers)}"


class Desk:
    """Asks a hub and reads its answers: a status, and the JSON of the body (None where there is no body)."""

    def __init__(self, hub: chub.sandbox.Sandbox) -> None:
        self.hub = hub
        self.headers: tuple[tuple[str, str], ...] = (("Authorization", f"Bearer {hub.token}"),)

    def raw(self, method: str, path: str, body: bytes | None = None, **query: str) -> Response:
        return self.send(method, f"/workspaces/{self.hub.workspace_id}{path}", tuple(query.items()), body)

    def send(self, method: str, path: str, query: tuple[tuple[str, str], ...], body: bytes | None) -> Response:
        request = Request(method=method, path=path, template="", query=query, headers=self.headers, body=body)
        return self.hub.handle(request)

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        answer = self.raw(method, path, None if body is None else json.dumps(body).encode(), **query)
        return answer.status, json.loads(answer.body) if answer.body else None

    def get(self, path: str, **query: str) -> tuple[int, Any]:
        return self.ask("GET", path, **query)

    def post(self, path: str, body: Any, **query: str) -> tuple[int, Any]:
        return self.ask("POST", path, body, **query)

    def add(self, path: str, body: Any, **query: str) -> str:
        """Post what must succeed, and give the new id."""
        status, answer = self.post(path, body, **query)
        assert status in (201, 202), answer
        return str(answer["id"])

    def event(self, event_id: str) -> Any:
        """Give an event that must be there."""
        status, answer = self.get(f"/events/{event_id}")
        assert status == 200, answer
        return answer

    def listed(self, **query: str) -> list[str]:
        """Give the ids of a page of events that must be given."""
        status, answer = self.get("/events", **query)
        assert status == 200, answer
        return [event["id"] for event in answer["elements"]]

    def faults(self, path: str, body: Any, method: str = "POST") -> list[tuple[str, str]]:
        """Give path and code of everything for which a body is refused."""
        status, answer = self.ask(method, path, body)
        assert status == 400, answer
        return [(error["path"], error["code"]) for error in answer["errors"]]

    def back(self, kind: str, value: str) -> dict[str, str]:
        return {"type": kind, "value": value, "nodeId": self.hub.node_id}

    def body(self, **more: Any) -> dict[str, Any]:
        """Give the body of an event, its owner still to come."""
        return {"type": "viewedPage", "context": "WEB", "properties": {"url": "https://example.com/"}, **more}

    def of_session(self, value: str, **more: Any) -> dict[str, Any]:
        """Give the body of an event of a session."""
        return self.body(bringBackProperties=self.back("SESSION_ID", value), **more)

    def of_external_id(self, value: str, **more: Any) -> dict[str, Any]:
        """Give the body of an event of an external id."""
        return self.body(bringBackProperties=self.back("EXTERNAL_ID", value), **more)


class WireDesk(Desk):
    """The same over HTTP, on one connection."""

    def __init__(self, hub: chub.sandbox.ServedSandbox) -> None:
        super().__init__(hub)
        place = urlsplit(hub.base_url)
        self.base_path = place.path
        self.connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=10)

    def send(self, method: str, path: str, query: tuple[tuple[str, str], ...], body: bytes | None) -> Response:
        target = f"{self.base_path}{path}" + (f"?{urlencode(query)}" if query else "")
        self.connection.request(method, target, body=body, headers=dict(self.headers))
        answer = self.connection.getresponse()
        headers = tuple((name.lower(), value) for name, value in answer.getheaders())
        return Response(status=answer.status, reason=answer.reason, headers=headers, body=answer.read())


class Caller:
    """Speaks to a hub on a socket of its own, and keeps every byte that comes."""

    body = b'{"type":"searched","context":"WEB","properties":{},"bringBackProperties":%b}' % (
        b'{"type":"SESSION_ID","value":"s","nodeId":"n"}'
    )

    def __init__(self, hub: chub.sandbox.ServedSandbox, tls: ssl.SSLContext | None = None) -> None:
        place = urlsplit(hub.base_url)
        plain = socket.create_connection((str(place.hostname), int(place.port or 0)), timeout=10)
        self.socket = plain if tls is None else tls.wrap_socket(plain, server_hostname=place.hostname)

    def post(self, *, closes: bool = True, token: str = "t") -> "Caller":
        """Send an event."""
        self.socket.sendall(
            b"POST /hub/v1/workspaces/w/events HTTP/1.1\r\nAuthorization: Bearer %b\r\n%bContent-Length: %d\r\n\r\n%b"
            % (token.encode(), b"Connection: close\r\n" if closes else b"", len(self.body), self.body)
        )
        return self

    def heard(self) -> bytes | str:
        """Give all that comes until the end; "reset" where nothing but that came."""
        pieces: list[bytes] = []
        try:
            while piece := self.socket.recv(65536):
                pieces.append(piece)
        except ConnectionResetError:
            return b"".join(pieces) or "reset"
        finally:
            self.socket.close()
        return b"".join(pieces)


@pytest.fixture
def call() -> Iterator[Callable[..., Caller]]:
    """Open a socket to a hub."""
    callers: list[Caller] = []

    def called(hub: chub.sandbox.ServedSandbox, **more: Any) -> Caller:
        callers.append(Caller(hub, **more))
        return callers[-1]

    yield called
    for caller in callers:
        caller.socket.close()


@pytest.fixture
def post() -> Callable[[chub.sandbox.Sandbox], Request]:
    """Make the request of an event, with the token, as chub's own client hands it to a transport."""

    def made(hub: chub.sandbox.Sandbox, method: str = "POST") -> Request:
        return Request(
            method=method,
            path="/workspaces/w/events",
            template="/events",
            headers=(("content-type", "application/json"),),
            body=Caller.body if method == "POST" else None,
            base_url=hub.base_url,
            token=hub.config.token,
        )

    return made


@pytest.fixture
def open_hub() -> Iterator[Callable[..., chub.sandbox.Sandbox]]:
    """Open a hub in process, or, where `served`, one behind a socket."""
    hubs: list[chub.sandbox.Sandbox] = []

    def opened(*, served: bool = False, **options: Any) -> chub.sandbox.Sandbox:
        known = {"workspace_id": "w", "node_id": "n", "token": "t", "ids": counted_ids(), **options}
        hubs.append(chub.sandbox.serve(**known) if served else chub.sandbox.open(**known))
        return hubs[-1]

    yield opened
    for hub in hubs:
        disconnect(hub.config)
        hub.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Iterator[Desk]:
    with chub.sandbox.open(
        workspace_id="w", node_id="n", token="t", nodes=["n2"], clock=clock, ids=counted_ids()
    ) as hub:
        yield Desk(hub)


@pytest.fixture
def open_desk(clock: Clock) -> Iterator[Callable[..., Desk]]:
    """Open a desk with options of one's own."""
    hubs = []

    def opened(*database: Any, **options: Any) -> Desk:
        hubs.append(chub.sandbox.open(*database, **{"clock": clock, "ids": counted_ids(), **options}))
        return Desk(hubs[-1])

    yield opened
    for hub in hubs:
        hub.close()


@pytest.fixture
def wire_desk() -> Iterator[Callable[[chub.sandbox.ServedSandbox], WireDesk]]:
    """Connect a desk to a hub that is served."""
    desks: list[WireDesk] = []

    def connected(hub: chub.sandbox.ServedSandbox) -> WireDesk:
        desks.append(WireDesk(hub))
        return desks[-1]

    yield connected
    for desk in desks:
        desk.connection.close()
