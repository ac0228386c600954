"""`HubMachine`: it passes over every kind of hub, with lag too, leaves nothing there, and subclasses add to it."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from hypothesis.stateful import rule, run_state_machine_as_test
from returns.result import Failure, Success

import chub
from chub import sandbox
from chub.sandbox import Entry
from chub.testing import HubMachine

FEW = settings(
    max_examples=20,
    stateful_step_count=15,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)

QUICK = settings(FEW, phases=[Phase.generate], derandomize=True)
"""For what is expected to fail: the failing example isn't made smaller."""


class OverLoopback(HubMachine):
    """A hub behind a socket, for each run a new one."""

    @contextmanager
    def opened(self) -> Iterator[chub.Config]:
        with sandbox.serve() as hub:
            yield hub.config
            chub.disconnect(hub.config)


class OverLoopbackWithLag(OverLoopback):
    """One that shows an event after a hundredth of a second."""

    within = 2.0

    @contextmanager
    def opened(self) -> Iterator[chub.Config]:
        with sandbox.serve(visibility_lag=0.01) as hub:
            yield hub.config
            chub.disconnect(hub.config)

    def sleep(self, seconds: float) -> None:
        super().sleep(min(seconds, 0.005))


class WithLag(HubMachine):
    """A hub that shows an event after half a minute of its own clock, which goes on while the machine waits."""

    within = 90.0

    @contextmanager
    def opened(self) -> Iterator[chub.Config]:
        self.now = datetime(2026, 3, 8, tzinfo=UTC)
        with sandbox.open(visibility_lag=30, clock=lambda: self.now) as hub:
            yield hub.config

    def clock(self) -> float:
        return self.now.timestamp()

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.mark.parametrize("machine", [HubMachine, OverLoopback, OverLoopbackWithLag, WithLag])
def test_the_machine_passes_over_a_hub_that_is_right(machine: type[HubMachine]) -> None:
    run_state_machine_as_test(machine, settings=FEW)


class Impatient(WithLag):
    """One that expects everything to be seen at once."""

    within = 0.0


def test_a_lag_that_is_longer_than_expected_is_found() -> None:
    with pytest.raises(AssertionError, match=r"^event .*: expected .*, found refused with 404"):
        run_state_machine_as_test(Impatient, settings=QUICK)


def left_at(hub: sandbox.Sandbox) -> list[Any]:
    """All events and customers that a hub has."""
    path = f"/workspaces/{hub.workspace_id}/customers"
    query = (("nodeId", hub.node_id), ("size", "1"))
    headers = (("authorization", f"Bearer {hub.token}"),)
    answer = hub.handle(chub.Request(method="GET", path=path, template="", query=query, headers=headers))
    events = [result.unwrap() for result in chub.events(hub.config, chub.event_query())]
    return [*events, *chub.parse_page(answer.body).unwrap().elements]


@pytest.mark.parametrize("opened", [sandbox.open, sandbox.serve])
def test_in_a_workspace_with_others_it_disturbs_nobody_and_leaves_nothing(opened: Any) -> None:
    with opened() as hub:
        mine = chub.event(chub.ViewedPage(title="Home"), owner=chub.SessionId("visit-a"), context="WEB")
        others = chub.add_event(hub.config, mine).unwrap()
        run_state_machine_as_test(HubMachine.over(hub.config), settings=FEW)
        assert [others.id] == [one.id for one in left_at(hub)]
        chub.disconnect(hub.config)


def written(entries: tuple[Entry, ...]) -> set[str]:
    """The kinds of writes that were done."""
    return {f"{entry.method} {entry.path}" for entry in entries if entry.committed and entry.method != "GET"}


def test_it_does_all_that_a_hub_is_for() -> None:
    events, customers = "/workspaces/*/events", "/workspaces/*/customers"
    with sandbox.open() as hub:
        run_state_machine_as_test(HubMachine.over(hub.config), settings=FEW)
        assert {
            f"POST {events}",
            f"POST {customers}",
            f"POST {customers}/*/sessions",
            f"DELETE {events}/*",
            f"DELETE {customers}/*",
        } == written(hub.ledger)


HOME = (chub.ViewedPage(title="Home"), chub.Context.WEB, datetime(2026, 1, 1, 12, tzinfo=UTC))


