"""The retry decision as tables, and as laws that hold for every policy, fault, deadline and draw (law 6)."""

from typing import Any

import attrs
import pytest
from chub_strategies import law
from hypothesis import given
from hypothesis import strategies as st

import chub
from chub.retry import Attempt, Decision, Stop, Wait, decide, is_repeatable, simulate, wait_seconds
from chub.testing import laws

POLICY = chub.RetryPolicy()
CAREFUL = chub.RetryPolicy(throttled_is_not_stored=False)
BOLD = chub.RetryPolicy(repeat_unconfirmed=True)
CAREFUL_AND_BOLD = chub.RetryPolicy(throttled_is_not_stored=False, repeat_unconfirmed=True)

DOWN = chub.NotSent(reason="connection refused", transient=True)
UNTRUSTED = chub.NotSent(reason="certificate refused", transient=False)
CUT = chub.Unconfirmed(reason="the connection was cut")
BUSY = chub.Unconfirmed(reason="503", status=503, retry_after=2.0)
LATER = chub.Throttled(retry_after=3.0)
SOME_TIME = chub.Throttled()
DOUBTED = chub.Unconfirmed(reason="429", status=429)
REFUSED = chub.Rejected(status=400, message="no")
UNREADABLE = chub.BadResponse(reason="not JSON")
WRONG = chub.InvalidValue.of("x", "wrong")
PAGE = chub.PageFailed(page=1, cause=DOWN)

REPEATABLE: list[tuple[chub.RetryPolicy, chub.ChubError, bool, bool]] = [
    # policy, error, is a POST repeated, is any other call repeated
    (POLICY, DOWN, True, True),
    (POLICY, UNTRUSTED, False, False),
    (POLICY, CUT, False, True),
    (POLICY, BUSY, False, True),
    (POLICY, DOUBTED, False, True),
    (POLICY, LATER, True, True),
    (POLICY, SOME_TIME, True, True),
    (POLICY, REFUSED, False, False),
    (POLICY, UNREADABLE, False, False),
    (POLICY, WRONG, False, False),
    (POLICY, PAGE, False, False),
    (CAREFUL, DOWN, True, True),
    (CAREFUL, LATER, False, True),
    (CAREFUL, CUT, False, True),
    (BOLD, CUT, True, True),
    (BOLD, UNTRUSTED, False, False),
    (BOLD, REFUSED, False, False),
    (CAREFUL_AND_BOLD, LATER, True, True),
]


@pytest.mark.parametrize(("policy", "error", "post", "other"), REPEATABLE, ids=str)
def test_what_is_tried_again(policy: chub.RetryPolicy, error: chub.ChubError, post: bool, other: bool) -> None:
    assert (post, other) == tuple(is_repeatable(policy, error, idempotent=idempotent) for idempotent in (False, True))


QUICK = chub.RetryPolicy(base=0.5, throttled_base=4, cap=10)


@pytest.mark.parametrize(
    ("policy", "error", "waits"),
    [
        (POLICY, DOWN, [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 20.0, 20.0]),
        (POLICY, CUT, [0.05, 0.1, 0.2]),
        (POLICY, SOME_TIME, [1.0, 2.0, 4.0, 8.0, 16.0, 20.0]),
        (POLICY, DOUBTED, [1.0, 2.0, 4.0]),
        (POLICY, LATER, [3.0, 3.0, 4.0]),
        (POLICY, BUSY, [2.0] * 6 + [3.2]),
        (POLICY, chub.Throttled(retry_after=50.0), [50.0, 50.0]),
        (POLICY, chub.Throttled(retry_after=0.0), [1.0, 2.0]),
        (QUICK, DOWN, [0.5, 1.0, 2.0, 4.0, 8.0, 10.0]),
        (QUICK, SOME_TIME, [4.0, 8.0, 10.0]),
        (chub.RetryPolicy(base=0, throttled_base=0), DOWN, [0.0, 0.0]),
        (chub.RetryPolicy(cap=0), SOME_TIME, [0.0, 0.0]),
        (chub.RetryPolicy(cap=0), LATER, [3.0, 3.0]),
    ],
    ids=str,
)
def test_the_longest_waits(policy: chub.RetryPolicy, error: chub.ChubError, waits: list[float]) -> None:
    made = range(1, len(waits) + 1)
    assert waits == [wait_seconds(policy, error, attempts=attempts, draw=1.0) for attempts in made]


