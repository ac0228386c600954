"""What the door promises beside the table: stamps, one trace, shared budgets, the deadline, and fresh connections."""

import logging
from collections.abc import Callable
from itertools import repeat
from typing import Any

import attrs
import pytest
from faults.calls import OPERATIONS, SECRET, Call, Clock, Hub, nothing
from returns.result import Success

import chub
from chub import operations, sandbox
from chub.sandbox import Fault

Make = Callable[..., Any]
OpenHub = Callable[[str], Hub]

EVENT = chub.event(chub.ViewedPage(title="Home"), owner=chub.ExternalId("CRM-17"), context="WEB")
BOTH = pytest.mark.parametrize("way", ["in process", "sockets"])


def add(hub: Hub) -> chub.Operation[Any]:
    return operations.add_event(hub.config, EVENT).unwrap()


class Requests:
    """A script that keeps the requests which it strikes."""

    def __init__(self, *faults: Fault | None) -> None:
        self.seen: list[chub.Request] = []
        self._rest = iter(faults)

    def __call__(self, request: chub.Request) -> Fault | None:
        self.seen.append(request)
        return next(self._rest, None)

    def headers(self, name: str) -> list[str]:
        return [value for request in self.seen for key, value in request.headers if key.lower() == name.lower()]


def sent(hub: Hub, operation: chub.Operation[Any], script: Any, **more: Any) -> tuple[Any, Call]:
    """Make a call under this script; its clock moves by its sleeps."""
    clock = more.pop("clock", None) or Clock()
    config = attrs.evolve(hub.config, **more)
    hub.sandbox.script(script)
    call = Call(hub, config, clock=clock, on_sleep=lambda: clock.advance(call.sleeps[-1]))
    return call.send(operation, tracing_id="trace-1"), call


STAMPED: dict[str, tuple[str, list[Fault | None], type, int, float]] = {
    # operation, script, class of the outcome, attempts, the least seconds that the call took
    "accepted": ("add_event", [], chub.Accepted, 1, 0.0),
    "accepted at last": ("add_event", [sandbox.status(429)] * 2, chub.Accepted, 3, 3.0),
    "replaced": ("update_event", [sandbox.commit_then_close()], chub.Accepted, 2, 0.05),
    "deleted": ("delete_event", [sandbox.status(503, retry_after=7)], chub.Deleted, 2, 7.0),
    "deleted, it seems": ("delete_event", [sandbox.commit_then_close()], chub.Deleted, 2, 0.05),
    "not sent": ("add_event", [sandbox.refuse(60)] * 3, chub.NotSent, 3, 0.15),
    "unconfirmed": ("add_event", [sandbox.commit_then_reset()], chub.Unconfirmed, 1, 0.0),
    "unconfirmed for long": ("delete_event", [sandbox.status(500)] * 3, chub.Unconfirmed, 3, 0.15),
    "rejected": ("add_customer", [sandbox.status(403)], chub.Rejected, 1, 0.0),
    "rejected at last": ("add_customer", [sandbox.status(429), sandbox.status(403)], chub.Rejected, 2, 1.0),
    "throttled": ("add_event", [sandbox.status(429, retry_after=4)] * 3, chub.Throttled, 3, 8.0),
    "bad response": ("get_event", [sandbox.status(502), sandbox.status(200, body="?")], chub.BadResponse, 2, 0.05),
}


@pytest.mark.parametrize(("name", "script", "wanted", "attempts", "least"), STAMPED.values(), ids=STAMPED)
def test_every_outcome_and_error_says_what_the_call_took(
    name: str, script: list[Fault | None], wanted: type, attempts: int, least: float, open_hub: OpenHub
) -> None:
    hub = open_hub("in process")
    result, _ = sent(hub, OPERATIONS[name](hub).unwrap(), script)
    value = result.unwrap() if isinstance(result, Success) else result.failure()
    assert (wanted, attempts, "trace-1") == (type(value), value.attempts, value.tracing_id)
    assert least <= value.elapsed < least + 5
    assert value == attrs.evolve(value, attempts=99, elapsed=99.0, tracing_id=None)


