"""The connections that are kept: one for sequential calls, none shared by mistake, none kept for ever."""

import json
import os
import socket
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from returns.result import Success

import chub
from chub.transport import connections

Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def a_table_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start from an empty table, whatever the tests before have left."""
    monkeypatch.setattr(connections, "_tables", [connections._Table()])


def add(config: chub.Config, title: str = "Home") -> Any:
    return chub.add_event(config, chub.event(chub.ViewedPage(title=title), owner=chub.CustomerId("c"), context="WEB"))


def echo(talk: Any) -> None:
    """Answer each request with the title of its event as the id."""
    while request := talk.read():
        title = json.loads(request.partition(b"\r\n\r\n")[2])["properties"]["title"]
        talk.answer("202 Accepted", json.dumps({"id": title}).encode())


def accepted(title: str = "Home") -> Any:
    return Success(chub.Accepted(title))


def test_one_connection_serves_sequential_calls(scripted: Make, config_of: Make) -> None:
    server = scripted(echo)
    config = config_of(server)
    titles = [str(number) for number in range(10)]
    assert [add(config, title) for title in titles] == [accepted(title) for title in titles]
    assert (server.accepted, len(server.requests)) == (1, 10)


def test_configs_that_lead_to_the_same_place_share_its_connection(scripted: Make, config_of: Make) -> None:
    server = scripted(echo)
    configs = [config_of(server), config_of(server, workspace_id="other", token="other-token")]
    assert [add(config) for config in configs] == [accepted()] * 2
    assert server.accepted == 1
    bearers = [b"Bearer demo-token" in request for request in server.requests]
    assert bearers == [True, False]


def test_a_refusal_keeps_the_connection(scripted: Make, config_of: Make) -> None:
    def refuse(talk: Any) -> None:
        while talk.read():
            talk.answer("403 Forbidden", b'{"message":"no"}')

    server = scripted(refuse)
    config = config_of(server)
    assert [add(config).failure().status, add(config).failure().status] == [403, 403]
    assert server.accepted == 1


@pytest.mark.parametrize("goodbye", [b"", b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"])
def test_a_connection_that_the_server_closed_while_idle_is_replaced(
    goodbye: bytes, scripted: Make, config_of: Make
) -> None:
    closed = threading.Event()

    def once(talk: Any) -> None:
        talk.read()
        talk.answer("202 Accepted", b'{"id":"Home"}')
        talk.send(goodbye)
        talk.connection.shutdown(socket.SHUT_RDWR)
        closed.set()

    server = scripted(once)
    config = config_of(server)
    assert add(config) == accepted()
    assert closed.wait(5)
    assert add(config) == accepted()
    assert server.accepted == 2


@pytest.mark.parametrize("head", ["HTTP/1.1 202 Accepted\r\nConnection: close\r\n", "HTTP/1.0 202 Accepted\r\n"])
def test_a_connection_that_is_not_to_be_kept_is_not(head: str, scripted: Make, config_of: Make) -> None:
    def polite(talk: Any) -> None:
        while talk.read():
            talk.send(f"{head}Content-Length: 13\r\n\r\n".encode() + b'{"id":"Home"}')

    server = scripted(polite)
    config = config_of(server)
    assert [add(config), add(config)] == [accepted()] * 2
    assert server.accepted == 2


def test_after_a_fault_the_connection_is_closed(scripted: Make, config_of: Make) -> None:
    ended = threading.Event()

    def garble(talk: Any) -> None:
        talk.read()
        talk.send(b"garbage\r\n")
        if not talk.read():
            ended.set()

    server = scripted(garble)
    config = config_of(server)
    assert isinstance(add(config).failure(), chub.Unconfirmed)
    assert ended.wait(5)
    assert isinstance(add(config).failure(), chub.Unconfirmed)
    assert server.accepted == 2


def test_disconnect_closes_what_is_idle_and_the_next_call_goes_on(scripted: Make, config_of: Make) -> None:
    ended = threading.Event()

    def watched(talk: Any) -> None:
        echo(talk)
        ended.set()

    server = scripted(watched)
    config = config_of(server)
    assert add(config) == accepted()
    chub.disconnect(config)
    assert ended.wait(5)
    assert add(config) == accepted()
    assert server.accepted == 2
    chub.disconnect(config_of(server, proxy="http://127.0.0.1:9"))
    assert add(config) == accepted()
    assert server.accepted == 2


def test_a_connection_in_use_while_its_place_is_closed_is_not_kept(scripted: Make, config_of: Make) -> None:
    def meanwhile(talk: Any) -> None:
        while talk.read():
            chub.disconnect(config)
            talk.answer("202 Accepted", b'{"id":"Home"}')

    server = scripted(meanwhile)
    config = config_of(server)
    assert [add(config), add(config)] == [accepted()] * 2
    assert server.accepted == 2


def test_sixteen_threads_share_a_config(scripted: Make, config_of: Make) -> None:
    server = scripted(echo)
    config = config_of(server)
    together = threading.Barrier(16)

    def calls(thread: int) -> list[Any]:
        together.wait(5)
        return [add(config, f"{thread}-{number}") for number in range(8)]

    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(calls, range(16)))
    assert results == [[accepted(f"{thread}-{number}") for number in range(8)] for thread in range(16)]
    assert len(server.requests) == 128
    assert server.accepted <= 16


def test_no_more_idle_connections_are_kept_than_the_most(
    scripted: Make, config_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MAX_IDLE", 1)
    server = scripted(echo)
    idle = connections.connections_of(config_of(server))
    made = [idle.new(lambda: 2.0), idle.new(lambda: 2.0)]
    for connection in made:
        connection.connect()
        idle.give_back(connection, 0.0)
    assert [connection.is_closed for connection in made] == [False, True]
    assert idle.take() is made[0]
    assert idle.take() is None
    made[0].close()


def place(url: str, number: int, config_of: Make) -> chub.Config:
    made: chub.Config = config_of(f"{url}/{number}")
    return made


def test_sixteen_places_are_kept_and_the_least_recent_closed(scripted: Make, config_of: Make) -> None:
    server = scripted(echo)
    places = [place(server.url, number, config_of) for number in range(17)]
    for config in places[:16]:
        assert add(config) == accepted()
    assert add(places[0]) == accepted()
    assert server.accepted == 16
    assert add(places[16]) == accepted()
    assert server.accepted == 17
    assert [add(config) for config in (places[0], places[16], places[2])] == [accepted()] * 3
    assert server.accepted == 17
    assert add(places[1]) == accepted()
    assert server.accepted == 18


def test_an_interrupt_closes_the_connection(
    scripted: Make, config_of: Make, monkeypatch: pytest.MonkeyPatch, told: Callable[[BaseException], str]
) -> None:
    server = scripted(echo)
    config = config_of(server)
    assert add(config) == accepted()

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(socket.socket, "recv_into", interrupted)
        with pytest.raises(KeyboardInterrupt) as raised:
            add(config, "interrupted")
    assert "demo-token" not in told(raised.value)
    assert add(config, "after") == accepted("after")
    assert server.accepted == 2


def test_an_interrupt_while_a_proxy_is_asked_closes_the_connection(
    scripted: Make, config_of: Make, monkeypatch: pytest.MonkeyPatch, told: Callable[[BaseException], str]
) -> None:
    ended = threading.Event()

    def silent(talk: Any) -> None:
        talk.read()
        if not talk.read():
            ended.set()

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(socket.socket, "recv_into", interrupted)
    with pytest.raises(KeyboardInterrupt) as raised:
        add(config_of("https://hub.invalid", proxy=scripted(silent).url))
    assert ended.wait(5)
    assert "demo-token" not in told(raised.value)


def in_a_child(call: Callable[[], str]) -> str:
    """Run a call in a forked child, and give its text."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the servers' threads: the child doesn't need them
        child = os.fork()
    if child == 0:
        text = "the child failed"
        try:
            text = call()
        finally:
            os.write(writing, text.encode())
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as told:
        return told.read()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system doesn't fork")
def test_a_child_opens_its_own_connection_and_the_parents_goes_on(scripted: Make, config_of: Make) -> None:
    server = scripted(echo)
    config = config_of(server)
    assert add(config, "parent") == accepted("parent")
    assert in_a_child(lambda: str([add(config, "child"), add(config, "child")])) == str([accepted("child")] * 2)
    assert server.accepted == 2
    assert add(config, "parent") == accepted("parent")
    assert server.accepted == 2


def test_a_new_process_starts_without_connections(scripted: Make, config_of: Make) -> None:
    server = scripted(echo)
    config = config_of(server)
    assert add(config) == accepted()
    connections._start_anew()
    assert add(config) == accepted()
    assert server.accepted == 2