@pytest.mark.parametrize(("draw", "wait"), [(0.0, 0.0), (0.25, 0.05), (0.5, 0.1), (1.0, 0.2)])
def test_the_jitter_is_full(draw: float, wait: float) -> None:
    assert wait == wait_seconds(POLICY, DOWN, attempts=3, draw=draw)


DECISIONS: dict[str, tuple[dict[str, Any], Decision]] = {
    "as usual": ({}, Wait(0.05)),
    "the last attempt but one": ({"attempts": 2}, Wait(0.1)),
    "the last attempt": ({"attempts": 3}, Stop("attempts")),
    "the last of the budget": ({"budget": 1}, Wait(0.05)),
    "no budget": ({"budget": 0}, Stop("budget")),
    "just enough time": ({"left": 0.0501}, Wait(0.05)),
    "no time for anything after the wait": ({"left": 0.05}, Stop("deadline")),
    "no time": ({"left": 0.0, "draw": 0.0}, Stop("deadline")),
    "a time that is over": ({"left": -1.0}, Stop("deadline")),
    "a floor within the time": ({"error": LATER, "left": 3.1, "draw": 0.0}, Wait(3.0)),
    "a floor beyond the time": ({"error": LATER, "left": 3.0, "draw": 0.0}, Stop("deadline")),
    "a final error": ({"error": REFUSED}, Stop("final")),
    "a final error, whatever else is over": ({"error": CUT, "attempts": 3, "budget": 0, "left": 0.0}, Stop("final")),
    "an idempotent call": ({"error": CUT, "idempotent": True}, Wait(0.05)),
}


@pytest.mark.parametrize(("arguments", "decision"), DECISIONS.values(), ids=DECISIONS)
def test_a_decision(arguments: dict[str, Any], decision: Decision) -> None:
    usual = {"error": DOWN, "idempotent": False, "attempts": 1, "left": 60.0, "budget": 10, "draw": 1.0}
    given = usual | arguments
    assert decision == decide(POLICY, given.pop("error"), **given)


def test_a_single_attempt_is_never_repeated() -> None:
    once = chub.RetryPolicy(attempts=1)
    assert Stop("attempts") == decide(once, DOWN, idempotent=True, attempts=1, left=60, budget=10, draw=0)


def attempt(at: float, error: chub.ChubError | None, decision: Decision | None) -> Attempt:
    return Attempt(at=at, error=error, decision=decision)


TIMELINES: dict[str, tuple[list[chub.ChubError], dict[str, Any], list[Attempt]]] = {
    "all is well": ([], {}, [attempt(0.0, None, None)]),
    "one fault": ([LATER], {}, [attempt(0.0, LATER, Wait(3.0)), attempt(3.0, None, None)]),
    "too many": (
        [LATER, DOWN, LATER, DOWN],
        {},
        [attempt(0.0, LATER, Wait(3.0)), attempt(3.0, DOWN, Wait(0.1)), attempt(3.1, LATER, Stop("attempts"))],
    ),
    "a final one": ([CUT, DOWN], {}, [attempt(0.0, CUT, Stop("final"))]),
    "a final one for a POST alone": (
        [CUT],
        {"idempotent": True},
        [attempt(0.0, CUT, Wait(0.05)), attempt(0.05, None, None)],
    ),
    "the deadline": (
        [LATER, LATER],
        {"deadline": 5},
        [attempt(0.0, LATER, Wait(3.0)), attempt(3.0, LATER, Stop("deadline"))],
    ),
    "the budget": (
        [LATER, LATER],
        {"budget": 1},
        [attempt(0.0, LATER, Wait(3.0)), attempt(3.0, LATER, Stop("budget"))],
    ),
    "the shortest waits": (
        [DOWN, DOWN],
        {"draw": 0.0},
        [attempt(0.0, DOWN, Wait(0.0)), attempt(0.0, DOWN, Wait(0.0)), attempt(0.0, None, None)],
    ),
}


