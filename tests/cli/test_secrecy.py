"""Law 7 for the command line: whatever is asked for, and however it ends, the token is in nothing that it writes."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import chub
from chub import api, cli, sandbox

TOKEN = "demo-0123456789-token"
LINE = {"type": "viewedPage", "context": "WEB", "customerId": "c", "properties": {}}

COMMANDS: dict[str, list[str]] = {
    "list": ["events", "list"],
    "get": ["events", "get", "e"],
    "add": ["events", "add", "--type", "x", "--session-id", "v"],
    "delete": ["events", "delete", "e"],
    "export": ["events", "export"],
    "import": ["events", "import", "--accepted"],
    "attach": ["sessions", "attach", "c", "v"],
    "find": ["customers", "find", "--external-id", "CRM-17"],
    "doctor": ["doctor", "--write"],
    "doctor --json": ["doctor", "--write", "--json"],
}
ECHO = json.dumps({"message": f"bad {TOKEN}", "logref": TOKEN, "errors": [{"path": f"/{TOKEN}", "message": TOKEN}]})
FAULTS: dict[str, Any] = {
    "well": None,
    "echoed": sandbox.status(401, body=ECHO, headers={"X-Echo": TOKEN}),
    "echoed in a conflict": sandbox.status(409, body=ECHO),
    "echoed as text": sandbox.status(400, body=TOKEN),
    "unreadable": sandbox.status(200, body=TOKEN),
    "broken": sandbox.status(503, body=ECHO),
    "closed": sandbox.read_then_close(),
    "garbage": sandbox.garbage(line=TOKEN.encode()),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_no_outcome_shows_the_token(run: Any, serve: Any, command: list[str], fault: Any) -> None:
    serve(token=TOKEN, faults=itertools.repeat(fault, 20))
    for terminal in ("", "stdout stderr"):
        ran = run(*command, "--timeout", 1, stdin=json.dumps(LINE), terminal=terminal)
        assert "" != ran.out + ran.err or fault is None
        assert TOKEN not in ran.out + ran.err


PLACES: dict[str, Callable[[Path], list[str]]] = {
    "a file": lambda folder: ["--token-file", str(folder / "token")],
    "an INI file": lambda folder: ["--config", str(folder / "chub.ini")],
    "a broken INI file": lambda folder: ["--config", str(folder / "broken.ini")],
    "the wrong file for settings": lambda folder: ["--config", str(folder / "token")],
    "the wrong file for the token": lambda folder: ["--token-file", str(folder / "chub.ini")],
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_no_file_is_shown(run: Any, serve: Any, command: list[str], place: Any, tmp_path: Path) -> None:
    hub = serve(token=TOKEN)
    (tmp_path / "token").write_text(TOKEN)
    settings = f"workspace_id = {hub.workspace_id}\nnode_id = n\nbase_url = {hub.base_url}\ntoken = {TOKEN}\n"
    (tmp_path / "chub.ini").write_text(settings)
    (tmp_path / "broken.ini").write_text(f"[a\n{TOKEN}\n{settings}")
    ran = run(*command, *place(tmp_path), stdin=json.dumps(LINE))
    assert TOKEN not in ran.out + ran.err


@pytest.mark.parametrize("command", [[], ["events"], ["events", "list"], ["events", "import"], ["doctor"], ["sandbox"]])
def test_help_shows_no_token(run: Any, serve: Any, command: list[str]) -> None:
    serve(token=TOKEN)
    ran = run(*command, "--help")
    assert (0, False) == (ran.code, TOKEN in ran.out + ran.err)
    assert 200 < len(ran.out)


@pytest.mark.parametrize("command", [COMMANDS["get"], ["events", "get", "e", "--token-file", "token"]])
def test_a_traceback_with_locals_shows_no_token(
    serve: Any, command: list[str], told: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug of chub's")

    serve(token=TOKEN)
    (tmp_path / "token").write_text(TOKEN)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(api, "get_event", broken)
    with pytest.raises(RuntimeError) as raised:
        cli.main(command)
    text = told(raised.value)
    assert (True, False) == ("events.py" in text, TOKEN in text)


def test_these_tests_would_see_it(run: Any, serve: Any) -> None:
    serve(token=TOKEN)
    assert TOKEN in run("events", "get", f"{TOKEN}/").err
    assert chub.VERSION in run("--version").out
