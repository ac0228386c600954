"""Hubs for the public functions: the same tests run against one in process and one behind a socket."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import attrs
import pytest

import chub
from chub.http import Transport
from chub.transport.exchange import exchange


class Clock:
    """The hub's time, which stands still unless it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def counted_ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"id-{next(numbers)}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["in process", "served"])
def open_hub(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Callable[..., Any]]:
    """Open a hub with the options that a test needs."""
    opening = chub.sandbox.open if request.param == "in process" else chub.sandbox.serve
    with ExitStack() as stack:

        def open_hub(**options: Any) -> Any:
            hub = stack.enter_context(opening(**{"clock": clock, "ids": counted_ids(), **options}))
            stack.callback(chub.disconnect, hub.config)
            return hub

        yield open_hub


@pytest.fixture
def hub(open_hub: Callable[..., Any]) -> Any:
    return open_hub()


@pytest.fixture
def config(hub: Any) -> chub.Config:
    made: chub.Config = hub.config
    return made


class Recorded:
    """A config whose requests are kept."""

    def __init__(self, config: chub.Config) -> None:
        self.requests: list[chub.Request] = []
        self._below: Transport = config.transport or partial(exchange, config)
        self.config = attrs.evolve(config, transport=self._carry)

    def _carry(self, request: chub.Request, deadline: chub.Deadline) -> Any:
        self.requests.append(request)
        return self._below(request, deadline)

    @property
    def queries(self) -> list[dict[str, str]]:
        return [dict(request.query) for request in self.requests]


@pytest.fixture
def recorded(config: chub.Config) -> Recorded:
    return Recorded(config)


@pytest.fixture
def record() -> type[Recorded]:
    return Recorded


@pytest.fixture
def customer_id(config: chub.Config) -> chub.CustomerId:
    return chub.CustomerId(chub.add_customer(config, chub.customer("CRM-17")).unwrap().id or "")
