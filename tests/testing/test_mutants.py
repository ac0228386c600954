"""`HubMachine` finds what is wrong with a hub: mutants of the sandbox, and of the answers on the way from it.

Each is expected to be found in few runs, always the same ones.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from returns.result import Success

import chub
from chub import sandbox
from chub.sandbox import customer_rows, event_rows, events, hub, sessions
from chub.sandbox.answers import empty
from chub.sandbox.store import Store, key
from chub.testing import HubMachine

Patch = pytest.MonkeyPatch
SOME = settings(
    max_examples=200,
    stateful_step_count=20,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)

EVENT = "/workspaces/*/events/*"
CUSTOMER = "/workspaces/*/customers/*"


def of_nobody(patch: Patch) -> None:
    """The events of a session that is attached already are nobody's."""
    patch.setattr(events, "customer_of_session", lambda *_: None)


def not_of_before(patch: Patch) -> None:
    """The events that came before a session was attached stay nobody's."""
    right = Store.change

    def change(store: Store, statement: str, values: tuple[Any, ...] = ()) -> int:
        return 0 if statement.startswith("UPDATE events SET customer_id") else right(store, statement, values)

    patch.setattr(Store, "change", change)


def of_all_sessions(patch: Patch) -> None:
    """All events that are nobody's become those of the customer to whom a session is attached."""
    right = sessions.attach

    def attach(call: Any, customer_id: str, value: str) -> str:
        found = right(call, customer_id, value)
        call.store.change("UPDATE events SET customer_id = ? WHERE customer_id IS NULL", (key(customer_id),))
        return found

    patch.setattr(sessions, "attach", attach)


def of_the_last_customer(patch: Patch) -> None:
    """A session that is another's is taken from him, with its events."""
    right = sessions.attach

    def attach(call: Any, customer_id: str, value: str) -> str:
        call.store.change("DELETE FROM sessions WHERE value = ?", (key(value),))
        call.store.change("UPDATE events SET customer_id = NULL WHERE back_value = ?", (key(value),))
        return right(call, customer_id, value)

    patch.setattr(sessions, "attach", attach)


def a_customer_for_each_event(patch: Patch) -> None:
    """Each event of an external id makes a customer."""

    def made(call: Any, node_id: str, external_id: str) -> str:
        return customer_rows.create(call, {"nodeId": node_id, "externalId": external_id})

    patch.setattr(events, "customer_of_external_id", made)


def windows(change: Callable[[int, int], tuple[int, int]]) -> Callable[[Patch], None]:
    right = events.window
    return lambda patch: patch.setattr(events, "window", lambda query: change(*right(query)))


def totals(change: Callable[[int], int]) -> Callable[[Patch], None]:
    right = events.page

    def page(elements: Any, query: Any, *, total: int, unfiltered: int) -> Any:
        return right(elements, query, total=change(total), unfiltered=unfiltered)

    return lambda patch: patch.setattr(events, "page", page)


