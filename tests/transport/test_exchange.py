"""One request over a real socket: what goes out, what each fault says of the request."""

import re
import socket
from collections.abc import Callable
from typing import Any

import pytest
from chub_exchanges import ACCEPTED, EVENT, EVENTS, PAGE, QUICK, get, post
from returns.result import Failure, Success

import chub
from chub.wire.operation import Operation
from chub.wire.operations import parse_accepted

Make = Callable[..., Any]


def test_the_bytes_of_a_post(scripted: Make, config_of: Make) -> None:
    server = scripted(lambda talk: (talk.read(), talk.answer("202 Accepted", ACCEPTED)))
    config = config_of(server)
    operation = chub.operations.add_event(config, EVENT).unwrap()
    assert chub.send(config, operation, tracing_id="trace-1") == Success(chub.Accepted("e1"))
    body = b'{"type":"viewedPage","context":"WEB","customerId":"c","properties":{"title":"Home"}}'
    head, _, sent = server.requests[0].partition(b"\r\n\r\n")
    request_line, *lines = head.decode().split("\r\n")
    assert request_line == "POST /hub/v1/workspaces/w/events HTTP/1.1"
    assert sorted(lines) == [
        "Accept-Encoding: identity",
        "Accept: application/json",
        "Authorization: Bearer demo-token",
        f"Content-Length: {len(body)}",
        "Content-Type: application/json",
        f"Host: 127.0.0.1:{server.port}",
        f"User-Agent: chub/{chub.VERSION}",
        "X-Tracing-ID: trace-1",
    ]
    assert sent == body


def test_the_bytes_of_a_get(scripted: Make, config_of: Make) -> None:
    server = scripted(lambda talk: (talk.read(), talk.answer("200 OK", PAGE)))
    assert get(config_of(server)).unwrap().elements == ()
    head, _, sent = server.requests[0].partition(b"\r\n\r\n")
    request_line, *lines = head.decode().split("\r\n")
    assert request_line == "GET /hub/v1/workspaces/w/events?type=a%20b&page=0 HTTP/1.1"
    assert sent == b""
    names = sorted(line.split(":")[0] for line in lines)
    assert names == ["Accept", "Accept-Encoding", "Authorization", "Host", "User-Agent", "X-Tracing-ID"]
    traces = [line.split(": ")[1] for line in lines if line.startswith("X-Tracing-ID")]
    assert re.fullmatch("[0-9a-f]{32}", traces[0])


@pytest.mark.parametrize("tracing_id", ["", "a b", "a\r\nX: y", "\u20ac", 7])
def test_a_tracing_id_that_no_header_can_bear_is_refused(tracing_id: Any, scripted: Make, config_of: Make) -> None:
    server = scripted(lambda talk: talk.read())
    operation = chub.operations.add_event(config_of(server), EVENT).unwrap()
    error = chub.send(config_of(server), operation, tracing_id=tracing_id).failure()
    assert [problem.path for problem in error.problems] == ["tracing_id"]
    assert server.accepted == 0


def cut_early(talk: Any) -> None:
    """Close before any byte is read."""
    talk.connection.shutdown(socket.SHUT_RDWR)


def cut_unread(talk: Any) -> None:
    talk.connection.recv(1)
    talk.reset()


