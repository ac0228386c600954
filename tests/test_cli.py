"""The command line and the demo: what they print, and their exit codes."""

import os
import subprocess
import sys

import pytest

import chub
from chub import cli, demo


def test_the_demo_plays_all_steps_and_goes_well() -> None:
    lines: list[str] = []
    assert 0 == demo.run(lines.append)
    shown = "\n".join(lines)
    assert 10 == shown.count("\n# ") - 1  # ten steps, and the visit between them
    assert 6 == shown.count("<Success: ")
    assert 2 == shown.count("<Failure: ")
    assert "    chub.add_customer(config, ada)\n    -> <Success: Accepted(id='" in shown
    assert "401 Unauthorized" in shown


def test_the_demo_tells_where_it_did_not_go_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_play", lambda show, config: False)
    assert 1 == demo.run(lambda line: None)


def test_each_line_of_the_demo_fits_a_terminal() -> None:
    lines: list[str] = []
    demo.run(lines.append)
    assert [] == [line for text in lines for line in text.splitlines() if len(line) > 120 and "->" not in line]


def test_the_demo_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == cli.main(["demo"])
    assert "chub.add_customer(config, ada)" in capsys.readouterr().out


def test_the_module_runs_as_a_command() -> None:
    done = subprocess.run([sys.executable, "-m", "chub", "demo"], capture_output=True, text=True, env=os.environ)
    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.startswith("An embedded ContactHub listens on http://127.0.0.1:")


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert 0 == ended.value.code
    assert f"chub {chub.VERSION}\n" == capsys.readouterr().out


def test_the_help_says_where_to_start(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert 0 == ended.value.code
    assert "Start with `python -m chub demo`" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["fly"], ["sandbox", "--port", "x"], ["sandbox", "--mode", "x"]])
def test_a_wrong_command_line_is_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert 2 == ended.value.code
    assert "usage: python -m chub" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "99999"], "chub sandbox: port: 99999 is no number from 0 to 65535\n"),
        (["--workspace-id", "a/b"], "chub sandbox: workspace_id: "),
        (["--database", "."], "chub sandbox: database: .: unable to open database file\n"),
        (["--faults", "no-such-file"], "chub sandbox: "),
    ],
)
def test_a_sandbox_that_cannot_be_opened_is_one_line_and_code_1(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 1 == cli.main(["sandbox", *arguments])
    told = capsys.readouterr().err
    assert told.startswith(said)
    assert 1 == told.count("\n")
