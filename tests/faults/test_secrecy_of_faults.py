"""No token is to be seen, whatever happens to a call (law 7): every row of the table, every method, and interrupts."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import repeat
from typing import Any

import attrs
import pytest
from faults.calls import OPERATIONS, SECRET, Call, Clock, Hub, nothing
from faults.table import ROWS, WORLDS, Row, World
from returns.result import Success

import chub
from chub import http, sandbox
from chub.testing import laws
from chub.wire.operation import Operation
from chub.wire.operations import parse_accepted

Make = Callable[..., Any]
Told = Callable[[BaseException], str]

ONE_OF_EACH = ["add_event", "get_event", "update_event", "delete_event"]
CASES = [pytest.param(row, way, id=f"{row.observed}, {way}") for row in ROWS for way in row.ways]
# Where a reset is there before the handshake begins, Python's ssl leaves it to the collector to close the socket.
UNCLOSED = pytest.mark.filterwarnings("ignore:Exception ignored in.*SSLSocket:pytest.PytestUnraisableExceptionWarning")
EVENT = chub.event(chub.ViewedPage(title="Home"), owner=chub.CustomerId("c"), context="WEB")


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Callable[[], list[logging.LogRecord]]:
    """Everything that any logger says."""
    for name in ("", "chub", "chub.sandbox", "urllib3", "urllib3.connection", "urllib3.response"):
        caplog.set_level(logging.DEBUG, name or None)
    return lambda: caplog.records


@UNCLOSED
@pytest.mark.parametrize(("row", "way"), CASES)
def test_no_fault_shows_the_token(
    row: Row, way: str, kept_hubs: dict[str, Hub], logged: Callable[[], list[logging.LogRecord]]
) -> None:
    hub = kept_hubs[way]
    once = attrs.evolve(row.policy, attempts=1)
    config = attrs.evolve(hub.config, retry=once, timeouts=chub.Timeouts(read=row.stalls or 5))
    results = []
    for name in ONE_OF_EACH:
        operation, clock = OPERATIONS[name](hub).unwrap(), Clock()
        hub.sandbox.script(repeat(row.fault))
        results.append(Call(hub, config, clock=clock, on_sleep=nothing).send(operation))
    assert len(logged()) >= len(ONE_OF_EACH)
    laws.keeps_secret(SECRET, *results, *logged())


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.observed)
def test_no_world_shows_the_token(
    world: World, request: pytest.FixtureRequest, logged: Callable[[], list[logging.LogRecord]]
) -> None:
    made = request.getfixturevalue(world.made_by)
    results = []
    for name in ONE_OF_EACH:
        operation = OPERATIONS[name](made.hub).unwrap()
        results.append(Call(made.hub, made.config, clock=Clock(), on_sleep=nothing).send(operation))
    assert len(logged()) >= len(ONE_OF_EACH)
    laws.keeps_secret(SECRET, *results, *logged())


class Body(bytes):
    """So many bytes, which a traceback does not write out."""

    def __repr__(self) -> str:
        return "Body(...)"


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let Ctrl-C interrupt, even where the tests run in the background and it would be ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt_main() -> None:
    """Do what Ctrl-C does."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def drain(talk: Any) -> None:
    """Read on until the client has gone."""
    while talk.connection.recv(1_000_000):
        pass


def interrupt_within_the_request(talk: Any) -> None:
    talk.connection.recv(100)
    interrupt_main()
    drain(talk)


def interrupt_before_the_answer(talk: Any) -> None:
    talk.read()
    interrupt_main()
    drain(talk)


def interrupt_within_the_answer(talk: Any) -> None:
    talk.read()
    talk.send(b"HTTP/1.1 202 Acc")
    interrupt_main()
    drain(talk)


def interrupt_within_the_body(talk: Any) -> None:
    talk.read()
    talk.send(b"HTTP/1.1 202 Accepted\r\nContent-Length: 9\r\n\r\n{")
    interrupt_main()
    drain(talk)


class Interrupting:
    """A clock of a hub in process that is interrupted; in the frames below it the request is without its cover."""

    def __call__(self) -> Any:
        raise KeyboardInterrupt


def test_an_interrupt_within_a_transport_of_ones_own_shows_no_token(told: Told) -> None:
    with sandbox.open(token=SECRET, clock=Interrupting()) as opened, pytest.raises(KeyboardInterrupt) as raised:
        chub.add_customer(opened.config, chub.customer("CRM-17"))
    assert SECRET not in told(raised.value)
    assert "door.py" in told(raised.value)


def test_an_interrupt_while_a_call_is_opened_shows_no_token(
    config_of: Make, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(value: object) -> None:
        raise KeyboardInterrupt

    config = config_of("http://127.0.0.1:9", token=SECRET)
    monkeypatch.setattr(http, "header_text_fault", interrupted)
    with pytest.raises(KeyboardInterrupt) as raised:
        chub.send(config, Operation(chub.Request(method="GET", path="/x", template="/x"), parse_accepted))
    assert SECRET not in told(raised.value)
    assert "door.py" in told(raised.value)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="this system sends no signals to threads")
@pytest.mark.parametrize(
    "script",
    [
        interrupt_within_the_request,
        interrupt_before_the_answer,
        interrupt_within_the_answer,
        interrupt_within_the_body,
    ],
)
def test_an_interrupt_ends_the_call_closes_the_connection_and_shows_no_token(
    script: Callable[[Any], None], scripted: Make, config_of: Make, told: Told
) -> None:
    ended = threading.Event()

    def watched(talk: Any) -> None:
        if talk.server.accepted == 1:
            with suppress(ConnectionError):
                script(talk)
            ended.set()
        else:
            talk.read()
            talk.answer("202 Accepted", b'{"id":"after"}')

    config = config_of(scripted(watched), token=SECRET)
    size = 40_000_000 if script is interrupt_within_the_request else 10
    asked = chub.Request(method="POST", path="/x", template="/x", body=Body(size))
    with pytest.raises(KeyboardInterrupt) as raised:
        chub.send(config, Operation(asked, parse_accepted))
    assert SECRET not in told(raised.value)
    assert "door.py" in told(raised.value)
    assert ended.wait(5)
    assert Success(chub.Accepted("after")) == chub.add_event(config, EVENT)
