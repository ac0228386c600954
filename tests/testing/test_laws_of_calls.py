"""The laws that users call, of calls: each holds of chub, and each finds what is planted against it."""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
import trustme
from chub_calls import visit
from faults.calls import OPERATIONS, opened
from returns.result import Failure, Result, Success

import chub
from chub import operations, sandbox
from chub.retry import Attempt, Stop, Wait
from chub.testing import laws

EVENT = visit(chub.SessionId("a visit"))
DOWN = chub.NotSent(reason="connection refused", transient=True)
CUT = chub.Unconfirmed(reason="the connection was cut")
LATER = chub.Throttled(retry_after=3.0)
QUICK = chub.RetryPolicy(base=0.0, throttled_base=0.0)
WAYS = pytest.mark.parametrize("way", ["in process", "sockets"])


def broken(law: str, *, expected: str = "", found: str = "") -> Any:
    """Expect a law to say that it is broken, which one, and how."""
    return pytest.raises(AssertionError, match=f"(?s)^{law}: expected .*{expected}.*, found .*{found}")


def add(config: chub.Config) -> Result[Any, chub.ChubError]:
    return chub.add_event(config, EVENT)


SCRIPTS: dict[str, tuple[list[Any], Any]] = {
    "all is well": ([], chub.Accepted),
    "throttled": ([sandbox.status(429, retry_after=0)], chub.Accepted),
    "stored, then closed": ([sandbox.commit_then_close()], chub.Unconfirmed),
    "read, then closed": ([sandbox.read_then_close()], chub.Unconfirmed),
    "stored, then 503": ([sandbox.status(503, commit=True)], chub.Unconfirmed),
    "refused": ([sandbox.status(400)], chub.Rejected),
    "unread": ([sandbox.close_unread()], chub.Unconfirmed),
}


@WAYS
@pytest.mark.parametrize(("faults", "outcome"), SCRIPTS.values(), ids=SCRIPTS)
def test_chub_is_honest(way: str, faults: list[Any], outcome: Any) -> None:
    with opened(way) as hub:
        config = attrs.evolve(hub.config, retry=QUICK)
        result = laws.honest(hub.sandbox, faults, add, config)
        assert outcome is type(result.unwrap() if isinstance(result, Success) else result.failure())


@pytest.mark.parametrize("name", OPERATIONS)
def test_chub_is_honest_of_every_operation(name: str) -> None:
    with opened("in process") as hub:
        operation = OPERATIONS[name](hub).unwrap()
        assert isinstance(laws.honest(hub.sandbox, [], lambda config: chub.send(config, operation)), Success)
        gone = laws.honest(hub.sandbox, [sandbox.status(404)], lambda config: chub.send(config, operation))
        assert isinstance(gone.failure(), chub.Rejected)


def test_what_may_be_repeated_counts_once_for_each_attempt() -> None:
    with opened("in process") as hub:
        update = OPERATIONS["update_event"](hub).unwrap()
        faults = [sandbox.commit_then_close()] * 2
        config = attrs.evolve(hub.config, retry=QUICK)
        assert laws.honest(hub.sandbox, faults, lambda config: chub.send(config, update), config).unwrap().attempts == 3
        bold = attrs.evolve(config, retry=attrs.evolve(QUICK, repeat_unconfirmed=True))
        assert laws.honest(hub.sandbox, faults, add, bold).unwrap().attempts == 3


def test_a_deletion_that_finds_nothing_and_a_session_that_is_his_already_are_honest() -> None:
    with opened("in process") as hub:
        config = attrs.evolve(hub.config, retry=QUICK)
        delete = OPERATIONS["delete_event"](hub).unwrap()
        gone = laws.honest(hub.sandbox, [sandbox.commit_then_close()], lambda one: chub.send(one, delete), config)
        assert Success(chub.Deleted(confirmed=False)) == gone
        link = chub.SessionLink(hub.customer(), "a visit")
        first, again = (laws.honest(hub.sandbox, [], lambda one: chub.add_session(one, link)) for _ in range(2))
        assert first == again


def test_an_entry_of_a_request_that_was_not_read_is_a_read_where_the_call_made_reads() -> None:
    with opened("sockets") as hub:
        config = attrs.evolve(hub.config, retry=QUICK)
        link = chub.SessionLink(hub.customer(), "a visit")
        chub.add_session(config, link).unwrap()
        faults = [None, sandbox.close_unread()]
        assert laws.honest(hub.sandbox, faults, lambda one: chub.add_session(one, link), config).unwrap().id


