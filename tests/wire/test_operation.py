"""An operation as a value, and as a command for a shell."""

import json
import pickle
import shlex
import subprocess
from urllib.parse import unquote

import attrs
import pytest
from chub_cases import (
    CONFIG,
    FULL_EVENT,
    OPERATIONS,
)
from chub_strategies import law
from hypothesis import given
from hypothesis import strategies as st

import chub
from chub.testing.strategies import odd_texts
from chub.wire import operations


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_a_value(name: str) -> None:
    operation = OPERATIONS[name]
    again = pickle.loads(pickle.dumps(operation))
    assert (operation, hash(operation), repr(operation)) == (again, hash(again), repr(again))
    assert 1 == [*OPERATIONS.values()].count(operation)


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_operation_bears_the_token(name: str) -> None:
    secret = chub.config(workspace_id="w", node_id="n", token="demo-of-a-secret")
    built = operations.get_event(secret, "e_id").unwrap()
    assert operations.get_event(CONFIG, "e_id").unwrap() == built
    for operation in (OPERATIONS[name], built):
        for text in (repr(operation), chub.curl(operation), str(attrs.asdict(operation)), str(pickle.dumps(operation))):
            assert "demo" not in text


def arguments_of(command: str) -> list[str]:
    """What a shell makes of a command."""
    shell = f"curl() {{ printf '%s\\0' \"$@\"; }}; CHUB_TOKEN=demo; {command}"
    run = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, check=True)
    return run.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("name", OPERATIONS)
def test_curl_says_what_is_sent(name: str) -> None:
    asked = OPERATIONS[name].request
    expected = ["-X", asked.method, f"https://example.com/hub{asked.target}"]
    for header in (*asked.headers, ("Authorization", "Bearer demo")):
        expected += ["-H", ": ".join(header)]
    expected += [] if asked.body is None else ["--data-raw", asked.body.decode()]
    assert arguments_of(chub.curl(OPERATIONS[name], "https://example.com/hub")) == expected


@pytest.mark.parametrize("odd", ["'; rm -rf /; '", '"$(id)`id`"', "a\\'b", "\ud800", "é\u2028", "-o", "@file", "\r\n"])
def test_curl_is_safe_in_a_shell(odd: str) -> None:
    event = attrs.evolve(FULL_EVENT, owner=chub.SessionId(odd), properties=chub.Custom(odd, {odd: odd}))
    operation = operations.add_event(CONFIG, event).unwrap()
    assert (operation.request.body or b"").decode() == arguments_of(chub.curl(operation))[-1]
    found = json.loads(arguments_of(chub.curl(operation))[-1])
    assert (odd, {odd: odd}) == (found["bringBackProperties"]["value"], found["properties"])


@pytest.mark.parametrize("odd", ["'; id; '", '"$(id)"', "a'b", "é", "-o", "*", "{a,b}", "[1-3]", "~"])
def test_curl_is_safe_with_an_odd_id(odd: str) -> None:
    command = chub.curl(operations.get_event(CONFIG, odd).unwrap())
    assert odd == unquote(shlex.split(command.replace("\\\n", ""))[3].rpartition("/")[2])
    assert arguments_of(command)[2] == shlex.split(command.replace("\\\n", ""))[3]


@law
@given(st.one_of(odd_texts(min_size=1)))
def test_a_session_value_goes_through_the_body(value: str) -> None:
    body = operations.add_session(CONFIG, chub.SessionLink("c_id", value)).unwrap().request.body
    assert json.loads(body or b"") == json.loads(json.dumps({"value": value}))
