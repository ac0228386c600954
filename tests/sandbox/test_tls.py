"""A hub behind TLS, and what breaks there."""

import socket
import ssl
import threading

import pytest
import trustme

from chub import sandbox
from chub.errors import InvalidValue, NotSent, Unconfirmed
from chub.http import deadline_in
from chub.sandbox import conversation
from chub.transport.exchange import exchange


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def trusting(authority):
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def tls(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def hub(open_hub, authority, tls, tmp_path):
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(file)
    return open_hub(served=True, tls=tls, ca_file=str(file))


def test_a_hub_is_served_over_tls(hub, post):
    assert hub.base_url.startswith("https://localhost:")
    statuses = [exchange(hub.config, post(hub), deadline_in(10)).unwrap().status for _ in range(3)]
    assert ([202] * 3, 1, 3) == (statuses, hub.connections, hub.ledger.committed)


@pytest.mark.parametrize("wrong", [True, "cert.pem", ssl.create_default_context()])
def test_what_is_no_context_of_a_server_is_told(wrong):
    with pytest.raises(InvalidValue) as caught:
        sandbox.serve(tls=wrong)
    assert ["tls"] == [problem.path for problem in caught.value.problems]


def test_broken_http_is_told_over_tls_too(hub, call, trusting):
    caller = call(hub, tls=trusting)
    caller.socket.sendall(b"nonsense\r\n\r\n")
    assert b"HTTP/1.1 400 " == caller.heard()[:13]


def test_who_speaks_no_tls_is_not_heard(hub, call, trusting):
    caller = call(hub).post()
    heard = caller.heard()
    assert b"HTTP" not in heard if isinstance(heard, bytes) else heard == "reset"
    assert b"HTTP/1.1 202 " == call(hub, tls=trusting).post().heard()[:13]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (sandbox.break_tls("connect"), ssl.SSLError),
        (sandbox.close_unread(), OSError),
        (sandbox.reset_unread(), ConnectionResetError),
    ],
)
def test_a_handshake_can_fail(hub, call, trusting, fault, error):
    hub.script([fault, None])
    with pytest.raises(error):
        call(hub, tls=trusting)
    assert [("", False, False, fault)] == [
        (entry.method, entry.received, entry.committed, entry.fault) for entry in hub.ledger
    ]
    assert b"HTTP/1.1 202 " == call(hub, tls=trusting).post().heard()[:13]


@pytest.mark.parametrize("after", ["connect", "read", "commit"])
def test_a_record_can_be_broken_after_the_request(hub, call, trusting, after):
    caller = call(hub, tls=trusting)
    hub.script([sandbox.break_tls(after)])
    with pytest.raises(ssl.SSLError):
        caller.post().heard()
    assert (after != "connect", after == "commit") == (hub.ledger.received == 1, hub.ledger.committed == 1)


def test_without_a_handshake_nothing_is_sent(hub, post):
    hub.script([sandbox.break_tls("connect"), sandbox.break_tls()])
    before, after = (exchange(hub.config, post(hub), deadline_in(10)).failure() for _ in range(2))
    assert (NotSent, Unconfirmed) == (type(before), type(after))
    assert before.transient
    assert (1, 1) == (hub.ledger.received, hub.ledger.committed)


@pytest.mark.parametrize("fault", [sandbox.commit_then_stall(), sandbox.drip(every=1000), sandbox.endless_body()])
def test_the_end_comes_at_once_and_nothing_goes_out_in_clear(hub, call, trusting, fault):
    before = threading.active_count()
    hub.script([fault])
    caller = call(hub, tls=trusting).post()
    call(hub, tls=trusting)  # waits for a request
    call(hub)  # waits for a handshake
    while not hub.ledger:
        threading.Event().wait(0.001)
    raw = socket.socket(fileno=caller.socket.detach())
    hub.close()
    with raw:
        came = _rest(raw)
    assert b"HTTP" not in came
    assert b"content-type" not in came
    assert threading.active_count() < before


def _rest(raw):
    pieces = []
    try:
        while piece := raw.recv(65536):
            pieces.append(piece)
    except ConnectionResetError:
        pass
    return b"".join(pieces)


def test_noise_is_neither_tls_nor_http():
    assert conversation._NOISE[0] not in range(20, 24), "the types of TLS records"
    assert not conversation._NOISE.startswith(b"HTTP")
