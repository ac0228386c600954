"""Honesty and restraint (laws 5 and 6) under whatever script of faults, in process and on sockets."""

from typing import Any

import attrs
import pytest
from chub_strategies import law
from faults.calls import OPERATIONS, Call, Clock, Hub, opened, outcome_of
from faults.table import DONE, NEAR, POLICY, ROWS, Row
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

import chub
from chub import sandbox
from chub.sandbox import Entry, Fault, Refuse
from chub.testing import laws

PLAYED = [row for row in ROWS if set(row.ways) >= set(NEAR) and row.stalls is None and not row.late]
QUICK = [row for row in PLAYED if row.policy == POLICY and row.observed != "a body without end"]
ROW_OF: dict[Fault | None, Row] = {row.fault: row for row in QUICK}

faults = st.sampled_from([row.fault for row in QUICK]) | st.just(sandbox.refuse(0.001))
scripts = st.lists(faults, max_size=4)
names = st.lists(st.sampled_from(sorted(OPERATIONS)), min_size=1, max_size=4)
policies = st.builds(
    chub.RetryPolicy,
    attempts=st.integers(1, 4),
    base=st.sampled_from([0.0, 0.05, 7.0]),
    throttled_base=st.sampled_from([0.0, 1.0, 9.0]),
    cap=st.sampled_from([0.0, 1.0, 20.0]),
    budget=st.integers(0, 4),
    repeat_unconfirmed=st.booleans(),
    throttled_is_not_stored=st.booleans(),
)
totals = st.sampled_from([5.0, 10.0, 60.0])


@attrs.frozen
class Played:
    """A call, what came of it, and the entries of the hub's ledger that it made."""

    method: str
    result: Any
    entries: tuple[Entry, ...]
    sleeps: list[float]

    @property
    def outcome(self) -> Any:
        return outcome_of(self.result)

    @property
    def committed(self) -> int:
        return sum(entry.committed for entry in self.entries)


def play(
    hub: Hub, script: list[Fault | None], called: list[str], policy: chub.RetryPolicy, total: float = 60, **sent: Any
) -> list[Played]:
    """Make these calls, one after another, while the script goes on."""
    config = attrs.evolve(hub.config, retry=policy, timeouts=chub.Timeouts(total=total))
    hub.sandbox.script(script)
    return [played(hub, config, OPERATIONS[name](hub).unwrap(), **sent) for name in called]


def played(hub: Hub, config: chub.Config, operation: chub.Operation[Any], **sent: Any) -> Played:
    """Make a call, whose clock moves by its sleeps."""
    clock, before = Clock(), len(hub.sandbox.ledger)
    call = Call(hub, config, clock=clock, on_sleep=lambda: clock.advance(call.sleeps[-1]))
    result = call.send(operation, **sent)
    return Played(operation.request.method, result, tuple(hub.sandbox.ledger)[before:], call.sleeps)


@pytest.mark.parametrize("way", NEAR)
@law
@given(scripts, names, policies)
def test_what_is_said_of_a_write_is_true(
    way: str, script: list[Fault | None], called: list[str], policy: chub.RetryPolicy
) -> None:
    with opened(way) as hub:
        config = attrs.evolve(hub.config, retry=policy)
        for name in called:
            operation = OPERATIONS[name](hub).unwrap()
            laws.honest(hub.sandbox, script, lambda one, sent=operation: played(hub, one, sent).result, config)


def view(entry: Entry) -> Any:
    """What the client takes an entry for: the class of an error, or a status."""
    row = ROW_OF.get(entry.fault)
    return entry.status if row is None or row.of_write == DONE else row.of_write


@pytest.mark.parametrize("way", NEAR)
@law
@given(
    st.sampled_from(["delete_event", "delete_session", "delete_customer"]),
    st.lists(st.sampled_from([row.fault for row in QUICK]), max_size=4),
)
def test_deleted_is_unconfirmed_exactly_where_an_unanswered_try_was_followed_by_a_404(
    way: str, name: str, script: list[Fault | None]
) -> None:
    with opened(way) as hub:
        (call,) = play(hub, script, [name], chub.RetryPolicy(attempts=5))
        views = [view(entry) for entry in call.entries]
        doubted = chub.Unconfirmed in views[:-1]
        if views[-1] == 404:
            expected: Any = "gone" if doubted else chub.Rejected
        elif isinstance(views[-1], int):
            expected = DONE
        elif call.entries[-1].status == 404 and doubted:
            expected = "gone"
        else:
            expected = chub.Unconfirmed if doubted else views[-1]
        assert expected == call.outcome


@pytest.mark.parametrize("way", NEAR)
@law
@given(scripts, names, policies, totals, st.integers(0, 6), st.floats(0, 1))
def test_attempts_and_waits_stay_within_policy_deadline_and_budget(
    way: str,
    script: list[Fault | None],
    called: list[str],
    policy: chub.RetryPolicy,
    total: float,
    share: int,
    draw: float,
) -> None:
    budget = chub.RetryBudget(share)
    with opened(way) as hub:
        lasting = [fault for fault in script if not isinstance(fault, Refuse)]
        calls = play(hub, lasting, called, policy, total, budget=budget, draw=lambda: draw)
    for call in calls:
        floors = [ROW_OF[entry.fault].floor for entry in call.entries]
        assert 1 <= len(call.entries) == len(call.sleeps) + 1 <= policy.attempts
        assert sum(call.sleeps) < total
        assert all(low <= wait <= max(policy.cap, low) for low, wait in zip(floors, call.sleeps, strict=False))
        assert stamp_of(call.result) in (None, len(call.entries))
    assert share - budget.left == sum(len(call.sleeps) for call in calls) <= share


def stamp_of(result: Any) -> int | None:
    """The attempts that an outcome or an error bears."""
    value = result.unwrap() if isinstance(result, Success) else result.failure()
    return getattr(value, "attempts", None)


def test_the_scripts_hold_every_kind_of_outcome() -> None:
    wanted = {DONE, chub.Unconfirmed, chub.Rejected, chub.Throttled}
    assert wanted == {row.of_write for row in QUICK}
    assert len(QUICK) >= 80
