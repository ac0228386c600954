"""Recorded, then played back: equal Results for every operation, whatever goes wrong; and nowhere the token."""

import html
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import attrs
import pytest
from chub_scripts import Call, calls, repeatable, results_of
from faults.calls import OPERATIONS, Hub
from faults.table import ROWS, Row
from hypothesis import assume, given
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

import chub
from chub import sandbox
from chub.testing import playback, record
from chub.testing.strategies import errors, odd_json, odd_texts
from chub.wire.jsontext import dumps, loads

AT_ONCE = chub.RetryPolicy(base=0, throttled_base=0)
faults = st.none() | st.sampled_from(
    [
        sandbox.refuse(),
        sandbox.read_then_reset(),
        sandbox.commit_then_close(),
        sandbox.status(503, retry_after=0),
        sandbox.status(429, retry_after=0, body="later", headers={"content-type": "text/plain"}),
        sandbox.status(400, body='{"message": "no", "errors": [{"path": "/type", "message": "odd"}]}'),
        sandbox.status(200, body="no JSON"),
        sandbox.status(200, body=b"\xff\xfe"),
        sandbox.garbage(),
        sandbox.cut(),
        sandbox.gzip_bomb(),
    ]
)


@contextmanager
def new_file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder, "exchanges.ndjson")


def recording(config: chub.Config, path: Path, **more: Any) -> chub.Config:
    return attrs.evolve(config, transport=record(config, path, **more), retry=AT_ONCE)


def playing(config: chub.Config, path: Path) -> chub.Config:
    return attrs.evolve(config, transport=playback(path), retry=AT_ONCE)


@given(st.lists(calls, min_size=1, max_size=8), st.lists(faults, max_size=6))
def test_what_was_recorded_is_played_back(script: list[Call], faults: list[Any]) -> None:
    with new_file() as path, sandbox.open(**repeatable(), faults=faults) as hub:
        live = results_of(recording(hub.config, path), script)
        config = playing(hub.config, path)
        assert live == results_of(config, script)
    assert isinstance(config.transport, chub.testing.Playback)
    assert (0, ()) == (config.transport.left, config.transport.unmatched)


def pseudonyms() -> Callable[[], str]:
    """Give ids that are pseudonyms already, so that the Results can be equal."""
    numbers = count(1)
    return lambda: f"id-{next(numbers):012x}"


@given(st.lists(calls, min_size=1, max_size=8), st.lists(faults, max_size=6))
def test_without_ids_it_is_played_back_too(script: list[Call], faults: list[Any]) -> None:
    options = repeatable() | {"ids": pseudonyms(), "faults": faults, "workspace_id": "shop"}
    with new_file() as path, sandbox.open(**options) as hub:
        live = results_of(recording(hub.config, path, ids=False), script)
        assert live == results_of(playing(hub.config, path), script)
        kept = path.read_text(encoding="utf-8")
    assert [] == [text for text in ("CRM-17", "shop", "sandbox-node") if f'"{text}' in kept or f"/{text}" in kept]


PLAYED = [row for row in ROWS if "in process" in row.ways and row.stalls is None and not row.late]


@pytest.mark.parametrize("row", PLAYED, ids=[row.observed for row in PLAYED])
def test_each_fault_of_each_operation_is_played_back(row: Row) -> None:
    with new_file() as path, sandbox.open() as opened:
        hub = Hub(opened)
        live, again = recording(hub.config, path), []
        for build in OPERATIONS.values():
            operation = build(hub).unwrap()
            opened.script([row.fault, None])
            again.append((operation, chub.send(live, operation, sleep=lambda _: None)))
        config = playing(hub.config, path)
        for operation, result in again:
            opened.script([])
            assert told(result) == told(chub.send(config, operation, sleep=lambda _: None))


def told(result: Result[Any, chub.ChubError]) -> Any:
    """Give a result with what its equality leaves out."""
    value = result.unwrap() if isinstance(result, Success) else result.failure()
    return result, getattr(value, "attempts", None), getattr(value, "hint", None)


ODD_BODIES = [
    b"",
    b"null",
    b'{"a":1,"a":2}',
    b"[1.0,-0.0,1e22,1E5,0.1]",
    b"0.10000000000000000001",
    b"1e400",
    b"1e-99999999999999999999",
    b"NaN",
    b"9" * 5000,
    b'"\\ud800"',
    '["\u2028\u202e\x85"]'.encode(),
    b"[" * 99 + b"]" * 99,
    b"[" * 150 + b"]" * 150,
    b"[" * 100_000,
    b"\xef\xbb\xbf{}",
    b" {\n} ",
]
bodies = st.binary(max_size=30) | odd_json().map(dumps) | st.sampled_from(ODD_BODIES)
HEADERS = [(), (("content-type", "text/plain"),), (("retry-after", "3"), ("date", "now"))]
answers = st.builds(
    chub.Response, status=st.integers(100, 599), reason=odd_texts(), headers=st.sampled_from(HEADERS), body=bodies
)
results: st.SearchStrategy[Result[chub.Response, chub.ChubError]] = answers.map(Success) | errors().map(Failure)
GET = chub.Request(method="GET", path="/x", template="/x")
NO_HURRY = chub.Deadline(at=1e18)


