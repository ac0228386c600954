"""What is promised of one call, over every operation and in every way, seen from both its ends."""

from collections.abc import Callable, Iterable
from itertools import repeat
from typing import Any

import attrs
import pytest
from faults.calls import OPERATIONS, Clock, Hub, Seen, in_a_window, nothing, seen
from faults.table import DONE, ROWS, WORLDS, Row, World

import chub

OpenHub = Callable[[str], Hub]

# Where the reset is there before the handshake begins, Python's ssl leaves it to the collector to close the socket.
UNCLOSED = pytest.mark.filterwarnings("ignore:Exception ignored in.*SSLSocket:pytest.PytestUnraisableExceptionWarning")


def case(row: Row, way: str) -> Any:
    marks = [UNCLOSED] if way == "TLS" and row.received == 0 else []
    return pytest.param(row, way, id=f"{row.observed}, {way}", marks=marks)


CASES = [case(row, way) for row in ROWS for way in row.ways]
PATIENT = 0.3
"""Seconds that a read waits where the answer must come."""


ONE_OF_EACH = ("get_event", "update_event", "delete_event")
"""An operation for each method that is repeated, where each costs `PATIENT`."""


def method_of(name: str) -> str:
    """The method of an operation, told apart from its name alone."""
    if name.startswith("add_"):
        return "POST"
    return {"update_event": "PUT"}.get(name, "DELETE" if name.startswith("delete_") else "GET")


def waits(row: Row, number: int) -> list[float]:
    """The waits of so many repetitions, each as long as it can be."""
    base = row.policy.throttled_base if row.throttled else row.policy.base
    return [max(base * 2**made, row.floor) for made in range(number)]


def lasting(row: Row, method: str) -> Seen:
    """What a call comes to while the fault lasts."""
    outcome = row.outcome(method)
    attempts = row.policy.attempts if row.repeats(method) else 1
    return Seen(
        outcome=outcome,
        attempts=attempts,
        sleeps=waits(row, attempts - 1),
        received=row.received * attempts,
        committed=min(row.committed * attempts, 1) if method == "DELETE" else row.committed * attempts,
        facts={} if outcome == DONE else row.facts,
    )


def passing(row: Row, method: str) -> Seen:
    """What a call that is repeated comes to where the fault strikes once."""
    is_gone = method == "DELETE" and row.committed == 1
    return Seen(
        outcome="gone" if is_gone else DONE,
        attempts=2,
        sleeps=waits(row, 1),
        received=row.received + 1,
        committed=1 if is_gone else row.committed + 1,
    )


def all_seen(hub: Hub, row: Row, names: Iterable[str], *, mend: bool, through: Any = chub.send) -> dict[str, Seen]:
    """Let the fault strike each operation on a connection of its own, once or for as long as it is tried."""
    timeouts = chub.Timeouts(connect=5, read=5 if row.stalls is None else PATIENT if mend else row.stalls)
    config = attrs.evolve(hub.config, retry=row.policy, timeouts=timeouts)
    found: dict[str, Seen] = {}
    for name in names:
        chub.disconnect(config)
        operation, clock = OPERATIONS[name](hub).unwrap(), Clock()
        hub.sandbox.script(struck_late(row, clock) if row.late else repeat(row.fault))
        found[name] = seen(
            hub, operation, config=config, clock=clock, on_sleep=mending(hub) if mend else nothing,
            told=tuple(row.facts), gives_up=row.late or row.stalls is not None, through=through,
        )  # fmt: skip
        hub.sandbox.script([])
    return found


def mending(hub: Hub) -> Callable[[], object]:
    """Let all be well, once the request at hand has been struck."""
    entries = len(hub.sandbox.ledger) + 1

    def mend() -> None:
        hub.wait_for(entries)
        hub.sandbox.script([])

    return mend


def struck_late(row: Row, clock: Clock) -> Callable[[chub.Request], Any]:
    def strike(request: chub.Request) -> Any:
        clock.advance(1_000)
        return row.fault

    return strike


@pytest.mark.parametrize(("row", "way"), CASES)
def test_a_fault_that_lasts(row: Row, way: str, open_hub: OpenHub) -> None:
    expected = {name: lasting(row, method_of(name)) for name in OPERATIONS}
    assert expected == all_seen(open_hub(way), row, OPERATIONS, mend=False)


@pytest.mark.parametrize(("row", "way"), [case for case in CASES if case.values[0].reads])
def test_a_fault_that_passes(row: Row, way: str, open_hub: OpenHub) -> None:
    repeated = [name for name in (OPERATIONS if row.stalls is None else ONE_OF_EACH) if row.repeats(method_of(name))]
    expected = {name: passing(row, method_of(name)) for name in repeated}
    assert expected == all_seen(open_hub(way), row, repeated, mend=True)


STREAMED = ("add_event", "list_events")
# A window lets no time pass for a call between its two turns; that a request comes too late is seen at the door.
IN_WINDOWS = [case for case in CASES if case.values[1] != "in process" and not case.values[0].late]


