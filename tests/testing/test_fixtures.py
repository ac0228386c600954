"""The fixtures of the plugin: what tests get, that none sees what another did, and what pytest's start costs."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import attrs
import pytest
from chub_calls import add, ids, visit

import chub
from chub import sandbox
from chub.testing.pytest_plugin import __doc__ as told
from chub.testing.shared_server import SharedServer

ADA = chub.SessionId("ada")
ONE_TRY = chub.RetryPolicy(attempts=1)


def test_a_hub_in_process(chub_hub: sandbox.Sandbox) -> None:
    assert [add(chub_hub.config, visit(ADA))] == ids(chub_hub.config)


def test_a_hub_over_http(chub_server: sandbox.ServedSandbox) -> None:
    assert [add(chub_server.config, visit(ADA))] == ids(chub_server.config)
    assert 1 == chub_server.connections


@pytest.mark.parametrize("fixture", ["chub_hub", "chub_server"])
def test_faults_strike_the_hub_that_the_test_uses(fixture: str, request: pytest.FixtureRequest) -> None:
    hub = request.getfixturevalue(fixture)
    hub.script([sandbox.status(500)])
    assert chub.add_event(hub.config, visit(ADA)).failure().status == 500


def test_faults_without_a_hub_make_one(chub_faults: Any, request: pytest.FixtureRequest) -> None:
    chub_faults("null\n" + '{"fault": "status", "code": 404}')
    config = request.getfixturevalue("chub_hub").config
    assert [] == ids(config)
    assert 404 == chub.get_event(config, "e1").failure().status


def test_faults_of_the_server(chub_server: sandbox.ServedSandbox, chub_faults: Any) -> None:
    chub_faults([sandbox.commit_then_close()])
    assert isinstance(chub.add_event(chub_server.config, visit(ADA)).failure(), chub.Unconfirmed)
    assert 1 == len(ids(chub_server.config))


FAULTS = [[sandbox.status(400)], '{"fault": "status", "code": 400}', lambda request: sandbox.status(400)]


@pytest.mark.parametrize("chub_faults", FAULTS, indirect=True, ids=["a list", "a text", "a function"])
def test_faults_as_a_parameter(chub_hub: sandbox.Sandbox, chub_faults: Any) -> None:
    assert 400 == chub.get_event(chub_hub.config, "e1").failure().status


def test_faults_of_two_hubs_are_nobodys(
    chub_hub: sandbox.Sandbox, chub_server: sandbox.ServedSandbox, chub_faults: Any
) -> None:
    with pytest.raises(chub.InvalidValue, match="the test has two hubs"):
        chub_faults([])


def test_faults_that_are_none_are_a_wrong_program(chub_faults: Any) -> None:
    with pytest.raises(chub.InvalidValue, match="line 1: 'unicorn' is no fault"):
        chub_faults('"unicorn"')
    with pytest.raises(chub.InvalidValue, match="a fault or None is needed, not int"):
        chub_faults([7])


class TestOptions:
    @pytest.fixture
    def chub_options(self) -> sandbox.HubOptions:
        return {"types": {"sawUnicorn": None}, "workspace_id": "zoo"}

    @pytest.mark.parametrize("fixture", ["chub_hub", "chub_server"])
    def test_options_are_overridden(self, fixture: str, request: pytest.FixtureRequest) -> None:
        hub = request.getfixturevalue(fixture)
        assert "zoo" == hub.workspace_id
        assert add(hub.config, visit(ADA, properties=chub.Custom("sawUnicorn")))


# What one test leaves behind, and the next one finds: with a server of their own, so in a known order.


@pytest.fixture
def shared() -> Iterator[SharedServer]:
    server = SharedServer()
    yield server
    server.close()


def test_a_session_without_a_use_starts_no_server() -> None:
    SharedServer().close()


Leave = Callable[[sandbox.ServedSandbox], object]

LEFT_BEHIND: dict[str, Leave] = {
    "an event": lambda hub: add(hub.config, visit(ADA)),
    "a script": lambda hub: hub.script(lambda request: sandbox.status(500)),
    "an outage of the script": lambda hub: hub.script([sandbox.refuse(60)]),
    "an outage that was not ended": lambda hub: hub.down().__enter__(),
    "two outages": lambda hub: (hub.down().__enter__(), hub.down().__enter__()),
    "a kept connection": lambda hub: ids(hub.config),
    "a hub that was closed": lambda hub: hub.close(),
    "a stalled answer": lambda hub: (
        hub.script([sandbox.read_then_stall()]),
        chub.get_event(attrs.evolve(hub.config, timeouts=chub.Timeouts(read=0.01), retry=ONE_TRY), "e1"),
    ),
    "an answer that takes long": lambda hub: (
        hub.script([sandbox.drip(every=3600)]),
        chub.get_event(attrs.evolve(hub.config, timeouts=chub.Timeouts(read=0.01), retry=ONE_TRY), "e1"),
    ),
}


@pytest.mark.parametrize("leave", LEFT_BEHIND.values(), ids=LEFT_BEHIND)
def test_no_test_finds_what_another_left_behind(leave: Leave, shared: SharedServer) -> None:
    first = shared.fresh({})
    leave(first)
    second = shared.fresh({})
    assert ((), 0) == (tuple(second.ledger), second.connections)
    event_id = chub.add_event(attrs.evolve(second.config, retry=ONE_TRY), visit(ADA)).unwrap().id
    assert [event_id] == ids(second.config)


def test_who_calls_late_reaches_no_other_tests_hub(shared: SharedServer) -> None:
    first = shared.fresh({})
    second = shared.fresh({})
    assert first.base_url == second.base_url
    assert 401 == chub.add_event(first.config, visit(ADA)).failure().status
    assert [] == ids(second.config)


def test_a_hub_that_was_replaced_stops_nothing(shared: SharedServer) -> None:
    first = shared.fresh({})
    outage = first.down()
    outage.__enter__()
    second = shared.fresh({})
    outage.__exit__(None, None, None)
    first.close()
    assert add(second.config, visit(ADA))
    with second.down():
        assert isinstance(chub.get_event(second.config, "e1").failure(), chub.NotSent)
    assert 1 == len(ids(second.config))
    with pytest.raises(chub.InvalidValue, match="it was closed or replaced before"):
        first.replace()


def test_wrong_options_leave_the_hub_before_in_its_place(shared: SharedServer) -> None:
    first = shared.fresh({})
    with pytest.raises(chub.InvalidValue, match="mode: "):
        shared.fresh({"mode": "perhaps"})  # type: ignore[typeddict-item]
    assert first.is_serving
    assert [] == ids(first.config)


# Runs of pytest by itself.

TESTS = """
import chub, sys, pytest
from chub import sandbox

