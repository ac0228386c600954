"""The command line run in this process, against hubs that are served on loopback."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs
import pytest

import chub
from chub import cli

LINE = {
    "type": "viewedPage",
    "context": "WEB",
    "bringBackProperties": {"type": "EXTERNAL_ID", "value": "CRM-17"},
    "properties": {"title": "Home"},
}


@attrs.frozen
class Ran:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[Any]:
        """The lines of JSON of the standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


class Input:
    """A standard input of bytes."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)

    def read(self) -> str:
        return self.buffer.read().decode()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No hub, and a terminal of 80 columns."""
    for name in ("CHUB_WORKSPACE_ID", "CHUB_NODE_ID", "CHUB_TOKEN", "CHUB_BASE_URL", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> Run:
    """Run a command; `terminal` names the streams that are one."""

    def run(*arguments: object, stdin: bytes | str = b"", terminal: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", Input(stdin.encode() if isinstance(stdin, str) else stdin))
        for name in ("stdout", "stderr"):
            monkeypatch.setattr(getattr(sys, name), "isatty", lambda name=name: name in terminal)
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = int(str(ended.code))
        sys.stdout.flush()
        sys.stderr.flush()
        out, err = capfdbinary.readouterr()
        return Ran(code, out.decode(), err.decode())

    return run


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., chub.sandbox.ServedSandbox]]:
    """Serve hubs, the last of which is the one in the environment."""
    with ExitStack() as stack:

        def serve(**options: Any) -> chub.sandbox.ServedSandbox:
            hub = stack.enter_context(chub.sandbox.serve(**options))
            stack.callback(chub.disconnect, hub.config)
            monkeypatch.setenv("CHUB_WORKSPACE_ID", hub.workspace_id)
            monkeypatch.setenv("CHUB_NODE_ID", hub.node_id)
            monkeypatch.setenv("CHUB_TOKEN", hub.token)
            monkeypatch.setenv("CHUB_BASE_URL", hub.base_url)
            return hub

        yield serve


@pytest.fixture
def hub(serve: Callable[..., chub.sandbox.ServedSandbox]) -> chub.sandbox.ServedSandbox:
    return serve()


@pytest.fixture
def stocked(hub: chub.sandbox.ServedSandbox) -> list[str]:
    """A hub with 12 events of one customer; gives their ids."""
    events = [
        chub.event(chub.ViewedPage(title=f"Page {number}"), owner=chub.ExternalId("CRM-17"), context="WEB")
        for number in range(12)
    ]
    return [str(chub.add_event(hub.config, event).unwrap().id) for event in events]


@pytest.fixture
def lines(tmp_path: Path) -> Callable[..., Path]:
    """Write objects, and texts, as the lines of a file."""

    def lines(*found: Any) -> Path:
        path = tmp_path / "events.ndjson"
        path.write_text("".join((item if isinstance(item, str) else json.dumps(item)) + "\n" for item in found))
        return path

    return lines
