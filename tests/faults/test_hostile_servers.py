"""Servers that mean harm: what they send takes little memory, is not drained, raises nothing, and leads nowhere."""

import socket
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat
from typing import Any
from urllib.parse import unquote

import pytest
from chub_strategies import law
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

import chub

Make = Callable[..., Any]

EVENT = chub.event(chub.ViewedPage(title="Home"), owner=chub.CustomerId("c"), context="WEB")
MIB = 1024 * 1024
# The largest body that is read, its copy while it grows, and what a test server holds.
MOST_MEMORY = 40 * MIB
# That body and what the buffers of both sockets hold; far less than the server would send.
MOST_SENT = 60 * MIB
PLENTY = 200
each_has_its_server = settings(law, suppress_health_check=[HealthCheck.function_scoped_fixture])


def get(config: chub.Config) -> Any:
    return chub.get_event(config, "e1")


def add(config: chub.Config) -> Any:
    return chub.add_event(config, EVENT)


@contextmanager
def little_memory() -> Iterator[None]:
    """Hold that what happens within takes little memory at every moment."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


class Flood:
    """A script that sends a beginning, and then the same piece over and over: so much, or until nobody takes it."""

    def __init__(self, beginning: bytes, piece: bytes, *, mebibytes: int = PLENTY) -> None:
        self.sent = 0
        self.cut = threading.Event()
        self._beginning = beginning
        self._pieces = repeat(piece, mebibytes * MIB // len(piece))

    def __call__(self, talk: Any) -> None:
        talk.read()
        try:
            talk.send(self._beginning)
            for piece in self._pieces:
                talk.send(piece)
                self.sent += len(piece)
        except ConnectionError:
            self.cut.set()


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BLOCK = b"x" * MIB
FLOODS: dict[str, tuple[bytes, bytes, type, str]] = {
    # beginning, what follows without end, outcome of a GET, what it says
    "Content-Length 10^12": (
        OK + b"Content-Length: 1000000000000\r\n\r\n", BLOCK, chub.BadResponse, "its body is over 16 MiB",
    ),
    "no length": (OK + b"\r\n", BLOCK, chub.BadResponse, "its body is over 16 MiB"),
    "a length below 0": (OK + b"Content-Length: -1\r\n\r\n", BLOCK, chub.BadResponse, "its body is over 16 MiB"),
    "a length of 5,000 digits": (
        OK + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n", BLOCK, chub.BadResponse, "its body is over 16 MiB",
    ),
    "chunks without end": (CHUNKED, b"100000\r\n" + BLOCK + b"\r\n", chub.BadResponse, "its body is over 16 MiB"),
    "one chunk without end": (CHUNKED + b"f" * 60_000 + b"\r\n", BLOCK, chub.BadResponse, "its body is over 16 MiB"),
    "a chunk of -1": (
        CHUNKED + b"-1\r\n", BLOCK, chub.Unconfirmed, "its body was cut: the answer breaks HTTP (HTTPException)",
    ),
    "a chunk of -5": (
        CHUNKED + b"-5\r\n", BLOCK, chub.Unconfirmed, "its body was cut: the answer breaks HTTP (HTTPException)",
    ),
    "the size of a chunk without end": (
        CHUNKED, BLOCK, chub.Unconfirmed, "its body was cut: the answer breaks HTTP (LineTooLong)",
    ),
    "headers without end": (
        OK, b"X-Flood: y\r\n" * 10_000, chub.Unconfirmed, "the answer breaks HTTP (HTTPException)",
    ),
    "a header without end": (OK + b"X: ", BLOCK, chub.Unconfirmed, "the answer breaks HTTP (LineTooLong)"),
    "a status line without end": (b"HTTP/1.1 200 ", BLOCK, chub.Unconfirmed, "the answer breaks HTTP (LineTooLong)"),
    "a bomb": (
        OK + b"Content-Encoding: gzip\r\n\r\n", BLOCK, chub.BadResponse,
        "it came with the content coding 'gzip', unasked",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("beginning", "piece", "outcome", "reason"), FLOODS.values(), ids=FLOODS)
def test_a_flood_takes_little_memory_and_is_not_drained(
    beginning: bytes, piece: bytes, outcome: type, reason: str, scripted: Make, config_of: Make
) -> None:
    flood = Flood(beginning, piece)
    server = scripted(flood)
    with little_memory():
        error = get(config_of(server, timeouts=chub.Timeouts())).failure()
    assert (outcome, reason) == (type(error), error.reason)
    assert (True, True) == (flood.cut.wait(3), flood.sent < MOST_SENT)


@pytest.mark.parametrize("name", [name for name, row in FLOODS.items() if row[3].startswith(("its body", "it came"))])
def test_a_flood_after_a_2xx_leaves_a_post_accepted(name: str, scripted: Make, config_of: Make) -> None:
    beginning, piece, _, _ = FLOODS[name]
    flood = Flood(beginning, piece)
    server = scripted(flood)
    with little_memory():
        assert Success(chub.Accepted(None)) == add(config_of(server, timeouts=chub.Timeouts()))
    assert (True, True) == (flood.cut.wait(3), flood.sent < MOST_SENT)


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), (b"", b"HTTP/1.1 103 Hints\r\n\r\n"), (CHUNKED + b"0\r\n", b"X: y\r\n")],
    ids=["100 without end", "103 without end", "trailers without end"],
)
def test_what_never_ends_ends_with_the_deadline(
    beginning: bytes, piece: bytes, scripted: Make, config_of: Make
) -> None:
    flood = Flood(beginning, piece * 2_000)
    server = scripted(flood)
    with little_memory():
        error = get(config_of(server, timeouts=chub.Timeouts(total=0.2))).failure()
    assert chub.Unconfirmed is type(error)
    assert error.reason.endswith("timed out")
    assert flood.cut.wait(3)


def bomb(inflated: int) -> bytes:
    """Make a gzip stream that inflates to so many mebibytes, of one block over and over; its checksum is wrong."""
    packer = zlib.compressobj(wbits=31)
    head = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + again * (inflated - 1) + packer.flush()


def answering(body: bytes, *headers: str, status: str = "200 OK") -> Callable[[Any], None]:
    def script(talk: Any) -> None:
        while talk.read():
            talk.answer(status, body, *headers)

    return script


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "x-gzip", "deflate", "br", "zstd", "gzip, gzip", "identity, gzip"])
def test_a_bomb_of_a_gigabyte_is_not_inflated(coding: str, scripted: Make, config_of: Make) -> None:
    server = scripted(answering(bomb(1024), f"Content-Encoding: {coding}"))
    config = config_of(server)
    with little_memory():
        error = get(config).failure()
        accepted = add(config)
    assert (chub.BadResponse, 200) == (type(error), error.status)
    assert f"it came with the content coding {coding!r}, unasked" == error.reason
    assert Success(chub.Accepted(None)) == accepted


def test_the_bomb_is_one() -> None:
    unpacker = zlib.decompressobj(wbits=31)
    assert 3 * MIB == len(unpacker.decompress(bomb(3)[:-8]))
    assert len(bomb(1024)) < 2 * MIB


def test_a_refusal_that_is_compressed_is_a_refusal(scripted: Make, config_of: Make) -> None:
    server = scripted(answering(bomb(2), "Content-Encoding: gzip", status="403 Forbidden"))
    error = get(config_of(server)).failure()
    assert (403, "Forbidden") == (error.status, error.message)


@pytest.mark.parametrize("coding", ["identity", "Identity", " identity "])
def test_what_is_said_to_be_as_it_is_is_read(coding: str, scripted: Make, config_of: Make) -> None:
    server = scripted(answering(b'{"id":"e1"}', f"Content-Encoding: {coding}"))
    assert "e1" == get(config_of(server)).unwrap().id


def nested(depth: int, kind: str = "[]") -> str:
    return kind[0] * depth + kind[1] * depth if kind == "[]" else '{"a":' * depth + "1" + "}" * depth


@pytest.mark.parametrize("kind", ["[]", "{}"])
@pytest.mark.parametrize("depth", [10, 100, 300, 500, 900, 950, 990, 1_000, 3_000, 100_000])
def test_json_of_any_depth_gives_a_result(depth: int, kind: str, scripted: Make, config_of: Make) -> None:
    body = f'{{"id":"e1","type":"t","context":"WEB","properties":{{"deep":{nested(depth, kind)}}}}}'
    result = get(config_of(scripted(answering(body.encode()))))
    if isinstance(result, Success):
        assert depth <= 1_000
        assert "e1" == result.unwrap().id
    else:
        assert depth >= 300
        assert chub.BadResponse is type(result.failure())


@pytest.mark.parametrize("body", [nested(100_000), nested(100_000, "{}"), "9" * 5_000, '{"message": NaN}', "1e999"])
def test_a_refusal_with_such_json_is_a_refusal(body: str, scripted: Make, config_of: Make) -> None:
    error = add(config_of(scripted(answering(body.encode(), status="400 Bad Request")))).failure()
    assert (
        chub.Rejected(method="POST", template="/workspaces/{workspaceId}/events", status=400, message="Bad Request")
        == error
    )


def test_of_duplicate_keys_the_last_wins(scripted: Make, config_of: Make) -> None:
    server = scripted(answering(b'{"id":"first","id":"last"}'))
    assert ["last", "last"] == [get(config_of(server)).unwrap().id, add(config_of(server)).unwrap().id]


def test_lone_surrogates_are_kept_and_go_out_escaped(scripted: Make, config_of: Make) -> None:
    def script(talk: Any) -> None:
        while talk.read():
            talk.answer("200 OK", rb'{"id":"e1","type":"t","context":"WEB","customerId":"c","registeredAt":'
                        rb'"2026-03-08T08:18:17.123Z","properties":{"text":"\ud800"}}')  # fmt: skip

    server = scripted(script)
    event = get(config_of(server)).unwrap()
    assert "\ud800" == event.properties.properties["text"]
    assert isinstance(chub.update_event(config_of(server), event), Success)
    assert rb'{"text":"\ud800"}' in server.requests[-1]


ODD = ["%2e", "..", "a/b", "a%2fb", "?x", "#x", ";x", "é", "\U0001f600", "a b", "+", "@", "&=", "\\", "\u2028", "\x7f"]
ids = st.text(st.characters(exclude_categories=()), min_size=1, max_size=9) | st.lists(st.sampled_from(ODD)).map(
    "".join
)


@each_has_its_server
@given(pair=st.tuples(ids, ids))
@example(pair=("..", "x"))
@example(pair=("a/../b", "x"))
@example(pair=("%2e%2e", "%2F"))
@example(pair=("é\u2028", "x"))
def test_ids_stay_in_their_segment_of_the_request_line(pair: tuple[str, str], scripted: Make, config_of: Make) -> None:
    def script(talk: Any) -> None:
        while talk.read():
            talk.answer("404 Not Found")

    server = scripted(script)
    config = config_of(server)
    made = session_key(*pair).bind(lambda key: chub.get_session(config, key))
    chub.disconnect(config)
    server.stop()
    if isinstance(made.failure(), chub.InvalidValue):
        assert [] == server.requests
        return
    (request_line,) = [request.split(b"\r\n")[0].decode("ascii") for request in server.requests]
    method, target, version = request_line.split(" ")
    hub, base, workspaces, w, customers, customer, sessions, session = target.split("/")[1:]
    assert ("GET", "HTTP/1.1") == (method, version)
    assert ["hub", "v1", "workspaces", "w", "customers", "sessions"] == [hub, base, workspaces, w, customers, sessions]
    assert pair == (unquote(customer), unquote(session))
    assert set("?#;\\") & set(target) == set()


def session_key(customer: str, session: str) -> Result[chub.SessionKey, chub.ChubError]:
    try:
        return Success(chub.SessionKey(chub.CustomerId(customer), session))
    except chub.InvalidValue as error:
        return Failure(error)


PARTS = [
    b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 202 Accepted\r\n", b"HTTP/1.0 200\r\n", b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 103 x\r\nLink: y\r\n\r\n", b"HTTP/1.1 101 x\r\n", b"HTTP/1.1 204 x\r\n", b"HTTP/1.1 304 x\r\n",
    b"HTTP/1.1 404 x\r\n", b"HTTP/1.1 429 x\r\n", b"HTTP/1.1 503 x\r\n", b"Content-Length: 2\r\n",
    b"Content-Length: 99\r\n", b"Content-Length: -1\r\n", b"Content-Length: +2\r\n", b"Content-Length: 2, 2\r\n",
    b"Content-Length: \xb2\r\n", b"Transfer-Encoding: chunked\r\n\r\n", b"Transfer-Encoding: chunked, chunked\r\n",
    b"Content-Type: multipart/mixed; boundary=x\r\n", b"Content-Type: message/rfc822\r\n",
    b"Content-Type: text/plain\r\n", b"Content-Encoding: gzip\r\n", b"Connection: close\r\n",
    b"Retry-After: 3\r\n", b"Retry-After: \xb2\r\n", b"Retry-After: Sun, 08 Mar 2026 12:00:00 GMT\r\n",
    b"Date: Sun, 08 Mar 2026 12:00:00 GMT\r\n", b"Date: x\r\n", b"\r\n", b"\n", b"\r", b": x\r\n", b"X\r\n",
    b" folded\r\n", b"X: \xff\xfe\r\n", b"X: =?utf-8?q?=ff?=\r\n", b"\x00", b"2\r\n{}\r\n0\r\n\r\n", b"0\r\n\r\n",
    b"-1\r\n", b"-2\r\n", b"2;x\r\n", b"1_0\r\n", b"{}", b'{"id":"e"}', b"--x\r\n", b"--x--\r\n", b"From x\r\n",
]  # fmt: skip
answers = st.lists(st.sampled_from(PARTS) | st.binary(max_size=4), max_size=9).map(b"".join)
calls = st.sampled_from([get, add, lambda config: chub.delete_event(config, "e1")])


@each_has_its_server
@given(sent=st.lists(answers, min_size=1, max_size=5), call=calls)
@example(sent=[CHUNKED + b"-1\r\n{}"], call=get)
@example(sent=[CHUNKED + b"-5\r\n{}"], call=add)
def test_whatever_bytes_come_a_call_gives_a_result(
    sent: list[bytes], call: Callable[[chub.Config], Any], scripted: Make, config_of: Make
) -> None:
    rest = iter(sent)

    def script(talk: Any) -> None:
        talk.read()
        talk.send(next(rest))
        talk.connection.shutdown(socket.SHUT_WR)

    server = scripted(script)
    config = config_of(server)
    results = []
    for _ in sent:
        results.append(call(config))
        chub.disconnect(config)
    server.stop()
    assert [True] * len(sent) == [isinstance(result, Result) for result in results]
    assert len(sent) == server.accepted
