"""No token is to be seen (law 7): not in any object, any outcome, a log at DEBUG, or a traceback with its locals."""

import copy
import json
import logging
import pickle
import pprint
import socket
import ssl
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.primitives.exceptions import UnwrapFailedError
from returns.result import Failure, Result, Success

import chub
from chub.wire.operation import Operation

Make = Callable[..., Any]
Told = Callable[[BaseException], str]

SECRET = "demo-0123456789-token"
EVENT = chub.event(chub.ViewedPage(title="Home"), owner=chub.CustomerId("c"), context="WEB")


def config(**more: Any) -> chub.Config:
    return chub.config(**{"workspace_id": "w", "node_id": "n", "token": SECRET, **more})


def seen_by_a_transport() -> chub.Request:
    """The request as the door hands it to a transport: with the token in it."""
    seen: list[chub.Request] = []

    def transport(request: chub.Request, deadline: chub.Deadline) -> Result[chub.Response, chub.ChubError]:
        seen.append(request)
        return Success(chub.Response(status=202))

    chub.add_event(config(transport=transport), EVENT)
    return seen[0]


OBJECTS: dict[str, Any] = {
    "token": chub.token(SECRET),
    "config": config(),
    "config with a context": config(ssl_context=ssl.create_default_context()),
    "config with a transport": config(transport=print),
    "config with a proxy": config(proxy="http://proxy.example.com"),
    "request": seen_by_a_transport(),
    "operation": chub.operations.add_event(config(), EVENT).unwrap(),
    "operation's Result": chub.operations.add_event(config(), EVENT),
    "configs in a list": [config()],
    "configs in a dict": {"config": config(), config(): 1},
    "several in a Result": Success((config(), chub.token(SECRET))),
}


def pickled(value: Any) -> str:
    """What a pickle holds; a refusal says why."""
    try:
        return pickle.dumps(value).decode("latin-1")
    except (chub.InvalidValue, pickle.PicklingError, TypeError, AttributeError) as error:
        return f"{error!r} {error}"


def as_dict(value: Any) -> str:
    return repr(attrs.asdict(value)) if attrs.has(type(value)) else repr(value)


