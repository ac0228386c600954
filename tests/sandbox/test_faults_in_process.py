"""Faults without a socket: the transport gives what the client's own would give over one."""

from functools import partial

import pytest
from returns.result import Failure, Success

from chub import sandbox
from chub.errors import BadResponse, NotSent, Unconfirmed
from chub.http import deadline_in
from chub.sandbox import in_process
from chub.transport.exchange import exchange

BODY = b'{"id":"id-1"}'
EOF_REASON = "remote end closed connection without response"

OUTCOMES = [
    # fault, of a POST, of a GET, committed
    (sandbox.ok(), 202, 200, 1),
    (sandbox.close_unread(), Unconfirmed, Unconfirmed, 0),
    (sandbox.reset_unread(), Unconfirmed, Unconfirmed, 0),
    (sandbox.break_tls("connect"), Unconfirmed, Unconfirmed, 0),
    (sandbox.read_then_close(), Unconfirmed, Unconfirmed, 0),
    (sandbox.read_then_reset(), Unconfirmed, Unconfirmed, 0),
    (sandbox.read_then_stall(0.001), Unconfirmed, Unconfirmed, 0),
    (sandbox.commit_then_close(), Unconfirmed, Unconfirmed, 1),
    (sandbox.commit_then_reset(), Unconfirmed, Unconfirmed, 1),
    (sandbox.commit_then_stall(), Unconfirmed, Unconfirmed, 1),
    (sandbox.break_tls(), Unconfirmed, Unconfirmed, 1),
    (sandbox.garbage(), Unconfirmed, Unconfirmed, 1),
    (sandbox.garbage(sandbox.status(200)), Unconfirmed, Unconfirmed, 0),
    (sandbox.header_flood(count=200), Unconfirmed, Unconfirmed, 1),
    (sandbox.drip(every=1000, part="status"), Unconfirmed, Unconfirmed, 1),
    (sandbox.drip(every=1000, part="headers"), Unconfirmed, Unconfirmed, 1),
    (sandbox.drip(every=1000), 202, Unconfirmed, 1),
    (sandbox.drip(every=0.0001), 202, 200, 1),
    (sandbox.cut(), 202, Unconfirmed, 1),
    (sandbox.cut(sandbox.chunked()), 202, Unconfirmed, 1),
    (sandbox.cut(sandbox.status(500, body="text")), 500, 500, 0),
    (sandbox.false_length(), 202, Unconfirmed, 1),
    (sandbox.false_length(by=-1), 202, 200, 1),
    (sandbox.endless_body(), 202, BadResponse, 1),
    (sandbox.gzip_bomb(size=10**6), 202, BadResponse, 1),
    (sandbox.interim(statuses=[100, 103, 100]), 202, 200, 1),
    (sandbox.chunked(sandbox.interim()), 202, 200, 1),
    (sandbox.closing(), 202, 200, 1),
    (sandbox.status(200), 200, 200, 0),
    (sandbox.status(302, headers={"location": "/x"}), 302, 302, 0),
    (sandbox.status(404, body={"message": "gone"}), 404, 404, 0),
    (sandbox.status(429, retry_after=3), 429, 429, 0),
    (sandbox.status(503, retry_after=3, commit=True), 503, 503, 1),
]


def _patience(fault):
    """Give the seconds for a call: few where the fault would outlast any number of them."""
    return 0.05 if "every=1000" in str(fault) or fault == sandbox.commit_then_stall() else 10


def outcome(result):
    return result.map(lambda response: response.status).value_or(None) or type(result.failure())


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(("fault", "of_post", "of_get", "committed"), OUTCOMES, ids=str)
@pytest.mark.parametrize("served", [False, True], ids=["in process", "served"])
def test_a_fault_has_its_outcome(open_hub, post, served, fault, of_post, of_get, committed, method):
    hub = open_hub(served=served, faults=[fault])
    transport = partial(exchange, hub.config) if served else hub.config.transport
    found = transport(post(hub, method), deadline_in(_patience(fault)))
    assert (of_post if method == "POST" else of_get, committed) == (outcome(found), hub.ledger.committed)


