"""Streams of events: in order, lazily, several under way in one thread, and as honest about each as a single call."""

import gc
import json
import pickle
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Future, ThreadPoolExecutor
from itertools import count, islice
from typing import Any

import attrs
import pytest
import trustme
from returns.result import Failure, Result, Success

import chub
from chub import sandbox
from chub.transport.answers import _LimitedReader
from chub.transport.dialling import PlainConnection
from chub.transport.window import Window

Make = Callable[..., Any]

PATIENCE = 5.0


def event(title: str = "Home") -> chub.Event:
    return chub.event(chub.ViewedPage(title=title), owner=chub.ExternalId("CRM-17"), context="WEB")


def events(number: int) -> list[chub.Event]:
    return [event(str(index)) for index in range(number)]


def title_of(request: bytes) -> str:
    title: str = json.loads(request.partition(b"\r\n\r\n")[2])["properties"]["title"]
    return title


def echo(talk: Any) -> None:
    """Answer each request with the title of its event as the id."""
    while request := talk.read():
        talk.answer("202 Accepted", json.dumps({"id": title_of(request)}).encode())


def expected(number: int) -> list[chub.Delivery]:
    return [chub.Delivery(index, one, Success(chub.Accepted(str(index)))) for index, one in enumerate(events(number))]


@pytest.mark.parametrize(("number", "window"), [(0, 8), (1, 8), (7, 8), (8, 8), (30, 8), (5, 1), (100, 64)])
def test_outcomes_come_in_order_over_no_more_connections_than_the_window(
    number: int, window: int, scripted: Make, config_of: Make
) -> None:
    server = scripted(echo)
    deliveries = chub.add_events(config_of(server), iter(events(number)), window=window)
    assert list(deliveries) == expected(number)
    assert (len(server.requests), server.accepted, deliveries.in_flight) == (number, min(number, window), ())
    assert list(deliveries) == []


def test_as_many_are_under_way_as_the_window_holds_in_one_thread(scripted: Make, config_of: Make) -> None:
    together = threading.Barrier(4)

    def answer_together(talk: Any) -> None:
        while request := talk.read():
            together.wait(PATIENCE)  # broken, with an answer missing, unless four are there at once
            talk.answer("202 Accepted", json.dumps({"id": title_of(request)}).encode())

    config = config_of(scripted(answer_together))
    assert list(chub.add_events(config, events(12), window=4)) == expected(12)


