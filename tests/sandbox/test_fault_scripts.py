"""Scripts and the ledger: which fault strikes which request, in process and over a socket, from many threads."""

import itertools
import socket
import threading
from contextlib import ExitStack
from itertools import chain, cycle, repeat

import pytest

from chub import sandbox
from chub.errors import InvalidValue, NotSent, Unconfirmed
from chub.http import Request, deadline_in
from chub.sandbox import ledger

BUSY = sandbox.status(503)


@pytest.fixture(params=[False, True], ids=["in process", "served"])
def hub(request, open_hub):
    return open_hub(served=request.param)


@pytest.fixture
def statuses(call, post):
    """Send events one after another, and give the status that each one gets, 0 for none."""

    def sent(hub, times=1):
        return [_over_a_socket(call, hub) if hub.config.transport is None else _in_process(hub) for _ in range(times)]

    def _in_process(hub):
        result = hub.config.transport(post(hub), deadline_in(10))
        return result.map(lambda response: response.status).value_or(0)

    return sent


def _over_a_socket(call, hub):
    heard = call(hub).post().heard()
    return int(heard[9:12]) if isinstance(heard, bytes) and heard else 0


@pytest.mark.parametrize(
    "faults",
    [
        [BUSY, None, sandbox.commit_then_close()],
        (BUSY, None, sandbox.commit_then_close()),
        iter([BUSY, None, sandbox.commit_then_close()]),
        (fault for fault in (BUSY, None, sandbox.commit_then_close())),
    ],
    ids=["list", "tuple", "iterator", "generator"],
)
@pytest.mark.parametrize("served", [False, True])
def test_each_entry_is_for_one_request(open_hub, statuses, faults, served):
    hub = open_hub(served=served)
    hub.script([BUSY, None, sandbox.commit_then_close()] if not isinstance(faults, list | tuple) else faults)
    assert [503, 202, 0, 202, 202] == statuses(hub, 5)
    assert [BUSY, None, sandbox.commit_then_close(), None, None] == [entry.fault for entry in hub.ledger]


@pytest.mark.parametrize("served", [False, True])
@pytest.mark.parametrize("make", [list, tuple, iter, set])
def test_a_script_is_given_at_the_opening_too(open_hub, statuses, served, make):
    assert [503, 202] == statuses(open_hub(served=served, faults=make([BUSY])), 2)


def test_a_script_may_have_no_end(hub, statuses):
    hub.script(cycle([BUSY, None]))
    assert [503, 202, 503, 202, 503] == statuses(hub, 5)
    hub.script(repeat(sandbox.close_unread()))
    assert [0, 0, 0] == statuses(hub, 3)
    hub.script(())
    assert [202, 202] == statuses(hub, 2)


def test_a_function_may_be_asked_for_each_request(hub, statuses):
    seen = []

    def fault(request):
        seen.append(request)
        return (BUSY, None, sandbox.close_unread())[len(seen) - 1]

    hub.script(fault)
    assert [503, 202, 0] == statuses(hub, 3)
    assert [("POST", "/workspaces/w/events")] * 3 == [(request.method, request.path) for request in seen]
    assert "Bearer" not in str(seen), "the token is not for it"
    assert [None] * 3 == [request.token for request in seen]
    assert {"content-length", "content-type"} & {name.lower() for name, _ in seen[0].headers}
    assert seen[0].body.startswith(b'{"type":"searched"')


def test_a_function_may_change_the_script(hub, statuses):
    def once(_):
        hub.script([None, BUSY])
        return sandbox.read_then_close()

    hub.script(once)
    assert [0, 202, 503, 202] == statuses(hub, 4)


def test_a_script_takes_the_place_of_another(hub, statuses):
    hub.script([BUSY] * 3)
    assert [503] == statuses(hub)
    hub.script([None, sandbox.status(429)])
    assert [202, 429, 202] == statuses(hub, 3)


@pytest.mark.parametrize(
    ("faults", "path"),
    [
        ([None, "close"], "faults[1]"),
        ((503,), "faults[0]"),
        ([sandbox.ok], "faults[0]"),
        ("close", "faults"),
        (b"", "faults"),
        ({"a": None}, "faults"),
        (BUSY, "faults"),
        (None, "faults"),
    ],
)
def test_what_is_no_script_is_told(hub, faults, path):
    with pytest.raises(InvalidValue) as caught:
        hub.script(faults)
    assert [path] == [problem.path for problem in caught.value.problems]
    with pytest.raises(InvalidValue) as caught:
        sandbox.open(faults=faults)
    assert [path] == [problem.path for problem in caught.value.problems]


def test_an_entry_that_is_no_fault_is_told_when_it_comes(open_hub, post, statuses):
    hub = open_hub(faults=iter([None, "close"]))
    assert [202] == statuses(hub)
    with pytest.raises(TypeError, match="faults and None, not str"):
        statuses(hub)
    assert [202] == statuses(hub)
    served = open_hub(served=True, faults=lambda _: 1 / 0)
    assert [500] == statuses(served)
    assert (1, 0) == (served.ledger.received, served.ledger.committed)