def carrying(result: Result[chub.Response, chub.ChubError], token: str = "demo") -> chub.Config:
    return chub.config(workspace_id="w", token=token, transport=lambda request, deadline: result)


@given(results)
def test_whatever_a_transport_gives_is_given_again(result: Result[chub.Response, chub.ChubError]) -> None:
    with new_file() as path:
        assert record(carrying(result), path)(GET, NO_HURRY) == result
        again = playback(path)(GET, NO_HURRY)
    assert seen(result) == seen(again)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
@pytest.mark.parametrize("body", ODD_BODIES, ids=[repr(body[:30]) for body in ODD_BODIES])
def test_odd_bodies_are_given_again(body: bytes, content_type: str) -> None:
    answer = Success(chub.Response(status=400, headers=(("content-type", content_type),), body=body))
    with new_file() as path:
        record(carrying(answer), path)(GET, NO_HURRY)
        assert seen(answer) == seen(playback(path)(GET, NO_HURRY))


def seen(result: Result[chub.Response, chub.ChubError]) -> Any:
    """Give what is the same in both: of a body that is JSON without loss, its value."""
    if not isinstance(result, Success):
        return result
    response = result.unwrap()
    return response.status, response.reason, response.headers, body_of(response)


def body_of(response: chub.Response) -> Any:
    if response.header("content-type") == "text/plain" or response.body in ODD_BODIES[4:6]:
        return response.body
    try:
        return json.dumps(loads(response.body), sort_keys=True)
    except (ValueError, RecursionError):
        return response.body


# Where a token is, in all the spellings that a server may echo it in.
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, escaped": lambda text: "".join(f"\\u{ord(one):04X}" for one in text),
    "URL": lambda text: quote(text, safe=""),
    "URL, escaped": lambda text: "".join(f"%{ord(one):02x}" for one in text),
    "HTML": html.escape,
    "HTML, escaped": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "HTML, in hexadecimal": lambda text: "".join(f"&#x{ord(one):X};" for one in text),
    "half of it": lambda text: text[:2] + "".join(f"\\u{ord(one):04x}" for one in text[2:]),
}
tokens = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=20)
around = st.text(st.characters(exclude_characters='"\\'), max_size=6)


# What stands in each file, whatever is recorded, as a token may too.
OWN_WORDS = (
    '{"request": {"method": "POST", "path": "/", "template": "/", "query": [["", ""]], "body": {"title": ""}}, '
    '"response": {"status": 401, "reason": "", "headers": {"content-type": "text/plain", "retry-after": "", '
    '"date": ""}, '
    '"text": "", "base64": "", "body": {"message": "", "": [""]}}, "error": {"kind": "InvalidValue", "problems": '
    '[{"path": "", "message": ""}], "errors": [{"path": "", "message": "", "code": null}], "kind": "PageFailed", '
    '"page": 1, "cause": {"kind": "NotSent", "reason": "", "transient": true}, "kind": "Unconfirmed", "logref": "", '
    '"kind": "Rejected", "hint": ""}}'
)


def places(text: str) -> list[Result[chub.Response, chub.ChubError]]:
    """Give answers and errors with a text in each of their parts."""
    as_json = f'{{"message": "{text}", "{text}": ["{text}"]}}'.encode("utf-8", "replace")
    types = (("content-type", text), ("retry-after", text), ("date", text), ("x-echo", text))
    plain = (("content-type", "text/plain"),)
    return [
        Success(chub.Response(status=401, reason=text, headers=types, body=as_json)),
        Success(chub.Response(status=200, body=as_json)),
        Success(chub.Response(status=200, headers=plain, body=as_json)),
        Success(chub.Response(status=500, body=b"\xff" + as_json)),
        Failure(chub.Unconfirmed(reason=text, logref=text)),
        Failure(chub.InvalidValue.of(text, text)),
        Failure(chub.Rejected(status=400, message=text, errors=(chub.FieldError(path=text, message=text),), hint=text)),
        Failure(chub.PageFailed(page=1, cause=chub.NotSent(reason=text, transient=True))),
    ]


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@given(tokens, around, around, st.booleans())
def test_the_token_is_nowhere(spell: Callable[[str], str], token: str, before: str, after: str, ids: bool) -> None:
    text = f"{before}{spell(token)}{after}"
    body = f'{{"title": "{text}"}}'.encode("utf-8", "replace")
    query = ((text, text),)
    request = chub.Request(
        method="POST",
        path=f"/{quote(token, safe='')}",
        template=f"/{text}",
        query=query,
        body=body,
        headers=(("X-Echo", token),),
        token=chub.token(token),
    )
    with new_file() as path:
        for result in places(text):
            record(carrying(result, token), path, ids=ids)(request, NO_HURRY)
        kept = path.read_text(encoding="utf-8")
    assume(token not in OWN_WORDS)
    assert 8 == kept.count("\n")
    assert [] == [name for name, spelt in SPELLINGS.items() if spelt(token) in kept]
    assert token not in html.unescape(unquote(json.dumps([json.loads(line) for line in kept.splitlines()])))