def test_no_thread_is_started(scripted: Make, config_of: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    server = scripted(echo)
    started: list[object] = []
    here, start = threading.current_thread(), threading.Thread.start

    def noting(thread: threading.Thread) -> None:
        if threading.current_thread() is here:
            started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", noting)
    assert list(chub.add_events(config_of(server), events(20))) == expected(20)
    assert started == []


def test_the_input_is_pulled_when_there_is_room_and_not_before(scripted: Make, config_of: Make) -> None:
    pulled = 0

    def source() -> Iterator[chub.Event]:
        nonlocal pulled
        for one in events(10):
            pulled += 1
            yield one

    deliveries = chub.add_events(config_of(scripted(echo)), source(), window=3)
    seen = [pulled]
    for _ in range(10):
        next(deliveries)
        seen.append(pulled)
    assert seen == [0, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]


def test_what_can_not_be_sent_stands_at_its_place(scripted: Make, config_of: Make) -> None:
    server = scripted(echo)
    mixed: list[Any] = [event("0"), "no event", event("2")]
    results = [delivery.result for delivery in chub.add_events(config_of(server), mixed)]
    assert [isinstance(result, Success) for result in results] == [True, False, True]
    assert isinstance(results[1].failure(), chub.InvalidValue)
    assert len(server.requests) == 2


FAULTS: dict[str, Any] = {
    "no fault": sandbox.ok(),
    "refused": sandbox.refuse(),
    "closed unread": sandbox.close_unread(),
    "reset unread": sandbox.reset_unread(),
    "read, then closed": sandbox.read_then_close(),
    "stored, then closed": sandbox.commit_then_close(),
    "stored, then reset": sandbox.commit_then_reset(),
    "stored, then silence": sandbox.commit_then_stall(),
    "stored, then garbage": sandbox.garbage(),
    "stored, the answer cut": sandbox.cut(),
    "stored, the length a lie": sandbox.false_length(),
    "stored, then TLS": sandbox.break_tls(),
    "stored, then 503": sandbox.status(503, commit=True, retry_after=0),
    "stored, in chunks": sandbox.chunked(),
    "stored, and closing": sandbox.closing(),
    "stored, after interim answers": sandbox.interim(statuses=[100, 103]),
    "stored, with an endless body": sandbox.endless_body(),
    "stored, with endless headers": sandbox.header_flood(count=2000),
    "stored, with a bomb": sandbox.gzip_bomb(size=2**20),
    "429": sandbox.status(429, retry_after=0),
    "400": sandbox.status(400),
    "408": sandbox.status(408),
    "500": sandbox.status(500),
    "a redirect": sandbox.status(307, headers={"Location": "http://127.0.0.1:9/"}),
}


def outcome(result: Result[chub.Accepted, chub.ChubError]) -> str:
    return "Accepted" if isinstance(result, Success) else type(result.failure()).__name__


def told(fault: Any, run: Callable[[chub.Config], list[Any]]) -> tuple[list[str], int]:
    """Run it against a hub with a fault in its first answer; give the outcomes, and how many events were stored.

    Sorted, for on several connections it isn't sure which request comes first.
    """
    with sandbox.serve(faults=[fault]) as hub:
        retry = chub.RetryPolicy(base=0.001, throttled_base=0.001)
        quick = attrs.evolve(hub.config, timeouts=chub.Timeouts(connect=1, read=0.3, total=3), retry=retry)
        outcomes = sorted(outcome(result) for result in run(quick))
        chub.disconnect(quick)
        return outcomes, hub.ledger.committed


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_means_in_a_stream_what_it_means_in_single_calls(fault: Any) -> None:
    one_by_one = told(fault, lambda config: [chub.add_event(config, one) for one in events(3)])
    streamed = told(fault, lambda config: [one.result for one in chub.add_events(config, events(3), window=3)])
    assert streamed == one_by_one


@pytest.mark.parametrize("fault", [sandbox.commit_then_close(), sandbox.commit_then_stall(), sandbox.garbage()])
def test_what_may_be_stored_is_sent_once(fault: Any) -> None:
    outcomes, stored = told(fault, lambda config: [one.result for one in chub.add_events(config, events(5))])
    assert (outcomes, stored) == (["Accepted"] * 4 + ["Unconfirmed"], 5)


def test_a_stream_has_one_share_of_retries() -> None:
    with sandbox.serve(faults=[sandbox.status(429, retry_after=0)] * 20) as hub:
        retry = chub.RetryPolicy(attempts=3, throttled_base=0.0, budget=4)
        config = attrs.evolve(hub.config, retry=retry)
        results = [one.result for one in chub.add_events(config, events(4), window=2)]
        assert [result.failure().attempts for result in results] == [3, 3, 1, 1]  # type: ignore[union-attr]
        assert len(hub.ledger) == 8
        chub.disconnect(config)


def test_outcomes_bear_what_a_call_bears(scripted: Make, config_of: Make) -> None:
    config = config_of(scripted(echo))
    accepted = [delivery.result.unwrap() for delivery in chub.add_events(config, events(3))]
    assert [one.attempts for one in accepted] == [1, 1, 1]
    assert len({one.tracing_id for one in accepted}) == 3
    assert all(one.elapsed > 0 for one in accepted)


class Silent:
    """A server that answers so many requests and then says nothing; it notes when a client hangs up."""

    def __init__(self, scripted: Make, answers: int) -> None:
        self.left = threading.Semaphore(0)
        self._answers = iter(range(answers))
        self.server = scripted(self._script)

    def _script(self, talk: Any) -> None:
        try:
            while request := talk.read():
                if next(self._answers, None) is not None:
                    talk.answer("202 Accepted", json.dumps({"id": title_of(request)}).encode())
        finally:
            self.left.release()

    def hung_up(self, times: int) -> bool:
        return all(self.left.acquire(timeout=PATIENCE) for _ in range(times))


def in_doubt(deliveries: chub.Deliveries) -> list[tuple[int, str]]:
    return [(one.index, outcome(one.result)) for one in deliveries.in_flight]


def unconfirmed(*indexes: int) -> list[tuple[int, str]]:
    return [(index, "Unconfirmed") for index in indexes]


def test_after_close_what_was_sent_and_not_read_is_in_flight(scripted: Make, config_of: Make) -> None:
    silent = Silent(scripted, answers=1)
    config = config_of(silent.server)
    with chub.add_events(config, (event(str(number)) for number in count()), window=4) as deliveries:
        assert next(deliveries).index == 0
        assert deliveries.in_flight == ()
    assert in_doubt(deliveries) == unconfirmed(1, 2, 3)
    assert [one.event for one in deliveries.in_flight] == events(4)[1:]
    failed = deliveries.in_flight[0].result.failure()
    assert str(failed).startswith("POST /workspaces/{workspaceId}/events: unconfirmed, it may be stored or not:")
    assert list(deliveries) == []
    deliveries.close()
    assert in_doubt(deliveries) == unconfirmed(1, 2, 3)
    assert silent.hung_up(3)


def test_a_stream_that_is_dropped_hangs_up(scripted: Make, config_of: Make) -> None:
    silent = Silent(scripted, answers=1)
    deliveries = chub.add_events(config_of(silent.server), events(9), window=3)
    next(deliveries)
    del deliveries
    gc.collect()
    assert silent.hung_up(2)


def test_what_was_not_sent_is_not_in_flight(scripted: Make, config_of: Make, closed_port: int) -> None:
    mixed: list[Any] = [event("0"), "no event", event("2"), event("3")]
    with chub.add_events(config_of(Silent(scripted, answers=1).server), mixed, window=4) as deliveries:
        next(deliveries)
    assert in_doubt(deliveries) == unconfirmed(2, 3)
    nowhere = config_of(f"http://127.0.0.1:{closed_port}")
    with chub.add_events(nowhere, events(4), window=4) as deliveries:
        assert isinstance(next(deliveries).result.failure(), chub.NotSent)
    assert in_doubt(deliveries) == []


def test_an_input_that_fails_leaves_what_is_in_flight(scripted: Make, config_of: Make) -> None:
    def source() -> Iterator[chub.Event]:
        yield from events(5)
        raise RuntimeError("the file ends in the middle")

    deliveries = chub.add_events(config_of(Silent(scripted, answers=9).server), source(), window=3)
    given = [next(deliveries).index for _ in range(3)]
    with pytest.raises(RuntimeError, match="in the middle"):
        next(deliveries)
    assert (given, in_doubt(deliveries)) == ([0, 1, 2], unconfirmed(3, 4))
    assert list(deliveries) == []


@pytest.mark.parametrize(
    ("place", "step", "flying"), [(_LimitedReader, "readinto", (0, 1, 2)), (PlainConnection, "send", (0,))]
)
def test_an_interrupt_leaves_what_is_in_flight_and_shows_no_token(
    place: Any,
    step: str,
    flying: tuple[int, ...],
    scripted: Make,
    config_of: Make,
    told: Callable[[BaseException], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent = Silent(scripted, answers=0)
    deliveries = chub.add_events(config_of(silent.server), events(5), window=3)

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(place, step, interrupted)
    with pytest.raises(KeyboardInterrupt) as raised:
        next(deliveries)
    assert in_doubt(deliveries) == unconfirmed(*flying)
    assert "demo-token" not in told(raised.value)
    assert silent.hung_up(len(flying))


INTERRUPTED = ("/chub/bulk.py", "/chub/lanes.py", "/chub/transport/window.py")


def interrupting(at: int) -> Callable[..., None]:
    """Make a profile function that interrupts at this point: Python looks for signals in calls, and after them."""
    points = count(1)

    def profile(frame: Any, happening: str, _: object) -> None:
        if happening in ("call", "c_return") and frame.f_code.co_filename.endswith(INTERRUPTED) and next(points) == at:
            raise KeyboardInterrupt

    return profile


def test_wherever_an_interrupt_comes_nothing_is_lost(scripted: Make, config_of: Make) -> None:
    server, told, kept = scripted(echo), set[str](), list[object]()
    config = config_of(server)
    gc.collect()  # the streams of other tests, and `kept` those of this one: an interrupt in a __del__ is swallowed
    for point in count(1):
        deliveries = chub.add_events(config, [event(f"{point}-{number}") for number in range(3)], window=2)
        kept.append(deliveries)
        sys.setprofile(interrupting(point))
        try:
            for delivery in deliveries:
                told.add(delivery.event.properties.title)  # type: ignore[union-attr]
        except KeyboardInterrupt:
            sys.setprofile(None)
            deliveries.close()
            told |= {one.event.properties.title for one in deliveries.in_flight}  # type: ignore[union-attr]
        else:
            break
        finally:
            sys.setprofile(None)
    server.stop()
    assert {title_of(request) for request in server.requests} - told == set()
    assert len(told) > 100


def test_a_second_interrupt_leaves_what_is_in_flight(
    scripted: Make, config_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = Silent(scripted, answers=1)

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with chub.add_events(config_of(silent.server), events(3), window=3) as deliveries:
        next(deliveries)
        with monkeypatch.context() as patched:
            patched.setattr(Window, "close", interrupted)
            with pytest.raises(KeyboardInterrupt):
                deliveries.close()
        assert list(deliveries) == []
    assert in_doubt(deliveries) == unconfirmed(1, 2)


def test_a_failure_to_go_out_is_told_before_more_is_sent(config_of: Make, closed_port: int) -> None:
    """A host that is silent would else take the time to connect as often as the window is wide."""
    pulled: list[int] = []
    config = config_of(f"http://127.0.0.1:{closed_port}")
    deliveries = chub.add_events(config, (pulled.append(number) or event() for number in range(9)), window=8)
    for number in range(3):
        assert isinstance(next(deliveries).result.failure(), chub.NotSent)
        assert pulled == list(range(number + 1))


def test_the_input_may_close_the_stream(scripted: Make, config_of: Make) -> None:
    def source() -> Iterator[chub.Event]:
        yield event("0")
        deliveries.close()
        yield event("1")

    silent = Silent(scripted, answers=0)
    deliveries = chub.add_events(config_of(silent.server), source())
    assert list(deliveries) == []
    assert in_doubt(deliveries) == unconfirmed(0)
    assert silent.hung_up(1)
    assert [title_of(request) for request in silent.server.requests] == ["0"]


def test_an_input_that_fails_at_once_leaves_nothing(config_of: Make) -> None:
    class Broken:
        def __iter__(self) -> Iterator[chub.Event]:
            raise RuntimeError("no such file")

    with pytest.raises(RuntimeError, match="no such file"):
        chub.add_events(config_of("http://127.0.0.1:9"), Broken())
    gc.collect()  # what was begun of the stream goes without a complaint


def test_a_transport_of_the_callers_own_carries_one_after_the_other(config_of: Make) -> None:
    log: list[str] = []

    def transport(request: chub.Request, deadline: chub.Deadline) -> Result[chub.Response, chub.ChubError]:
        log.append(f"sent {json.loads(request.body or b'')['properties']['title']}")
        return Success(chub.Response(status=202))

    def source() -> Iterator[chub.Event]:
        for number in range(3):
            log.append(f"pulled {number}")
            yield event(str(number))

    config = config_of("http://127.0.0.1:9", transport=transport)
    log.extend(f"given {delivery.index}" for delivery in chub.add_events(config, source(), window=8))
    assert log == [f"{word} {number}" for number in range(3) for word in ("pulled", "sent", "given")]


def test_through_a_proxy_one_goes_after_the_other(scripted: Make, config_of: Make) -> None:
    def script(talk: Any) -> None:
        assert talk.read().startswith(b"CONNECT hub.example:443 ")
        talk.answer("407 Proxy Authentication Required")

    proxy = scripted(script)
    config = config_of("https://hub.example", proxy=proxy.url)
    deliveries = chub.add_events(config, events(3), window=3)
    assert isinstance(next(deliveries).result.failure(), chub.NotSent)
    assert len(proxy.requests) == 1
    assert [outcome(one.result) for one in deliveries] == ["NotSent"] * 2


class Recording:
    """An executor that does its work when the result is asked for, and notes what it was given."""

    def __init__(self, *, failure: BaseException | None = None) -> None:
        self.arguments: list[tuple[Any, ...]] = []
        self.open = self.most = 0
        self._failure = failure

    def submit(self, function: Callable[..., Any], /, *args: Any) -> Any:
        self.arguments.append(args)
        self.open += 1
        self.most = max(self.most, self.open)
        return Promise(self, function, args, self._failure)


class Promise:
    def __init__(
        self, owner: Recording, function: Callable[..., Any], args: tuple[Any, ...], failure: BaseException | None
    ) -> None:
        self._work = (owner, function, args, failure)
        self.begun = args[1] == 1

    def result(self) -> Any:
        owner, function, args, failure = self._work
        owner.open -= 1
        if failure is not None:
            raise failure
        return function(*args)

    def cancel(self) -> bool:
        return not self.begun


def test_an_executor_has_no_more_than_the_window_and_can_tell_equal_events_apart(
    scripted: Make, config_of: Make
) -> None:
    server = scripted(echo)
    executor = Recording()
    same = [event("same")] * 7
    deliveries = list(chub.add_events(config_of(server), same, window=3, executor=executor))
    assert [one.index for one in deliveries] == list(range(7))
    assert [outcome(one.result) for one in deliveries] == ["Accepted"] * 7
    assert (executor.most, len(server.requests)) == (3, 7)
    assert len({args[1:] for args in executor.arguments}) == 7


def test_threads_carry_a_stream_in_order(scripted: Make, config_of: Make) -> None:
    with ThreadPoolExecutor(4) as executor:
        assert list(chub.add_events(config_of(scripted(echo)), events(20), executor=executor)) == expected(20)


def test_what_goes_to_an_executor_can_be_pickled() -> None:
    executor = Recording()
    config = chub.config(workspace_id="w", token=chub.token_from_env("CHUB_TOKEN"))
    with chub.add_events(config, [event()], window=1, executor=executor) as deliveries:
        next(deliveries)
    assert pickle.loads(pickle.dumps(executor.arguments)) == executor.arguments


@pytest.mark.parametrize(
    ("failure", "expected"),
    [(BrokenExecutor("no more"), "Unconfirmed"), (CancelledError(), "NotSent")],
)
def test_an_executor_that_fails_is_told_of_each_event(failure: BaseException, expected: str, config_of: Make) -> None:
    executor = Recording(failure=failure)
    deliveries = chub.add_events(config_of("http://127.0.0.1:9"), events(3), executor=executor)
    assert [outcome(one.result) for one in deliveries] == [expected] * 3


class Refusing(Recording):
    """Takes two, and then no more."""

    def __init__(self, refusal: BaseException) -> None:
        super().__init__()
        self._refusal = refusal

    def submit(self, function: Callable[..., Any], /, *args: Any) -> Any:
        if len(self.arguments) == 2:
            raise self._refusal
        return super().submit(function, *args)


def test_a_broken_executor_takes_nothing(scripted: Make, config_of: Make) -> None:
    executor = Refusing(BrokenExecutor("no more"))
    with chub.add_events(config_of(scripted(echo)), events(9), window=4, executor=executor) as deliveries:
        outcomes = [outcome(next(deliveries).result) for _ in range(4)]
    assert outcomes == ["Accepted", "Accepted", "NotSent", "NotSent"]
    assert deliveries.in_flight == ()


@pytest.mark.parametrize(
    ("refusal", "flying"), [(RuntimeError("shut down"), (1,)), (KeyboardInterrupt("in the midst of it"), (1, 2))]
)
def test_what_was_not_submitted_is_not_in_flight(
    refusal: BaseException, flying: tuple[int, ...], config_of: Make
) -> None:
    executor = Refusing(refusal)
    deliveries = chub.add_events(config_of("http://127.0.0.1:9"), events(9), executor=executor)
    with pytest.raises(type(refusal), match=str(refusal)):
        next(deliveries)
    assert in_doubt(deliveries) == unconfirmed(*flying)


def test_what_an_executor_raises_besides_is_raised(config_of: Make) -> None:
    executor = Recording(failure=RuntimeError("a bug"))
    deliveries = chub.add_events(config_of("http://127.0.0.1:9"), events(3), executor=executor)
    with pytest.raises(RuntimeError, match="a bug"):
        next(deliveries)
    assert in_doubt(deliveries) == unconfirmed(1)  # the others could be taken back


def test_what_is_cancelled_in_time_is_not_in_flight(config_of: Make) -> None:
    futures: list[Future[Any]] = []

    class Idle:
        def submit(self, function: Callable[..., Any], /, *args: Any) -> Future[Any]:
            futures.append(Future())
            if len(futures) == 1:
                futures[0].set_result(Failure(chub.NotSent(reason="refused", transient=False)))
            if len(futures) == 3:
                futures[2].set_running_or_notify_cancel()
            return futures[-1]

    with chub.add_events(config_of("http://127.0.0.1:9"), events(9), window=4, executor=Idle()) as deliveries:
        assert isinstance(next(deliveries).result.failure(), chub.NotSent)
    assert in_doubt(deliveries) == unconfirmed(2)
    assert [future.cancelled() for future in futures] == [False, True, False, True]


@pytest.mark.parametrize("window", [0, -1, 257, 1.5, True, "8", None])
def test_a_window_is_a_number_from_1_to_256(window: Any, config_of: Make) -> None:
    with pytest.raises(chub.InvalidValue, match=r"^window: "):
        chub.add_events(config_of("http://127.0.0.1:9"), [], window=window)


@pytest.mark.parametrize("given", [None, 5, chub.event(chub.ViewedPage(), owner=chub.CustomerId("c"), context="WEB")])
def test_what_is_no_iterable_is_a_wrong_program(given: Any) -> None:
    config = chub.config(workspace_id="w", token="demo")
    with pytest.raises(chub.InvalidValue, match="events: an iterable of events is needed"):
        chub.add_events(config, given)
    gc.collect()  # nothing is left that would fail when it goes


def test_what_is_no_config_is_a_wrong_program() -> None:
    with pytest.raises(chub.InvalidValue, match=r"^config: "):
        chub.add_events("no config", [])  # type: ignore[arg-type]


def test_over_tls_a_stream_shares_one_context(monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    made: list[object] = []
    create = ssl.create_default_context

    def noting(*args: Any, **more: Any) -> ssl.SSLContext:
        made.append(args)
        return create(*args, **more)

    with authority.cert_pem.tempfile() as ca_file, sandbox.serve(tls=context, ca_file=ca_file) as hub:
        monkeypatch.setattr(ssl, "create_default_context", noting)
        results = [one.result for one in chub.add_events(hub.config, events(20), window=6)]
        chub.disconnect(hub.config)
        assert [outcome(result) for result in results] == ["Accepted"] * 20
        assert (hub.ledger.committed, len(made)) == (20, 1)


def test_large_events_go_out_whole(scripted: Make, config_of: Make) -> None:
    """They are larger than what a segment or a read of the server's takes."""
    titles = [str(number) + "x" * 60_000 for number in range(6)]
    results = [one.result for one in chub.add_events(config_of(scripted(echo)), map(event, titles), window=3)]
    assert [result.unwrap().id for result in results] == titles


def told_of(make: Callable[[Any], chub.Deliveries], take: int | None = None) -> list[tuple[int, int | None, bool]]:
    """Give what a stream tells of its progress while so many outcomes are taken, or all."""
    told: list[chub.Progress] = []
    with make(told.append) as deliveries:
        list(islice(deliveries, take))
    assert sorted(told, key=lambda progress: progress.seconds) == told
    return [(progress.events, progress.total, progress.done) for progress in told]


@pytest.mark.parametrize("number", [0, 1, 5])
def test_a_stream_tells_of_what_was_given(number: int, scripted: Make, config_of: Make) -> None:
    config = config_of(scripted(echo))
    steps = [(index, number, False) for index in range(number + 1)]
    assert [*steps, (number, number, True)] == told_of(
        lambda observe: chub.add_events(config, events(number), observe=observe)
    )


def test_a_stream_of_unknown_length_has_no_total_and_one_that_is_left_is_done(scripted: Make, config_of: Make) -> None:
    config = config_of(scripted(echo))
    told = told_of(lambda observe: chub.add_events(config, iter(events(9)), observe=observe), take=2)
    assert [(0, None, False), (1, None, False), (1, None, True)] == told
    assert [] == told_of(lambda observe: chub.add_events(config, events(9), observe=observe), take=0)


def test_an_observer_that_raises_loses_no_outcome(
    scripted: Make, config_of: Make, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[int] = []

    def observe(progress: chub.Progress) -> None:
        calls.append(progress.events)
        if progress.events == 2:
            raise StopIteration("no more, please")

    deliveries = chub.add_events(config_of(scripted(echo)), events(5), observe=observe)
    assert expected(5) == list(deliveries)
    assert [0, 1, 2] == calls
    (record,) = [record for record in caplog.records if record.levelname == "WARNING"]
    assert "an observer raised, and is told nothing more; no event is lost by it" == record.getMessage()


def test_an_observer_may_close_the_stream(scripted: Make, config_of: Make) -> None:
    silent = Silent(scripted, answers=2)

    def observe(progress: chub.Progress) -> None:
        if progress.events == 2:
            deliveries.close()

    deliveries = chub.add_events(config_of(silent.server), events(9), window=3, observe=observe)
    assert [0, 1] == [one.index for one in deliveries]
    assert unconfirmed(2, 3) == in_doubt(deliveries)


def test_an_interrupt_in_an_observer_loses_no_outcome(scripted: Make, config_of: Make) -> None:
    def observe(progress: chub.Progress) -> None:
        if progress.events == 2 and not progress.done:
            raise KeyboardInterrupt

    deliveries = chub.add_events(config_of(scripted(echo)), events(9), window=3, observe=observe)
    given = [next(deliveries).index, next(deliveries).index]
    with pytest.raises(KeyboardInterrupt):
        next(deliveries)
    assert ([0, 1], unconfirmed(2, 3)) == (given, in_doubt(deliveries))
    assert [] == list(deliveries)