@pytest.mark.parametrize("served", [False, True])
def test_while_a_hub_is_down_connections_are_refused(open_hub, post, statuses, served):
    hub = open_hub(served=served, faults=[BUSY])
    assert [503] == statuses(hub)
    with hub.down():
        if served:
            with pytest.raises(ConnectionRefusedError):
                statuses(hub)
        else:
            error = hub.config.transport(post(hub), deadline_in(10)).failure()
            assert NotSent(method="POST", template="/events", reason="connection refused", transient=True) == error
    assert [202] == statuses(hub)
    assert 1 == hub.ledger.committed


def test_outages_may_stand_in_one_another(hub, call, post):
    def is_refused():
        try:
            result = hub.config.transport(post(hub), deadline_in(10)) if hub.config.transport else call(hub)
        except ConnectionRefusedError:
            return True
        return isinstance(getattr(result, "failure", bool)(), NotSent)

    with hub.down():
        with hub.down():
            assert is_refused()
        assert is_refused()
    with hub.down():
        hub.close()


def test_a_kept_connection_is_closed_before_an_outage(open_hub, call):
    hub = open_hub(served=True)
    idle, used = call(hub), call(hub).post(closes=False)
    assert used.socket.recv(1000).startswith(b"HTTP/1.1 202 ")
    with hub.down():
        assert (b"", b"") == (idle.heard(), used.heard())


def test_an_outage_does_not_wait_for_a_stall(open_hub, call):
    hub = open_hub(served=True, faults=[sandbox.commit_then_stall()])
    call(hub).post()
    while not hub.ledger:
        threading.Event().wait(0.001)
    with hub.down(), pytest.raises(ConnectionRefusedError):
        call(hub)


def test_an_outage_may_begin_during_a_request_which_is_answered(open_hub, call):
    hub = open_hub(served=True)
    with ExitStack() as outage:
        hub.script(lambda _: outage.enter_context(hub.down()))
        assert call(hub).post(closes=False).heard().startswith(b"HTTP/1.1 202 ")
        with pytest.raises(ConnectionRefusedError):
            call(hub)
        hub.script(())
    assert call(hub).post().heard().startswith(b"HTTP/1.1 202 ")


def test_a_refusal_closes_the_port_for_its_time(open_hub, call):
    hub = open_hub(served=True, faults=[None, sandbox.refuse(500), sandbox.refuse(500), BUSY])
    idle = call(hub)
    heard = call(hub).post(closes=False).heard()
    assert (b"", True) == (idle.heard(), b"\r\nconnection: close\r\n" in heard)
    with pytest.raises(ConnectionRefusedError):
        call(hub)
    (timer,) = (timer for timer in hub._server._door._timers if timer.is_alive())
    assert 1000 == timer.interval
    hub._server._door.open()
    assert b"HTTP/1.1 503 " == call(hub).post().heard()[:13]
    assert [None, BUSY] == [entry.fault for entry in hub.ledger], "nobody but the kernel sees who is refused"


def test_a_refusal_ends_by_itself(open_hub, call):
    hub = open_hub(served=True, faults=[sandbox.refuse(0.01), sandbox.refuse(0), BUSY])
    heard = b""
    while not heard:
        try:
            heard = call(hub).post().heard()
        except ConnectionRefusedError:
            heard = b""
    assert b"HTTP/1.1 503 " == heard[:13]
    hub.script([sandbox.refuse(0.001)])
    hub.script([sandbox.refuse(0.001)])


def test_a_refusal_in_process_is_for_one_request(open_hub, post, statuses):
    hub = open_hub(faults=[sandbox.refuse(), None])
    assert [0, 202] == statuses(hub, 2)
    assert [("POST", False, False), ("POST", True, True)] == [
        (entry.method, entry.received, entry.committed) for entry in hub.ledger
    ]


def test_a_refusal_that_comes_too_late_is_a_reset(open_hub, call):
    hub = open_hub(served=True, faults=lambda _: sandbox.refuse())
    assert "reset" == call(hub).post().heard()
    assert (0, 0) == (hub.ledger.received, hub.ledger.committed)


def test_a_connection_without_a_request_uses_nothing_up(open_hub, call):
    hub = open_hub(served=True, faults=[sandbox.close_unread(), BUSY])
    call(hub).socket.close()
    assert b"" == call(hub).post().heard()
    assert b"HTTP/1.1 503 " == call(hub).post().heard()[:13]


def test_what_is_no_request_uses_nothing_up(open_hub, call):
    hub = open_hub(served=True, faults=[BUSY])
    caller = call(hub)
    caller.socket.sendall(b"nonsense\r\n\r\n")
    assert b"HTTP/1.1 400 " == caller.heard()[:13]
    assert b"HTTP/1.1 503 " == call(hub).post().heard()[:13]
    assert [("", False, False, 400), ("POST", True, False, 503)] == [
        (entry.method, entry.received, entry.committed, entry.status) for entry in hub.ledger
    ]