class Loading(HubMachine):
    """What a user adds: a pipeline of his own, and what holds after it."""

    pipeline = staticmethod(chub.add_event)

    @rule(target=HubMachine.events, name=HubMachine.names, properties=HubMachine.properties)
    def load(self, name: str, properties: chub.Properties) -> str:
        event = chub.event(properties, owner=self.visit(name), context="WEB", date=HOME[2])
        return self.learn(self.done(self.pipeline(self.config, event)).id, event)

    @rule(customer_id=HubMachine.customers)
    def walk(self, customer_id: chub.CustomerId) -> None:
        walked = chub.events(self.config, chub.customer_events(customer_id))
        assert all(isinstance(result, Success) for result in walked)


class Forgetting(Loading):
    """A pipeline that calls pages of shoes sent without sending them."""

    @staticmethod
    def pipeline(config: chub.Config, event: chub.Event) -> Any:
        is_lost = event.properties == chub.ViewedPage(title="Shoes", page_tags=["new"])
        return Success(chub.Accepted("forgotten")) if is_lost else chub.add_event(config, event)


def test_rules_that_a_subclass_adds_are_played_and_compared() -> None:
    run_state_machine_as_test(Loading, settings=FEW)
    with pytest.raises(
        AssertionError, match=r"^event forgotten: expected \{'id': 'forgotten'.*, found refused with 404"
    ):
        run_state_machine_as_test(Forgetting, settings=settings(QUICK, max_examples=100))


class OfOneType(HubMachine):
    properties = st.just(chub.Custom("sawUnicorn", {"colour": "white"}))
    contexts = st.just(chub.Context.IOT)

    def opened(self) -> AbstractContextManager[chub.Config]:
        return config_of(sandbox.open(types={"sawUnicorn": None}))

    def teardown(self) -> None:
        assert all(one.sent.type == "sawUnicorn" for one in self.model.events)
        super().teardown()


@contextmanager
def config_of(hub: sandbox.Sandbox) -> Iterator[chub.Config]:
    with hub:
        yield hub.config


def test_events_are_made_of_what_a_subclass_says() -> None:
    run_state_machine_as_test(OfOneType, settings=FEW)


def test_a_config_without_a_node_is_refused() -> None:
    with pytest.raises(chub.InvalidValue, match=r"^config: a node is needed"):
        HubMachine.over(chub.config(workspace_id="w", token="demo"))


@pytest.fixture
def hub() -> Iterator[sandbox.Sandbox]:
    with sandbox.open() as hub:
        yield hub


Change = Callable[[chub.Request, Any], Any]


def machine_over(hub: sandbox.Sandbox, change: Change = lambda request, answered: answered, **more: Any) -> HubMachine:
    """A machine that is played by hand, over a transport that changes answers."""
    carry = hub.config.transport
    assert carry is not None
    transport: Any = lambda request, deadline: change(request, carry(request, deadline))  # noqa: E731
    return HubMachine.over(hub.config, transport, **more)()


def refusing(method: str, path: str) -> Change:
    """Refuse what is asked for so."""
    refused = Success(chub.Response(status=403))
    return lambda request, answered: refused if request.method == method and path in request.path else answered


@pytest.mark.parametrize(("path", "kind"), [("/events/", "event "), ("/customers/", "customer ")])
def test_what_can_not_be_deleted_is_warned_of(path: str, kind: str, hub: sandbox.Sandbox) -> None:
    machine = machine_over(hub, refusing("DELETE", path))
    machine.add_events_of_key(name="a", happenings=[HOME])
    with pytest.warns(UserWarning, match=f"^left in the workspace .*{kind}.*403"):
        machine.teardown()


def test_a_customer_of_whom_nobody_was_told_is_deleted_too(hub: sandbox.Sandbox) -> None:
    machine = machine_over(hub)
    lost = chub.event(chub.ViewedPage(), owner=machine.key("b"), context="WEB")
    chub.add_event(hub.config, lost).unwrap()
    assert 2 == len(left_at(hub))
    machine.teardown()
    assert [] == left_at(hub)


@pytest.mark.parametrize("owner", [chub.ExternalId("CRM-17"), chub.SessionId("visit-a")])
def test_among_others_no_name_but_the_runs_own_is_learnt_and_so_nobody_elses_customer_deleted(
    owner: Any, hub: sandbox.Sandbox
) -> None:
    theirs = chub.add_customer(hub.config, chub.customer("CRM-17")).unwrap()
    machine = machine_over(hub)
    event = chub.event(chub.ViewedPage(), owner=owner, context="WEB")
    with pytest.raises(chub.InvalidValue, match=r"^sent.owner: made by self.visit\(...\) or self.key\(...\) is needed"):
        machine.learn(chub.add_event(hub.config, event).unwrap().id, event)
    machine.teardown()
    assert Success(theirs.id) == chub.get_customer(hub.config, theirs.id or "").map(lambda one: one.id)


