"""The rolling window and its clocks: whose time counts, what is read late, which connections are trusted."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest
from returns.result import Failure, Result, Success

import chub
from chub.transport import connections
from chub.transport.answers import LimitedAnswer
from chub.transport.door import RetryBudget
from chub.transport.exchange import FRESH
from chub.transport.window import Steps, Window, results_ahead, window_size

Make = Callable[..., Any]
PATIENCE = 5.0


@pytest.fixture(autouse=True)
def a_table_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start from an empty table, whatever the tests before have left."""
    monkeypatch.setattr(connections, "_tables", [connections._Table()])


class Clock:
    """A clock that goes only where it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    @property
    def steps(self) -> Steps:
        return Steps(clock=self, sleep=self.sleep, draw=lambda: 1.0)


def post(config: chub.Config, title: str = "Home") -> Any:
    event = chub.event(chub.ViewedPage(title=title), owner=chub.CustomerId("c"), context="WEB")
    return chub.operations.add_event(config, event)


def echo(talk: Any) -> None:
    while request := talk.read():
        title = json.loads(request.partition(b"\r\n\r\n")[2])["properties"]["title"]
        talk.answer("202 Accepted", json.dumps({"id": title}).encode())


def accepted(title: str) -> Any:
    return Success(chub.Accepted(title))


def arrived(window: Window[Any], index: int) -> None:
    """Wait until the answer of a call under way is in the kernel."""
    flight = window._underway[index].flight
    assert flight is not None
    connection = flight.unwrap().connection
    for _ in range(500):
        if not connection.is_connected:  # there is something to read
            return
        threading.Event().wait(0.01)
    raise AssertionError("no answer came")


def test_the_callers_pauses_are_no_part_of_a_calls_time(scripted: Make, config_of: Make) -> None:
    answer = threading.Event()

    def late(talk: Any) -> None:
        while talk.read():
            answer.wait(PATIENCE)
            talk.answer("202 Accepted", b'{"id":"late"}')

    clock = Clock()
    config = config_of(scripted(late), timeouts=chub.Timeouts(read=2, total=4))
    window: Window[Any] = Window(config, 2, RetryBudget(0), clock.steps)
    window.send(post(config))
    clock.sleep(3600)  # the caller's turn
    threading.Timer(0.02, answer.set).start()
    assert window.receive() == accepted("late")


def expire(window: Window[Any], now: float) -> None:
    """Let the time of the oldest call be over."""
    oldest = window._underway[0]
    call = oldest.opened.unwrap()
    oldest.opened = Success(attrs.evolve(call, deadline=attrs.evolve(call.deadline, at=now)))


def test_what_the_kernel_holds_is_read_before_a_deadline_is_judged(scripted: Make, config_of: Make) -> None:
    def script(talk: Any) -> None:
        while b"silence" not in talk.read():
            talk.answer("202 Accepted", b'{"id":"there"}')
        talk.stall()

    clock = Clock()
    config = config_of(scripted(script))
    window: Window[Any] = Window(config, 2, RetryBudget(0), clock.steps)
    window.send(post(config, "there"))
    window.send(post(config, "silence"))
    arrived(window, 0)
    expire(window, clock.now)
    assert window.receive() == accepted("there")
    expire(window, clock.now)
    late = window.receive().failure()
    assert (type(late), getattr(late, "reason", "")) == (chub.Unconfirmed, "timed out")


def test_what_a_retry_sleeps_counts_for_its_own_call_and_for_the_others(scripted: Make, config_of: Make) -> None:
    throttled = threading.Event()

    def script(talk: Any) -> None:
        while talk.read():
            headers = () if throttled.is_set() else ("Retry-After: 50",)
            throttled.set()
            talk.answer("429 Too Many Requests" if headers else "202 Accepted", b'{"id":"late"}', *headers)

    clock = Clock()
    config = config_of(scripted(script), timeouts=chub.Timeouts(total=60), retry=chub.RetryPolicy())
    window: Window[Any] = Window(config, 2, RetryBudget(5), clock.steps)
    window.send(post(config))
    arrived(window, 0)
    window.send(post(config))
    result = window.receive()
    assert (result, result.unwrap().attempts, result.unwrap().elapsed) == (accepted("late"), 2, 50.0)
    assert window._underway[0].opened.unwrap().deadline.left() == 10.0
    assert window.receive() == accepted("late")


@pytest.mark.parametrize(("pause", "connections_made"), [(FRESH - 0.1, 1), (FRESH + 0.1, 2)])
def test_a_post_goes_on_no_connection_whose_answer_may_be_old(
    pause: float, connections_made: int, scripted: Make, config_of: Make
) -> None:
    server, clock = scripted(echo), Clock()
    config = config_of(server)
    window: Window[Any] = Window(config, 1, RetryBudget(0), clock.steps)
    window.send(post(config, "one"))
    arrived(window, 0)
    clock.sleep(pause)  # when the answer came, meanwhile, nobody knows
    assert window.receive() == accepted("one")
    window.send(post(config, "two"))
    assert window.receive() == accepted("two")
    assert server.accepted == connections_made


def test_an_answer_that_was_waited_for_makes_its_connection_fresh(scripted: Make, config_of: Make) -> None:
    clock = Clock()

    def slow(talk: Any) -> None:
        while talk.read():
            asked.wait(PATIENCE)
            clock.sleep(10)
            talk.answer("202 Accepted", b'{"id":"slow"}')

    asked = threading.Event()
    server = scripted(slow)
    config = config_of(server, timeouts=chub.Timeouts(total=60))
    window: Window[Any] = Window(config, 1, RetryBudget(0), clock.steps)
    for _ in range(2):
        window.send(post(config))
        threading.Timer(0.02, asked.set).start()
        assert window.receive() == accepted("slow")
        asked.clear()
    assert server.accepted == 1


def test_a_closed_window_says_what_is_in_doubt(scripted: Make, config_of: Make) -> None:
    config = config_of(scripted(lambda talk: talk.read()))
    window: Window[Any] = Window(config, 3, RetryBudget(0))
    window.send(post(config))
    window.send(Failure(chub.InvalidValue.of("event", "none")))
    first, second = window.in_doubt()
    assert isinstance(first, chub.Unconfirmed)
    window.close()
    assert (second, len(window), window.in_doubt()) == (None, 0, ())


def test_what_could_not_go_out_is_not_in_doubt_until_it_is_tried_again(config_of: Make, closed_port: int) -> None:
    config = config_of(f"http://127.0.0.1:{closed_port}", retry=chub.RetryPolicy(attempts=1))
    window: Window[Any] = Window(config, 3, RetryBudget(0))
    window.send(post(config))
    assert (window.has_room, window.in_doubt()) == (False, (None,))
    assert isinstance(window.receive().failure(), chub.NotSent)
    assert (window.has_room, window.in_doubt()) == (True, ())


def test_results_come_ahead_and_no_more_are_under_way_than_the_window_holds(config_of: Make) -> None:
    log: list[str] = []

    def transport(request: chub.Request, deadline: chub.Deadline) -> Result[chub.Response, chub.ChubError]:
        log.append("sent")
        return Success(chub.Response(status=202))

    config = config_of("http://127.0.0.1:9", transport=transport)
    window: Window[Any] = Window(config, 8, RetryBudget(0))

    def built() -> Iterator[Any]:
        for _ in range(3):
            log.append("built")
            yield post(config)

    results = results_ahead(window, built())
    assert [outcome for _ in range(3) if (outcome := next(results)) and log.append("given")] == []
    assert next(results, None) is None
    assert log == ["built", "sent", "built", "given", "sent", "built", "given", "sent", "given"]


def test_results_that_are_left_are_dropped(scripted: Make, config_of: Make) -> None:
    ended = threading.Semaphore(0)

    def watched(talk: Any) -> None:
        try:
            echo(talk)
        finally:  # hung up on with an answer unread, it gets a reset
            ended.release()

    config = config_of(scripted(watched))
    window: Window[Any] = Window(config, 3, RetryBudget(0))
    results = results_ahead(window, iter([post(config, str(number)) for number in range(9)]))
    assert next(results) == accepted("0")
    assert len(window) == 3
    results.close()  # type: ignore[attr-defined]
    assert len(window) == 0
    assert all(ended.acquire(timeout=PATIENCE) for _ in range(3))


@pytest.mark.parametrize(("value", "least"), [(0, 1), (-1, 0), (257, 0), ("1", 0), (True, 0)])
def test_sizes_that_can_not_be(value: Any, least: int) -> None:
    with pytest.raises(chub.InvalidValue, match=r"^ahead: "):
        window_size(value, "ahead", least)


def test_no_more_is_taken_from_the_kernel_without_a_look_at_the_time_than_is_allowed() -> None:
    here, there = socket.socketpair()
    with here, there:
        there.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000)

        def over() -> float:
            raise TimeoutError("over")

        answer = LimitedAnswer(here, method="GET", wait=over, held=50_000)
        answer.begin()
        with pytest.raises(TimeoutError):
            answer.body(1_000_000)
        assert answer.waited
