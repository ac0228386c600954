"""What the rules of a machine stand on: the hub of a run, the model, how the two are compared, how a run ends."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from secrets import token_hex
from typing import Any, ClassVar, Self, TypeVar, cast

import attrs
from hypothesis.stateful import RuleBasedStateMachine
from returns.result import Result, Success

from chub import sandbox
from chub.api import find_customer
from chub.errors import ChubError, InvalidValue
from chub.http import Transport
from chub.settings import Config
from chub.testing.machine import model as known
from chub.testing.machine.checks import REFUSED, Told, difference, event_told, said, settled, without_totals
from chub.testing.machine.cleaning import clean
from chub.testing.machine.model import KnownEvent, Model
from chub.values.events import Event
from chub.values.identities import CustomerId, ExternalId, SessionId

A = TypeVar("A")


class Play(RuleBasedStateMachine):
    """A run with a hub, without rules; of `HubMachine` what its subclasses use and replace."""

    hub: ClassVar[Config | None] = None
    """The hub, where it outlives the runs; set by `over`."""
    within: ClassVar[float] = 0.0
    """Seconds after which at the latest all that was done is to be seen."""
    alone: ClassVar[bool] = True
    """Whether each run has a new hub, as strict as the sandbox, for itself: then nothing is cleaned up, and what others
    would disturb (lists of all customers' events), or the hub's documentation leaves open, is compared as well."""
    NAMES: ClassVar[tuple[str, ...]] = ("a", "b")
    """From which session and external ids are made."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        """What should be at the hub now."""
        self.prefix = "" if self.alone else f"chub-{token_hex(6)}-"
        """What begins every name of this run."""
        self._stack = ExitStack()
        self.config = self._stack.enter_context(self.opened())
        """What chub's functions take to talk to the hub."""

    @classmethod
    def over(
        cls, config: Config, transport: Transport | None = None, *, within: float = 0.0, alone: bool = False
    ) -> type[Self]:
        """Make a machine for a hub that is there already, such as a test workspace.

        What a run makes has names of its own, and is deleted at its end, but an event of a session that came to an
        `Unconfirmed`, whose id nobody knows.  `within` seconds a change may take until it is seen, 90 for the real
        hub: each look may last as long, so let it take few and short runs.
        """
        if not isinstance(config, Config):
            raise InvalidValue.of("config", f"made by chub.config(...) is needed, not {type(config).__name__}")
        if isinstance(within, bool) or not isinstance(within, int | float) or not 0 <= within < float("inf"):
            raise InvalidValue.of("within", f"a number of seconds from 0 on is needed, not {within!r}")
        if config.node_id is None:
            raise InvalidValue.of("config", "a node is needed, for sessions and external ids: chub.config(node_id=...)")
        hub = config if transport is None else attrs.evolve(config, transport=transport)
        made = {"hub": hub, "within": within, "alone": alone, "__module__": cls.__module__, "__doc__": cls.__doc__}
        return cast(type[Self], type(cls.__name__, (cls,), made))

    def opened(self) -> AbstractContextManager[Config]:
        """Give what opens the hub of one run, and closes it."""
        return _new_sandbox() if self.hub is None else nullcontext(self.hub)

    def clock(self) -> float:
        """Give the seconds of a monotonic clock."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait before the hub is asked once more."""
        time.sleep(seconds)

    def teardown(self) -> None:
        """End the run: what it made is deleted, where the hub goes on."""
        with self._stack:
            if not self.alone:
                keys = (self.key(name).value for name in self.NAMES)
                clean(self.config, self.model, keys, self.within, clock=self.clock, sleep=self.sleep)

    def visit(self, name: str) -> SessionId:
        """Make a session id of this run."""
        return SessionId(f"{self.prefix}visit-{name}")

    def key(self, name: str) -> ExternalId:
        """Make an external id of this run."""
        return ExternalId(f"{self.prefix}key-{name}")

    def learn(self, event_id: str | None, sent: Event) -> str:
        """Tell the model of an event that the hub took, look at it, and give its id.

        One of an unknown external id has made a customer, who is looked for.  Where others are at work too, its owner
        has to be a name of this run, for its customer is deleted at the end.
        """
        if not isinstance(sent.owner, CustomerId) and not sent.owner.value.startswith(self.prefix):
            raise InvalidValue.of("sent.owner", f"made by self.visit(...) or self.key(...) is needed, not {sent.owner}")
        if event_id is None:
            raise AssertionError("expected the id of an event that was sent, found None; nothing can be asked without")
        if isinstance(sent.owner, ExternalId) and known.customer_of(self.model, sent.owner) is None:
            self._learn_customer(sent.owner)
        self.model = known.with_event(self.model, event_id, sent)
        self.look_at(self.model.events[-1])
        return event_id

    def _learn_customer(self, key: ExternalId) -> None:
        found = self._settled(lambda: find_customer(self.config, key), lambda result: result.value_or(None) is not None)
        customer = self.done(found)
        if customer is None or known.has_customer(self.model, customer.id):
            raise AssertionError(f"expected a new customer with the external id {key.value!r}, found {customer}")
        self.model = known.with_customer(self.model, customer.id, key.value)

    def done(self, result: Result[A, ChubError]) -> A:
        """Require a Success, and give its value."""
        if not isinstance(result, Success):
            raise AssertionError(f"expected a Success, found {result.failure()}")
        value: A = result.unwrap()
        return value

    def refused(self, what: str, status: int, call: Callable[[], Result[Any, ChubError]]) -> None:
        """Require a refusal, of a hub that is the run's alone; any other is not asked for what it should refuse."""
        if self.alone:
            found = said(call(), lambda value: f"a Success of {value}")
            if found != REFUSED(status):
                raise AssertionError(f"{what}: {difference(REFUSED(status), found)}")

    def agree(self, what: str, ask: Callable[[], Told], expected: Told) -> None:
        """Require that the hub says what is expected, at once or within the time that it has."""
        found = self._settled(ask, lambda told: told == without_totals(expected, told))
        wanted = without_totals(expected, found)
        if wanted != found:
            raise AssertionError(f"{what}: {difference(wanted, found)}")

    def look_at(self, *events: KnownEvent, patiently: bool = False) -> None:
        """Look at events of which something has just changed, unless they would have to be waited for."""
        for one in events if patiently or not self.within else ():
            here = next((known.facts_of(event) for event in self.model.events if event.id == one.id), None)
            self.agree(f"event {one.id}", partial(event_told, self.config, one), here or REFUSED(404))

    def _settled(self, ask: Callable[[], A], is_right: Callable[[A], bool]) -> A:
        return settled(ask, is_right, self.within, clock=self.clock, sleep=self.sleep)


@contextmanager
def _new_sandbox() -> Iterator[Config]:
    with sandbox.open() as hub:
        yield hub.config