Transport = Callable[[chub.Config], chub.Transport]


def never_sending(config: chub.Config) -> chub.Transport:
    return lambda request, deadline: Success(chub.Response(status=202))


def denying(config: chub.Config) -> chub.Transport:
    """Say that nothing was sent, whatever came of it."""
    return over(config, lambda carry: carry() and Failure(attrs.evolve(DOWN, transient=False)))


def doubling(config: chub.Config) -> chub.Transport:
    """Send everything twice, for safety."""
    return over(config, lambda carry: (carry(), carry())[1])


def repeating(config: chub.Config) -> chub.Transport:
    """Send again what brought no answer."""
    return over(config, lambda carry: carry().lash(lambda _: carry()))


def over(config: chub.Config, send: Callable[[Callable[[], Any]], Any]) -> chub.Transport:
    carry = config.transport
    assert carry is not None
    return lambda request, deadline: send(lambda: carry(request, deadline))


LIES: dict[str, tuple[Transport, list[Any], str, str]] = {
    "a success of what was not sent": (never_sending, [], "what is said of a write is true", "1 done by the hub"),
    "a failure of what was stored": (denying, [], "what is said of a write is true", "0 done by the hub"),
    "stored twice": (doubling, [], "what is said of a write is true", "1 done by the hub"),
    "stored twice, in doubt": (
        doubling,
        [sandbox.commit_then_close()] * 2,
        "what is said of a write is true",
        "0 to 1 done",
    ),
    "a POST again after silence": (
        repeating,
        [sandbox.read_then_close()],
        "a POST is not sent again .*",
        "no request after one of these",
    ),
}


@pytest.mark.parametrize(("transport", "faults", "law", "expected"), LIES.values(), ids=LIES)
def test_a_transport_that_lies_is_found(transport: Transport, faults: list[Any], law: str, expected: str) -> None:
    with sandbox.open() as hub, broken(law, expected=expected):
        laws.honest(hub, faults, add, attrs.evolve(hub.config, transport=transport(hub.config)))


def test_a_post_that_is_sent_again_over_sockets_is_found() -> None:
    def sent_again(config: chub.Config) -> Result[Any, chub.ChubError]:
        return chub.add_event(config, EVENT).lash(lambda _: chub.add_event(config, EVENT))

    with sandbox.serve() as hub, broken("a POST is not sent again .*"):
        laws.honest(hub, [sandbox.read_then_close()], sent_again)
    chub.disconnect(hub.config)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (sandbox.status(404, commit=True), "answers 404 to what it has stored lies itself"),
        (sandbox.status(429, commit=True), "answers 429 to what it has stored lies itself"),
        (sandbox.status(202), "answers 202 to what it has not stored lies itself"),
    ],
)
def test_a_hub_that_lies_is_no_witness(fault: Any, message: str) -> None:
    with sandbox.open() as hub, pytest.raises(chub.InvalidValue, match=f"^faults: .*{message}"):
        laws.honest(hub, [fault], add, attrs.evolve(hub.config, retry=chub.RetryPolicy(attempts=1)))


def test_a_429_that_is_not_trusted_says_nothing() -> None:
    careful = chub.RetryPolicy(throttled_is_not_stored=False)
    with sandbox.open() as hub:
        config = attrs.evolve(hub.config, retry=careful)
        unsure = laws.honest(hub, [sandbox.status(429, commit=True)], add, config)
        assert isinstance(unsure.failure(), chub.Unconfirmed)


