"""The examples in the docstrings, run; those of the public functions each against a sandbox of its own."""

import doctest
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import chain, count
from types import FunctionType, ModuleType
from typing import Any

import attrs
import pytest
from hypothesis import settings
from returns.result import Success

import chub
import chub.api
import chub.bulk

MODULES = [
    name
    for name in ("chub", *(module.name for module in pkgutil.walk_packages(chub.__path__, "chub.")))
    if not name.endswith("__main__")
]
PUBLIC = {"chub.api": chub.api, "chub.bulk": chub.bulk}


@pytest.fixture(autouse=True)
def the_same_draws_each_time() -> Iterator[None]:
    """Examples show what a strategy shrinks to, which depends on what was drawn, if seldom."""
    settings.register_profile("before", settings())
    settings.load_profile("ci")
    yield
    settings.load_profile("before")


class Finder(doctest.DocTestFinder):
    """Finds the examples of functions that a decorator wraps, too."""

    def _from_module(self, module: Any, given: Any) -> bool:
        found: bool = super()._from_module(module, inspect.unwrap(given) if callable(given) else given)  # type: ignore[misc]
        return found


FINDER = Finder(exclude_empty=True)


def examples_of(module: ModuleType, names: dict[str, Any]) -> list[doctest.DocTest]:
    found = FINDER.find(module, module.__name__, extraglobs=names)
    return [test for test in found if test.examples]


def run(test: doctest.DocTest) -> tuple[int, str]:
    """Run the examples of one docstring; give how many failed, and the report."""
    report: list[str] = []
    failed, _ = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)
    return failed, "".join(report)


@pytest.mark.parametrize("name", [name for name in MODULES if name not in PUBLIC])
def test_the_examples_of_a_module(name: str) -> None:
    reports = [run(test) for test in examples_of(import_module(name), {})]
    assert [report for failed, report in reports if failed] == []


def counted_ids() -> Callable[[], str]:
    """Give ids with names to what is prepared, and id-1, id-2 ... to what an example makes."""
    ids = chain(["customer-1", "session-1", "event-1"], (f"id-{number}" for number in count(1)))
    return lambda: next(ids)


@pytest.fixture
def prepared() -> Iterator[dict[str, Any]]:
    """What the examples of the public functions find: a hub with a customer, a session of his and an event of it."""
    with chub.sandbox.open(ids=counted_ids()) as hub:
        config, visit = hub.config, chub.SessionId("a visit")
        event = chub.event(chub.ViewedPage(title="Home"), owner=visit, context="WEB")
        customer_id = chub.CustomerId(chub.add_customer(config, chub.customer("CRM-17")).unwrap().id or "")
        session = chub.add_session(config, chub.SessionLink(customer_id, visit)).unwrap()
        event_id = chub.add_event(config, event).unwrap().id
        made = {"config": config, "event": event, "customer_id": customer_id, "session": session, "event_id": event_id}
        builders = {name: getattr(chub, name) for name in ("SessionKey", "SessionLink", "Tracking", "event_query")}
        yield {"attrs": attrs, "Success": Success, "customer": chub.customer, **builders, **made}


PUBLIC_FUNCTIONS = [test.name for module in PUBLIC.values() for test in examples_of(module, {})]


def test_every_public_function_has_an_example() -> None:
    names = [f"{room}.{name}" for room in PUBLIC for name in chub._NAMES_OF_ROOMS[room].split()]
    functions = [name for name in names if isinstance(getattr(chub, name.split(".")[-1]), FunctionType)]
    assert sorted(PUBLIC_FUNCTIONS) == sorted(functions)


@pytest.mark.parametrize("name", PUBLIC_FUNCTIONS)
def test_the_examples_of_a_public_function(name: str, prepared: dict[str, Any]) -> None:
    module = PUBLIC[name.rpartition(".")[0]]
    (test,) = [test for test in examples_of(module, prepared) if test.name == name]
    failed, report = run(test)
    assert failed == 0, report