@pytest.mark.parametrize(("row", "way"), IN_WINDOWS)
def test_a_fault_that_lasts_in_a_window(row: Row, way: str, open_hub: OpenHub) -> None:
    expected = {name: lasting(row, method_of(name)) for name in STREAMED}
    assert expected == all_seen(open_hub(way), row, STREAMED, mend=False, through=in_a_window)


@pytest.mark.parametrize(("row", "way"), [case for case in IN_WINDOWS if case.values[0].reads])
def test_a_fault_that_passes_in_a_window(row: Row, way: str, open_hub: OpenHub) -> None:
    repeated = [name for name in STREAMED if row.repeats(method_of(name))]
    expected = {name: passing(row, method_of(name)) for name in repeated}
    assert expected == all_seen(open_hub(way), row, repeated, mend=True, through=in_a_window)


def unsent(world: World) -> Seen:
    attempts = 3 if world.transient else 1
    facts = {"transient": world.transient, "reason": world.reason}
    return Seen(
        outcome=chub.NotSent, attempts=attempts, sleeps=[0.05, 0.1][: attempts - 1], received=0, committed=0,
        facts=facts,
    )  # fmt: skip


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.observed)
def test_a_world_in_which_nothing_is_sent(world: World, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(world.made_by)
    found = {
        name: seen(made.hub, build(made.hub).unwrap(), config=made.config, told=("transient", "reason"))
        for name, build in OPERATIONS.items()
    }
    assert {name: unsent(world) for name in OPERATIONS} == found


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("world", [world for world in WORLDS if world.transient], ids=lambda world: world.observed)
def test_a_world_that_is_mended(world: World, name: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(world.made_by)
    operation = OPERATIONS[name](made.hub).unwrap()
    expected = Seen(outcome=DONE, attempts=2, sleeps=[0.05], received=1, committed=1)
    assert expected == seen(made.hub, operation, config=made.config, on_sleep=made.mend)


@pytest.mark.parametrize("way", ["in process", "sockets"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_a_bad_header_sends_nothing(name: str, way: str, open_hub: OpenHub) -> None:
    hub = open_hub(way)
    operation = OPERATIONS[name](hub).unwrap()
    odd = attrs.evolve(operation.request, headers=(*operation.request.headers, ("X-Odd", "a\r\nX-More: b")))
    results = [
        chub.send(hub.config, operation, tracing_id="a b"),
        chub.send(hub.config, attrs.evolve(operation, request=odd)),
    ]
    paths = [[problem.path for problem in result.failure().problems] for result in results]
    assert [["tracing_id"], ["request.headers['X-Odd']"]] == paths
    assert () == hub.sandbox.ledger


ODD_IDS = ["", ".", "..", "a/b", "a?b", "a#b", "%2e%2e", "a\r\nb", "\0", "\ud800"]


@pytest.mark.parametrize("way", ["in process", "sockets"])
@pytest.mark.parametrize("odd", ODD_IDS, ids=ascii)
def test_a_bad_id_sends_nothing(odd: str, way: str, open_hub: OpenHub) -> None:
    hub = open_hub(way)
    good = hub.customer()
    failures = [
        chub.get_event(hub.config, odd),
        chub.delete_event(hub.config, odd),
        chub.get_customer(hub.config, odd),
        chub.delete_customer(hub.config, odd),
        chub.sessions(hub.config, odd),
        chub.operations.get_session(hub.config, _key(good, odd)),
        chub.operations.delete_session(hub.config, _key(good, odd)),
    ]
    assert [chub.InvalidValue] * len(failures) == [type(result.failure()) for result in failures]
    assert () == hub.sandbox.ledger


def _key(customer: chub.CustomerId, odd: str) -> Any:
    """A key as it would be if its class let the id pass."""
    key = chub.SessionKey(customer, "good")
    object.__setattr__(key, "id", odd)
    return key


@pytest.mark.parametrize("way", ["in process", "sockets"])
def test_a_bad_body_sends_nothing(way: str, open_hub: OpenHub) -> None:
    hub = open_hub(way)
    big = chub.Custom("big", {"text": "x" * 65_536})
    event = chub.event(big, owner=hub.customer(), context="WEB")
    asked = chub.Request(method="POST", path="/x", template="/x", body="text")  # type: ignore[arg-type]
    failures = [
        chub.add_event(hub.config, event),
        chub.send(hub.config, chub.Operation(asked, chub.operations.parse_accepted)),
    ]
    paths = [[problem.path for problem in result.failure().problems] for result in failures]
    assert [["$.properties"], ["request.body"]] == paths
    assert () == hub.sandbox.ledger


def test_every_operation_is_among_them() -> None:
    parsers_aside = {name for name in vars(chub.operations) if name.startswith(("add_", "get_", "update_", "delete_"))}
    assert parsers_aside | {"list_events", "list_sessions", "find_customer"} == set(OPERATIONS)


def test_the_table_is_as_long_as_it_is() -> None:
    faults = len(ROWS) + len(WORLDS)
    in_all = sum(len(row.ways) for row in ROWS) + len(WORLDS)
    assert len(OPERATIONS) == 13
    assert faults >= 123
    assert in_all * len(OPERATIONS) >= 3_198
    assert len({(row.observed, row.ways) for row in ROWS}) == len(ROWS)