LONG_LINE = b"X" * 70_000
FAULTS: dict[str, tuple[Callable[[Any], object], str]] = {
    "closed before it was read": (cut_early, r"remote end closed connection without response|connection reset by peer"),
    "closed after it was read": (lambda talk: talk.read(), r"remote end closed connection without response"),
    "reset after a byte": (cut_unread, r"remote end closed connection without response|connection reset by peer"),
    "reset after it was read": (lambda talk: (talk.read(), talk.reset()), r"connection reset by peer"),
    "no HTTP": (lambda talk: (talk.read(), talk.send(b"250 OK\r\n")), r"the answer breaks HTTP \(BadStatusLine\)"),
    "garbage": (
        lambda talk: (talk.read(), talk.send(b"\x00\xff\r\n\r\n")),
        r"the answer breaks HTTP \(BadStatusLine\)",
    ),
    "an impossible status": (
        lambda talk: (talk.read(), talk.send(b"HTTP/1.1 99 Odd\r\n\r\n")),
        r"the answer breaks HTTP \(BadStatusLine\)",
    ),
    "another HTTP": (
        lambda talk: (talk.read(), talk.send(b"HTTP/2 200 OK\r\n\r\n")),
        r"the answer breaks HTTP \(UnknownProtocol\)",
    ),
    "an endless status line": (
        lambda talk: (talk.read(), talk.send(b"HTTP/1.1 200 " + LONG_LINE)),
        r"the answer breaks HTTP \(LineTooLong\)",
    ),
    "an endless header": (
        lambda talk: (talk.read(), talk.send(b"HTTP/1.1 200 OK\r\nX: " + LONG_LINE)),
        r"the answer breaks HTTP \(LineTooLong\)",
    ),
    "headers without end": (
        lambda talk: (talk.read(), talk.send(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200)),
        r"the answer breaks HTTP \(HTTPException\)",
    ),
    "two lengths": (
        lambda talk: (talk.read(), talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")),
        r"the answer breaks HTTP \(InvalidHeader\)",
    ),
    "silence": (lambda talk: (talk.read(), talk.stall()), r"timed out"),
    "silence within the status line": (
        lambda talk: (talk.read(), talk.send(b"HTTP/1.1 2"), talk.stall()),
        r"timed out",
    ),
    "silence after an interim answer": (
        lambda talk: (talk.read(), talk.send(b"HTTP/1.1 103 Early Hints\r\n\r\n"), talk.stall()),
        r"timed out",
    ),
}


@pytest.mark.parametrize(("script", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_fault_after_the_connection_leaves_a_post_unconfirmed(
    script: Any, reason: str, scripted: Make, config_of: Make
) -> None:
    server = scripted(script)
    error = post(config_of(server, timeouts=QUICK)).failure()
    assert isinstance(error, chub.Unconfirmed)
    assert (error.method, error.template, error.status) == ("POST", EVENTS, None)
    assert re.fullmatch(reason, error.reason)
    assert "it may be stored or not" in str(error)
    assert " at 0x" not in f"{error} {error!r}"
    assert server.accepted == 1


@pytest.mark.parametrize(("script", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_fault_after_the_connection_leaves_a_get_without_answer(
    script: Any, reason: str, scripted: Make, config_of: Make
) -> None:
    error = get(config_of(scripted(script), timeouts=QUICK)).failure()
    assert isinstance(error, chub.Unconfirmed)
    assert re.fullmatch(rf"GET {re.escape(EVENTS)}: no answer: ({reason})", str(error))


@pytest.mark.parametrize("call", [post, get])
def test_a_refused_connection_sends_nothing(call: Any, closed_port: int, config_of: Make) -> None:
    error = call(config_of(f"http://127.0.0.1:{closed_port}")).failure()
    assert isinstance(error, chub.NotSent)
    assert (error.reason, error.transient, error.template) == ("connection refused", True, EVENTS)
    assert "nothing was stored" in str(error)
    assert " at 0x" not in f"{error} {error!r}"


@pytest.mark.parametrize("call", [post, get])
def test_a_name_that_cannot_be_resolved_sends_nothing(
    call: Any, config_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = call(config_of("https://hub.invalid")).failure()
    assert isinstance(error, chub.NotSent)
    assert error.reason == "the host's name can't be resolved: Name or service not known"
    assert " at 0x" not in f"{error} {error!r}"


def test_a_name_that_no_host_can_have_sends_nothing_and_never_will(config_of: Make) -> None:
    error = post(config_of(f"https://{'x' * 64}.example.com")).failure()
    assert isinstance(error, chub.NotSent)
    assert (error.reason, error.transient) == ("no host can have this name", False)


def test_a_connection_that_takes_too_long_sends_nothing(config_of: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(sock: socket.socket, address: object) -> None:
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket.socket, "connect", never)
    error = post(config_of("http://127.0.0.1:9")).failure()
    assert isinstance(error, chub.NotSent)
    assert (error.reason, error.transient) == ("timed out", True)


def test_a_deadline_that_passed_sends_nothing(scripted: Make, config_of: Make) -> None:
    server = scripted(lambda talk: talk.read())
    config = config_of(server)
    now = iter([0.0, 0.0, *[1000.0] * 9])
    operation = chub.operations.add_event(config, EVENT).unwrap()
    error = chub.send(config, operation, clock=lambda: next(now)).failure()
    assert isinstance(error, chub.NotSent)
    assert error.reason == "timed out"
    assert (server.accepted, error.elapsed) == (0, 1000.0)


def test_a_deadline_that_passed_while_connecting_sends_nothing(
    scripted: Make, config_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, connect = [0.0], socket.socket.connect

    def slow(sock: socket.socket, address: Any) -> None:
        now[0] += 1000
        connect(sock, address)

    monkeypatch.setattr(socket.socket, "connect", slow)
    server = scripted(lambda talk: talk.read())
    config = config_of(server)
    operation = chub.operations.add_event(config, EVENT).unwrap()
    error = chub.send(config, operation, clock=lambda: now[0]).failure()
    assert isinstance(error, chub.NotSent)
    assert error.reason == "timed out"
    assert server.requests == []


DRIPPING = {
    "the status line": b"HTTP/1.1 202 Accepted and stored by the very hub that you asked\r\n\r\n",
    "the headers": b"HTTP/1.1 202 Accepted\r\nX-Padding: " + b"x" * 200 + b"\r\nContent-Length: 0\r\n\r\n",
    "interim answers": b"HTTP/1.1 100 Continue\r\n\r\n" * 20,
}


@pytest.mark.parametrize("answer", DRIPPING.values(), ids=DRIPPING)
def test_the_deadline_holds_against_a_server_that_sends_byte_after_byte(
    answer: bytes, scripted: Make, config_of: Make
) -> None:
    server = scripted(lambda talk: (talk.read(), talk.drip(answer, every=0.02)))
    timeouts = chub.Timeouts(connect=2, read=2, total=0.1)
    error = post(config_of(server, timeouts=timeouts)).failure()
    assert isinstance(error, chub.Unconfirmed)
    assert error.reason == "timed out"


def test_the_deadline_holds_against_a_body_that_comes_byte_after_byte(scripted: Make, config_of: Make) -> None:
    def script(talk: Any) -> None:
        talk.read()
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        talk.drip(b"{" * 1000, every=0.02)

    timeouts = chub.Timeouts(connect=2, read=2, total=0.1)
    error = get(config_of(scripted(script), timeouts=timeouts)).failure()
    assert isinstance(error, chub.Unconfirmed)
    assert error.reason == "its body was cut: timed out"
    assert post(config_of(scripted(script), timeouts=timeouts)) == Success(chub.Accepted(None))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", [post, get])
def test_a_redirect_is_not_followed(call: Any, status: int, scripted: Make, config_of: Make) -> None:
    other = scripted(lambda talk: talk.read())
    server = scripted(
        lambda talk: (talk.read(), talk.answer(f"{status} Moved", b"", f"Location: {other.url}/elsewhere"))
    )
    error = call(config_of(server)).failure()
    assert isinstance(error, chub.Rejected)
    assert (error.status, error.message) == (status, "Moved")
    assert (len(server.requests), other.accepted) == (1, 0)


def test_an_answer_before_the_request_was_read_whole_is_taken(scripted: Make, config_of: Make) -> None:
    def script(talk: Any) -> None:
        talk.connection.recv(100)
        talk.answer("413 Payload Too Large")

    config = config_of(scripted(script))
    asked = chub.Request(method="POST", path="/workspaces/w/events", template=EVENTS, body=b"x" * 40_000_000)
    error = chub.send(config, Operation(asked, parse_accepted)).failure()
    assert isinstance(error, chub.Rejected)
    assert error.status == 413


def test_an_error_bears_what_the_call_took_but_is_equal_without_it() -> None:
    now = [100.0]

    def transport(request: chub.Request, deadline: chub.Deadline) -> Any:
        now[0] += 2.5
        return Failure(chub.NotSent(reason="no network", transient=True))

    config = chub.config(workspace_id="w", token="demo-token", transport=transport)
    operation = chub.operations.add_event(config, EVENT).unwrap()
    error = chub.send(
        config, operation, tracing_id="trace-1", clock=lambda: now[0], sleep=lambda seconds: None
    ).failure()
    assert (error.tracing_id, error.elapsed, error.attempts) == ("trace-1", 7.5, 3)
    assert error == chub.NotSent(method="POST", template=EVENTS, reason="no network", transient=True)


def test_an_unusable_reference_sends_nothing(scripted: Make, config_of: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHUB_TOKEN", raising=False)
    server = scripted(lambda talk: talk.read())
    error = post(config_of(server, token=chub.token_from_env("CHUB_TOKEN"))).failure()
    assert str(error) == "environment variable CHUB_TOKEN: not set"
    assert server.accepted == 0


def test_a_reference_that_goes_away_before_the_headers_are_written_sends_nothing(
    scripted: Make, config_of: Make
) -> None:
    read = iter(["demo-token", None])
    server = scripted(lambda talk: talk.read())
    error = post(config_of(server, token=chub.Token(lambda: next(read), shown="Token(vault)"))).failure()
    assert str(error) == "token: not set"
    assert server.accepted == 0


@pytest.mark.parametrize(
    ("arguments", "path"), [(("no config", "no operation"), "config"), ((None, "no operation"), "operation")]
)
def test_the_door_takes_a_config_and_an_operation(arguments: Any, path: str, config_of: Make) -> None:
    config, operation = arguments
    with pytest.raises(chub.InvalidValue) as raised:
        chub.send(config or config_of("http://127.0.0.1:9"), operation)
    assert [problem.path for problem in raised.value.problems] == [path]
