"""Requests as bytes, and answers from bytes: what stands on the wire."""

import io
import re
import socket
from http.client import HTTPException
from typing import Any

import pytest
from chub_exchanges import PAGE, get
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success
from urllib3.exceptions import InvalidHeader

import chub
from chub.transport.answers import MAX_HEADERS, MAX_LINE, LimitedAnswer, _read_fields
from chub.transport.messages import message_of

HOSTS = {
    "https://hub.example.com/hub/v1": "hub.example.com",
    "https://hub.example.com:443/hub/v1": "hub.example.com",
    "https://Hub.Example.com.:8443/hub/v1": "hub.example.com:8443",
    "http://127.0.0.1:80/hub/v1": "127.0.0.1",
    "http://localhost:443/hub/v1": "localhost:443",
    "http://[::1]:8080/hub/v1": "[::1]:8080",
    "http://[::1]/hub/v1": "[::1]",
}


@pytest.mark.parametrize(("base_url", "host"), HOSTS.items())
def test_the_host_is_that_of_the_base_url(base_url: str, host: str) -> None:
    asked = chub.Request(method="GET", path="/a", template="/a", query=(("q", "x y"),), base_url=base_url)
    assert bytes(message_of(asked)) == (
        f"GET /hub/v1/a?q=x%20y HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\n\r\n".encode()
    )


@pytest.mark.parametrize(
    ("method", "body", "length"),
    [
        ("POST", "é".encode(), b"Content-Length: 2\r\n"),
        ("POST", None, b"Content-Length: 0\r\n"),
        ("PUT", b"", b"Content-Length: 0\r\n"),
        ("GET", None, b""),
        ("DELETE", None, b""),
        ("DELETE", b"x", b"Content-Length: 1\r\n"),
    ],
)
def test_what_has_a_body_tells_its_length(method: str, body: bytes | None, length: bytes) -> None:
    headers = (("X-A", "é"),)
    asked = chub.Request(
        method=method,
        path="/a",
        template="/a",
        headers=headers,
        body=body,
        base_url="https://hub.example.com",
        token=chub.token("t"),
    )
    message = message_of(asked)
    assert bytes(message) == (
        method.encode()
        + b" /a HTTP/1.1\r\nHost: hub.example.com\r\nAccept-Encoding: identity\r\n"
        + length
        + b"Authorization: Bearer t\r\nX-A: \xe9\r\n\r\n"
        + (body or b"")
    )
    assert repr(message) == "(message)"


def test_of_headers_with_the_same_name_the_last_is_written() -> None:
    headers = (("accept-encoding", "gzip"), ("X-A", "1"), ("x-a", "2"), ("Authorization", "Bearer mine"))
    asked = chub.Request(
        method="GET",
        path="/a",
        template="/a",
        headers=headers,
        base_url="https://hub.example.com",
        token=chub.token("demo"),
    )
    assert bytes(message_of(asked)).split(b"\r\n")[2:] == [
        b"accept-encoding: gzip",
        b"Authorization: Bearer mine",
        b"x-a: 2",
        b"",
        b"",
    ]


def answer_to(raw: bytes, most: int = 1000) -> tuple[int, str, list[tuple[str, str]], bytes | None, bool]:
    """Read an answer after which the server has closed."""
    here, there = socket.socketpair()
    with here:
        with there:
            there.sendall(raw)
        answer = LimitedAnswer(here, method="GET", wait=lambda: 2.0)
        answer.begin()
        return answer.status, answer.reason, answer.fields, answer.body(most), answer.will_close


