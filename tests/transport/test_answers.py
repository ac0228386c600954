"""How answers are read off a real socket: cut, too big, in every form of HTTP."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
from chub_exchanges import ACCEPTED, EVENTS, PAGE, QUICK, get, post
from returns.result import Success

import chub
from chub.transport.exchange import MAX_BODY

Make = Callable[..., Any]


def raw(data: bytes) -> Callable[[Any], object]:
    return lambda talk: (talk.read(), talk.send(data), talk.connection.shutdown(socket.SHUT_WR))


UNREADABLE = {
    "cut": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + ACCEPTED),
    "cut before it begins": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"),
    "cut in a chunk": raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" + ACCEPTED),
    "cut between chunks": raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
    "chunked wrongly": raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n"),
    "stalled": lambda talk: (
        talk.read(),
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + ACCEPTED),
        talk.stall(),
    ),
}
TOO_BIG = {
    "with its length": raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY + 1) + b" " * (MAX_BODY + 1)),
    "without end": lambda talk: (
        talk.read(),
        talk.send(b"HTTP/1.1 200 OK\r\n\r\n"),
        [talk.send(b" " * 1_000_000) for _ in range(40)],
    ),
}


@pytest.mark.parametrize("script", [*UNREADABLE.values(), *TOO_BIG.values()], ids=[*UNREADABLE, *TOO_BIG])
def test_a_post_that_was_accepted_stays_so_when_its_body_is_lost(script: Any, scripted: Make, config_of: Make) -> None:
    assert post(config_of(scripted(script), timeouts=QUICK)) == Success(chub.Accepted(None))


@pytest.mark.parametrize("script", UNREADABLE.values(), ids=UNREADABLE)
def test_a_get_whose_answer_was_cut_got_none(script: Any, scripted: Make, config_of: Make) -> None:
    error = get(config_of(scripted(script), timeouts=QUICK)).failure()
    assert isinstance(error, chub.Unconfirmed)
    assert (error.status, error.template) == (200, EVENTS)
    assert error.reason.startswith("its body was cut: ")


@pytest.mark.parametrize("script", TOO_BIG.values(), ids=TOO_BIG)
def test_a_get_whose_answer_is_too_big_is_a_bad_response(script: Any, scripted: Make, config_of: Make) -> None:
    error = get(config_of(scripted(script))).failure()
    assert isinstance(error, chub.BadResponse)
    assert (error.status, error.reason) == (200, "its body is over 16 MiB")


def test_a_body_of_just_the_limit_is_read(scripted: Make, config_of: Make) -> None:
    body = PAGE + b" " * (MAX_BODY - len(PAGE))
    server = scripted(lambda talk: (talk.read(), talk.answer("200 OK", body)))
    assert get(config_of(server)).unwrap().number == 0


@pytest.mark.parametrize("call", [post, get])
def test_a_refusal_whose_body_was_cut_is_a_refusal(call: Any, scripted: Make, config_of: Make) -> None:
    server = scripted(raw(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n{"))
    error = call(config_of(server)).failure()
    assert isinstance(error, chub.Rejected)
    assert (error.status, error.message) == (403, "Forbidden")


def test_a_longer_body_than_its_length_is_read_as_far_as_that(scripted: Make, config_of: Make) -> None:
    server = scripted(
        raw(b"HTTP/1.1 202 Accepted\r\nContent-Length: 11\r\n\r\n" + ACCEPTED + b"HTTP/1.1 500 X\r\n\r\n")
    )
    config = config_of(server)
    assert [post(config), post(config)] == [Success(chub.Accepted("e1"))] * 2
    assert server.accepted == 2


READABLE = {
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb;x=y\r\n" + ACCEPTED + b"\r\n0\r\nX: y\r\n\r\n",
    "until it is closed": b"HTTP/1.1 200 OK\r\n\r\n" + ACCEPTED,
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n\r\n" + ACCEPTED,
    "no phrase": b"HTTP/1.1 200\r\nContent-Length: 11\r\n\r\n" + ACCEPTED,
    "a line that is no header": b"HTTP/1.1 200 OK\r\nX: y\r\nno header\r\nY: z\r\n\r\n" + ACCEPTED,
    "100 first": b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + ACCEPTED,
    "102 and 103 first": (
        b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\nContent-Length: 3\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + ACCEPTED
    ),
    "100 and 103 first, mixed": (
        b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + ACCEPTED
    ),
}


@pytest.mark.parametrize("answer", READABLE.values(), ids=READABLE)
def test_answers_in_every_form_of_http(answer: bytes, scripted: Make, config_of: Make) -> None:
    assert post(config_of(scripted(raw(answer)))) == Success(chub.Accepted("e1"))


def test_a_line_that_is_no_header_is_not_logged_with_the_url(
    scripted: Make, config_of: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    config = config_of(scripted(raw(READABLE["a line that is no header"])))
    assert chub.get_event(config, "e1").unwrap().id == "e1"
    assert caplog.records == []


def test_after_an_interim_answer_the_connection_gives_each_request_its_own(scripted: Make, config_of: Make) -> None:
    def script(talk: Any) -> None:
        for number in (1, 2):
            talk.read()
            talk.send(b"HTTP/1.1 103 Early Hints\r\n\r\n")
            talk.answer("202 Accepted", b'{"id":"e%d"}' % number)

    server = scripted(script)
    config = config_of(server)
    assert [post(config), post(config)] == [Success(chub.Accepted("e1")), Success(chub.Accepted("e2"))]
    assert server.accepted == 1