@BOTH
def test_one_tracing_id_goes_out_with_all_attempts_and_is_in_one_line_for_each(
    way: str, open_hub: OpenHub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "chub")
    hub, script = open_hub(way), Requests(sandbox.status(429), sandbox.status(429, retry_after=1))
    hub.sandbox.script(script)
    accepted = Call(hub, hub.config, clock=Clock(), on_sleep=nothing).send(add(hub)).unwrap()
    assert [accepted.tracing_id] * 3 == script.headers("X-Tracing-ID")
    lines = [record.getMessage() for record in caplog.records if record.name == "chub"]
    ends = [line.partition(" -> ")[2].partition(",")[0] for line in lines]
    assert [f"{status} (trace {accepted.tracing_id}" for status in (429, 429, 202)] == ends


@BOTH
def test_each_call_has_a_tracing_id_of_its_own(way: str, open_hub: OpenHub) -> None:
    hub, script = open_hub(way), Requests()
    hub.sandbox.script(script)
    for _ in range(3):
        chub.add_event(hub.config, EVENT).unwrap()
    assert 3 == len(set(script.headers("X-Tracing-ID")))


def page_failing(times: int) -> Requests:
    """Strike each page so many times before it is given."""
    return Requests(*[*[sandbox.status(503)] * times, None] * 9)


@BOTH
def test_a_walk_has_one_budget_for_all_its_pages(way: str, open_hub: OpenHub) -> None:
    hub = open_hub(way)
    for _ in range(4):
        hub.recorded_event()
    policy = chub.RetryPolicy(base=0, budget=3)
    config = attrs.evolve(hub.config, retry=policy)
    hub.sandbox.script(page_failing(times=2))
    results = list(chub.event_pages(config, chub.event_query(size=1)))
    assert [True, False] == [isinstance(result, Success) for result in results]
    failed = results[-1].failure()
    assert (1, chub.Unconfirmed, 2) == (failed.page, type(failed.cause), failed.cause.attempts)
    assert 5 == hub.sandbox.ledger.received
    hub.sandbox.script(page_failing(times=0))
    resumed = chub.event_pages(config, chub.event_query(size=1, page=failed.page))
    assert [1, 2, 3] == [page.unwrap().number for page in resumed]


@BOTH
def test_single_calls_share_a_budget_only_where_they_are_given_one(way: str, open_hub: OpenHub) -> None:
    hub, shared = open_hub(way), chub.RetryBudget(3)
    hub.sandbox.script(repeat(sandbox.status(429)))
    call = Call(hub, hub.config, clock=Clock(), on_sleep=nothing)
    together = [call.send(add(hub), budget=shared).failure().attempts for _ in range(3)]
    apart = [call.send(add(hub)).failure().attempts for _ in range(3)]
    assert ([3, 2, 1], [3, 3, 3], 0) == (together, apart, shared.left)


@BOTH
@pytest.mark.parametrize(("total", "sleeps"), [(60, [25.0, 25.0]), (49, [25.0]), (25, []), (26, [25.0])])
def test_a_retry_after_beyond_the_time_left_stops_at_once(
    way: str, total: float, sleeps: list[float], open_hub: OpenHub
) -> None:
    hub = open_hub(way)
    result, call = sent(hub, add(hub), repeat(sandbox.status(429, retry_after=25)), timeouts=chub.Timeouts(total=total))
    assert (
        chub.Throttled(
            method="POST", template="/workspaces/{workspaceId}/events", retry_after=25.0, message="Too Many Requests"
        )
        == result.failure()
    )
    assert (sleeps, len(sleeps) + 1) == (call.sleeps, result.failure().attempts)


FURTHER: dict[str, Fault] = {
    "refused": sandbox.refuse(),
    "throttled": sandbox.status(429),
    "forbidden": sandbox.status(403),
    "not there": sandbox.status(404),
    "in conflict": sandbox.status(409),
    "redirected": sandbox.status(302, headers={"Location": "/x"}),
    "broken": sandbox.status(500),
    "cut": sandbox.read_then_reset(),
}


