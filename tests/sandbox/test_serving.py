"""The hub behind a socket: what goes over the wire, several clients, and the end."""

import json
import logging
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from itertools import count

import pytest

import chub.sandbox
from chub.http import Response
from chub.sandbox import conversation, http11, server


def ids():
    numbers = count(1)
    return lambda: f"id-{next(numbers)}"


@pytest.fixture
def hub(clock):
    with chub.sandbox.serve(workspace_id="w", node_id="n", token="t", nodes=["n2"], clock=clock, ids=ids()) as hub:
        yield hub


@pytest.fixture
def wire(hub, wire_desk):
    return wire_desk(hub)


def connect(hub):
    place = hub.base_url.removeprefix("http://").partition("/")[0]
    host, _, port = place.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=10)


def exchange(hub, sent):
    """Send bytes on a connection of their own, and read until the server closes it."""
    with connect(hub) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return read_all(connection)


def read_all(connection):
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


SCRIPT = [
    ("POST", "/customers", {"nodeId": "n", "externalId": "é"}, {"sessionId": "s 1&="}),
    ("POST", "/customers", {"nodeId": "n", "externalId": "é"}, {}),
    (
        "POST",
        "/events",
        {"type": "searched", "context": "WEB", "properties": {"keyword": "\ud800é"}, "customerId": "id-1"},
        {},
    ),
    ("POST", "/events", {"type": "searched", "context": "X", "properties": {"y": 1}}, {}),
    ("GET", "/events", None, {"type": "searched,viewedPage", "size": "1", "dateFrom": "2026-01-01T00:00:00+01:00"}),
    ("GET", "/events", None, {"size": "0"}),
    ("GET", "/customers", None, {"nodeId": "n", "externalId": "é"}),
    ("GET", "/customers/id-1/sessions", None, {}),
    ("PATCH", "/customers/id-1", {}, {}),
    ("GET", "/nothing", None, {}),
    ("DELETE", "/events/id-4", None, {}),
    ("DELETE", "/customers/id-1", None, {}),
    ("GET", "/customers/id-1", None, {}),
]


def test_the_same_requests_get_the_same_answers_both_ways(desk, wire):
    def answer(asked, method, path, body, query):
        return asked.raw(method, path, None if body is None else json.dumps(body).encode(), **query)

    def answers(asked):
        return [answer(asked, *step) for step in SCRIPT]

    in_process, served = answers(desk), answers(wire)
    assert [(answer.status, answer.reason, answer.body) for answer in in_process] == [
        (answer.status, answer.reason, answer.body) for answer in served
    ]
    assert [201, 409, 202, 400, 200, 400, 200, 200, 405, 404, 204, 200, 404] == [answer.status for answer in served]


def test_one_connection_serves_many_requests(hub, wire):
    for _ in range(20):
        assert 200 == wire.get("/events")[0]
    assert 1 == hub.connections
    assert hub.base_url == hub.config.base_url
    assert None is hub.config.transport


