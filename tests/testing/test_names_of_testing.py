"""The names of `chub.testing`: what each loads, and what is said where the extra isn't installed."""

import importlib
import json
import subprocess
import sys
from typing import Any

import pytest

from chub import testing


def loaded_by(name: str) -> set[str]:
    """The packages that a fresh interpreter has loaded once it used a name."""
    code = f"import chub.testing, json, sys; chub.testing.{name}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return {module.partition(".")[0] for module in json.loads(done.stdout)}


def test_the_laws_need_no_hypothesis_and_the_machine_does() -> None:
    assert [False, True] == ["hypothesis" in loaded_by(name) for name in ("laws", "HubMachine")]


def missing(name: str) -> Any:
    def import_module(module: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    return import_module


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib, "import_module", missing("hypothesis"))
    with pytest.raises(ImportError, match=r"^chub.testing.HubMachine needs hypothesis: pip install 'contacthub-chub\["):
        testing.__getattr__("HubMachine")


def test_anything_else_that_is_missing_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib, "import_module", missing("another"))
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'another'$"):
        testing.__getattr__("HubMachine")


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"^module 'chub.testing' has no attribute 'unicorns'$"):
        testing.unicorns  # noqa: B018


def test_every_name_is_there_and_listed() -> None:
    assert testing.__all__ == [name for name in dir(testing) if not name.startswith("__")]
    assert all(getattr(testing, name) for name in testing.__all__)