def test_a_look_past_the_script_uses_nothing_up(hub, statuses):
    hub.script([BUSY])
    request = Request(method="GET", path="/workspaces/w/events", template="", headers=(("authorization", "Bearer t"),))
    assert 200 == hub.handle(request).status
    assert ((), 0, 0) == (hub.ledger, hub.ledger.received, hub.ledger.committed)
    assert [503] == statuses(hub)


def test_the_ledger_tells_what_the_hub_did_apart_from_what_was_said(hub, call, post):
    hub.script([None, sandbox.commit_then_reset(), sandbox.status(500, commit=True), sandbox.status(200), None])
    wrong = sandbox.Reply()
    tokens = ["t", "t", "t", "t", "other"]
    for token in tokens:
        if hub.config.transport is None:
            call(hub).post(token=token).heard()
        else:
            headers = (("Authorization", f"Bearer {token}"),)
            hub.config.transport(
                Request(method="POST", path="/workspaces/w/events", template="", headers=headers, body=call_body()),
                deadline_in(10),
            )
    assert [
        (1, True, 202),
        (2, True, None),
        (3, True, 500),
        (4, False, 200),
        (5, False, 401),
    ] == [(entry.number, entry.committed, entry.status) for entry in hub.ledger]
    assert (5, 3) == (hub.ledger.received, hub.ledger.committed)
    assert wrong not in hub.ledger


def call_body():
    back = b'{"type":"SESSION_ID","value":"s","nodeId":"n"}'
    return b'{"type":"searched","context":"WEB","properties":{},"bringBackProperties":' + back + b"}"


def test_the_ledger_shows_no_id(hub, post):
    first = hub.ledger
    assert ((), 0) == (first, first.received)
    path = "/workspaces/w/customers/ada/sessions/1"
    request = Request(method="DELETE", path=path, template="", token=hub.config.token)
    if hub.config.transport is None:
        hub.script([None])
    else:
        hub.config.transport(request, deadline_in(10))
        assert ["/workspaces/*/customers/*/sessions/*"] == [entry.path for entry in hub.ledger]
    assert () == first, "what was read is not changed"


def test_the_ledger_keeps_the_latest_entries_and_counts_all(open_hub, monkeypatch, statuses):
    monkeypatch.setattr(ledger, "MOST_ENTRIES", 2)
    hub = open_hub(faults=[None, BUSY, None])
    statuses(hub, 3)
    assert [(2, False), (3, True)] == [(entry.number, entry.committed) for entry in hub.ledger]
    assert (3, 2) == (hub.ledger.received, hub.ledger.committed)


def test_every_entry_is_used_up_once_though_many_threads_ask(hub, statuses):
    plan = [BUSY, None, sandbox.commit_then_close(), sandbox.close_unread()] * 20
    hub.script(plan)
    found = []
    threads = [threading.Thread(target=lambda: found.extend(statuses(hub, 10))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {0: 40, 202: 20, 503: 20} == {status: found.count(status) for status in set(found)}
    entries = hub.ledger
    assert (list(range(1, 81)), 60, 40) == ([entry.number for entry in entries], entries.received, entries.committed)
    assert sorted(map(str, plan)) == sorted(str(entry.fault) for entry in entries)


def test_latency_delays_every_answer(open_hub, statuses, post, monkeypatch):
    slow = open_hub(latency=0.01, faults=[BUSY])
    slept = []
    monkeypatch.setattr("chub.sandbox.in_process.time.sleep", slept.append)
    assert [503, 202] == statuses(slow, 2)
    assert [0.01, 0.01] == slept
    error = slow.config.transport(post(slow), deadline_in(0.005)).failure()
    assert (Unconfirmed, "timed out") == (type(error), error.reason)
    assert (2, 2) == (slow.ledger.committed, len(slept)), "the hub has handled what the client gave up"


def test_latency_over_a_socket_is_cut_short_by_the_end(open_hub, call, monkeypatch):
    hub = open_hub(served=True, latency=1000)
    caller = call(hub).post()
    while not hub.ledger:
        threading.Event().wait(0.001)
    hub.close()
    assert b"HTTP/1.1 202 " == caller.heard()[:13]


@pytest.mark.parametrize("latency", [-1, float("nan"), "1", True])
def test_a_wrong_latency_is_told(latency):
    with pytest.raises(InvalidValue) as caught:
        sandbox.open(latency=latency)
    assert ["latency"] == [problem.path for problem in caught.value.problems]


def test_entries_chained_by_the_standard_library_are_a_script(hub, statuses):
    hub.script(chain([BUSY], repeat(None, 2), [BUSY]))
    assert [503, 202, 202, 503, 202] == statuses(hub, 5)


def test_an_endless_run_of_refusals_is_an_outage_that_can_be_ended():
    with sandbox.serve() as hub:
        hub.script(itertools.repeat(sandbox.refuse(1)))
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(hub.base_url.split(":")[2].split("/")[0])), timeout=5)