def test_several_clients_are_served_at_once(hub, wire_desk):
    statuses = []

    def work():
        desk = wire_desk(hub)
        desk.get("/events")
        everybody.wait(10)  # all connections are open now
        statuses.extend(desk.post("/events", desk.of_session("s"))[0] for _ in range(10))

    everybody = threading.Barrier(8)
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ([202] * 80, 8) == (statuses, hub.connections)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/0.9\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 400),
        (b"GET /\xff HTTP/1.1\r\n\r\n", 400),
        (b"GET  / HTTP/1.1\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\n", 400),
        (b"GET / HTTP/1.1", 400),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nspace : x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost: x\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 101 + b"\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\na", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\nabc", 413),
        (b"GET /hub/v1/workspaces/w/events?size HTTP/1.1\r\n\r\n", 400),
        (b"GET /hub/v1/workspaces/w/events?type=%ff HTTP/1.1\r\n\r\n", 400),
    ],
)
def test_broken_http_is_told_and_ends_the_connection(hub, wire, sent, status):
    head, _, body = exchange(hub, sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"connection: close" in head
    assert status == json.loads(body)["status"]
    assert 200 == wire.get("/events")[0], "the server lives on"


def test_a_refusal_arrives_even_though_the_body_is_still_coming(hub):
    with connect(hub) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n" + b"a" * 2_000_000)
        assert read_all(connection).startswith(b"HTTP/1.1 413 ")


def test_a_flood_is_not_read_to_its_end(hub, wire, monkeypatch):
    monkeypatch.setattr(conversation, "LARGEST_BODY", conversation._PIECE)
    with connect(hub) as connection, suppress(ConnectionError):
        connection.sendall(b"nonsense\r\n" + b"a" * 40_000)
        read_all(connection)
    assert 200 == wire.get("/events")[0]


@pytest.mark.parametrize(
    ("target", "status", "path"),
    [
        ("/", 404, "/"),
        ("*", 404, "*"),
        ("/hub/v1", 404, "/hub/v1"),
        ("/hub/v2/workspaces/w/events", 404, "/hub/v2/workspaces/w/events"),
        ("/hub/v1/nothing?x=1", 404, "/hub/v1/nothing"),
        ("/workspaces/w/events", 404, "/workspaces/w/events"),
    ],
)
def test_a_path_that_is_not_the_hubs_is_told_as_it_came(hub, target, status, path):
    _, _, body = exchange(hub, f"GET {target} HTTP/1.1\r\n\r\n".encode()).partition(b"\r\n\r\n")
    answer = json.loads(body)
    assert (status, path) == (answer["status"], answer["path"])


EVENTS = b"/hub/v1/workspaces/w/events HTTP/1.1\r\nAuthorization: Bearer t\r\n"


def test_requests_may_come_before_the_answers_are_read(hub):
    answers = exchange(hub, (b"GET " + EVENTS + b"\r\n") * 3 + b"\r\nGET " + EVENTS + b"\r\n")
    assert 4 == answers.count(b"HTTP/1.1 200 OK\r\n")
    assert b"connection: close" not in answers


@pytest.mark.parametrize("kept", [b"GET " + EVENTS + b"Connection: close\r\n\r\n",
                                  b"GET " + EVENTS.replace(b"1.1", b"1.0") + b"\r\n"])  # fmt: skip
def test_a_client_that_does_not_keep_the_connection_gets_it_closed(hub, kept):
    with connect(hub) as connection:
        connection.sendall(kept)
        assert b"connection: close" in read_all(connection)


def test_a_head_request_gets_a_head(hub):
    head = exchange(hub, b"HEAD " + EVENTS + b"\r\n")
    assert head.startswith(b"HTTP/1.1 405 ")
    assert head.endswith(b"\r\n\r\n")


def test_a_deletion_has_no_body_and_no_length(hub, wire):
    event_id = wire.add("/events", wire.of_session("s"))
    answer = wire.raw("DELETE", f"/events/{event_id}")
    assert (204, None, b"") == (answer.status, answer.header("content-length"), answer.body)


def test_a_client_may_wait_before_it_sends_the_body(hub):
    with connect(hub) as connection:
        connection.sendall(b"POST " + EVENTS + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{}")
        connection.shutdown(socket.SHUT_WR)
        assert read_all(connection).startswith(b"HTTP/1.1 400 ")


def test_clients_that_go_away_do_no_harm(hub, wire):
    for sent in (b"", b"GET ", b"GET " + EVENTS + b"\r\n"):
        connection = connect(hub)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(sent)
        connection.close()
    assert 200 == wire.get("/events")[0]


def test_a_clock_that_fails_gets_a_500_and_no_word_on_stderr(wire_desk, capfd, caplog):
    times = iter(())
    caplog.set_level(logging.DEBUG, "chub.sandbox")
    with chub.sandbox.serve(clock=lambda: next(times)) as hub:
        desk = wire_desk(hub)
        assert [(500, None)] * 2 == [desk.get("/events"), desk.get("/events")]
        assert 500 == desk.raw("GET", "/..").status
        assert exchange(hub, b"nonsense\r\n").startswith(b"HTTP/1.1 500 ")
    assert "a request to the sandbox failed" in caplog.text
    assert ("", "") == capfd.readouterr()


def test_the_end_comes_at_once_though_connections_are_kept(clock, wire_desk):
    before = threading.active_count()
    with chub.sandbox.serve(clock=clock) as hub:
        desks = [wire_desk(hub) for _ in range(4)]
        assert [200] * 4 == [desk.get("/events")[0] for desk in desks]
        assert before + 5 == threading.active_count()
        half = connect(hub)
        half.sendall(b"GET /hub")
    assert before == threading.active_count()
    half.close()
    with pytest.raises(ConnectionRefusedError):
        connect(hub)
    hub.close()


def test_a_client_that_reads_nothing_does_not_hold_up_the_end(monkeypatch):
    monkeypatch.setattr(server, "_PATIENCE", 0.01)
    before = threading.active_count()
    with chub.sandbox.serve() as hub, connect(hub) as connection:
        get = b"GET /hub/v1/workspaces/" + b"x" * 60_000 + b"/nothing HTTP/1.1\r\n\r\n"
        connection.settimeout(0.05)
        with pytest.raises(TimeoutError):
            connection.sendall(get * 1000)
        hub.close()
        assert before == threading.active_count()


def test_a_port_can_be_chosen_and_one_that_is_taken_is_told(hub):
    port = int(hub.base_url.split(":")[2].partition("/")[0])
    with pytest.raises(OSError, match="in use"):
        chub.sandbox.serve(port)


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_the_other_loopback_serves_too(wire_desk):
    try:
        hub = chub.sandbox.serve(host="::1")
    except OSError:
        return
    with hub:
        assert hub.base_url.startswith("http://[::1]:")
        assert 200 == wire_desk(hub).get("/events")[0]


def test_what_is_written_goes_in_one_piece():
    response = Response(status=200, reason="OK", headers=(("a", "b"),), body=b"xy")
    assert b"HTTP/1.1 200 OK\r\na: b\r\ncontent-length: 2\r\n\r\nxy" == http11.response_bytes(response, keeps=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_serves_until_a_signal(number, tmp_path, wire_desk):
    lines, statuses = [], []

    def announce(line):
        lines.append(json.loads(line))
        with socket.create_connection(_place(lines[0]["base_url"]), timeout=10) as connection:
            connection.sendall(b"GET " + EVENTS + b"Connection: close\r\n\r\n")
            statuses.append(read_all(connection)[:12])
        os.kill(os.getpid(), number)

    handlers = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    options = {"workspace_id": "w", "node_id": "n", "token": "t"}
    assert 0 == server.run(database=tmp_path / "hub.db", announce=announce, **options)
    assert [{"base_url": lines[0]["base_url"], **options}] == lines
    assert [b"HTTP/1.1 200"] == statuses
    assert handlers == [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]


def _place(base_url):
    host, _, port = base_url.removeprefix("http://").partition("/")[0].partition(":")
    return host, int(port)


def test_run_prints_its_first_line_at_once_and_keeps_what_it_was_told(tmp_path):
    code = "import sys; from chub.sandbox.server import run; sys.exit(run(database=sys.argv[1]))"
    command = [sys.executable, "-c", code, str(tmp_path / "hub.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        facts = json.loads(process.stdout.readline())
        assert ["base_url", "workspace_id", "node_id", "token"] == list(facts)
        with socket.create_connection(_place(facts["base_url"]), timeout=10) as kept:
            kept.sendall(b"HEAD / HTTP/1.1\r\n\r\n")
            assert kept.recv(1000).startswith(b"HTTP/1.1 404 ")
            process.send_signal(signal.SIGTERM)
            assert ("", "") == process.communicate(timeout=20)
            assert b"" == kept.recv(1)
    assert 0 == process.returncode


def test_run_waits_on(monkeypatch, capsys):
    monkeypatch.setattr(server, "_LONGEST_WAIT", 0.001)
    timer = threading.Timer(0.03, os.kill, (os.getpid(), signal.SIGTERM))
    monkeypatch.setattr(server.Server, "base_url", property(lambda self: (timer.start(), "http://127.0.0.1")[1]))
    assert 0 == server.run()
    assert "sandbox-token" == json.loads(capsys.readouterr().out)["token"]
    timer.join()
