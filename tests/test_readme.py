"""All code of the README runs, in its order, in one namespace; what it shows after `>>>` is what comes out."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import TestCase

import pytest
from readme_blocks import blocks, files_of_tests, pipeline

import chub
from chub import cli

FILES = files_of_tests()
PYTHON = [block for block in blocks("python") if block not in FILES.values()]


def test_there_is_code() -> None:
    assert len(PYTHON) > 10
    assert pipeline() in PYTHON


def test_all_code_runs_and_shows_what_it_says() -> None:
    names: dict[str, Any] = {}
    try:
        for number, block in enumerate(PYTHON):
            run_block(block, names, f"block {number}")
        for found in [found for found in names.values() if isinstance(found, type) and issubclass(found, TestCase)]:
            found("runTest").debug()
    finally:
        names["hub"].close()


def run_block(block: str, names: dict[str, Any], name: str) -> None:
    if not block.startswith(">>>"):
        exec(compile(block, name, "exec"), names)
        return
    parsed = doctest.DocTestParser().get_doctest(block, names, name, "README.md", 0)
    parsed.globs = names  # the parser copies them, and the blocks after this one go on with its names
    wrong: list[str] = []
    doctest.DocTestRunner().run(parsed, out=wrong.append, clear_globs=False)
    assert [] == wrong


AROUND_THEM = {
    "pipeline.py": pipeline(),
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "conftest.py": """from hypothesis import settings
settings.register_profile("quick", max_examples=10, deadline=None)
settings.load_profile("quick")
""",
}


def test_the_tests_that_it_shows_pass(tmp_path: Path) -> None:
    assert ["test_load.py", "test_load_laws.py"] == sorted(FILES)
    for name, text in {**FILES, **AROUND_THEM}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    strict = ["-W", "error", "--strict-markers", "-p", "no:cacheprovider"]
    environment = os.environ | {"HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path / "examples"), "PYTEST_ADDOPTS": ""}
    command = [sys.executable, "-m", "pytest", *strict]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout
    assert "3 passed" in done.stdout


COMMANDS = [found for block in blocks("sh")[2:] for found in re.findall(r"^(\.venv/bin/[^|>\n]*)", block, re.MULTILINE)]


@pytest.mark.parametrize("command", COMMANDS)
def test_further_commands_are_ones_that_the_command_line_takes(command: str) -> None:
    words = shlex.split(command)
    assert [".venv/bin/python", "-m", "chub"] == words[:3]
    assert cli.parser().parse_args(words[3:])


def test_names_in_the_tables_exist() -> None:
    from readme_blocks import README

    named = set(re.findall(r"chub\.([A-Za-z_]+)", README.read_text(encoding="utf-8")))
    assert set() == {name for name in named if name not in dir(chub)} - {"errors", "sqlite"}