@pytest.mark.parametrize("further", FURTHER)
@pytest.mark.parametrize("name", ["update_event", "delete_event", "delete_session", "delete_customer"])
def test_a_write_that_was_unconfirmed_stays_so_whatever_follows(name: str, further: str, open_hub: OpenHub) -> None:
    hub = open_hub("in process")
    operation = OPERATIONS[name](hub).unwrap()
    script = [sandbox.commit_then_close(), *[FURTHER[further]] * 2]
    result, _ = sent(hub, operation, script, retry=chub.RetryPolicy(attempts=3))
    if further == "not there" and name != "update_event":
        assert Success(chub.Deleted(confirmed=False)) == result
    else:
        assert isinstance(result.failure(), chub.Unconfirmed)
        assert ": unconfirmed, it may be " in str(result.failure())
    assert 1 == hub.sandbox.ledger.committed


@pytest.mark.parametrize("further", ["forbidden", "in conflict", "not there", "throttled", "refused"])
def test_a_post_that_was_unconfirmed_and_may_be_repeated_stays_so(further: str, open_hub: OpenHub) -> None:
    hub = open_hub("in process")
    script = [sandbox.commit_then_close(), *[FURTHER[further]] * 2]
    result, _ = sent(hub, add(hub), script, retry=chub.RetryPolicy(repeat_unconfirmed=True))
    assert "remote end closed connection without response" == result.failure().reason
    assert 1 == hub.sandbox.ledger.committed


def test_a_post_that_may_be_repeated_is_and_the_hub_has_it_twice(open_hub: OpenHub) -> None:
    hub = open_hub("in process")
    result, _ = sent(hub, add(hub), [sandbox.commit_then_close()], retry=chub.RetryPolicy(repeat_unconfirmed=True))
    assert 2 == result.unwrap().attempts == hub.sandbox.ledger.committed


def test_a_read_that_got_no_answer_says_so_and_nothing_of_storing(open_hub: OpenHub) -> None:
    hub = open_hub("in process")
    result, _ = sent(hub, OPERATIONS["get_event"](hub).unwrap(), repeat(sandbox.commit_then_close()))
    told = "GET /workspaces/{workspaceId}/events/{event_id}: no answer: remote end closed connection without response"
    assert told == str(result.failure())


@pytest.mark.parametrize("endless", [None, float("inf"), float("nan"), 0, -1, "60"])
def test_no_deadline_is_refused(endless: Any) -> None:
    with pytest.raises(chub.InvalidValue) as refused:
        chub.Timeouts(total=endless)
    assert ["total"] == [problem.path for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("name", "idle", "connections"),
    [
        ("add_event", 0.9, 1),
        ("add_event", 1.1, 2),
        ("add_customer", 1.1, 2),
        ("add_session", 1.1, 2),
        ("get_event", 0.9, 1),
        ("get_event", 3_000.0, 1),
        ("update_event", 3_000.0, 1),
        ("delete_event", 3_000.0, 1),
    ],
)
def test_a_post_goes_on_a_connection_that_was_in_use_just_now(
    name: str, idle: float, connections: int, hub: Hub
) -> None:
    clock = Clock()
    call = Call(hub, hub.config, clock=clock, on_sleep=nothing)
    assert isinstance(call.send(add(hub)), Success)
    clock.advance(idle)
    assert isinstance(call.send(OPERATIONS[name](hub).unwrap()), Success)
    assert connections == hub.sandbox.connections  # type: ignore[attr-defined]


def test_each_answer_makes_a_connection_fresh_again(hub: Hub) -> None:
    clock = Clock()
    call = Call(hub, hub.config, clock=clock, on_sleep=nothing)
    for _ in range(5):
        assert isinstance(call.send(add(hub)), Success)
        clock.advance(0.9)
    assert 1 == hub.sandbox.connections  # type: ignore[attr-defined]


