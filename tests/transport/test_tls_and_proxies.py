"""TLS and proxies: whom the token is shown to, and that nothing is sent to anybody else."""

import base64
import select
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme
from returns.result import Success

import chub

Make = Callable[..., Any]

EVENT = chub.event(chub.ViewedPage(title="Home"), owner=chub.CustomerId("c"), context="WEB")
ACCEPTED = Success(chub.Accepted("e1"))


def add(config: chub.Config) -> Any:
    return chub.add_event(config, EVENT)


def accept(talk: Any) -> None:
    while talk.read():
        talk.answer("202 Accepted", b'{"id":"e1"}')


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def tls_of(authority: trustme.CA, name: str = "127.0.0.1") -> Callable[[socket.socket], ssl.SSLSocket]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return lambda connection: context.wrap_socket(connection, server_side=True)


def https(server: Any) -> str:
    return f"https://127.0.0.1:{server.port}/hub/v1"


def test_a_ca_file_is_trusted_and_one_connection_serves(
    authority: trustme.CA, ca_file: str, scripted: Make, config_of: Make
) -> None:
    server = scripted(accept, tls_of(authority))
    config = config_of(https(server), ca_file=ca_file)
    assert [add(config), add(config)] == [ACCEPTED] * 2
    assert (server.accepted, len(server.requests)) == (1, 2)


def test_more_than_an_answer_in_one_record_is_seen(
    authority: trustme.CA, ca_file: str, scripted: Make, config_of: Make
) -> None:
    """TLS holds what was read off the socket with the end of the answer."""
    head = b"HTTP/1.1 202 Accepted\r\nContent-Length: 8000\r\n\r\n"
    answer = head + b" " * 8000 + b"HTTP/1.1 204 No Content\r\n\r\n"
    whole_reads = b"X-Long: " + b"x" * (8192 - len(head) - 8000 - len(b"X-Long: \r\n")) + b"\r\n"

    def script(talk: Any) -> None:
        while talk.read():
            talk.send(answer.replace(b"\r\n", b"\r\n" + whole_reads, 1))

    server = scripted(script, tls_of(authority))
    config = config_of(https(server), ca_file=ca_file)
    assert [chub.delete_event(config, "e") for _ in range(3)] == [Success(chub.Deleted())] * 3
    assert (server.accepted, len(server.requests)) == (3, 3)


def test_a_context_is_used(authority: trustme.CA, scripted: Make, config_of: Make) -> None:
    server = scripted(accept, tls_of(authority))
    context = ssl.create_default_context()
    authority.configure_trust(context)
    assert add(config_of(https(server), ssl_context=context)) == ACCEPTED


@pytest.mark.parametrize(
    ("name", "trusted", "reason"),
    [
        ("127.0.0.1", False, "unable to get local issuer certificate"),
        ("hub.example.com", True, "IP address mismatch, certificate is not valid for '127.0.0.1'."),
    ],
    ids=["an unknown authority", "another host's certificate"],
)
def test_a_certificate_that_is_refused_sends_nothing(
    name: str, trusted: bool, reason: str, authority: trustme.CA, ca_file: str, scripted: Make, config_of: Make
) -> None:
    server = scripted(accept, tls_of(authority, name))
    error = add(config_of(https(server), ca_file=ca_file if trusted else None)).failure()
    assert isinstance(error, chub.NotSent)
    assert (error.reason, error.transient) == (f"the server's certificate is refused: {reason}", False)
    assert server.requests == []


def test_a_self_signed_certificate_is_refused(scripted: Make, config_of: Make, ca_file: str) -> None:
    server = scripted(accept, tls_of(trustme.CA()))
    error = add(config_of(https(server), ca_file=ca_file)).failure()
    assert isinstance(error, chub.NotSent)
    assert not error.transient
    assert server.requests == []


