"""Laws of calls: what a Result says of a write is true, and what is tried again stays within its policy."""

import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Final

from attrs import field, frozen
from returns.result import Result, Success

from chub.errors import ChubError, InvalidValue, NotSent, Throttled, Unconfirmed
from chub.http import Request
from chub.retry import Attempt, Wait
from chub.retry import simulate as simulate_call
from chub.sandbox import Drop, Entry, Faults, Refuse, Sandbox, ServedSandbox
from chub.settings import Config, RetryPolicy
from chub.testing.laws.verdict import Answered, Law, value_or_error, watched
from chub.transport.door import RetryBudget, send
from chub.values.outcomes import Accepted, Deleted
from chub.wire.operation import Operation

_HONESTY: Final = Law("what is said of a write is true")
_ONCE: Final = Law("a POST is not sent again once it may have been processed")
_RESTRAINT: Final = Law("attempts and waits stay within policy, deadline and budget")


def honest(
    hub: Sandbox, faults: Faults, call: Callable[[Config], Result[Any, ChubError]], config: Config | None = None
) -> Result[Any, ChubError]:
    """Require that a call tells the truth of what the sandbox stored while these faults struck, and give its Result.

    `Accepted`, or a confirmed `Deleted`: the hub did it; `NotSent`, `Rejected`, `Throttled`, `InvalidValue`,
    `BadResponse`, `PageFailed`: it did not; `Unconfirmed`: once or not at all.  A PUT, which may be repeated, counts
    once for each attempt, and so does everything under `repeat_unconfirmed`.  `call` makes at most one write; it takes
    the config, or without one the hub's.  Over sockets the faults must not outlast its timeouts, for what comes after
    the call isn't seen.  Where the faults made the hub itself lie, as by a 404 after it stored, `InvalidValue` says so.

    >>> from chub import sandbox
    >>> from chub.api import add_customer
    >>> from chub.values.customers import customer
    >>> with sandbox.open() as hub:
    ...     honest(hub, [sandbox.commit_then_close()], lambda config: add_customer(config, customer("CRM-17")))
    <Failure: POST /workspaces/{workspaceId}/customers: unconfirmed, it may be stored or not: remote end closed \
connection without response (look before sending again)>
    """
    used = hub.config if config is None else config
    before = max((entry.number for entry in hub.ledger), default=0)
    hub.script(faults)
    result = call(used)
    writes = _writes([entry for entry in hub.ledger if entry.number > before])
    _check_true(result, writes, used.retry)
    if any(entry.method == "POST" for entry in writes) and not used.retry.repeat_unconfirmed:
        doubtful = [entry for entry in writes[:-1] if not _is_harmless(entry, hub, used.retry)]
        _ONCE.require(not doubtful, "no request after one of these", doubtful)
    return result


def _check_true(result: Result[Any, ChubError], writes: list[Entry], policy: RetryPolicy) -> None:
    low, high = _promised(result, writes, policy)
    stored = sum(entry.committed for entry in writes)
    if not low <= stored <= high:
        _check_truthful(writes, policy)
        told = f"{low} to {high}" if low < high else str(high)
        done = f"{told} done by the hub after {value_or_error(result)!r}"
        _HONESTY.require(False, done, f"{stored}: {writes}")


def _writes(entries: list[Entry]) -> list[Entry]:
    """Give those that write; one that was never read counts as a read where the call made reads too."""
    reads = any(entry.method == "GET" for entry in entries)
    return [entry for entry in entries if entry.method not in (("GET", "") if reads else ("GET",))]


def _check_truthful(writes: list[Entry], policy: RetryPolicy) -> None:
    lies = [entry for entry in writes if entry.committed is not _is_done(entry.status, policy, entry.committed)]
    if lies:
        told = f"{lies[0].fault!r}: a hub that answers {lies[0].status} to what it has "
        raise InvalidValue.of("faults", f"{told}{'' if lies[0].committed else 'not '}stored lies itself")


def _is_done(status: int | None, policy: RetryPolicy, otherwise: bool) -> bool:
    """What a status says of the deed; where it says nothing, `otherwise`."""
    if status is None or status == 408 or status >= 500 or (status == 429 and not policy.throttled_is_not_stored):
        return otherwise
    return 200 <= status < 300


def _promised(result: Result[Any, ChubError], writes: list[Entry], policy: RetryPolicy) -> tuple[int, int]:
    """How often, at least and at most, the hub did what the Result speaks of."""
    repeats = policy.repeat_unconfirmed or any(entry.method == "PUT" for entry in writes)
    most = policy.attempts if repeats else 1
    match value_or_error(result):
        case Accepted() | Deleted(confirmed=True):
            return 1, most
        case Unconfirmed():
            return 0, most
        case _:  # a Success of any other kind: found done already, or a read
            return 0, most if isinstance(result, Success) else 0


