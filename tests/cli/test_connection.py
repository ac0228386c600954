"""Where the command line finds the hub, and that a token is never taken from an option."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import chub
from chub.cli.arguments import parser
from chub.cli.connection import config_of


@pytest.fixture
def ini(hub: Any, tmp_path: Path) -> Callable[..., Path]:
    """Write the hub's settings into a file, changed as is asked for."""

    def ini(**changes: str | None) -> Path:
        known = {"workspace_id": hub.workspace_id, "node_id": hub.node_id, "token": hub.token, "base_url": hub.base_url}
        lines = [f"{name} = {value}" for name, value in {**known, **changes}.items() if value is not None]
        path = tmp_path / "chub.ini"
        path.write_text("\n".join(["[shop]", *lines, "[other]", "workspace_id = x", "token = demo"]))
        return path

    return ini


def test_without_any_setting_all_that_is_needed_is_told(run: Any) -> None:
    ran = run("events", "list")
    told = "chub events list: 2 problems: CHUB_WORKSPACE_ID: not set; CHUB_TOKEN: not set\n"
    assert (3, "", told) == (ran.code, ran.out, ran.err)


def test_a_file_of_settings(run: Any, ini: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = ini()
    monkeypatch.setenv("CHUB_WORKSPACE_ID", "of the environment")
    monkeypatch.setenv("CHUB_TOKEN", "of-the-environment")
    assert 0 == run("events", "list", "--config", path).code
    assert 0 == run("events", "list", "--config", path, "--section", "shop").code
    assert 6 == run("events", "list", "--config", path, "--workspace-id", "x").code


def test_a_file_without_a_token_takes_that_of_the_environment(
    run: Any, ini: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ini(token=None)
    assert 0 == run("events", "list", "--config", path).code
    monkeypatch.delenv("CHUB_TOKEN")
    assert "chub events list: token: not set\n" == run("events", "list", "--config", path).err


def test_a_file_of_the_token(run: Any, ini: Any, hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text(f"\ufeff{hub.token}\n", encoding="utf-8")
    monkeypatch.setenv("CHUB_TOKEN", "wrong")
    assert 6 == run("events", "list").code
    assert 0 == run("events", "list", "--token-file", tmp_path / "token").code
    assert 0 == run("events", "list", "--token-file", tmp_path / "token", "--config", ini(token="wrong")).code


@pytest.mark.parametrize("option", ["--token-file", "--config"])
def test_files_that_cannot_be_read(run: Any, hub: Any, tmp_path: Path, option: str) -> None:
    none = run("events", "list", option, tmp_path / "none")
    told = {
        "--config": f"{tmp_path / 'none'}: No such file or directory",
        "--token-file": "--token-file: No such file or directory: name a file that holds the token",
    }
    assert (1, f"chub events list: {told[option]}\n") == (none.code, none.err)
    (tmp_path / "odd").write_bytes(b"\xff\xfe")
    odd = run("events", "list", option, tmp_path / "odd")
    assert (3, f"chub events list: {option} {tmp_path / 'odd'}: not UTF-8\n") == (odd.code, odd.err)


@pytest.mark.parametrize("content", ["", "two words", "Bearer hush-hush", "a\nb"])
def test_a_file_that_holds_no_token(run: Any, hub: Any, tmp_path: Path, content: str) -> None:
    (tmp_path / "token").write_text(content)
    ran = run("events", "list", "--token-file", tmp_path / "token")
    assert (3, "", 1) == (ran.code, ran.out, ran.err.count("\n"))
    assert ran.err.startswith(f"chub events list: --token-file {tmp_path / 'token'}: ")
    assert content == "" or content not in ran.err


@pytest.mark.parametrize("name", ["workspace_id", "base_url"])
def test_options_win_over_the_environment(run: Any, hub: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"CHUB_{name.upper()}", "http://127.0.0.1:9" if name == "base_url" else "x")
    assert 0 != run("events", "list", "--timeout", 1).code
    assert 0 == run("events", "list", f"--{name.replace('_', '-')}", getattr(hub, name)).code


TOKEN = "hush-hush-0123456789"


@pytest.mark.parametrize(
    "arguments",
    [
        ["events", "list", "--token", TOKEN],
        ["events", "list", f"--token={TOKEN}"],
        ["events", "import", "--token", TOKEN, "file"],
        ["--token", TOKEN, "events", "list"],
        ["doctor", "--token", TOKEN],
        ["events", "--token", TOKEN, "list"],
        ["events", "list", "--token"],
    ],
)
def test_a_token_as_an_option_is_refused_and_not_shown(run: Any, hub: Any, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (2, "", False) == (ran.code, ran.out, TOKEN in ran.err)
    assert "--token: everybody on this machine could see it there; use CHUB_TOKEN or --token-file FILE" in ran.err
    assert 0 == hub.ledger.received


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["events", "list", "--tok", TOKEN], "unknown or too many arguments: --tok, (a value)"),
        (["events", "list", f"--Token={TOKEN}"], "unknown or too many arguments: --Token"),
        (["events", "list", f"-t{TOKEN}"], "unknown or too many arguments: -t"),
        (["events", "list", TOKEN], "unknown or too many arguments: (a value)"),
        (["customers", TOKEN], "argument VERB: invalid choice (choose from 'find')"),
        (["events", "list", "--page", f"{TOKEN} (choose from\n"], "argument --page: invalid int value"),
    ],
)
def test_what_is_not_understood_is_not_shown(run: Any, hub: Any, arguments: list[str], named: str) -> None:
    ran = run(*arguments)
    assert (2, "", False) == (ran.code, ran.out, TOKEN in ran.err)
    # Newer Pythons write the choices without quotes.
    assert f"error: {named}\n" == ran.err[ran.err.index("error: ") :].replace("find)", "'find')")


@pytest.mark.parametrize("command", [["events", "list"], ["doctor"]])
def test_a_token_in_the_place_of_its_file_is_not_shown(run: Any, hub: Any, command: list[str]) -> None:
    ran = run(*command, "--token-file", TOKEN)
    assert (1, False) == (ran.code, TOKEN in ran.out + ran.err)
    assert "--token-file: No such file or directory" in ran.out + ran.err


def test_what_is_wrong_with_a_file_of_settings_is_told_in_the_words_of_the_command_line(
    run: Any, hub: Any, ini: Any, tmp_path: Path
) -> None:
    (tmp_path / "odd").write_text("odd\n")
    odd = run("events", "list", "--config", tmp_path / "odd").err
    assert f"chub events list: --config {tmp_path / 'odd'}: no INI: ParsingError near line 1\n" == odd
    lost = run("events", "list", "--config", ini(), "--section", "none").err
    assert lost.startswith("chub events list: --section: 'none' is not in the text; there are: ")


def test_a_config_of_all_options(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("demo")
    arguments = f"""events list --workspace-id w --node-id n --base-url https://hub.example.com --ca-file ca.pem
        --proxy http://proxy.example.com --timeout 7 --token-file {tmp_path}/token"""
    made = config_of(parser().parse_args(arguments.split()))
    assert made == chub.config(
        workspace_id="w",
        node_id="n",
        token="demo",
        base_url="https://hub.example.com",
        ca_file="ca.pem",
        proxy="http://proxy.example.com",
        timeouts=chub.Timeouts(total=7),
    )