def test_tls_to_a_server_without_it_sends_nothing(scripted: Make, config_of: Make) -> None:
    received: list[bytes] = []
    server = scripted(
        lambda talk: (received.append(talk.connection.recv(65536)), talk.send(b"HTTP/1.1 400 Bad\r\n\r\n"))
    )
    error = add(config_of(https(server))).failure()
    assert isinstance(error, chub.NotSent)
    assert error.reason.startswith("TLS failed: ")
    assert b"demo-token" not in b"".join(received)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "ca_file: {}: No such file or directory"), ("no certificate", "ca_file: {}: no certificate in it")],
)
def test_a_ca_file_that_cannot_be_used_sends_nothing(
    content: str | None, message: str, tmp_path: Path, scripted: Make, config_of: Make
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    server = scripted(accept)
    error = add(config_of(https(server), ca_file=str(path))).failure()
    assert str(error) == message.format(path)
    assert server.accepted == 0


class Tunnels:
    """The script of a proxy that opens tunnels, and keeps all that it sees: the bytes that come from the client."""

    def __init__(self, refusal: bytes | None = None) -> None:
        self.asked: list[bytes] = []
        self.seen = b""
        self._refusal = refusal

    def __call__(self, talk: Any) -> None:
        asked = talk.read()
        self.asked.append(asked)
        if self._refusal is not None:
            talk.send(self._refusal)
            return
        host, _, port = asked.split()[1].decode().rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port)), 5) as target:
            talk.send(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n")
            self._pump(talk.connection, target)

    def _pump(self, client: socket.socket, target: socket.socket) -> None:
        while True:
            pending = isinstance(client, ssl.SSLSocket) and client.pending()
            ready = [client] if pending else select.select([client, target], [], [], 5)[0]
            if not ready:
                return
            for source in ready:
                data = source.recv(65536)
                if not data:
                    return
                self.seen += data if source is client else b""
                (target if source is client else client).sendall(data)


@pytest.fixture
def tunnels() -> Tunnels:
    return Tunnels()


def test_a_proxy_sees_no_token(
    authority: trustme.CA, ca_file: str, tunnels: Tunnels, scripted: Make, config_of: Make
) -> None:
    server, proxy = scripted(accept, tls_of(authority)), scripted(tunnels)
    config = config_of(https(server), ca_file=ca_file, proxy=proxy.url)
    assert [add(config), add(config)] == [ACCEPTED] * 2
    assert [request.split(b"\r\n")[0][:-1] for request in tunnels.asked] == [
        f"CONNECT 127.0.0.1:{server.port} HTTP/1.".encode()
    ]
    assert b"uthorization" not in tunnels.asked[0]
    assert b"chub" not in tunnels.asked[0]
    assert b"demo-token" not in tunnels.seen
    assert len(tunnels.seen) > 0
    assert (server.accepted, proxy.accepted) == (1, 1)


def test_a_proxy_that_speaks_tls_is_verified_and_used(
    authority: trustme.CA, ca_file: str, tunnels: Tunnels, scripted: Make, config_of: Make
) -> None:
    server, proxy = scripted(accept, tls_of(authority)), scripted(tunnels, tls_of(authority))
    config = config_of(https(server), ca_file=ca_file, proxy=f"https://127.0.0.1:{proxy.port}")
    assert [add(config), add(config)] == [ACCEPTED] * 2
    assert b"demo-token" not in tunnels.seen
    assert (server.accepted, proxy.accepted) == (1, 1)


def test_a_proxy_whose_certificate_is_refused_is_sent_nothing(
    ca_file: str, authority: trustme.CA, tunnels: Tunnels, scripted: Make, config_of: Make
) -> None:
    proxy = scripted(tunnels, tls_of(trustme.CA()))
    error = add(config_of("https://hub.invalid", ca_file=ca_file, proxy=f"https://127.0.0.1:{proxy.port}")).failure()
    assert isinstance(error, chub.NotSent)
    assert (error.transient, tunnels.asked) == (False, [])


def test_the_connect_request_to_a_loopback_hub_bears_no_token(
    tunnels: Tunnels, scripted: Make, config_of: Make
) -> None:
    server, proxy = scripted(accept), scripted(tunnels)
    assert add(config_of(server, proxy=proxy.url)) == ACCEPTED
    assert tunnels.asked[0].split(b"\r\n")[0].startswith(f"CONNECT 127.0.0.1:{server.port} ".encode())
    assert b"demo-token" not in tunnels.asked[0]
    assert server.requests[0].startswith(b"POST /hub/v1/workspaces/w/events HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}\r\n".encode() in server.requests[0]


def test_the_credentials_of_a_proxy_go_to_it_alone(tunnels: Tunnels, scripted: Make, config_of: Make) -> None:
    server, proxy = scripted(accept), scripted(tunnels)
    config = config_of(server, proxy=f"http://me:p%C3%A4%3Ass@127.0.0.1:{proxy.port}")
    assert add(config) == ACCEPTED
    credentials = base64.b64encode("me:pä:ss".encode())
    assert b"Proxy-Authorization: Basic " + credentials in tunnels.asked[0]
    assert credentials not in server.requests[0]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
            "tunnel connection failed: 407 proxy authentication required",
        ),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "tunnel connection failed: 403 forbidden"),
        (b"", "remote end closed connection without response"),
        (b"garbage\r\n", "the answer breaks HTTP (BadStatusLine)"),
    ],
)
def test_a_tunnel_that_is_refused_sends_nothing(answer: bytes, reason: str, scripted: Make, config_of: Make) -> None:
    server, proxy = scripted(accept), scripted(Tunnels(answer))
    error = add(config_of(server, proxy=proxy.url)).failure()
    assert isinstance(error, chub.NotSent)
    assert error.reason == reason
    assert server.accepted == 0


def test_a_proxy_that_says_nothing_sends_nothing(scripted: Make, config_of: Make) -> None:
    proxy = scripted(lambda talk: (talk.read(), talk.stall()))
    timeouts = chub.Timeouts(connect=0.05, read=2, total=4)
    error = add(config_of("https://hub.invalid", proxy=proxy.url, timeouts=timeouts)).failure()
    assert isinstance(error, chub.NotSent)
    assert error.reason == "timed out"


def test_a_proxy_that_answers_byte_after_byte_sends_nothing(scripted: Make, config_of: Make) -> None:
    proxy = scripted(lambda talk: (talk.read(), talk.drip(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20, every=0.02)))
    timeouts = chub.Timeouts(connect=2, read=2, total=0.1)
    error = add(config_of("https://hub.invalid", proxy=proxy.url, timeouts=timeouts)).failure()
    assert isinstance(error, chub.NotSent)
    assert error.reason == "timed out"


def test_a_proxy_that_is_not_there_sends_nothing(closed_port: int, scripted: Make, config_of: Make) -> None:
    server = scripted(accept)
    error = add(config_of(server, proxy=f"http://127.0.0.1:{closed_port}")).failure()
    assert isinstance(error, chub.NotSent)
    assert (error.reason, server.accepted) == ("connection refused", 0)


@pytest.mark.parametrize("lower", [True, False], ids=["lower case", "upper case"])
def test_proxies_of_the_environment_are_ignored(
    lower: bool, scripted: Make, config_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, proxy = scripted(accept), scripted(accept)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name.lower() if lower else name, proxy.url)
    assert add(config_of(server)) == ACCEPTED
    assert (server.accepted, proxy.accepted) == (1, 0)