def _is_harmless(entry: Entry, hub: Sandbox, policy: RetryPolicy) -> bool:
    """Whether a client knows of this attempt that it did nothing."""
    if entry.status == 429:
        return policy.throttled_is_not_stored
    if isinstance(hub, ServedSandbox):  # under TLS nothing is sent before the handshake
        unread = isinstance(entry.fault, Drop) and entry.fault.after == "connect"
        return unread and hub.base_url.startswith("https:")
    return isinstance(entry.fault, Refuse)


def retries_within(
    policy: RetryPolicy,
    errors: Iterable[ChubError],
    *,
    idempotent: bool = False,
    deadline: float = 60.0,
    budget: int = 10,
    draw: float = 1.0,
    simulate: Callable[..., tuple[Attempt, ...]] = simulate_call,
) -> None:
    """Require that a policy, whatever attempts end with, keeps to itself, the deadline and the budget.

    `simulate` is chub's, or plays a decision of your own as it does.

    >>> retries_within(RetryPolicy(attempts=5), [Throttled(retry_after=3.0)] * 9)
    """
    several = tuple(islice(errors, policy.attempts))
    timeline = simulate(policy, several, idempotent=idempotent, deadline=deadline, budget=budget, draw=draw)
    retried = [one for one in timeline if isinstance(one.decision, Wait)]
    waits = [one.decision.seconds for one in retried if isinstance(one.decision, Wait)]
    _check_waits(policy, waits, [_floor(one.error) for one in retried], deadline)
    _check_attempts(policy, len(timeline), len(waits), budget)
    if not (idempotent or policy.repeat_unconfirmed):
        harmless = (NotSent, Throttled) if policy.throttled_is_not_stored else NotSent
        doubtful = [one.error for one in retried if not isinstance(one.error, harmless)]
        _ONCE.require(not doubtful, "no attempt after one of these", doubtful)


def _floor(error: object) -> float:
    return (error.retry_after if isinstance(error, Throttled | Unconfirmed) else None) or 0.0


def _check_waits(policy: RetryPolicy, waits: list[float], floors: list[float], deadline: float) -> None:
    _RESTRAINT.require(not waits or sum(waits) < deadline, f"less than {deadline:g} s of waiting", waits)
    for wait, floor in zip(waits, floors, strict=True):
        longest = max(policy.cap, floor)
        _RESTRAINT.require(floor <= wait <= longest, f"a wait from {floor:g} to {longest:g} s", f"{wait:g} s")


def _check_attempts(policy: RetryPolicy, attempts: int, retries: int, budget: int) -> None:
    _RESTRAINT.require(1 <= attempts <= policy.attempts, f"1 to {policy.attempts} attempts", attempts)
    _RESTRAINT.require(retries == attempts - 1, f"a wait before each of {attempts - 1} retries", retries)
    _RESTRAINT.require(retries <= budget, f"{budget} retries at most, the budget", retries)


@frozen(kw_only=True)
class _Seen:
    """What one call did: its sleeps, and what each attempt came to."""

    sleeps: list[float] = field(factory=list)
    floors: list[float] = field(factory=list)


def sends_within(
    config: Config, operation: Operation[Any], *, budget: int | None = None, draw: float = 1.0
) -> Result[Any, ChubError]:
    """Require that a call over this config's transport stays within the config's policy and time; give its Result.

    Nobody sleeps: the call's clock is moved by its waits.  `budget` is a share of retries, by default the policy's.

    >>> from chub import sandbox
    >>> from chub.wire.operations import get_event
    >>> with sandbox.open(faults=[sandbox.status(503, retry_after=2)]) as hub:
    ...     sends_within(hub.config, get_event(hub.config, "e").unwrap()).failure().attempts
    2
    """
    seen = _Seen()

    def see(_: Request, carry: Callable[[], Answered]) -> Answered:
        answered = carry()
        seen.floors.append(_floor(value_or_error(answered.bind(operation.read))))
        return answered

    share = RetryBudget(config.retry.budget if budget is None else budget)
    granted = share.left
    result = send(
        watched(config, see),
        operation,
        budget=share,
        clock=lambda: time.monotonic() + sum(seen.sleeps),
        sleep=seen.sleeps.append,
        draw=lambda: draw,
    )
    if not isinstance(value_or_error(result), InvalidValue):
        _check_attempts(config.retry, len(seen.floors), len(seen.sleeps), granted)
        _check_waits(config.retry, seen.sleeps, seen.floors[: len(seen.sleeps)], config.timeouts.total)
        told = getattr(value_or_error(result), "attempts", len(seen.floors))
        _RESTRAINT.require(told == len(seen.floors), f"{len(seen.floors)} attempts told", told)
    return result