def test_what_is_gone_already_is_not_missed(hub: sandbox.Sandbox) -> None:
    machine = machine_over(hub)
    (event_id,) = machine.add_events_of_visit(name="a", happenings=[HOME]).values
    chub.delete_event(hub.config, event_id).unwrap()
    machine.teardown()


def emptied(request: chub.Request, answered: Any) -> Any:
    """An old hub: a POST of an event is answered with nothing."""
    is_event = request.method == "POST" and request.path.endswith("/events")
    return Success(chub.Response(status=202)) if is_event else answered


def test_a_hub_that_tells_no_ids_can_not_be_compared(hub: sandbox.Sandbox) -> None:
    with pytest.raises(AssertionError, match="expected the id of an event that was sent, found None"):
        machine_over(hub, emptied).add_events_of_visit(name="a", happenings=[HOME])


def test_a_failure_where_none_is_expected_is_told(hub: sandbox.Sandbox) -> None:
    with pytest.raises(AssertionError, match=r"expected a Success, found POST .*: refused, nothing was stored: 403"):
        machine_over(hub, refusing("POST", "/events")).add_events_of_visit(name="a", happenings=[HOME])


def test_an_external_id_that_leads_to_nobody_or_to_another_is_found(hub: sandbox.Sandbox) -> None:
    nobody = Success(chub.Response(status=200, body=b'{"elements": []}'))
    lost = machine_over(hub, lambda request, answered: nobody if "externalId" in dict(request.query) else answered)
    with pytest.raises(AssertionError, match=r"expected a new customer with the external id .*key-a', found None"):
        lost.add_events_of_key(name="a", happenings=[HOME])
    machine = machine_over(hub)
    customer_id = machine.add_customer(name=None)
    found = b'{"elements": [{"id": "%s", "externalId": "%s"}]}'
    body = found % (customer_id.value.encode(), machine.key("a").value.encode())
    merged = machine_over(
        hub,
        lambda request, answered: (
            Success(chub.Response(status=200, body=body)) if "externalId" in dict(request.query) else answered
        ),
    )
    merged.model, merged.prefix = machine.model, machine.prefix
    with pytest.raises(AssertionError, match="expected a new customer"):
        merged.add_events_of_key(name="a", happenings=[HOME])


def renumbered(request: chub.Request, answered: Any) -> Any:
    """Give a session another id each time that it is attached or listed."""
    if request.path.endswith("/sessions"):
        return answered.map(
            lambda response: attrs.evolve(response, body=response.body.replace(b'"id":"', b'"id":"x', 1))
        )
    return answered


def test_a_session_that_gets_another_id_is_found(hub: sandbox.Sandbox) -> None:
    machine = machine_over(hub, renumbered)
    customer_id = machine.add_customer(name=None)
    machine.add_session(customer_id=customer_id, name="a", before=[], after=[])
    chub.delete_session(hub.config, chub.SessionKey(customer_id, machine.model.sessions[0].id[1:])).unwrap()
    with pytest.raises(AssertionError, match=r"attached again: expected the id .*, found "):
        machine.add_session(customer_id=customer_id, name="a", before=[], after=[])


def test_only_a_hub_of_its_own_is_asked_for_what_it_should_refuse(hub: sandbox.Sandbox) -> None:
    machine = machine_over(hub)
    customer_id = machine.add_customer(name="a")
    machine.delete_customer(customer_id=customer_id, after=[])
    before = hub.ledger.received
    machine.delete_customer(customer_id=customer_id, after=[])
    machine.add_events(customer_id=customer_id, happenings=[HOME])
    machine.add_session(customer_id=customer_id, name="a", before=[], after=[])
    assert before == hub.ledger.received
    strict = machine_over(hub, alone=True)
    assert "" == strict.prefix
    accepting = machine_over(hub, lambda request, answered: Success(chub.Response(status=200)), alone=True)
    with pytest.raises(AssertionError, match=r"^a deleted CustomerId.*: expected refused with 404, found a Success of"):
        accepting.delete_customer(customer_id=customer_id, after=[])