def test_before_the_handshake_of_tls_nothing_was_sent(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(tls)
    with opened("TLS", tls, str(tmp_path / "ca.pem")) as hub:
        config = attrs.evolve(hub.config, retry=QUICK)
        assert laws.honest(hub.sandbox, [sandbox.break_tls("connect")], add, config).unwrap().attempts == 2


def played(*waits: float) -> Callable[..., tuple[Attempt, ...]]:
    """A decision that waits so long, again and again."""

    def simulate(policy: chub.RetryPolicy, errors: tuple[Any, ...], **_: Any) -> tuple[Attempt, ...]:
        before = [Attempt(at=0.0, error=error, decision=Wait(wait)) for wait, error in zip(waits, errors, strict=False)]
        return (*before, Attempt(at=0.0, error=None, decision=None))

    return simulate


RETRIES_BROKEN: dict[str, tuple[Any, Any, dict[str, Any], str, str]] = {
    "too many": (played(0, 0, 0), DOWN, {}, "1 to 3 attempts", "4"),
    "beyond the budget": (played(0, 0), DOWN, {"budget": 1}, "1 retries at most", "2"),
    "too long": (played(20.5), DOWN, {}, "a wait from 0 to 20 s", "20.5"),
    "too short": (played(2.9), LATER, {}, "a wait from 3 to 20 s", "2.9"),
    "beyond the deadline": (played(19, 19), DOWN, {"deadline": 38}, "less than 38 s", "19"),
    "none at all": (lambda *_, **__: (), DOWN, {}, "1 to 3 attempts", "0"),
}


@pytest.mark.parametrize(
    ("simulate", "error", "more", "expected", "found"), RETRIES_BROKEN.values(), ids=RETRIES_BROKEN
)
def test_a_decision_that_breaks_its_policy_is_found(
    simulate: Any, error: chub.ChubError, more: dict[str, Any], expected: str, found: str
) -> None:
    laws.retries_within(chub.RetryPolicy(), [error] * 9, **more)
    with broken("attempts and waits stay within policy, .*", expected=expected, found=found):
        laws.retries_within(chub.RetryPolicy(), [error] * 5, simulate=simulate, **more)


@pytest.mark.parametrize(
    ("policy", "error"), [(chub.RetryPolicy(), CUT), (chub.RetryPolicy(throttled_is_not_stored=False), LATER)]
)
def test_a_decision_to_repeat_a_post_that_may_be_stored_is_found(policy: chub.RetryPolicy, error: Any) -> None:
    with broken("a POST is not sent again .*", expected="no attempt after one of these"):
        laws.retries_within(policy, [error], simulate=played(5.0))
    laws.retries_within(policy, [error], simulate=played(5.0), idempotent=True)


FAULTS: dict[str, tuple[list[Any], dict[str, Any], int]] = {
    "all is well": ([], {}, 1),
    "down for long": ([sandbox.refuse()] * 9, {}, 3),
    "asked to wait": ([sandbox.status(429, retry_after=9)], {}, 2),
    "asked to wait too long": ([sandbox.status(429, retry_after=90)], {}, 1),
    "no budget": ([sandbox.refuse()] * 9, {"budget": 1}, 2),
}


@pytest.mark.parametrize(("faults", "more", "attempts"), FAULTS.values(), ids=FAULTS)
def test_a_call_stays_within_its_policy(faults: list[Any], more: dict[str, Any], attempts: int) -> None:
    with sandbox.open(faults=faults) as hub:
        result = laws.sends_within(hub.config, operations.add_event(hub.config, EVENT).unwrap(), **more)
    assert attempts == (result.unwrap() if isinstance(result, Success) else result.failure()).attempts


def test_what_is_not_sent_at_all_is_within_every_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_TOKEN", raising=False)
    config = chub.config(workspace_id="w", token=chub.token_from_env("NO_SUCH_TOKEN"), transport=print)
    assert isinstance(
        laws.sends_within(config, operations.get_event(config, "e").unwrap()).failure(), chub.InvalidValue
    )


@pytest.mark.parametrize(("wait", "expected"), [(99.0, "less than 60 s"), (21.0, "a wait from 0 to 20 s")])
def test_a_call_that_breaks_its_policy_is_found(wait: float, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    decisions = iter([Wait(wait), Stop("final")])
    monkeypatch.setattr("chub.transport.door.decide", lambda *_, **__: next(decisions))
    with sandbox.open(faults=[sandbox.status(503)]) as hub, broken("attempts and waits .*", expected=expected):
        laws.sends_within(hub.config, operations.get_event(hub.config, "e").unwrap())


def test_a_call_that_tells_another_number_of_attempts_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chub.transport.door._stamped", lambda call, attempts, value: value)
    faults = [sandbox.refuse()]
    with sandbox.open(faults=faults) as hub, broken("attempts and waits .*", expected="2 attempts told", found="1"):
        laws.sends_within(hub.config, operations.get_event(hub.config, "e").unwrap())