@pytest.mark.parametrize(("faults", "options", "timeline"), TIMELINES.values(), ids=TIMELINES)
def test_a_simulated_call(faults: list[chub.ChubError], options: dict[str, Any], timeline: list[Attempt]) -> None:
    assert tuple(timeline) == simulate(POLICY, faults, **options)


def test_a_throttled_call_that_is_not_trusted_is_simulated_as_the_door_makes_it() -> None:
    assert (attempt(0.0, LATER, Stop("final")),) == simulate(CAREFUL, [LATER])


def test_a_timeline_is_a_value_and_of_endless_faults_as_many_are_taken_as_needed() -> None:
    endless = iter(lambda: DOWN, None)
    timeline = simulate(POLICY, endless)
    assert [0.0, 0.05, 0.05 + 0.1] == [one.at for one in timeline]
    assert {timeline} == {simulate(POLICY, [DOWN] * 3)}
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        timeline[0].at = 1.0  # type: ignore[misc]


seconds = st.floats(0, 200, allow_nan=False)
draws = st.floats(0, 1)
policies = st.builds(
    chub.RetryPolicy,
    attempts=st.integers(1, 8),
    base=seconds,
    throttled_base=seconds,
    cap=seconds,
    budget=st.integers(0, 8),
    repeat_unconfirmed=st.booleans(),
    throttled_is_not_stored=st.booleans(),
)
floors = st.none() | seconds
errors: st.SearchStrategy[chub.ChubError] = st.one_of(
    st.builds(chub.NotSent, reason=st.just("down"), transient=st.booleans()),
    st.builds(chub.Unconfirmed, reason=st.just("cut"), status=st.sampled_from([None, 429, 503]), retry_after=floors),
    st.builds(chub.Throttled, retry_after=floors),
    st.just(REFUSED),
    st.just(UNREADABLE),
    st.just(WRONG),
    st.just(PAGE),
)


def floor_of(error: chub.ChubError | None) -> float:
    return (error.retry_after if isinstance(error, chub.Throttled | chub.Unconfirmed) else None) or 0.0


@law
@given(policies, errors, st.booleans(), st.integers(1, 10), seconds, st.integers(0, 9), draws)
def test_a_wait_keeps_to_the_floor_the_cap_the_time_and_the_budget(
    policy: chub.RetryPolicy, error: Any, idempotent: bool, attempts: int, left: float, budget: int, draw: float
) -> None:
    decision = decide(policy, error, idempotent=idempotent, attempts=attempts, left=left, budget=budget, draw=draw)
    if isinstance(decision, Wait):
        assert floor_of(error) <= decision.seconds <= max(policy.cap, floor_of(error))
        assert decision.seconds < left
        assert attempts < policy.attempts
        assert budget >= 1
        assert is_repeatable(policy, error, idempotent=idempotent)
    else:
        assert decision.why in ("final", "attempts", "budget", "deadline")


@law
@given(policies, errors, st.integers(1, 9), draws, draws)
def test_a_greater_draw_and_more_attempts_never_wait_less(
    policy: chub.RetryPolicy, error: chub.ChubError, attempts: int, one: float, other: float
) -> None:
    smaller, greater = sorted((one, other))
    waits = [
        wait_seconds(policy, error, attempts=attempts, draw=smaller),
        wait_seconds(policy, error, attempts=attempts, draw=greater),
        wait_seconds(policy, error, attempts=attempts + 1, draw=greater),
    ]
    assert waits == sorted(waits)


@law
@given(policies, st.lists(errors, max_size=10), st.booleans(), seconds, st.integers(0, 9), draws)
def test_a_call_stays_within_its_policy_its_deadline_and_its_budget(
    policy: chub.RetryPolicy, faults: list[chub.ChubError], idempotent: bool, deadline: float, budget: int, draw: float
) -> None:
    options: dict[str, Any] = {"idempotent": idempotent, "deadline": deadline, "budget": budget, "draw": draw}
    laws.retries_within(policy, faults, **options)
    timeline = simulate(policy, faults, **options)
    waits = [one.decision.seconds for one in timeline if isinstance(one.decision, Wait)]
    assert [one.at for one in timeline] == [sum(waits[:number]) for number in range(len(timeline))]
    assert [one.error for one in timeline] == [*faults, None][: len(timeline)]
