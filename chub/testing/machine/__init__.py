"""`HubMachine`: a Hypothesis state machine that plays with a hub and compares what it says with a pure model.

It makes customers, events and sessions, deletes them, and looks at them one by one and in lists.  It speaks only of
what it made itself in the same run, so that it may run in a workspace where others are at work.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Final

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, consumes, initialize, multiple, precondition, rule

from chub import api
from chub.testing.machine import model as known
from chub.testing.machine.base import Play
from chub.testing.machine.checks import (
    customer_found,
    customer_told,
    list_expected,
    list_told,
)
from chub.testing.machine.model import KnownEvent, Model
from chub.values.catalogue.campaigns import CampaignSent
from chub.values.catalogue.commerce import CompletedOrder
from chub.values.catalogue.properties import Properties
from chub.values.catalogue.web import ViewedPage
from chub.values.customers import SessionKey, SessionLink, customer
from chub.values.enums import Context, Mode
from chub.values.events import Event, event
from chub.values.identities import CustomerId, ExternalId, Owner, SessionId
from chub.values.queries import EventQuery, event_query

__all__ = ["HubMachine", "KnownEvent", "Model"]

# Events happen at noon and lists are bounded at midnight: whether a bound is within is not documented.
_NOONS: Final = [datetime(2026, 1, day, 12, tzinfo=UTC) for day in (1, 2, 3)]
_MIDNIGHTS: Final = [noon - timedelta(hours=12) for noon in _NOONS]

Happening = tuple[Properties, Context, datetime]
"""An event but for its owner."""


def _happenings(machine: "HubMachine") -> st.SearchStrategy[list[Happening]]:
    happening = st.tuples(machine.properties, machine.contexts, st.sampled_from(_NOONS))
    return st.lists(happening, max_size=3)


# Drawn from the machine that runs: a subclass may have other properties and contexts.
_SOME_HAPPENINGS: Final = st.runner().flatmap(_happenings)
_HAPPENINGS: Final = _SOME_HAPPENINGS.filter(bool)
_NAMES: Final = st.sampled_from(Play.NAMES)


def _event(owner: Owner, happening: Happening) -> Event:
    properties, context, date = happening
    return event(properties, owner=owner, context=context, date=date)


class HubMachine(Play):
    """Play with a hub at random; fails where the hub, or the way to it, does not what the model says.

    As it is, each run has a sandbox of its own, in process; `over` makes a machine for a hub that is there already, and
    a subclass may replace `opened`.  `TestHub = HubMachine.TestCase` makes it a test, for pytest and unittest.

    A subclass adds rules.  They draw from the bundles `customers` (each a `CustomerId`) and `events` (ids), and from
    `names`, of which `visit` and `key` make session and external ids.  Of an event that a rule sent by itself it tells
    the model by `learn`; what the hub says it compares by `agree`.  Events are made of `properties` and `contexts`,
    which may be replaced.

    >>> from hypothesis import settings
    >>> from hypothesis.stateful import run_state_machine_as_test
    >>> run_state_machine_as_test(HubMachine, settings=settings(max_examples=3, deadline=None, database=None))
    """

    # Few and plain: what counts here is what a hub does with events; what is in them is for the law of the round trip.
    properties: ClassVar[st.SearchStrategy[Properties]] = st.sampled_from(
        [
            ViewedPage(title="Home"),
            ViewedPage(title="Shoes", page_tags=["new"]),
            CampaignSent(campaign_id="spring"),
            CompletedOrder(order_id="o-1", payment_method="cash"),
        ]
    )
    contexts: ClassVar[st.SearchStrategy[Context]] = st.sampled_from([Context.WEB, Context.MOBILE, Context.OTHER])
    modes: ClassVar[Mapping[str, Mode]] = {
        "viewedPage": Mode.ACTIVE,
        "campaignSent": Mode.PASSIVE,
        "completedOrder": Mode.ACTIVE,
    }
    """The modes of event types in the workspace; a list is asked for by mode where those of all its types are known."""

    names: ClassVar[st.SearchStrategy[str]] = _NAMES
    customers: ClassVar[Bundle[CustomerId]] = Bundle("customers")
    events: ClassVar[Bundle[str]] = Bundle("events")

    @initialize(target=customers)
    def add_first_customer(self) -> CustomerId | MultipleResults[CustomerId]:
        """Add a customer, for most rules need one."""
        return self._customer(None)

    @rule(target=customers, name=st.none() | _NAMES)
    def add_customer(self, name: str | None) -> CustomerId | MultipleResults[CustomerId]:
        """Add a customer, with an external id or without."""
        return self._customer(None if name is None else self.key(name))

    def _customer(self, key: ExternalId | None) -> CustomerId | MultipleResults[CustomerId]:
        add = partial(api.add_customer, self.config, customer(key))
        if key is not None and known.customer_of(self.model, key) is not None:
            self.refused(f"a second customer of {key}", 409, add)
            return multiple()
        customer_id = CustomerId(self.done(add()).id or "")
        self.model = known.with_customer(self.model, customer_id.value, None if key is None else key.value)
        return customer_id

    @rule(target=customers, name=_NAMES)
    def find_customer(self, name: str) -> CustomerId | MultipleResults[CustomerId]:
        """Find a customer by his external id."""
        key = self.key(name)
        expected = known.customer_of(self.model, key)
        self.agree(f"the customer of {key}", lambda: customer_found(self.config, key), {"id": expected})
        return multiple() if expected is None else CustomerId(expected)

    @rule(target=events, customer_id=consumes(customers), after=_HAPPENINGS)
    def delete_customer(self, customer_id: CustomerId, after: list[Happening]) -> MultipleResults[str]:
        """Delete a customer, and with him his events; what his sessions were used for goes on, and is nobody's."""
        delete = partial(api.delete_customer, self.config, customer_id)
        if not known.has_customer(self.model, customer_id.value):
            self.refused(f"a deleted {customer_id}", 404, delete)
            return multiple()
        before = self.model
        self.done(delete())
        self.model = known.without_customer(self.model, customer_id.value)
        self.refused(f"a deleted {customer_id}", 404, delete)
        self.look_at(*known.found_by(before, event_query(customer_id=customer_id), self.modes))
        lost = [one for one in before.sessions if self.alone and one.customer_id == customer_id.value]
        return multiple(*[event_id for one in lost for event_id in self._added(SessionId(one.value), after).values])

    @rule(target=events, customer_id=customers, happenings=_HAPPENINGS)
    def add_events(self, customer_id: CustomerId, happenings: list[Happening]) -> MultipleResults[str]:
        """Send events of a customer."""
        if known.has_customer(self.model, customer_id.value):
            return self._added(customer_id, happenings)
        late = _event(customer_id, happenings[0])
        self.refused(f"an event of a deleted {customer_id}", 404, partial(api.add_event, self.config, late))
        return multiple()

    @rule(target=events, name=_NAMES, happenings=_HAPPENINGS)
    def add_events_of_visit(self, name: str, happenings: list[Happening]) -> MultipleResults[str]:
        """Send events of a session."""
        return self._added(self.visit(name), happenings)

    @rule(target=events, name=_NAMES, happenings=_HAPPENINGS)
    def add_events_of_key(self, name: str, happenings: list[Happening]) -> MultipleResults[str]:
        """Send events of an external id, the first of which makes its customer where there is none."""
        return self._added(self.key(name), happenings)

    def _added(self, owner: Owner, happenings: list[Happening]) -> MultipleResults[str]:
        sent = [_event(owner, happening) for happening in happenings]
        return multiple(*[self.learn(self.done(api.add_event(self.config, one)).id, one) for one in sent])

    @rule(event_id=consumes(events))
    def delete_event(self, event_id: str) -> None:
        """Delete an event, as soon as it is to be seen."""
        delete = partial(api.delete_event, self.config, event_id)
        for one in [one for one in self.model.events if one.id == event_id]:
            self.look_at(one, patiently=True)
            self.done(delete())
            self.model = known.without_event(self.model, event_id)
            self.look_at(one, patiently=True)
        self.refused(f"the deleted event {event_id}", 404, delete)

    @rule(target=events, customer_id=customers, name=_NAMES, before=_SOME_HAPPENINGS, after=_SOME_HAPPENINGS)
    def add_session(
        self, customer_id: CustomerId, name: str, before: list[Happening], after: list[Happening]
    ) -> MultipleResults[str]:
        """Attach a session to a customer: its events become his, those of before and those that follow."""
        visit = self.visit(name)
        earlier = self._added(visit, before)
        self._attach(customer_id, visit)
        return multiple(*earlier.values, *self._added(visit, after).values)

    def _attach(self, customer_id: CustomerId, visit: SessionId) -> None:
        add = partial(api.add_session, self.config, SessionLink(customer_id, visit))
        holder = known.customer_of(self.model, visit)
        if not known.has_customer(self.model, customer_id.value):
            self.refused(f"a session of a deleted {customer_id}", 404, add)
        elif holder not in (None, customer_id.value):
            self.refused("a session of another customer", 400, add)
        else:
            self._attached(customer_id, visit, self.done(add()).id)

    def _attached(self, customer_id: CustomerId, visit: SessionId, session_id: str | None) -> None:
        before = known.session_of(self.model, visit)
        if before is None:
            self.model = known.with_session(self.model, customer_id.value, visit.value, session_id)
            self.look_at(*self.model.events)
        elif before.id != session_id:
            raise AssertionError(f"{visit} attached again: expected the id {before.id}, found {session_id}")

    @precondition(lambda self: self.alone)
    @rule(name=_NAMES)
    def delete_session(self, name: str) -> None:
        """Detach a session; whose events it brought stays as it is."""
        session = known.session_of(self.model, self.visit(name))
        if session is not None and session.id is not None:
            self.done(api.delete_session(self.config, SessionKey(CustomerId(session.customer_id), session.id)))
            self.model = known.without_session(self.model, session.value)

    @rule()
    def look_around(self) -> None:
        """Look at all that should be there: so all that was done is waited for together."""
        self.look_at(*self.model.events, patiently=True)
        for one in self.model.customers:
            facts = known.customer_facts(self.model, one)
            self.agree(f"customer {one.id}", partial(customer_told, self.config, one.id), facts)
            self._list(event_query(customer_id=one.id))

    @precondition(lambda self: self.alone or self.model.customers)
    @rule(queries=st.runner().flatmap(lambda machine: st.lists(machine.queries(), min_size=1, max_size=3)))
    def list_events(self, queries: list[EventQuery]) -> None:
        """Look at lists of events, page by page."""
        for query in queries:
            self._list(query)

    def _list(self, query: EventQuery) -> None:
        found = known.found_by(self.model, query, self.modes)
        self.agree(f"{query}", partial(list_told, self.config, query, found), list_expected(found, query))

    def queries(self) -> st.SearchStrategy[EventQuery]:
        """Give queries about what is in the model: of its customers alone, unless the hub is the run's alone."""
        ids = [one.id for one in self.model.customers]
        filters = _filters([one.sent for one in self.model.events], self.modes)
        some = st.lists(st.sampled_from(sorted(filters)), max_size=2, unique=True)
        chosen = some.flatmap(lambda names: st.fixed_dictionaries({name: filters[name] for name in names}))
        size = st.none() | st.integers(1, 4)
        owners = [one for one in ids if any(event.customer_id == one for event in self.model.events)]
        whose = [st.sampled_from(several) for several in (owners, ids, [None] if self.alone else []) if several]
        return st.builds(_query, chosen, customer_id=st.one_of(whose), size=size)


def _filters(sent: list[Event], modes: Mapping[str, Mode]) -> dict[str, st.SearchStrategy[Any]]:
    """Give for each filter what to ask by: by dates, or the mode, only where those of all events are known."""
    types = sorted({one.type for one in sent}) or ["viewedPage"]
    contexts = sorted({one.context for one in sent}) or [Context.WEB]
    filters: dict[str, st.SearchStrategy[Any]] = {
        "types": st.lists(st.sampled_from(types), min_size=1, max_size=2, unique=True),
        "contexts": st.lists(st.sampled_from(contexts), min_size=1, max_size=2, unique=True),
    }
    if all(one.date is not None for one in sent):
        filters["dates"] = st.lists(st.none() | st.sampled_from(_MIDNIGHTS), min_size=2, max_size=2)
    if all(one.mode or one.type in modes for one in sent):
        filters["mode"] = st.sampled_from(Mode)
    return filters


def _query(filters: dict[str, Any], **more: Any) -> EventQuery:
    start, end = filters.pop("dates", (None, None))
    if start is not None and end is not None and start > end:
        start, end = end, start
    return event_query(date_from=start, date_to=end, **filters, **more)
