"""Hypothesis finds the strategies by itself: through the entry point, whatever is imported first, and at no cost."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from chub_strategies import law, minimal, occurring
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

import chub
from chub.testing import registration, strategies
from chub.testing.strategies.by_class import strategy_of
from chub.values.base import WireValue
from chub.values.catalogue import properties_class

registration.register()  # again, where the entry point has done it

CLASSES = {
    name: getattr(chub, name)
    for name in chub.__all__
    if isinstance(getattr(chub, name), type) and strategy_of(getattr(chub, name)) is not None
}
UNIONS = {"Owner": chub.Owner, "Properties": chub.Properties, "ChubError": chub.ChubError}


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables of a process that has the entry points of pyproject.toml, though chub may not be installed."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    folder = tmp_path_factory.mktemp("site") / "chub_in_place-0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: chub-in-place\nVersion: 0\n")
    hooks = "".join(f"{name} = {value}\n" for name, value in project["entry-points"]["hypothesis"].items())
    (folder / "entry_points.txt").write_text(f"[hypothesis]\n{hooks}")
    root = Path(chub.__file__ or "").parents[1]
    # Coverage, where it starts with each process, loads modules of its own.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return {**plain, "PYTHONPATH": os.pathsep.join([str(root), str(folder.parent)])}


def run(code: str, environment: Mapping[str, str], *options: str) -> Any:
    """Run code in a fresh interpreter; give what it leaves as `shown`."""
    script = f"{code}\nimport json\nprint(json.dumps(shown))"
    done = subprocess.run(
        [sys.executable, *options, "-c", script], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


LOADED = "import sys; shown = sorted(name for name in sys.modules if name.partition('.')[0] == 'chub')"


def test_hypothesis_loads_nothing_of_chub_but_the_hook(environment: dict[str, str]) -> None:
    hook = ["chub", "chub.testing", "chub.testing.registration"]
    assert hook == run(f"import hypothesis; {LOADED}", environment)


def test_what_is_registered_loads_no_strategies_until_one_is_asked_for(environment: dict[str, str]) -> None:
    loaded = run(f"import hypothesis, chub; chub.Event; chub.Config; chub.ChubError; {LOADED}", environment)
    assert {"chub.values.events", "chub.settings"} <= {*loaded}
    assert [] == [name for name in loaded if name.startswith("chub.testing.strategies")]


def test_without_hypothesis_the_hook_is_not_there(environment: dict[str, str]) -> None:
    loaded = run(f"import chub; chub.Event; {LOADED}", environment)
    assert [] == [name for name in loaded if name.startswith("chub.testing")]


ONE = "from hypothesis import Phase, settings; ONE = settings(phases=[Phase.generate], database=None)"
ORDERS = {
    "chub first": "import chub; Event = chub.Event; from hypothesis import find, strategies as st",
    "hypothesis first": "from hypothesis import find, strategies as st; import chub; Event = chub.Event",
    "from its own module, first": "from chub.values.events import Event; from hypothesis import find, strategies as st",
    "from its own module, last": "from hypothesis import find, strategies as st; from chub.values.events import Event",
    "chub without a name, then its module": (
        "import chub; from hypothesis import find, strategies as st; from chub.values.events import Event"
    ),
    "with the deepest module": (
        "from hypothesis import find, strategies as st; import chub.values.catalogue.web\n"
        "from chub.values.events import Event"
    ),
}


@pytest.mark.parametrize("imports", ORDERS.values(), ids=ORDERS)
def test_a_class_is_known_in_whatever_order_it_is_imported(imports: str, environment: dict[str, str]) -> None:
    asked = "shown = repr(find(st.from_type(Event), lambda event: True, settings=ONE))"
    first = "Event(properties=LoggedIn(), owner=CustomerId('0'), context=Context.CONTACT_CENTER)"
    assert first == run(f"{imports}\n{ONE}\n{asked}", environment)


EVERY_CLASS = """
from hypothesis import find, strategies as st
import chub
from chub.testing.strategies.by_class import strategy_of

classes = [found for found in (getattr(chub, name) for name in chub.__all__) if isinstance(found, type)]
asked = [found for found in classes if strategy_of(found) is not None]
shown = [[found.__name__, repr(st.from_type(found)), repr(strategy_of(found))] for found in asked]
"""


def test_no_class_is_missed_where_hypothesis_is_first(environment: dict[str, str]) -> None:
    # A package's own modules may be loaded before anything is told that there is the package.
    found = run(EVERY_CLASS, environment)
    assert {"Custom", "Event", "ViewedPage"} <= {name for name, _, _ in found}
    assert [] == [name for name, of_type, own in found if of_type != own]


ANNOTATED = """
import chub
from hypothesis import given, settings

