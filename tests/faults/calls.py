"""Every operation of chub, ready to be called at a hub, and what can be seen of a call from both its ends."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import attrs
from attrs import field, frozen
from returns.result import Result, Success

import chub
from chub import operations, sandbox
from chub.transport.door import RetryBudget
from chub.transport.window import Steps, Window

SECRET = "demo-0123456789-token"


class Clock:
    """The monotonic clock of the machine, which can be set forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds


class Hub:
    """A sandbox with a customer, an event and a session; what is made for a call is made past the script."""

    def __init__(self, opened: sandbox.Sandbox) -> None:
        self.sandbox = opened
        self.config = attrs.evolve(opened.config, timeouts=chub.Timeouts(connect=5, read=5))
        self.numbers = count(1)

    def make(self, path: str, body: str) -> str:
        """Post past the script, and give the new id."""
        headers = (("Authorization", f"Bearer {self.sandbox.token}"), ("Content-Type", "application/json"))
        path = f"/workspaces/{self.sandbox.workspace_id}{path}"
        answer = self.sandbox.handle(
            chub.Request(method="POST", path=path, template="", headers=headers, body=body.encode())
        )
        accepted = operations.parse_accepted(chub.Request(method="POST", path="", template=""), answer).unwrap()
        assert accepted.id is not None
        return accepted.id

    def customer(self) -> chub.CustomerId:
        return chub.CustomerId(self.make("/customers", f'{{"nodeId":"{self.sandbox.node_id}"}}'))

    def event(self) -> str:
        return self.recorded_event().id

    def recorded_event(self) -> chub.RecordedEvent:
        plain = {"type": "viewedPage", "context": "WEB", "properties": {}, "customerId": self.customer().value}
        noted = {"id": self.make("/events", json.dumps(plain)), "registeredAt": "2026-03-08T08:18:17.123Z"}
        return chub.parse_recorded_event(plain | noted).unwrap()

    def session(self) -> chub.SessionKey:
        customer = self.customer()
        return chub.SessionKey(
            customer, self.make(f"/customers/{customer.value}/sessions", f'{{"value":"{self.new_name()}"}}')
        )

    def wait_for(self, entries: int) -> None:
        """Wait until the ledger has so many entries, some seconds at most."""
        end = time.monotonic() + 5
        while len(self.sandbox.ledger) < entries and time.monotonic() < end:
            time.sleep(0.001)

    def new_name(self) -> str:
        return f"name-{next(self.numbers)}"


Build = Callable[[Hub], Result[chub.Operation[Any], chub.ChubError]]

OPERATIONS: dict[str, Build] = {
    "add_event": lambda hub: operations.add_event(
        hub.config, chub.event(chub.ViewedPage(title="Home"), owner=hub.customer(), context="WEB")
    ),
    "get_event": lambda hub: operations.get_event(hub.config, hub.event()),
    "update_event": lambda hub: operations.update_event(hub.config, hub.recorded_event()),
    "delete_event": lambda hub: operations.delete_event(hub.config, hub.event()),
    "list_events": lambda hub: operations.list_events(hub.config, chub.event_query(size=1)),
    "add_session": lambda hub: operations.add_session(
        hub.config, chub.SessionLink(hub.customer(), chub.SessionId(hub.new_name()))
    ),
    "list_sessions": lambda hub: operations.list_sessions(hub.config, hub.customer()),
    "get_session": lambda hub: operations.get_session(hub.config, hub.session()),
    "delete_session": lambda hub: operations.delete_session(hub.config, hub.session()),
    "add_customer": lambda hub: operations.add_customer(hub.config, chub.customer(hub.new_name())),
    "get_customer": lambda hub: operations.get_customer(hub.config, hub.customer()),
    "find_customer": lambda hub: operations.find_customer(hub.config, hub.new_name()),
    "delete_customer": lambda hub: operations.delete_customer(hub.config, hub.customer()),
}


@frozen(kw_only=True)
class Seen:
    """What a call came to: its outcome and what that tells, attempts and sleeps, and the counts of the hub's ledger."""

    outcome: Any
    attempts: int
    sleeps: list[float]
    received: int
    committed: int
    facts: dict[str, Any] = field(factory=dict)


class Call:
    """One call with a clock, sleeps and draws of its own; nobody sleeps."""

    def __init__(
        self,
        hub: Hub,
        config: chub.Config,
        *,
        clock: Clock,
        on_sleep: Callable[[], object],
        through: Callable[..., Any] = chub.send,
    ) -> None:
        self.hub = hub
        self.config = config
        self.clock = clock
        self.sleeps: list[float] = []
        self._on_sleep = on_sleep
        self._through = through

    def _sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self._on_sleep()

    def send(self, operation: chub.Operation[Any], **more: Any) -> Result[Any, chub.ChubError]:
        steps = {"clock": self.clock, "sleep": self._sleep, "draw": lambda: 1.0, **more}
        result: Result[Any, chub.ChubError] = self._through(self.config, operation, **steps)
        return result


def in_a_window(config: chub.Config, operation: chub.Operation[Any], **steps: Any) -> Result[Any, chub.ChubError]:
    """Make a call as the streams and the walks with pages ahead do."""
    window: Window[Any] = Window(config, 3, RetryBudget(config.retry.budget), Steps(**steps))
    window.send(Success(operation))
    return window.receive()


def nothing() -> None:
    """Let all stay as it is."""


def seen(
    hub: Hub,
    operation: chub.Operation[Any],
    *,
    config: chub.Config | None = None,
    clock: Clock | None = None,
    on_sleep: Callable[[], object] = nothing,
    told: tuple[str, ...] = (),
    gives_up: bool = False,
    through: Callable[..., Any] = chub.send,
) -> Seen:
    """Make a call, and look at both its ends; `told` names what an error is asked for.

    A client that gives up may do so before the hub has noted the request: `gives_up` waits for that.
    """
    before = hub.sandbox.ledger
    call = Call(hub, config or hub.config, clock=clock or Clock(), on_sleep=on_sleep, through=through)
    result = call.send(operation)
    attempts = len(call.sleeps) + 1
    if gives_up:
        hub.wait_for(len(before) + attempts)
    after = hub.sandbox.ledger
    value = result.unwrap() if isinstance(result, Success) else result.failure()
    return Seen(
        outcome=outcome_of(result),
        attempts=getattr(value, "attempts", attempts),
        sleeps=call.sleeps,
        received=after.received - before.received,
        committed=after.committed - before.committed,
        facts={name: getattr(value, name, None) for name in told if isinstance(value, Exception)},
    )


def outcome_of(result: Result[Any, chub.ChubError]) -> Any:
    """The class of an error, "done", or "gone" for what was found deleted."""
    if not isinstance(result, Success):
        return type(result.failure())
    value = result.unwrap()
    return "gone" if isinstance(value, chub.Deleted) and not value.confirmed else "done"


@contextmanager
def opened(way: str, tls: Any = None, ca_file: str | None = None) -> Iterator[Hub]:
    """Open a hub in one of the ways: in process, on a socket, behind TLS."""
    if way == "in process":
        opening = sandbox.open(token=SECRET)
    elif way == "sockets":
        opening = sandbox.serve(token=SECRET)
    else:
        opening = sandbox.serve(token=SECRET, tls=tls, ca_file=ca_file)
    with opening as hub:
        yield Hub(hub)
        chub.disconnect(hub.config)
