"""Scripts in a file: JSON, each mistake told with its line."""

import io
import json

import pytest

from chub import cli, sandbox
from chub.cli import local
from chub.sandbox import fault_text, server

SCRIPT = (None, sandbox.commit_then_close(), sandbox.status(503, retry_after=2))


@pytest.mark.parametrize(
    "text",
    [
        'null\n"commit_then_close"\n{"fault": "status", "code": 503, "retry_after": 2}\n',
        '\nnull\n\n"commit_then_close"\n{"fault":"status","code":503,"retry_after":2}',
        '[null, "commit_then_close", {"fault": "status", "code": 503, "retry_after": 2}]',
        ' [\n  null ,\n  {"fault": "commit_then_close"},\n  {"fault": "status",\n "code": 503, "retry_after": 2}\n]\n',
    ],
)
def test_a_script_is_lines_or_an_array(text):
    assert SCRIPT == sandbox.parse_faults(text)


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("ok", sandbox.ok()),
        ("refuse", sandbox.refuse()),
        ({"fault": "refuse", "seconds": 2}, sandbox.refuse(2)),
        ({"fault": "break_tls", "after": "connect"}, sandbox.break_tls("connect")),
        ({"fault": "commit_then_stall", "seconds": 0.5}, sandbox.commit_then_stall(0.5)),
        ({"fault": "garbage", "line": "é"}, sandbox.garbage(line="é".encode())),
        ({"fault": "interim", "statuses": [100, 103]}, sandbox.interim(statuses=(100, 103))),
        (
            {"fault": "status", "code": 400, "body": {"message": "no"}, "headers": {"X-A": "b"}, "commit": True},
            sandbox.status(400, body={"message": "no"}, headers={"x-a": "b"}, commit=True),
        ),
        (
            {"fault": "drip", "every": 0.5, "reply": {"fault": "cut", "at": 3, "reply": "chunked"}},
            sandbox.drip(sandbox.cut(sandbox.chunked(), at=3), every=0.5),
        ),
    ],
)
def test_an_entry_is_the_word_with_its_arguments(entry, fault):
    assert (fault,) == sandbox.parse_faults(json.dumps(entry))


@pytest.mark.parametrize("text", ["", "\n \n", "[]", " [ ] "])
def test_a_script_may_be_empty(text):
    assert () == sandbox.parse_faults(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("null\noops", r"line 2: no JSON: Expecting value \(column 1\)"),
        ("[null,\n null,,\n null]", r"line 2: no JSON: Expecting value \(column 7\)"),
        ('[null,\n "ok"\n', r"line 3: no JSON: Expecting ',' delimiter"),
        ("[null] null", r"line 1: no JSON: Extra data"),
        ('null\n\n"clse"', "line 3: 'clse' is no fault; there are: ok, refuse, close_unread"),
        ('[null,\n\n "ok", "clse"]', "line 3: 'clse' is no fault"),
        ("503", "line 1: an entry is null, a name, or an object with a name as its 'fault'"),
        ("{}", "line 1: an entry is null"),
        ('{"fault": 1}', "line 1: 1 is no fault"),
        ('{"fault": ["ok"]}', r"line 1: \['ok'\] is no fault"),
        ('"status"', r"line 1: status\(\) missing 1 required positional argument: 'code'"),
        ('{"fault": "cut", "att": 1}', r"line 1: cut\(\) got an unexpected keyword argument 'att'"),
        ('{"fault": "cut", "at": -1}', "line 1: at: a whole number from 0 on is needed"),
        ('{"fault": "cut", "reply": "commit_then_close"}', "line 1: reply: a reply is needed"),
        ('{"fault": "cut", "reply": null}', "line 1: an entry is null"),
        ('{"fault": "interim", "statuses": 100}', "line 1: 'int' object is not iterable"),
    ],
)
def test_a_mistake_is_told_with_its_line(text, message):
    with pytest.raises(ValueError, match=rf"^{message}"):
        sandbox.parse_faults(text)


def test_the_examples_of_the_manual_are_scripts():
    manual = fault_text.__doc__ or ""
    examples = [line.strip() for line in manual.splitlines() if line.startswith("    ")]
    assert 3 == len(sandbox.parse_faults("\n".join(examples)))
    assert all(example in local.FAULTS for example in examples)
    assert all(word in local.FAULTS for word in fault_text.WORDS)


@pytest.fixture
def served(monkeypatch):
    """Give what the command line would serve with, and serve nothing."""
    options = {}
    monkeypatch.setattr(server, "run", lambda **given: options.update(given) or 0)
    return options


def test_the_command_line_reads_a_file(tmp_path, served):
    file = tmp_path / "faults.jsonl"
    file.write_text('"commit_then_close"\nnull', encoding="utf-8")
    assert 0 == cli.main(["sandbox", "--faults", str(file), "--latency", "0.5"])
    assert ((sandbox.commit_then_close(), None), 0.5) == (served["faults"], served["latency"])


def test_the_command_line_reads_the_standard_input(served, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO('["ok"]'))
    assert 0 == cli.main(["sandbox", "--faults", "-"])
    assert ((sandbox.ok(),), 0.0) == (served["faults"], served["latency"])
    assert 0 == cli.main(["sandbox"])
    assert () == served["faults"]


def test_the_command_line_tells_file_and_line(tmp_path, capsys, served):
    file = tmp_path / "faults.jsonl"
    file.write_text('null\n"clse"', encoding="utf-8")
    assert 1 == cli.main(["sandbox", "--faults", str(file)])
    assert f"chub sandbox: {file}: line 2: 'clse' is no fault" in capsys.readouterr().err
    assert 1 == cli.main(["sandbox", "--faults", str(tmp_path / "none")])
    assert ({}, True) == (served, "none" in capsys.readouterr().err)