@pytest.mark.parametrize("fault", [sandbox.close_unread(), sandbox.reset_unread()], ids=["close", "reset"])
@pytest.mark.parametrize(
    ("name", "outcome", "attempts"), [("add_event", chub.Unconfirmed, 1), ("update_event", chub.Accepted, 2)]
)
def test_a_close_that_races_the_request_leaves_a_post_unconfirmed(
    name: str, outcome: type, attempts: int, fault: Fault, hub: Hub
) -> None:
    operation = OPERATIONS[name](hub).unwrap()
    result, _ = sent(hub, add(hub), [None, fault])
    assert (Success, 1) == (type(result), hub.sandbox.connections)  # type: ignore[attr-defined]
    call = Call(hub, hub.config, clock=Clock(), on_sleep=nothing)
    raced = call.send(operation)
    value = raced.unwrap() if isinstance(raced, Success) else raced.failure()
    assert (outcome, attempts) == (type(value), value.attempts)
    assert attempts == hub.sandbox.connections  # type: ignore[attr-defined]


def test_a_netrc_file_is_not_read(
    scripted: Make, config_of: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password not-mine\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    server = scripted(lambda talk: (talk.read(), talk.answer("202 Accepted")))
    assert isinstance(chub.add_event(config_of(server, token=SECRET), EVENT), Success)
    assert [f"Authorization: Bearer {SECRET}"] == [
        line for line in server.requests[0].decode().split("\r\n") if line.startswith("Authorization")
    ]


ODD_REQUESTS: dict[str, tuple[dict[str, Any], str]] = {
    "a method with a space": ({"method": "GE T"}, "request.method: 'GE T' is no method"),
    "no method": ({"method": ""}, "request.method: '' is no method"),
    "a method that is no text": ({"method": 7}, "request.method: 7 is no method"),
    "a path with a space": ({"path": "/a b"}, "request.path: '/a b' is no path of a URL"),
    "a path with a line break": ({"path": "/a\r\nb"}, "request.path: '/a\\r\\nb' is no path of a URL"),
    "a path beyond ASCII": ({"path": "/é"}, "request.path: '/é' is no path of a URL"),
    "a path with a query": ({"path": "/a?b"}, "request.path: '/a?b' is no path of a URL"),
    "a path without a slash": ({"path": "a"}, "request.path: 'a' is no path of a URL"),
    "a header beyond Latin-1": ({"headers": (("X", "\u20ac"),)}, "request.headers['X']: no header can be written so"),
    "a header with a line break": ({"headers": (("X", "a\nb"),)}, "request.headers['X']: no header can be written so"),
    "a host of its own": (
        {"headers": (("HOST", "hub.example"),)},
        "request.headers['HOST']: the transport itself writes this one",
    ),
    "a length of its own": (
        {"headers": (("Content-Length", "1"),)},
        "request.headers['Content-Length']: the transport itself writes this one",
    ),
    "a coding of its own": (
        {"headers": (("Transfer-Encoding", "chunked"),)},
        "request.headers['Transfer-Encoding']: the transport itself writes this one",
    ),
    "a header that is no text": ({"headers": (("X", 7),)}, "request.headers['X']: no header can be written so"),
    "a header's name with a colon": (
        {"headers": (("X:", "a"),)},
        "request.headers['X:']: no header can be written so",
    ),
    "a body that is text": ({"body": "text"}, "request.body: bytes are needed, not str"),
}


@BOTH
@pytest.mark.parametrize(("changed", "told"), ODD_REQUESTS.values(), ids=ODD_REQUESTS)
def test_a_request_of_ones_own_that_nothing_can_bear_is_not_sent(
    way: str, changed: dict[str, Any], told: str, open_hub: OpenHub
) -> None:
    hub = open_hub(way)
    plain = chub.Request(method="POST", path="/x", template="/x", headers=(("X", "a \u00e9\tb"), ("Y", "")), body=b"{}")
    asked = attrs.evolve(plain, **changed)
    error = chub.send(hub.config, chub.Operation(asked, operations.parse_accepted)).failure()
    assert (chub.InvalidValue, told) == (type(error), str(error))
    sent_plain = chub.send(hub.config, chub.Operation(plain, operations.parse_accepted)).failure()
    assert (404, 1) == (sent_plain.status, len(hub.sandbox.ledger))