def untold(request: chub.Request, answered: Any) -> Any:
    """Tell no totals, as an old hub."""
    return answered.map(lambda one: attrs.evolve(one, body=one.body.replace(b'"total', b'"no')))


@pytest.mark.parametrize("change", [untold, lambda request, answered: answered])
@pytest.mark.parametrize("number", [0, 1, 2, 3, 4])
def test_a_list_is_right_whether_its_totals_are_told_or_not(number: int, change: Change, hub: sandbox.Sandbox) -> None:
    machine = machine_over(hub, change)
    customer_id = machine.add_customer(name="a")
    machine.add_events(customer_id=customer_id, happenings=[HOME] * number) if number else None
    machine.list_events(queries=[chub.event_query(customer_id=customer_id, size=2)])
    machine.teardown()


def test_a_list_that_can_not_be_had_is_told(hub: sandbox.Sandbox) -> None:
    down = Failure(chub.NotSent(reason="connection refused", transient=False))
    machine = machine_over(hub, lambda request, answered: down if request.path.endswith("/events") else answered)
    with pytest.raises(AssertionError, match=r"^EventQuery\(\): expected \{.*, found page 0 failed: .*refused"):
        machine.list_events(queries=[chub.event_query()])


def test_every_rule_played_by_hand() -> None:
    machine = HubMachine()
    eve, ada = machine.add_first_customer(), machine.add_customer(name="a")
    assert () == machine.add_customer(name="a").values
    assert (ada, ()) == (machine.find_customer(name="a"), machine.find_customer(name="b").values)
    assert 2 == len(machine.add_events(customer_id=eve, happenings=[HOME] * 2).values)
    (anonymous,) = machine.add_events_of_visit(name="b", happenings=[HOME]).values
    machine.add_events_of_key(name="b", happenings=[HOME])
    machine.add_session(customer_id=ada, name="a", before=[HOME], after=[HOME])
    machine.add_session(customer_id=ada, name="a", before=[], after=[])
    machine.add_session(customer_id=eve, name="a", before=[], after=[HOME])
    machine.look_around()
    machine.delete_session(name="b")
    machine.delete_session(name="a")
    machine.add_session(customer_id=ada, name="a", before=[HOME], after=[])
    for _ in range(2):
        machine.delete_event(event_id=anonymous)
    assert 1 == len(machine.delete_customer(customer_id=ada, after=[HOME]).values)
    assert () == machine.delete_customer(customer_id=ada, after=[HOME]).values
    assert () == machine.add_events(customer_id=ada, happenings=[HOME]).values
    machine.add_session(customer_id=ada, name="b", before=[], after=[])
    assert ["visit-a"] == [one.sent.owner.value for one in machine.model.events if one.customer_id is None][:1]
    machine.teardown()


def asked(machine: HubMachine, is_wanted: Callable[[chub.EventQuery], object]) -> chub.EventQuery:
    return find(machine.queries(), is_wanted, settings=settings(FEW, max_examples=300, derandomize=True))


def test_lists_are_asked_for_by_what_there_is() -> None:
    machine = HubMachine()
    assert chub.event_query() == asked(machine, lambda query: True)
    customer_id = machine.add_customer(name="a")
    machine.add_events(customer_id=customer_id, happenings=[(chub.LoggedIn(), chub.Context.IOT, HOME[2])])
    assert ("loggedIn",) == asked(machine, lambda query: query.types).types
    assert (chub.Context.IOT,) == asked(machine, lambda query: query.contexts).contexts
    bounded = asked(machine, lambda query: query.date_from and query.date_to and query.date_from < query.date_to)
    assert customer_id.value == bounded.customer_id
    machine.alone = False  # type: ignore[misc]
    with pytest.raises(NoSuchExample):
        asked(machine, lambda query: query.customer_id is None or query.mode is not None)


def test_a_machine_that_waits_does_so_by_the_clock_of_the_machine() -> None:
    before = time.monotonic()
    HubMachine().sleep(0.001)
    assert before + 0.001 <= HubMachine().clock()


@pytest.mark.parametrize("within", [-1, "90", None, True, float("nan"), float("inf")])
def test_a_machine_is_over_a_config_and_waits_for_some_seconds(within: Any) -> None:
    with pytest.raises(chub.InvalidValue, match=r"^within: a number of seconds"):
        HubMachine.over(chub.config(workspace_id="w", node_id="n", token="demo"), within=within)
    with pytest.raises(chub.InvalidValue, match=r"^config: made by chub.config"):
        HubMachine.over(within)
