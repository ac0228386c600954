"""The names that `chub` gives, where they come from, and what importing it costs: nothing until a name is used."""

import ast
import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import FunctionType
from typing import get_type_hints

import pytest

import chub

# These submodules are meant to be named: they hold many functions, or another world.
PUBLIC_SUBMODULES = {"operations", "sandbox", "outbox", "frames", "testing"}

SOURCE = Path(chub.__file__ or "").read_text(encoding="utf-8")


def names_for_type_checkers() -> dict[str, str]:
    """Give the names that the module imports under `if TYPE_CHECKING`, and from where."""
    found = {}
    for node in ast.parse(SOURCE).body:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for line in node.body:
                assert isinstance(line, ast.ImportFrom)
                found |= {alias.name: str(line.module) for alias in line.names if alias.asname == alias.name}
    return found


def test_type_checkers_see_the_names_that_there_are() -> None:
    assert sorted(names_for_type_checkers()) == chub.__all__


def test_type_checkers_see_them_in_the_rooms_they_come_from() -> None:
    assert names_for_type_checkers() == chub._ROOM_OF_NAME


def test_dir_lists_the_names() -> None:
    assert [name for name in dir(chub) if not name.startswith("__")] == chub.__all__


def test_a_name_is_given_once() -> None:
    assert len(set(chub.__all__)) == len(chub.__all__)
    every = [name for names in chub._NAMES_OF_ROOMS.values() for name in names.split()]
    assert sorted(every) == chub.__all__


@pytest.mark.parametrize("name", chub.__all__)
def test_each_name_resolves_to_the_same_each_time(name: str) -> None:
    found = getattr(chub, name)
    assert found is not None
    assert getattr(chub, name) is found
    assert chub.__getattr__(name) is found


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"^module 'chub' has no attribute 'add_unicorn'$"):
        chub.add_unicorn  # noqa: B018
    assert not hasattr(chub, "_private")


def test_no_name_is_a_submodules() -> None:
    submodules = {module.name for module in pkgutil.iter_modules(chub.__path__)}
    assert submodules & set(chub.__all__) <= PUBLIC_SUBMODULES


def test_public_functions_and_classes_are_documented() -> None:
    found = [getattr(chub, name) for name in chub.__all__]
    undocumented = [item for item in found if isinstance(item, type | FunctionType) and not item.__doc__]
    assert undocumented == []


def test_type_hints_resolve() -> None:
    found = [getattr(chub, name) for name in chub.__all__]
    hinted = [item for item in found if isinstance(item, type | FunctionType) and item.__annotations__]
    unresolved = [item for item in hinted if not set(item.__annotations__) <= set(get_type_hints(item))]
    assert unresolved == []
    assert {chub.Config, chub.Event, chub.add_event} <= set(hinted)


def modules_after(code: str) -> set[str]:
    """Give the modules that a fresh interpreter has loaded once it ran this code."""
    script = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    # Coverage, where it starts with each process, loads modules of its own.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True, env=plain)
    return set(json.loads(done.stdout.splitlines()[-1]))


def below(modules: set[str], *roots: str) -> set[str]:
    return {module for module in modules if module.split(".")[0] in roots}


def test_the_import_loads_nothing() -> None:
    loaded = modules_after("import chub")
    assert below(loaded, "chub") == {"chub"}
    assert below(loaded, "attr", "attrs", "cattr", "cattrs", "urllib3", "returns", "ssl", "sqlite3", "http") == set()


EVENT = """
import chub
event = chub.event(chub.ViewedPage(title="Home"), owner=chub.CustomerId("c"), context=chub.Context.WEB)
"""
CALL = f"""
{EVENT}
with chub.sandbox.serve() as hub:
    chub.add_event(hub.config, event)
    list(chub.events(hub.config, chub.event_query()))
    chub.partition([chub.parse_event(chub.encode(event))])
"""


def test_building_an_event_loads_no_network_and_no_codec() -> None:
    loaded = modules_after(EVENT)
    assert below(loaded, "cattr", "cattrs", "urllib3", "returns", "ssl", "sqlite3", "http") == set()
    assert {module for module in loaded if module.startswith(("chub.transport", "chub.wire", "chub.sandbox"))} == set()
    assert {"chub.api", "chub.settings", "chub.http"} & loaded == set()


def test_of_returns_only_the_result_is_used() -> None:
    besides = below(modules_after(CALL), "returns") - below(modules_after("import returns.result"), "returns")
    assert besides == set()


def test_a_call_without_a_sandbox_loads_no_database() -> None:
    loaded = modules_after(f"{EVENT}\nchub.add_event(chub.config(workspace_id='w', token='demo', transport=print), 7)")
    assert {"sqlite3", "http.server", "chub.sandbox"} & loaded == set()


EXTRAS = ("altair", "numpy", "orjson", "pandas", "polars", "pyarrow", "rich", "tqdm", "zstandard")
SHOWN = """
import chub
event = chub.event(chub.ViewedPage(title="Home"), owner=chub.ExternalId("CRM-17"), context="WEB")
with chub.sandbox.open() as hub:
    report = chub.report(chub.add_events(hub.config, [event], observe=print))
    (stored,) = chub.collect(chub.events(hub.config, chub.event_query(), observe=print)).unwrap()
    timeline = chub.frames.timeline([stored])
for value in (event, report, stored):
    value._repr_html_()
"""


def test_no_extra_is_loaded_that_is_not_asked_for() -> None:
    assert set() == below(modules_after(SHOWN), *EXTRAS)


def test_an_observer_of_one_extra_loads_no_other() -> None:
    assert {"tqdm"} == {
        name.split(".")[0] for name in below(modules_after("import chub; chub.tqdm_observer()"), *EXTRAS)
    }


def test_building_an_event_loads_nothing_that_shows_it() -> None:
    assert {"chub.html", "chub.values.cards"} & modules_after(EVENT) == set()
