"""The time of a call at its sockets: what connecting may take, address by address, and what sending may."""

import socket
import sys
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from faults.calls import Call, Clock, Hub, nothing
from returns.result import Success

import chub
from chub import operations

Make = Callable[..., Any]

EVENT = chub.event(chub.ViewedPage(title="Home"), owner=chub.ExternalId("CRM-17"), context="WEB")


def addresses(*ports: int, family: int = socket.AF_INET) -> Callable[..., Any]:
    """Resolve every name to these ports of loopback."""
    found = [(family, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port)) for port in ports]
    return lambda *_, **__: found


class Connects:
    """Takes the place of connecting: some ports are silent for as long as they are given, on a clock of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, clock: Clock, silent: tuple[int, ...]) -> None:
        self.parts: list[tuple[int, float]] = []
        self._real, self._clock, self._silent = socket.socket.connect, clock, silent
        monkeypatch.setattr(socket.socket, "connect", lambda sock, address: self.connect(sock, address))

    def connect(self, sock: socket.socket, address: Any) -> None:
        self.parts.append((address[1], round(sock.gettimeout() or 0.0, 1)))
        if address[1] in self._silent:
            self._clock.advance(sock.gettimeout() or 0.0)
            raise TimeoutError("timed out")
        self._real(sock, address)


def dialled(hub: Hub, clock: Clock, **more: Any) -> Any:
    once = chub.RetryPolicy(attempts=1)
    timeouts = chub.Timeouts(connect=6, total=60)
    config = attrs.evolve(hub.config, **{"retry": once, "timeouts": timeouts, **more})
    return Call(hub, config, clock=clock, on_sleep=nothing).send(operations.add_event(hub.config, EVENT).unwrap())


def test_silent_addresses_share_the_time_to_connect(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    connects = Connects(monkeypatch, clock, silent=(1, 2, 3))
    monkeypatch.setattr(socket, "getaddrinfo", addresses(1, 2, 3))
    error = dialled(hub, clock).failure()
    assert (
        chub.NotSent(method="POST", template="/workspaces/{workspaceId}/events", reason="timed out", transient=True)
        == error
    )
    assert [(1, 2.0), (2, 2.0), (3, 2.0)] == connects.parts
    assert 6 <= error.elapsed < 7


def test_the_address_after_a_silent_and_a_closed_one_is_reached(
    hub: Hub, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, good = Clock(), int(hub.sandbox.base_url.split(":")[2].split("/")[0])
    connects = Connects(monkeypatch, clock, silent=(1,))
    monkeypatch.setattr(socket, "getaddrinfo", addresses(1, closed_port, good))
    assert isinstance(dialled(hub, clock), Success)
    assert [(1, 2.0), (closed_port, 2.0), (good, 4.0)] == connects.parts


def test_an_address_of_a_family_that_this_machine_lacks_is_passed_over(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = int(hub.sandbox.base_url.split(":")[2].split("/")[0])
    found = [*addresses(good, family=99)(), *addresses(good)()]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert isinstance(dialled(hub, Clock()), Success)


def test_of_several_addresses_that_fail_the_last_one_is_told(
    hub: Hub, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    Connects(monkeypatch, clock, silent=(1,))
    monkeypatch.setattr(socket, "getaddrinfo", addresses(1, closed_port))
    assert "connection refused" == dialled(hub, clock).failure().reason


def test_the_deadline_is_shorter_than_the_time_to_connect(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    connects = Connects(monkeypatch, clock, silent=(1, 2))
    monkeypatch.setattr(socket, "getaddrinfo", addresses(1, 2))
    error = dialled(hub, clock, timeouts=chub.Timeouts(connect=6, total=3)).failure()
    assert [(1, 1.5), (2, 1.5)] == connects.parts
    assert 3 <= error.elapsed < 4


def test_a_name_without_addresses_leads_nowhere(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", addresses())
    assert "the host's name leads nowhere" == dialled(hub, Clock()).failure().reason


@pytest.mark.skipif(sys.platform != "linux", reason="other systems treat a full queue in other ways")
def test_a_full_queue_of_connections_is_a_connect_timeout(config_of: Make) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as busy:
        queued = [socket.socket() for _ in range(4)]
        for waiting in queued:
            waiting.setblocking(False)
            waiting.connect_ex(busy.getsockname())
        timeouts = chub.Timeouts(connect=0.05)
        error = chub.add_event(
            config_of(f"http://127.0.0.1:{busy.getsockname()[1]}", timeouts=timeouts), EVENT
        ).failure()
        for waiting in queued:
            waiting.close()
    assert ("timed out", True) == (error.reason, error.transient)


@pytest.mark.parametrize(("taken", "outcome"), [(20, "Accepted"), (40, "Unconfirmed")])
def test_head_and_body_go_out_in_one_and_the_answer_gets_the_time_that_they_left(
    taken: float, outcome: str, scripted: Make, config_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, given, real = Clock(), list[float](), socket.socket.sendall

    def slow(sock: socket.socket, data: bytes) -> None:
        if sock.getpeername()[1] == server.port:
            given.append(round(sock.gettimeout() or 0.0))
            clock.advance(taken)
        real(sock, data)

    server = scripted(lambda talk: (talk.read(), talk.answer("202 Accepted")))
    config = config_of(server, timeouts=chub.Timeouts(read=30, total=30))
    monkeypatch.setattr(socket.socket, "sendall", slow)
    operation = operations.add_event(config, EVENT).unwrap()
    result = chub.send(config, operation, clock=clock)
    named = type(result.unwrap() if isinstance(result, Success) else result.failure()).__name__
    assert ([30], outcome) == (given, named)


def test_a_deadline_that_passed_while_a_kept_connection_was_taken_sends_nothing(hub: Hub) -> None:
    first = Call(hub, hub.config, clock=Clock(), on_sleep=nothing)
    operation = operations.add_event(hub.config, EVENT).unwrap()
    assert isinstance(first.send(operation), Success)
    times = iter(
        [0.0, 0.0, 0.0, 0.0, *[1_000.0] * 9]
    )  # the call, its deadline, the attempt, the choice of a connection
    error = chub.send(hub.config, operation, clock=lambda: next(times)).failure()
    assert ("timed out", chub.NotSent, 1) == (error.reason, type(error), error.attempts)
    assert (1, 1) == (hub.sandbox.connections, hub.sandbox.ledger.received)  # type: ignore[attr-defined]
