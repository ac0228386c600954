"""Commands as processes of their own: pipes, signals, exit codes, and what the README says of them."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from readme_blocks import README, blocks

from chub.cli import events, outcomes

CHUB = [sys.executable, "-m", "chub"]
LINE = json.dumps(
    {
        "type": "viewedPage",
        "context": "WEB",
        "bringBackProperties": {"type": "EXTERNAL_ID", "value": "CRM-17"},
        "properties": {"title": "Home"},
    }
)


def test_from_one_hub_to_another(serve: Callable[..., Any], tmp_path: Path) -> None:
    source = serve()
    sent = subprocess.run([*CHUB, "events", "import"], input=f"{LINE}\n" * 3, capture_output=True, text=True)
    assert (0, "") == (sent.returncode, sent.stdout)
    target = serve()
    (tmp_path / "source.ini").write_text(
        f"workspace_id = {source.workspace_id}\nnode_id = {source.node_id}\n"
        f"base_url = {source.base_url}\ntoken = {source.token}\n"
    )
    take = "import json, sys\nfor line in sys.stdin:\n    found = json.loads(line)\n    print(json.dumps("
    take += "{key: found[key] for key in ('type', 'context', 'date', 'bringBackProperties', 'properties')}))"
    with (
        subprocess.Popen(
            [*CHUB, "events", "export", "--config", str(tmp_path / "source.ini")],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as exported,
        subprocess.Popen([sys.executable, "-c", take], stdin=exported.stdout, stdout=subprocess.PIPE) as taken,
    ):
        came = subprocess.run([*CHUB, "events", "import"], stdin=taken.stdout, capture_output=True, text=True)
    assert (0, 0, 3) == (exported.returncode, came.returncode, target.ledger.committed)


def test_whoever_reads_may_go_away(stocked: list[str]) -> None:
    listing = subprocess.Popen([*CHUB, "events", "list", "--size", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert listing.stdout is not None
    listing.stdout.close()
    _, err = listing.communicate()
    assert (141, b"") == (listing.returncode, err)


def test_a_closed_pipe_is_left_quietly(run: Any, stocked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(line: bytes) -> None:
        raise BrokenPipeError

    left: list[int] = []
    monkeypatch.setattr(events, "write", closed)
    monkeypatch.setattr(os, "dup2", lambda nowhere, standard: left.append(standard))
    assert (141, "", "") == attrs.astuple(run("events", "list"))
    assert 1 == len(left)


def test_an_interrupted_import_tells_what_became_of_each_line(serve: Callable[..., Any]) -> None:
    hub = serve()
    importing = subprocess.Popen(
        [*CHUB, "events", "import", "--accepted", "--window", "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert importing.stdin is not None
    assert importing.stdout is not None
    importing.stdin.write(f"{LINE}\n")
    importing.stdin.flush()
    assert 1 == json.loads(importing.stdout.readline())["line"]
    importing.send_signal(signal.SIGINT)
    out, err = importing.communicate(f"{LINE}\n" * 3)
    assert (130, "", 1) == (importing.returncode, out, hub.ledger.committed)
    assert err.endswith("chub events import: interrupted\n")


def test_what_an_encoding_lacks_is_escaped(serve: Callable[..., Any]) -> None:
    serve()
    done = subprocess.run(
        [*CHUB, "doctor", "--workspace-id", "città"],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "1"},
    )
    assert (1, True) == (done.returncode, rb"workspace citt\xe0, " in done.stdout), done.stderr


@pytest.mark.parametrize(("closed", "out"), [("2>&-", 1), (">&-", 0)])
def test_a_stream_that_is_closed_is_not_mixed_with_the_other(stocked: list[str], closed: str, out: int) -> None:
    command = f"{sys.executable} -m chub events export --limit 1 {closed}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert (0, out) == (done.returncode, done.stdout.count("\n"))
    assert ("" if closed == "2>&-" else "chub events export: 1 event\n") == done.stderr


def test_a_closed_standard_input_holds_nothing(serve: Callable[..., Any]) -> None:
    hub = serve()
    command = f"{sys.executable} -m chub events import <&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert (0, "", 0) == (done.returncode, done.stdout, hub.ledger.received)
    assert done.stderr.startswith("chub events import: 0 outcomes ")


def test_help_names_all_commands_and_exit_codes(run: Any) -> None:
    ran = run("--help")
    assert 0 == ran.code
    assert outcomes.TABLE in ran.out
    for command in ("events", "sessions", "customers", "doctor", "demo", "sandbox"):
        assert re.search(rf"^    {command}\b", ran.out, re.MULTILINE)


@pytest.mark.parametrize(
    "command", ["", "events", "events list", "events add", "events export", "events import", "doctor", "sandbox"]
)
def test_help_fits_a_terminal_of_80_columns(run: Any, command: str) -> None:
    assert [] == [line for line in run(*command.split(), "--help").out.splitlines() if len(line) > 80]


def test_the_readme_has_all_exit_codes() -> None:
    text = README.read_text(encoding="utf-8")
    for code, name in re.findall(r"^ +(\d+)  (\w+):", outcomes.TABLE, re.MULTILINE):
        assert re.search(rf"^\| {code} \|.*`{name}`", text, re.MULTILINE), code


def test_the_readmes_commands_run(serve: Callable[..., Any], tmp_path: Path) -> None:
    (block,) = [block for block in blocks("sh") if "chub events" in block]
    serve()
    (tmp_path / "visits.ndjson").write_text(f"{LINE}\n{LINE}\n{{}}\n")
    script = "set -o pipefail\n" + block.replace(".venv/bin/python", sys.executable)
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert (0, "2") == (done.returncode, done.stdout.splitlines()[-1]), done.stderr
    assert 3 == json.loads((tmp_path / "failed.ndjson").read_text())["line"]