OK = b"HTTP/1.1 200 OK\r\n"
ANSWERS: dict[str, tuple[bytes, Any]] = {
    "plain": (OK + b"Content-Length: 2\r\n\r\nab", (200, "OK", [("content-length", "2")], b"ab", False)),
    "no reason": (b"HTTP/1.1 204\r\n\r\n", (204, "", [], b"", False)),
    "no length": (OK + b"\r\nab", (200, "OK", [], b"ab", True)),
    "an odd length": (OK + b"Content-Length: two\r\n\r\nab", (200, "OK", [("content-length", "two")], b"ab", True)),
    "the length twice": (
        OK + b"Content-Length: 2, 2\r\ncontent-length: 2\r\n\r\nab",
        (200, "OK", [("content-length", "2, 2"), ("content-length", "2")], b"ab", False),
    ),
    "HTTP/1.0": (
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab",
        (200, "OK", [("content-length", "2")], b"ab", True),
    ),
    "to be closed": (
        OK + b"Connection: Close\r\nContent-Length: 0\r\n\r\n",
        (200, "OK", [("connection", "Close"), ("content-length", "0")], b"", True),
    ),
    "in chunks": (
        OK + b"Transfer-Encoding: Chunked\r\n\r\n1\r\na\r\n2;x=y\r\nbc\r\n0\r\nTrailer: t\r\n\r\n",
        (200, "OK", [("transfer-encoding", "Chunked")], b"abc", False),
    ),
    "interim answers": (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK + b"Content-Length: 0\r\n\r\n",
        (200, "OK", [("content-length", "0")], b"", False),
    ),
    "a folded line": (
        OK + b"X-A: b\r\n  c\r\n\td\r\nContent-Length: 0\r\n\r\n",
        (200, "OK", [("x-a", "b c d"), ("content-length", "0")], b"", False),
    ),
    "lines that are none": (
        OK + b" first\r\nnone\r\nBad Name: x\r\nContent-Length: 0\r\n\r\n",
        (200, "OK", [("content-length", "0")], b"", False),
    ),
    "bare line feeds": (
        b"HTTP/1.1 200 OK\nContent-Length: 1\n\na",
        (200, "OK", [("content-length", "1")], b"a", False),
    ),
    "a coding and a length": (
        OK + b"Transfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n1\r\na\r\n0\r\n\r\n",
        (200, "OK", [("transfer-encoding", "chunked"), ("content-length", "9")], b"a", True),
    ),
    "another coding": (
        OK + b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\nab",
        (
            200,
            "OK",
            [("transfer-encoding", "gzip"), ("transfer-encoding", "chunked"), ("content-length", "1")],
            b"ab",
            True,
        ),
    ),
    "no coding": (
        OK + b"Transfer-Encoding: identity\r\nContent-Length: 1\r\n\r\na",
        (200, "OK", [("transfer-encoding", "identity"), ("content-length", "1")], b"a", False),
    ),
    "no body, whatever the headers say": (
        b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
        (204, "No Content", [("transfer-encoding", "chunked")], b"", False),
    ),
    "to be closed, among other things": (
        OK + b"Connection: te\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        (200, "OK", [("connection", "te"), ("connection", "close"), ("content-length", "0")], b"", True),
    ),
    "bytes beyond ASCII": (
        OK + b"X-A: \xe9\r\nContent-Length: 0\r\n\r\n",
        (200, "OK", [("x-a", "é"), ("content-length", "0")], b"", False),
    ),
    "too big": (
        OK + b"Content-Length: 1001\r\n\r\n" + b"x" * 1001,
        (200, "OK", [("content-length", "1001")], None, False),
    ),
    "as many headers as may be": (
        OK + b"A: b\r\n" * MAX_HEADERS + b"\r\n",
        (200, "OK", [("a", "b")] * MAX_HEADERS, b"", True),
    ),
}


