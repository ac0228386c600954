"""The names of `chub.frames`, where they come from, and that nothing is loaded before one is used."""

import ast
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from chub import frames

SOURCE = Path(frames.__file__ or "").read_text(encoding="utf-8")


def names_for_type_checkers() -> dict[str, str]:
    """Give the names that the module imports under `if TYPE_CHECKING`, and from where."""
    found = {}
    for node in ast.parse(SOURCE).body:
        if isinstance(node, ast.If):
            for line in node.body:
                assert isinstance(line, ast.ImportFrom)
                found |= {alias.name: str(line.module) for alias in line.names if alias.asname == alias.name}
    return found


def test_type_checkers_see_the_names_in_the_rooms_they_come_from() -> None:
    assert names_for_type_checkers() == frames._ROOM_OF_NAME


def test_dir_lists_the_names() -> None:
    assert [name for name in dir(frames) if not name.startswith("__")] == frames.__all__


def test_no_name_is_a_submodules() -> None:
    assert set() == {module.name for module in pkgutil.iter_modules(frames.__path__)} & set(frames.__all__)


@pytest.mark.parametrize("name", frames.__all__)
def test_each_name_resolves_to_the_same_each_time(name: str) -> None:
    found = getattr(frames, name)
    assert found is not None
    assert frames.__getattr__(name) is found


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"^module 'chub.frames' has no attribute 'to_unicorns'$"):
        frames.to_unicorns  # noqa: B018


def test_the_room_itself_loads_nothing() -> None:
    script = "import chub; chub.frames; import json, sys; print(json.dumps([m for m in sys.modules if 'chub.' in m]))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert ["chub.frames"] == json.loads(done.stdout)
