"""Each fault as a client without manners sees it: which bytes come, and what the hub knows of the request."""

import socket
import threading
import time
import zlib
from itertools import islice

import pytest

from chub import sandbox
from chub.http import Response
from chub.sandbox import conversation, server
from chub.sandbox.flow import draft

TYPE = b"content-type: application/json;charset=UTF-8\r\n"
HEAD = b"HTTP/1.1 202 Accepted\r\n" + TYPE
BODY = b'{"id":"id-1"}'
WHOLE = HEAD + b"content-length: 13\r\nconnection: close\r\n\r\n" + BODY
LATER = b"content-length: 5\r\nconnection: close\r\n\r\nlater"


@pytest.mark.parametrize(
    ("fault", "heard", "received", "committed", "status"),
    [
        (None, WHOLE, 1, 1, 202),
        (sandbox.ok(), WHOLE, 1, 1, 202),
        (sandbox.close_unread(), b"", 0, 0, None),
        (sandbox.reset_unread(), "reset", 0, 0, None),
        (sandbox.break_tls("connect"), conversation._NOISE, 0, 0, None),
        (sandbox.read_then_close(), b"", 1, 0, None),
        (sandbox.read_then_reset(), "reset", 1, 0, None),
        (sandbox.read_then_stall(0.001), b"", 1, 0, None),
        (sandbox.break_tls("read"), conversation._NOISE, 1, 0, None),
        (sandbox.commit_then_close(), b"", 1, 1, None),
        (sandbox.commit_then_reset(), "reset", 1, 1, None),
        (sandbox.commit_then_stall(0.001), b"", 1, 1, None),
        (sandbox.break_tls(), conversation._NOISE, 1, 1, None),
        (
            sandbox.status(503, body="later", headers={"X-A": "\u00e9"}, retry_after=2),
            b"HTTP/1.1 503 Service Unavailable\r\nx-a: \xe9\r\nretry-after: 2\r\n" + LATER,
            1,
            0,
            503,
        ),
        (
            sandbox.status(500, commit=True),
            b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            1,
            1,
            500,
        ),
        (
            sandbox.status(200, body="abc", headers={"content-length": "2", "connection": "close"}),
            b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nabc",
            1,
            0,
            200,
        ),
        (
            sandbox.status(200, body="0\r\n\r\n", headers={"transfer-encoding": "chunked"}),
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n0\r\n\r\n",
            1,
            0,
            200,
        ),
        (sandbox.status(204), b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n", 1, 0, 204),
        (sandbox.garbage(line=b"oops"), WHOLE.replace(b"HTTP/1.1 202 Accepted", b"oops"), 1, 1, 202),
        (sandbox.cut(), WHOLE[: -len(BODY) + 1], 1, 1, 202),
        (sandbox.cut(at=0), WHOLE[: -len(BODY)], 1, 1, 202),
        (sandbox.cut(at=99), WHOLE, 1, 1, 202),
        (
            sandbox.cut(sandbox.status(500, body=b"abc"), at=2),
            b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 3\r\nconnection: close\r\n\r\nab",
            1,
            0,
            500,
        ),
        (sandbox.false_length(), WHOLE.replace(b": 13", b": 23"), 1, 1, 202),
        (sandbox.false_length(by=-3), WHOLE.replace(b": 13", b": 10"), 1, 1, 202),
        (sandbox.false_length(by=-99), WHOLE.replace(b": 13", b": 0"), 1, 1, 202),
        (sandbox.drip(every=0, part="status"), WHOLE, 1, 1, 202),
        (sandbox.drip(every=0, part="headers"), WHOLE, 1, 1, 202),
        (sandbox.drip(every=0.0001), WHOLE, 1, 1, 202),
        (sandbox.interim(), b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE, 1, 1, 202),
        (
            sandbox.interim(statuses=[103, 199]),
            b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 199 Some Status\r\n\r\n" + WHOLE,
            1,
            1,
            202,
        ),
        (
            sandbox.chunked(),
            HEAD + b"transfer-encoding: chunked\r\nconnection: close\r\n\r\nd\r\n" + BODY + b"\r\n0\r\n\r\n",
            1,
            1,
            202,
        ),
        (
            sandbox.cut(sandbox.chunked(sandbox.interim()), at=5),
            b"HTTP/1.1 100 Continue\r\n\r\n"
            + HEAD
            + b"transfer-encoding: chunked\r\nconnection: close\r\n\r\nd\r\n"
            + BODY[:2],
            1,
            1,
            202,
        ),
        (
            sandbox.header_flood(count=2, size=3),
            HEAD + b"x-flood-0: xxx\r\nx-flood-1: xxx\r\ncontent-length: 13\r\nconnection: close\r\n\r\n" + BODY,
            1,
            1,
            202,
        ),
        (sandbox.closing(), WHOLE, 1, 1, 202),
    ],
    ids=str,
)
def test_what_comes_over_the_wire(open_hub, call, fault, heard, received, committed, status):
    hub = open_hub(served=True, faults=[fault])
    assert heard == call(hub).post().heard()
    ledger = hub.ledger
    assert (received, committed) == (ledger.received, ledger.committed)
    assert [(1, status, fault)] == [(entry.number, entry.status, entry.fault) for entry in ledger]
    assert [("POST", "/workspaces/*/events") if received else ("", "")] == [
        (entry.method, entry.path) for entry in ledger
    ]
    assert WHOLE.replace(b"id-1", b"id-%d" % (committed + 1)) == call(hub).post().heard(), "all is well again"


def test_a_bomb_inflates(open_hub, call):
    hub = open_hub(served=True, faults=[sandbox.gzip_bomb(size=3_000_000)])
    head, _, body = call(hub).post().heard().partition(b"\r\n\r\n")
    assert b"content-encoding: gzip\r\ntransfer-encoding: chunked\r\nconnection: close" in head
    pieces = _chunks(body)
    assert bytes(3_000_000) == zlib.decompress(b"".join(pieces), wbits=31)
    assert len(body) < 10_000


def _chunks(body):
    pieces = []
    while body:
        size, _, rest = body.partition(b"\r\n")
        pieces.append(rest[: int(size, 16)])
        body = rest[int(size, 16) + 2 :]
    assert b"" == pieces[-1]
    return pieces


def test_an_empty_bomb_is_a_body_too(open_hub, call):
    hub = open_hub(served=True, faults=[sandbox.gzip_bomb(size=0)])
    body = call(hub).post().heard().partition(b"\r\n\r\n")[2]
    assert b"" == zlib.decompress(b"".join(_chunks(body)), wbits=31)


@pytest.mark.parametrize(
    "fault", [sandbox.chunked(), sandbox.interim(), sandbox.false_length(by=-1), sandbox.ok(), sandbox.drip(every=0)]
)
def test_a_connection_is_kept_where_the_fault_lets_it(open_hub, call, fault):
    hub = open_hub(served=True, faults=[fault])
    caller = call(hub).post(closes=False).post()
    assert caller.heard().endswith(WHOLE.replace(b"id-1", b"id-2"))
    assert (1, 2) == (hub.connections, hub.ledger.committed)


@pytest.mark.parametrize(
    "fault",
    [
        sandbox.closing(),
        sandbox.status(200, headers={"Connection": "close"}),
        sandbox.cut(),
        sandbox.false_length(),
        sandbox.garbage(),
        sandbox.close_unread(),
    ],
)
def test_a_connection_ends_where_the_fault_ends_it(open_hub, call, fault):
    hub = open_hub(served=True, faults=[fault])
    heard = call(hub).post(closes=False).heard()
    assert (b"connection: close" in heard) is (heard != b"")


def test_a_head_request_gets_no_body_however_it_is_formed(open_hub, call):
    hub = open_hub(served=True, faults=[sandbox.drip(sandbox.status(200, body="text"), every=0)])
    caller = call(hub)
    caller.socket.sendall(b"HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\n" == caller.heard()


def test_an_endless_body_goes_on_until_the_client_goes(open_hub, call):
    hub = open_hub(served=True, faults=[sandbox.endless_body()])
    before = threading.active_count()
    caller = call(hub).post()
    taken = 0
    while taken < 5_000_000:
        taken += len(caller.socket.recv(65536))
    caller.socket.close()
    assert _falls_to(before)


def _falls_to(threads):
    """Wait until so many threads are left, which is a matter of milliseconds."""
    end = time.monotonic() + 10
    while threading.active_count() > threads and time.monotonic() < end:
        time.sleep(0.001)
    return threading.active_count() <= threads


@pytest.mark.parametrize("fault", [sandbox.commit_then_stall(), sandbox.read_then_stall(1000)])
def test_a_stall_is_silence_until_the_client_goes(open_hub, call, monkeypatch, fault):
    monkeypatch.setattr(conversation, "_LONGEST_WAIT", 0.01)
    hub = open_hub(served=True, faults=[fault])
    before = threading.active_count()
    caller = call(hub).post()
    caller.socket.settimeout(0.04)
    with pytest.raises(TimeoutError):
        caller.heard()
    assert (1, fault.after == "commit") == (hub.ledger.received, hub.ledger.committed == 1)
    assert _falls_to(before)


def test_what_is_sent_during_a_stall_is_of_no_use(open_hub, call):
    hub = open_hub(served=True, faults=[sandbox.commit_then_stall()])
    caller = call(hub).post(closes=False).post()
    caller.socket.shutdown(socket.SHUT_WR)
    assert b"" == caller.heard()
    assert 1 == hub.ledger.received


@pytest.mark.parametrize(
    "fault",
    [
        sandbox.commit_then_stall(),
        sandbox.drip(every=1000),
        sandbox.drip(every=float("inf"), part="status"),
        sandbox.endless_body(),
        sandbox.header_flood(count=10**12),
    ],
    ids=str,
)
def test_nobody_waits_for_a_fault_at_the_end(open_hub, call, monkeypatch, fault):
    monkeypatch.setattr(server, "_PATIENCE", 100.0)
    before = threading.active_count()
    hub = open_hub(served=True, faults=[fault])
    call(hub).post()
    while not hub.ledger:
        time.sleep(0.001)
    start = time.monotonic()
    hub.close()
    assert time.monotonic() - start < 10, "the fault or the patience with it would take ten times as long"
    assert before == threading.active_count()


@pytest.mark.parametrize("fault", [sandbox.drip(every=1000), sandbox.endless_body()])
def test_a_fault_that_strikes_after_the_end_does_nothing(open_hub, call, monkeypatch, fault):
    hub = open_hub(served=True, faults=[fault])
    monkeypatch.setattr(hub._server._ended, "wait", lambda _: True)
    assert b"" == call(hub).post().heard()
    assert 1 == hub.ledger.committed


@pytest.mark.parametrize(
    ("fault", "pieces"),
    [
        (sandbox.endless_body(), 2_000),
        (sandbox.header_flood(count=10**12), 100_000),
        (sandbox.gzip_bomb(size=2**26), 100_000),
        (sandbox.drip(sandbox.endless_body(), every=0), 100_000),
    ],
)
def test_a_bomb_takes_no_memory(fault, pieces):
    import tracemalloc

    flow = draft(Response(status=200), fault.forms, keeps=True).flow()
    tracemalloc.start()
    try:
        sent = sum(1 for _ in islice(flow, pieces))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sent > 3
    assert peak < 2_000_000