def filters(change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Callable[[Patch], None]:
    right = event_rows._conditions
    return lambda patch: patch.setattr(event_rows, "_conditions", lambda given: right({**given, **change(given)}))


def without(name: str) -> Callable[[Patch], None]:
    return filters(lambda given: {name: None})


def only_the_first(name: str) -> Callable[[Patch], None]:
    return filters(lambda given: {name: given[name] and given[name][:1]})


def deletes(pattern: str, change: Callable[[Any], Any]) -> Callable[[Patch], None]:
    return lambda patch: patch.setitem(hub._ROUTES[pattern], "DELETE", change)  # type: ignore[arg-type]


def delete_nothing(call: Any) -> Any:
    return empty(204)


def delete_all_of_the_type(call: Any) -> Any:
    event_type = events._event(call)["type"]
    call.store.change("DELETE FROM events WHERE type = ?", (key(event_type),))
    return empty(204)


def leaving(*tables: str) -> Callable[[Patch], None]:
    """Something of a deleted customer is left."""

    def delete(store: Store, customer_id: str) -> None:
        store.change("DELETE FROM customers WHERE id = ?", (key(customer_id),))
        for table in {"events", "sessions", "matches"} - set(tables):
            store.change(f"DELETE FROM {table} WHERE customer_id = ?", (key(customer_id),))

    return lambda patch: patch.setattr(customer_rows, "delete", delete)


MUTANTS: dict[str, tuple[Callable[[Patch], None], str]] = {
    "reconciliation: not of what follows": (of_nobody, "customer_id: expected .*, found None"),
    "reconciliation: not of what was before": (not_of_before, "customer_id: expected .*, found None"),
    "reconciliation: of all sessions": (of_all_sessions, "customer_id: expected None, found "),
    "reconciliation: of another's session": (of_the_last_customer, "expected .*, found "),
    "reconciliation: an external id makes many": (a_customer_for_each_event, "expected .*, found "),
    "pages: they overlap": (windows(lambda size, skip: (size, max(0, skip - 1))), "events|elements of each page"),
    "pages: one is passed over": (windows(lambda size, skip: (size, skip + (skip > 0))), "events|elements of each"),
    "pages: always the first": (windows(lambda size, skip: (size, 0)), "events|elements of each page"),
    "pages: one element too many": (windows(lambda size, skip: (size + 1, skip)), "events|elements of each page"),
    "pages: one total too low": (totals(lambda total: max(0, total - 1)), "total_elements: expected"),
    "pages: one total too high": (totals(lambda total: total + 1), "total_elements: expected"),
    "filter: no customer": (without("customerId"), "expected nothing, found not one of them"),
    "filter: no type": (without("type"), "expected nothing, found not one of them"),
    "filter: no context": (without("context"), "expected nothing, found not one of them"),
    "filter: no mode": (without("mode"), "expected nothing, found not one of them"),
    "filter: no beginning": (without("dateFrom"), "expected nothing, found not one of them"),
    "filter: no end": (without("dateTo"), "expected nothing, found not one of them"),
    "filter: the first type alone": (only_the_first("type"), "elements of each page: expected"),
    "filter: the first context alone": (only_the_first("context"), "elements of each page: expected"),
    "delete: nothing": (deletes(EVENT, delete_nothing), "^(the deleted )?event .*: expected refused with 404, found"),
    "delete: too much": (deletes(EVENT, delete_all_of_the_type), "expected .*, found "),
    "delete: not the customer": (deletes(CUSTOMER, delete_nothing), "expected refused with 404, found"),
    "delete: not his events": (leaving("events"), "^event .*: expected refused with 404, found"),
    "delete: not his sessions": (leaving("sessions"), "expected .*, found "),
}


@pytest.mark.parametrize(("plant", "found"), MUTANTS.values(), ids=MUTANTS)
def test_a_mutant_of_the_sandbox_is_found(plant: Callable[[Patch], None], found: str, monkeypatch: Patch) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError, match=found):
        run_state_machine_as_test(HubMachine, settings=SOME)


def test_without_a_mutant_the_same_runs_find_nothing() -> None:
    run_state_machine_as_test(HubMachine, settings=settings(SOME, max_examples=30))


class Altered(HubMachine):
    """A machine whose hub's answers are altered on their way; `answer` is the hub, for a request."""

    @contextmanager
    def opened(self) -> Iterator[chub.Config]:
        with sandbox.open() as opened:
            carry = opened.config.transport
            assert carry is not None
            altered: Any = lambda request, deadline: self.alter(request, lambda asked: carry(asked, deadline))  # noqa: E731
            yield attrs.evolve(opened.config, transport=altered)

    def alter(self, request: chub.Request, ask: Any) -> Any:
        raise NotImplementedError


class Unreconciled(Altered):
    """Events with a bring-back lose their customer."""

    def alter(self, request: chub.Request, ask: Any) -> Any:
        return ask(request).map(
            lambda one: attrs.evolve(one, body=one.body.replace(b'"customerId":"', b'"customer":"'))
        )


class OnePageTooFew(Altered):
    def alter(self, request: chub.Request, ask: Any) -> Any:
        return ask(request).map(
            lambda one: attrs.evolve(one, body=one.body.replace(b'"totalPages":2', b'"totalPages":1'))
        )


class Unfiltered(Altered):
    def alter(self, request: chub.Request, ask: Any) -> Any:
        query = tuple(item for item in request.query if item[0] != "type")
        return ask(attrs.evolve(request, query=query))


class Undeleted(Altered):
    def alter(self, request: chub.Request, ask: Any) -> Any:
        return Success(chub.Response(status=204)) if request.method == "DELETE" else ask(request)


@pytest.mark.parametrize("machine", [Unreconciled, OnePageTooFew, Unfiltered, Undeleted])
def test_an_answer_that_is_altered_on_its_way_is_found(machine: type[HubMachine]) -> None:
    with pytest.raises(AssertionError, match=r"expected .*, found "):
        run_state_machine_as_test(machine, settings=SOME)