EVENT = chub.event(chub.ViewedPage(title="Home"), owner=chub.SessionId("ada"), context="WEB")

@pytest.mark.parametrize("number", range(3))
def test_alone(chub_hub, chub_server, number):
    for hub in (chub_hub, chub_server):
        assert not list(chub.events(hub.config, chub.event_query()))
        chub.add_event(hub.config, EVENT).unwrap()

def test_faults(chub_server, chub_faults):
    chub_faults([sandbox.status(429, retry_after=0), sandbox.commit_then_close()])
    assert isinstance(chub.add_event(chub_server.config, EVENT).failure(), chub.Unconfirmed)
"""

# What is loaded once pytest has begun, and once its tests are over.
LOADED = """
import json, sys

def pytest_sessionfinish():
    print("LOADED", json.dumps(sorted(sys.modules)))
"""


def run(folder: Path, *arguments: str, autoload: bool = True) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder; with the plugin as it is installed, or named by its module alone."""
    # Coverage, where it starts with each process, loads modules of its own.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environment = plain | {"PYTEST_ADDOPTS": ""}
    if not autoload:
        environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "chub.testing.pytest_plugin"}
    strict = ["-W", "error", "--strict-markers", "--strict-config", "-p", "no:cacheprovider", "-q"]
    command = [sys.executable, "-m", "pytest", *strict, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (tmp_path / "conftest.py").write_text(LOADED, encoding="utf-8")
    return tmp_path


def loaded(done: subprocess.CompletedProcess[str], *roots: str) -> list[str]:
    (line,) = [line for line in done.stdout.splitlines() if "LOADED" in line]
    return [name for name in json.loads(line.partition("LOADED ")[2]) if name.split(".")[0] in roots]


NAMES_ALONE = ["chub", "chub.testing", "chub.testing.pytest_plugin"]


def test_the_plugin_is_found_by_itself(folder: Path) -> None:
    (folder / "test_it.py").write_text(TESTS, encoding="utf-8")
    done = run(folder)
    assert 0 == done.returncode, done.stdout
    assert "4 passed" in done.stdout
    assert {"chub.sandbox", *NAMES_ALONE} <= set(loaded(done, "chub"))


@pytest.mark.parametrize("autoload", [True, False], ids=["as installed", "alone"])
def test_until_a_test_asks_for_a_fixture_only_names_are_loaded(autoload: bool, folder: Path) -> None:
    (folder / "test_it.py").write_text("def test_it(tmp_path): pass\n", encoding="utf-8")
    done = run(folder, autoload=autoload)
    assert 0 == done.returncode, done.stdout
    assert NAMES_ALONE == loaded(done, "chub")
    if not autoload:  # else other plugins may load what chub is built on
        assert [] == loaded(done, "attr", "attrs", "cattrs", "hypothesis", "returns", "ssl", "sqlite3", "urllib3")


def test_who_does_not_want_the_plugin_loads_nothing(folder: Path) -> None:
    (folder / "test_it.py").write_text("def test_it(chub_hub): pass\n", encoding="utf-8")
    done = run(folder, "-p", "no:chub")
    assert 1 == done.returncode
    assert "fixture 'chub_hub' not found" in done.stdout
    assert [] == loaded(done, "chub")


def test_the_fixtures_say_what_they_are(folder: Path) -> None:
    shown = run(folder, "--fixtures", autoload=False).stdout
    for fixture in ("chub_hub", "chub_server", "chub_faults", "chub_options"):
        assert fixture in shown
        assert f"`{fixture}`" in (told or "")
    assert "_chub_shared_server" not in shown


def test_the_entry_point_is_declared() -> None:
    (entry,) = [entry for entry in metadata.entry_points(group="pytest11") if entry.name == "chub"]
    assert "chub.testing.pytest_plugin" == entry.value