WAYS: dict[str, Callable[[Any], str]] = {
    "repr": repr,
    "str": str,
    "format": lambda value: f"{value} {value!s} {value!r} {value!a}",
    "pprint": pprint.pformat,
    "asdict": as_dict,
    "html": lambda value: getattr(value, "_repr_html_", value.__repr__)(),
    "vars": lambda value: repr(getattr(value, "__dict__", {})),
    "pickle": pickled,
    "copy": lambda value: repr(copy.copy(value)),
    "deepcopy": lambda value: repr(copy.deepcopy(value)),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("value", OBJECTS.values(), ids=OBJECTS)
def test_no_object_shows_the_token(value: Any, way: Callable[[Any], str]) -> None:
    shown = way(value)
    assert SECRET not in shown
    assert SECRET.encode().hex() not in shown


def echo(status: str, *headers: str) -> Callable[[Any], object]:
    """Answer with the token in every part of a refusal."""
    body = '{"message":"bad %s","logref":"%s","errors":[{"path":"/%s","message":"%s"}]}'.replace("%s", SECRET)
    return lambda talk: (talk.read(), talk.answer(f"{status} {SECRET}", body.encode(), f"X-Echo: {SECRET}", *headers))


OUTCOMES: dict[str, Callable[[Any], object]] = {
    "accepted": lambda talk: (talk.read(), talk.answer("202 Accepted", b'{"id":"e1"}')),
    "unauthorised": echo("401"),
    "refused": echo("400"),
    "conflicting": echo("409"),
    "throttled": echo("429", "Retry-After: 3"),
    "broken": echo("500"),
    "redirected": echo("302", f"Location: https://example.com/{SECRET}"),
    "plain text": lambda talk: (
        talk.read(),
        talk.answer("403 Forbidden", f"who is {SECRET}".encode(), "Content-Type: text/plain"),
    ),
    "closed": lambda talk: talk.read(),
    "reset": lambda talk: (talk.read(), talk.reset()),
    "garbage": lambda talk: (talk.read(), talk.send(f"{SECRET}\r\n\r\n".encode())),
    "cut": lambda talk: (talk.read(), talk.send(f"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{SECRET}".encode())),
    "not JSON": lambda talk: (talk.read(), talk.answer("200 OK", SECRET.encode())),
    "bad headers": lambda talk: (talk.read(), talk.send(f"HTTP/1.1 200 OK\r\n{SECRET}\r\n\r\n".encode())),
}


def call_add(config: chub.Config) -> Any:
    return chub.add_event(config, EVENT)


def call_walk(config: chub.Config) -> Any:
    return next(chub.events(config, chub.event_query()), None)


@pytest.mark.parametrize("call", [call_add, call_walk], ids=["a POST", "a walk"])
@pytest.mark.parametrize("script", OUTCOMES.values(), ids=OUTCOMES)
def test_no_outcome_shows_the_token(
    script: Any, call: Any, scripted: Make, config_of: Make, caplog: pytest.LogCaptureFixture, told: Told
) -> None:
    for name in ("", "chub", "urllib3", "urllib3.connection", "urllib3.connectionpool", "urllib3.response"):
        caplog.set_level(logging.DEBUG, name or None)
    result = call(config_of(scripted(script), token=SECRET))
    shown = [way(result) for way in WAYS.values()]
    if isinstance(result, Failure):
        shown += [way(result.failure()) for way in WAYS.values()]
        shown += [told(result.failure()), told(unwrapped(result))]
    shown += [f"{record.getMessage()} {record.args} {record.exc_text}" for record in caplog.records]
    assert len(caplog.records) >= 1
    assert [text for text in shown if SECRET in text] == []


def unwrapped(result: Result[Any, Any]) -> BaseException:
    """Give the exception of an `unwrap` that nobody should have called, with its cause."""
    with pytest.raises(UnwrapFailedError) as raised:
        result.unwrap()
    assert raised.value.__cause__ is result.failure()
    return raised.value


def test_no_outcome_without_a_connection_shows_the_token(closed_port: int, config_of: Make, told: Told) -> None:
    for base_url in (f"http://127.0.0.1:{closed_port}", f"https://127.0.0.1:{closed_port}", f"https://{'x' * 64}.com"):
        error = call_add(config_of(base_url, token=SECRET)).failure()
        assert isinstance(error, chub.NotSent)
        assert SECRET not in f"{told(error)} {error!r} {pickled(error)}"


@pytest.mark.parametrize("step", ["sendall", "recv_into"])
def test_an_exception_from_within_the_transport_shows_no_token(
    step: str, scripted: Make, config_of: Make, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def alarmed(*_: object) -> int:
        raise RuntimeError("a signal's handler, say, that limits the time")

    server = scripted(lambda talk: talk.read())
    monkeypatch.setattr(socket.socket, step, alarmed)
    with pytest.raises(RuntimeError) as raised:
        call_add(config_of(server, token=SECRET))
    assert SECRET not in told(raised.value)
    assert "exchange" in told(raised.value)


def test_an_exception_of_a_transport_of_the_callers_own_shows_no_token(told: Told) -> None:
    def transport(request: chub.Request, deadline: chub.Deadline) -> Result[chub.Response, chub.ChubError]:
        raise RuntimeError("no such luck")

    with pytest.raises(RuntimeError) as raised:
        call_add(config(transport=transport))
    assert SECRET not in told(raised.value)
    assert "door.py" in told(raised.value)


def test_an_exception_of_a_parser_shows_no_token(told: Told) -> None:
    def parse(request: chub.Request, response: chub.Response) -> Result[Any, chub.ChubError]:
        raise RuntimeError("no such luck")

    asked = chub.Request(method="GET", path="/x", template="/x")
    answering = config(transport=lambda request, deadline: Success(chub.Response(status=200)))
    with pytest.raises(RuntimeError) as raised:
        chub.send(answering, Operation(asked, parse))
    assert SECRET not in told(raised.value)


def test_these_tests_would_see_what_is_not_hidden(told: Told) -> None:
    with pytest.raises(chub.InvalidValue) as refused:
        chub.config(workspace_id=f"{SECRET}/", token="demo")
    assert SECRET in told(refused.value)
    assert all(SECRET in way([SECRET]) for name, way in WAYS.items() if name != "vars")


printable = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=40)


@given(
    secret=printable, before=st.text(max_size=600), after=st.text(max_size=5), status=st.sampled_from([400, 409, 500])
)
def test_whatever_the_token_is_an_echo_of_it_is_cut_out(secret: str, before: str, after: str, status: int) -> None:
    said = {"message": f"{before}{secret}{after}", "logref": secret, "data": {"customer": {"id": secret}}}
    answer = chub.Response(status=status, body=json.dumps(said).encode())
    error = call_add(config(token=secret, transport=lambda request, deadline: Success(answer))).failure()
    texts = [value for value in attrs.asdict(error).values() if isinstance(value, str)]
    assert [text for text in texts if secret in text and text not in (error.method, error.template)] == []


@pytest.mark.parametrize("before", [490, 495, 499])
def test_a_cut_through_an_escaped_token_leaves_no_part_of_it(before: int) -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in SECRET)
    answer = chub.Response(status=400, body=b'{"message": "%s%s"}' % (b"-" * before, escaped.encode()))
    error = call_add(config(transport=lambda request, deadline: Success(answer))).failure()
    shown = error.message.strip("-")
    assert len(shown) < len("(token)\u2026") + 4
    assert shown in ("(token)\u2026", f"{SECRET[:1]}\u2026")