@pytest.mark.parametrize(("raw", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_answers_are_read(raw: bytes, expected: Any) -> None:
    assert answer_to(raw) == expected


BROKEN: dict[str, tuple[bytes, type[Exception]]] = {
    "nothing": (b"", HTTPException),
    "another protocol": (b"HTTP/2 200 OK\r\n\r\n", HTTPException),
    "no protocol": (b"hello\r\n\r\n", HTTPException),
    "two lengths": (OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", InvalidHeader),
    "a line too long": (OK + b"X: " + b"y" * MAX_LINE + b"\r\n\r\n", HTTPException),
    "too many headers": (OK + b"A: b\r\n" * (MAX_HEADERS + 1) + b"\r\n", HTTPException),
    "cut in the headers": (OK + b"Conte", HTTPException),
    "cut before the blank line": (OK + b"Content-Length: 0\r\n", HTTPException),
    "cut": (OK + b"Content-Length: 3\r\n\r\nab", HTTPException),
    "cut within a chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nab", HTTPException),
    "a chunk of less than nothing": (OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nab", HTTPException),
}


@pytest.mark.parametrize(("raw", "expected"), BROKEN.values(), ids=BROKEN)
def test_answers_that_break_http_are_told(raw: bytes, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        answer_to(raw)


def test_an_answer_to_head_has_no_body(scripted: Any, config_of: Any) -> None:
    def script(talk: Any) -> None:
        while talk.read():
            talk.send(OK + b"Content-Length: 9\r\n\r\n")

    server = scripted(script)
    head = chub.Request(method="HEAD", path="/x", template="/x")
    asked = chub.Operation(head, chub.operations.parse_deleted)
    assert [chub.send(config_of(server), asked).unwrap() for _ in range(2)] == [chub.Deleted()] * 2
    assert server.accepted == 1


def test_a_read_whose_answer_is_cut_in_the_headers_is_tried_again(scripted: Any, config_of: Any) -> None:
    def script(talk: Any) -> None:
        talk.read()
        if len(talk.server.requests) == 1:
            talk.send(OK + b"Content-")
        else:
            talk.answer("200 OK", PAGE)

    server = scripted(script)
    retry = chub.RetryPolicy(base=0)
    assert isinstance(get(config_of(server, retry=retry)), Success)
    assert len(server.requests) == 2


def test_a_stream_sends_what_a_single_call_does(scripted: Any, config_of: Any) -> None:
    def script(talk: Any) -> None:
        while talk.read():
            talk.answer("202 Accepted")

    server = scripted(script)
    event = chub.event(chub.ViewedPage(title="Home"), owner=chub.CustomerId("c"), context="WEB")
    config = config_of(server)
    chub.add_event(config, event)
    list(chub.add_events(config, [event]))
    single, streamed = (re.sub(rb"X-Tracing-ID: \w+", b"", request) for request in server.requests)
    assert streamed == single


@pytest.mark.parametrize("more", [b"x", b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"])
@pytest.mark.parametrize(
    "answer", [OK + b"Content-Length: 2\r\n\r\n{}", OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"]
)
def test_after_an_answer_that_was_followed_by_more_the_connection_is_not_used_again(
    answer: bytes, more: bytes, scripted: Any, config_of: Any
) -> None:
    def script(talk: Any) -> None:
        while talk.read():
            talk.send(answer + more)

    server = scripted(script)
    config = config_of(server)
    assert [chub.delete_event(config, "e").unwrap() for _ in range(2)] == [chub.Deleted()] * 2
    assert server.accepted == 2


def test_a_message_that_nobody_takes_is_unconfirmed_once_a_part_of_it_may_have_gone(
    scripted: Any, config_of: Any
) -> None:
    server = scripted(lambda talk: talk.stall())
    config = config_of(server, timeouts=chub.Timeouts(read=0.1))
    large = chub.Request(method="POST", path="/x", template="/x", body=b"x" * 30_000_000)
    error = chub.send(config, chub.Operation(large, chub.operations.parse_accepted)).failure()
    assert (type(error), error.reason) == (chub.Unconfirmed, "timed out")  # type: ignore[union-attr]
    assert server.requests == []


HEADERS = [
    b"A: 1\r\n", b"b:\t2 \r\n", b"content-length:0\r\n", b" folded\r\n", b"no header\r\n", b"odd name: 1\r\n",
    b"X: a\rb\r\n", b"X: a\x00b\r\n", b"Set: \xe9\r\n", b"bare: 1\n", b":\r\n", b"Y:\r\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(HEADERS), max_size=8), st.integers(1, 40))
def test_headers_that_come_whole_are_read_as_those_that_come_in_parts(lines: list[bytes], size: int) -> None:
    raw = b"".join(lines) + b"\r\n"
    whole, parted = io.BufferedReader(io.BytesIO(raw + b"{}")), io.BufferedReader(InParts(raw + b"{}", size))  # type: ignore[arg-type]
    assert _read_fields(whole) == _read_fields(parted)
    assert whole.read() == parted.read()


class InParts(io.RawIOBase):
    """Gives so many bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self.data, self.size = data, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        part, self.data = self.data[: self.size], self.data[self.size :]
        buffer[: len(part)] = part
        return len(part)