# Where the request isn't read first, it depends on the moment which of its system calls the client sees fail.
ERRORS = [row[0] for row in OUTCOMES if {Unconfirmed, BadResponse} & set(row) and "connect" not in str(row[0])]


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("fault", ERRORS, ids=str)
def test_an_error_is_the_same_with_a_socket_and_without(open_hub, post, fault, method):
    near, far = open_hub(faults=[fault]), open_hub(served=True, faults=[fault])
    by_call = near.config.transport(post(near, method), deadline_in(_patience(fault)))
    by_socket = exchange(far.config, post(far, method), deadline_in(_patience(fault)))
    assert by_call.swap().value_or(None) == by_socket.swap().value_or(None)


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_bomb_is_not_inflated(open_hub, post, method):
    hub = open_hub(faults=[sandbox.gzip_bomb()])
    found = hub.config.transport(post(hub, method), deadline_in(10))
    if method == "GET":
        assert (BadResponse, 200) == (type(found.failure()), found.failure().status)
    else:
        assert (202, b"") == (found.unwrap().status, found.unwrap().body)


@pytest.mark.parametrize(
    ("fault", "reason", "status"),
    [
        (sandbox.commit_then_close(), EOF_REASON, None),
        (sandbox.commit_then_reset(), "connection reset by peer", None),
        (sandbox.commit_then_stall(), "timed out", None),
        (sandbox.commit_then_stall(5), EOF_REASON, None),
        (sandbox.commit_then_stall(15), "timed out", None),
        (sandbox.break_tls(), "the answer breaks HTTP (BadStatusLine)", None),
        (sandbox.garbage(), "the answer breaks HTTP (BadStatusLine)", None),
        (sandbox.cut(), "its body was cut: the answer breaks HTTP (IncompleteRead)", 200),
        (sandbox.drip(every=20), "its body was cut: timed out", 200),
        (sandbox.drip(every=20, part="headers"), "timed out", None),
    ],
)
def test_an_answer_that_is_lost_says_how(open_hub, post, fault, reason, status):
    hub = open_hub(faults=[fault])
    found = hub.config.transport(post(hub, "GET"), deadline_in(10))
    assert Failure(Unconfirmed(method="GET", template="/events", reason=reason, status=status)) == found


def test_pauses_add_up_and_nobody_waits_for_them(open_hub, post):
    hub = open_hub(faults=[sandbox.drip(every=1000), sandbox.drip(every=1000)])
    enough, short = (hub.config.transport(post(hub), deadline_in(seconds)) for seconds in (13_900, 12_900))
    assert (BODY, b"") == (enough.unwrap().body, short.unwrap().body)


def test_an_answer_of_ones_own_comes_as_it_is(open_hub, post):
    made = sandbox.status(404, body={"message": "gone"}, headers={"X-A": "b"})
    hub = open_hub(faults=[made, sandbox.chunked(made)])
    plain, formed = (hub.config.transport(post(hub), deadline_in(10)) for _ in range(2))
    assert Success(made.answer) == plain
    assert (made.answer.body, "b", "chunked") == (
        formed.unwrap().body,
        formed.unwrap().header("x-a"),
        formed.unwrap().header("transfer-encoding"),
    )


def test_a_head_request_has_no_body(open_hub, post):
    hub = open_hub(faults=[sandbox.chunked(sandbox.status(200, body="text"))])
    assert b"" == hub.config.transport(post(hub, "HEAD"), deadline_in(10)).unwrap().body


@pytest.mark.parametrize("size", [0, 3_000_000])
def test_a_body_that_is_too_large_is_given_up(open_hub, post, monkeypatch, size):
    monkeypatch.setattr(in_process, "LARGEST_BODY", 2_000_000)
    reply = sandbox.chunked(sandbox.status(200, body=bytes(size)))
    hub = open_hub(faults=[reply, reply])
    assert size > 2_000_000 or b"" == hub.config.transport(post(hub, "GET"), deadline_in(10)).unwrap().body
    if size:
        assert BadResponse == outcome(hub.config.transport(post(hub, "GET"), deadline_in(10)))
        assert (200, b"") == (hub.config.transport(post(hub), deadline_in(10)).unwrap().status, b"")


def test_a_refusal_is_not_sent(open_hub, post):
    hub = open_hub(faults=[sandbox.refuse()])
    found = hub.config.transport(post(hub), deadline_in(10))
    assert Failure(NotSent(method="POST", template="/events", reason="connection refused", transient=True)) == found
    assert (1, 0, 0) == (len(hub.ledger), hub.ledger.received, hub.ledger.committed)