drawn = []

@settings(max_examples=100, database=None, deadline=None, derandomize=True)
@given(...)
def test(event: chub.Event, owner: chub.Owner, page: chub.ViewedPage, error: chub.ChubError, config: chub.Config):
    assert isinstance(event, chub.Event) and isinstance(owner, chub.Owner) and isinstance(page, chub.ViewedPage)
    assert isinstance(error, chub.ChubError) and isinstance(config, chub.Config)
    drawn.append(type(owner).__name__)

test()
shown = sorted(set(drawn))
"""


def test_annotations_are_enough(environment: dict[str, str]) -> None:
    assert ["CustomerId", "ExternalId", "SessionId"] == run(ANNOTATED, environment)


@pytest.mark.parametrize("name", CLASSES)
@law
@given(st.data())
def test_each_class_is_drawn(name: str, data: st.DataObject) -> None:
    cls = CLASSES[name]
    value = data.draw(st.from_type(cls))
    assert isinstance(value, cls)
    assert name == "EventProperties" or cls is type(value)


def test_these_are_all_classes_but_those_that_are_no_values() -> None:
    others = {
        name
        for name in chub.__all__
        if isinstance(getattr(chub, name), type) and not hasattr(getattr(chub, name), "__members__")
    }
    assert {
        "Deadline", "Deliveries", "Delivery", "Description", "Json", "Operation", "Request", "RetryBudget",
    } == others - CLASSES.keys()  # fmt: skip
    assert {properties_class(name) for name in chub.event_types()} <= {*CLASSES.values()}


@pytest.mark.parametrize("name", UNIONS)
def test_a_union_is_drawn_from_all_its_classes(name: str) -> None:
    for cls in get_args(UNIONS[name]):
        assert isinstance(occurring(st.from_type(UNIONS[name]), lambda value, cls=cls: isinstance(value, cls)), cls)


def test_enumerations_are_drawn_by_their_members() -> None:
    assert chub.Context.WEB is minimal(st.from_type(chub.Context), lambda context: context == "WEB")


def test_a_page_is_drawn_of_what_it_holds() -> None:
    found = minimal(st.from_type(chub.Page[chub.LoggedIn]), lambda page: page.elements != ())
    assert (chub.LoggedIn(),) == found.elements


def test_a_result_is_drawn_of_its_classes() -> None:
    results = st.from_type(Result[chub.Accepted, chub.Throttled])
    assert Success(chub.Accepted()) == minimal(results, lambda result: isinstance(result, Success))
    assert isinstance(minimal(results, lambda result: isinstance(result, Failure)).failure(), chub.Throttled)


OTHERS = """
from collections.abc import Mapping
from typing import Any
import chub
for name in chub.__all__:
    getattr(chub, name)
from hypothesis import strategies as st
things = [Exception, ValueError, dict, Mapping[str, int], dict[str, int], dict[str, Any]]
shown = [repr(st.from_type(thing)) for thing in things]
"""


def test_nobody_who_asks_for_something_else_gets_what_is_chubs(environment: dict[str, str]) -> None:
    without = run(OTHERS, {**environment, "HYPOTHESIS_NO_PLUGINS": "1"})
    assert without == run(OTHERS, environment)
    assert None is strategy_of(ValueError) is strategy_of(Mapping[str, int]) is strategy_of(WireValue)


def test_what_the_user_registers_wins(environment: dict[str, str]) -> None:
    code = f"""
import chub
from hypothesis import find, strategies as st
{ONE}
st.register_type_strategy(chub.CustomerId, st.just(chub.CustomerId("mine")))
import chub.values.events
chub.Page
shown = find(st.from_type(chub.CustomerId), lambda value: True, settings=ONE).value
"""
    assert "mine" == run(code, environment)


def test_packages_go_on_as_packages(environment: dict[str, str]) -> None:
    code = """
import hypothesis, chub, copy, importlib, types
chub.anything = 5
values = importlib.reload(importlib.import_module("chub.values"))
shown = [chub.anything, values is chub.values, *(isinstance(module, types.ModuleType) for module in (chub, values))]
"""
    assert [5, True, True, True] == run(code, environment)


def test_strategies_are_named_by_the_room() -> None:
    assert strategies is chub.testing.strategies


def test_a_package_takes_any_attribute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chub, "anything", 5, raising=False)
    assert 5 == vars(chub)["anything"]
