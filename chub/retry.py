"""Whether to try again, as a pure function: no clock, no randomness, no sleep; the door brings all three.

What is tried again by default:

    NotSent(transient)    any call: no byte of it left
    Throttled             any call: the server said it did nothing (an assumption; without it, as Unconfirmed)
    Unconfirmed           GET, PUT by id and DELETE only: doing them twice does nothing more; never a POST
    anything else         never
"""

from collections.abc import Iterable

from attrs import frozen

from chub.errors import ChubError, NotSent, Throttled, Unconfirmed
from chub.settings import RetryPolicy


@frozen
class Wait:
    """Try again after so many seconds."""

    seconds: float


@frozen
class Stop:
    """Don't try again, and why: "final", "attempts", "budget" or "deadline"."""

    why: str


Decision = Wait | Stop


def decide(
    policy: RetryPolicy, error: ChubError, *, idempotent: bool, attempts: int, left: float, budget: float, draw: float
) -> Decision:
    """Decide after a failed attempt.

    `attempts` were made so far, `left` seconds remain of the deadline, `budget` retries of the share; `draw` is a
    random number from 0 to 1 (full jitter: the wait is that part of the longest).  A wait that the deadline doesn't
    bear stops at once.

    >>> late = NotSent(reason="refused", transient=True)
    >>> decide(RetryPolicy(), late, idempotent=False, attempts=2, left=60, budget=10, draw=0.5)
    Wait(seconds=0.05)
    >>> decide(RetryPolicy(), late, idempotent=False, attempts=3, left=60, budget=10, draw=0.5)
    Stop(why='attempts')
    """
    if not is_repeatable(policy, error, idempotent=idempotent):
        return Stop("final")
    if attempts >= policy.attempts:
        return Stop("attempts")
    if budget < 1:
        return Stop("budget")
    seconds = wait_seconds(policy, error, attempts=attempts, draw=draw)
    return Wait(seconds) if seconds < left else Stop("deadline")


def is_repeatable(policy: RetryPolicy, error: ChubError, *, idempotent: bool) -> bool:
    """Whether an attempt that ended so may be followed by another."""
    match error:
        case NotSent(transient=transient):
            return transient
        case Throttled() if policy.throttled_is_not_stored:
            return True
        case Throttled() | Unconfirmed():
            return idempotent or policy.repeat_unconfirmed
        case _:
            return False


def wait_seconds(policy: RetryPolicy, error: ChubError, *, attempts: int, draw: float) -> float:
    """Give the wait after so many attempts: exponential with full jitter, no less than the server's Retry-After."""
    base = policy.throttled_base if _is_throttled(error) else policy.base
    longest: float = min(policy.cap, base * 2 ** (attempts - 1))
    floor = error.retry_after if isinstance(error, Throttled | Unconfirmed) else None
    return max(draw * longest, floor or 0.0)


def _is_throttled(error: ChubError) -> bool:
    """Whether the server asks for time, be it trusted to have stored nothing or not."""
    return isinstance(error, Throttled) or (isinstance(error, Unconfirmed) and error.status == 429)


@frozen(kw_only=True)
class Attempt:
    """One attempt of a simulated call: when it started, in seconds from the first, how it ended, what was decided."""

    at: float
    error: ChubError | None
    decision: Decision | None


def simulate(
    policy: RetryPolicy,
    faults: Iterable[ChubError],
    *,
    idempotent: bool = False,
    deadline: float = 60.0,
    budget: float = 10.0,
    draw: float = 1.0,
) -> tuple[Attempt, ...]:
    """Play a call whose attempts end with these faults, one after the other, and then succeed; nothing is sent.

    Attempts take no time here, and `draw` is the same for each, 1 by default: the longest waits.

    >>> down = NotSent(reason="refused", transient=True)
    >>> [(attempt.at, attempt.decision) for attempt in simulate(RetryPolicy(), [down, down])]
    [(0.0, Wait(seconds=0.05)), (0.05, Wait(seconds=0.1)), (0.15000000000000002, None)]
    """
    timeline: list[Attempt] = []
    at = 0.0
    for made, error in enumerate(faults, start=1):
        decision = decide(
            policy, error, idempotent=idempotent, attempts=made, left=deadline - at, budget=budget, draw=draw
        )
        timeline.append(Attempt(at=at, error=error, decision=decision))
        if isinstance(decision, Stop):
            return tuple(timeline)
        at, budget = at + decision.seconds, budget - 1
    return (*timeline, Attempt(at=at, error=None, decision=None))
