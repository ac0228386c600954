"""What every call passes: a line in the log for each attempt, and the token cut out of what a server says."""

import json
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from returns.result import Failure, Result, Success

import chub

Make = Callable[..., Any]

EVENT = chub.event(chub.ViewedPage(title="Home"), owner=chub.CustomerId("c-secret-id"), context="WEB")
GET = "GET /workspaces/{workspaceId}/events/{event_id}"
POST = "POST /workspaces/{workspaceId}/events"


def answering(response: chub.Response, token: str = "demo-token") -> chub.Config:
    def transport(request: chub.Request, deadline: chub.Deadline) -> Result[chub.Response, chub.ChubError]:
        return Success(response)

    return chub.config(workspace_id="w", token=token, transport=transport)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    caplog.set_level(logging.DEBUG)
    for name in ("chub", "urllib3"):
        caplog.set_level(logging.DEBUG, name)
    return lambda: [f"{record.name} {record.levelname} {record.getMessage()}" for record in caplog.records]


def test_the_library_is_silent_by_itself() -> None:
    chub.add_event(answering(chub.Response(status=202)), EVENT)
    handlers = logging.getLogger("chub").handlers
    assert [handler for handler in handlers if isinstance(handler, logging.NullHandler)] == handlers[:1]
    assert logging.getLogger("chub").level == logging.NOTSET


def test_each_attempt_is_one_line_without_ids(scripted: Make, config_of: Make, lines: Callable[[], list[str]]) -> None:
    answers = iter(["200 OK", "404 Not Found", None])

    def script(talk: Any) -> None:
        while talk.read():
            answer = next(answers)
            if answer is None:
                return
            talk.answer(answer, b'{"id":"e-secret-id"}', "X-Secret: x-secret-header")

    config = config_of(scripted(script))
    results = [chub.get_event(config, "e-secret-id") for _ in range(3)]
    assert [isinstance(result, Success) for result in results] == [True, False, False]
    assert len(lines()) == 3
    for line, outcome in zip(lines(), ["200", "404", "Unconfirmed"], strict=True):
        assert re.fullmatch(rf"chub DEBUG {re.escape(GET)} -> {outcome} \(trace [0-9a-f]{{32}}, \d+\.\d ms\)", line)


def test_the_line_bears_the_tracing_id_and_the_milliseconds(lines: Callable[[], list[str]]) -> None:
    now = iter([1.0, 1.0, 1.0, 1.25, 1.25])  # the call, its deadline, the attempt and its end, the call's end
    config = answering(chub.Response(status=202))
    operation = chub.operations.add_event(config, EVENT).unwrap()
    chub.send(config, operation, tracing_id="trace-1", clock=lambda: next(now))
    assert lines() == [f"chub DEBUG {POST} -> 202 (trace trace-1, 250.0 ms)"]


def test_no_attempt_no_line(lines: Callable[[], list[str]]) -> None:
    config = answering(chub.Response(status=202))
    assert isinstance(chub.get_event(config, "..").failure(), chub.InvalidValue)
    with pytest.raises(chub.InvalidValue):
        chub.send(config, "no operation")  # type: ignore[arg-type]
    assert lines() == []


def test_above_debug_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "chub")
    chub.add_event(answering(chub.Response(status=202)), EVENT)
    assert caplog.records == []


SECRET = 'demo/"token"+=='
JSON = (("content-type", "application/json"),)
TEXT = (("content-type", "text/plain"),)


def body(**parts: Any) -> bytes:
    return json.dumps(parts).encode()


ECHOES = {
    "in its message": chub.Response(status=400, headers=JSON, body=body(message=f"no: {SECRET}!")),
    "in its message, escaped": chub.Response(
        status=400, headers=JSON, body=body(message=f"no: {SECRET}!").replace(b"=", b"\\u003d").replace(b"/", b"\\/")
    ),
    "in its reason": chub.Response(status=401, reason=f"{SECRET} is wrong"),
    "in plain text": chub.Response(status=400, headers=TEXT, body=f"who is {SECRET}?".encode()),
    "where a message is cut": chub.Response(status=400, headers=TEXT, body=(f"{'x' * 490}{SECRET}").encode()),
    "in a field's error": chub.Response(
        status=400,
        headers=JSON,
        body=body(message="no", errors=[{"path": f"/{SECRET}", "message": SECRET, "code": SECRET}]),
    ),
    "in its logref": chub.Response(status=400, headers=JSON, body=body(message="no", logref=f"log of {SECRET}")),
    "as the conflicting id": chub.Response(
        status=409, headers=JSON, body=body(message="no", data={"customer": {"id": SECRET}})
    ),
    "when it is throttling": chub.Response(status=429, headers=JSON, body=body(message=SECRET, logref=SECRET)),
    "when it is broken": chub.Response(status=500, headers=JSON, body=body(message=SECRET, logref=SECRET)),
    "many times": chub.Response(status=500, headers=JSON, body=body(message=f"{SECRET}{SECRET} {SECRET}")),
}


@pytest.mark.parametrize("response", ECHOES.values(), ids=ECHOES)
def test_a_token_that_a_server_echoes_is_in_no_error(response: chub.Response) -> None:
    error = chub.add_event(answering(response, SECRET), EVENT).failure()
    assert not isinstance(error, chub.InvalidValue)
    for part in (SECRET, SECRET[:8], "token\\"):
        assert part not in f"{error} {error!r}"


def test_the_rest_of_what_a_server_says_stays() -> None:
    error = chub.add_event(answering(ECHOES["in its message"], SECRET), EVENT).failure()
    assert error == chub.Rejected(
        method="POST", template="/workspaces/{workspaceId}/events", status=400, message="no: (token)!"
    )


def test_a_short_token_is_cut_out_only_where_it_stands_alone() -> None:
    response = chub.Response(status=409, headers=JSON, body=body(message="the token t is not t-t", logref="t1"))
    error = chub.add_event(answering(response, "t"), EVENT).failure()
    assert isinstance(error, chub.Rejected)
    assert (error.message, error.logref) == ("the token (token) is not (token)-(token)", "t1")


def test_an_answer_that_is_no_refusal_is_left_as_it_is() -> None:
    response = chub.Response(status=202, headers=JSON, body=body(id="demo-token"))
    assert chub.add_event(answering(response), EVENT) == Success(chub.Accepted("demo-token"))


FAILURES: list[chub.ChubError] = [
    chub.InvalidValue.of("transport", "refuses"),
    chub.PageFailed(page=1, cause=chub.NotSent(reason="no network", transient=True)),
]


@pytest.mark.parametrize("failure", FAILURES)
def test_an_error_without_a_call_passes_the_door_as_it_is(failure: chub.ChubError) -> None:
    config = chub.config(workspace_id="w", token="demo-token", transport=lambda request, deadline: Failure(failure))
    assert chub.add_event(config, EVENT) == Failure(failure)


def test_a_transport_gets_the_whole_request_and_the_time() -> None:
    seen: list[tuple[chub.Request, float]] = []

    def transport(request: chub.Request, deadline: chub.Deadline) -> Result[chub.Response, chub.ChubError]:
        seen.append((request, deadline.left()))
        return Success(chub.Response(status=200, body=b'{"id":"e1"}'))

    config = chub.config(
        workspace_id="w", token="demo", base_url="https://api.example.com", transport=transport,
        timeouts=chub.Timeouts(total=7),
    )  # fmt: skip
    operation = chub.operations.get_event(config, "e1").unwrap()
    chub.send(config, operation, tracing_id="trace-1", clock=lambda: 5.0)
    headers = (
        ("Accept", "application/json"),
        ("User-Agent", f"chub/{chub.VERSION}"),
        ("X-Tracing-ID", "trace-1"),
    )
    wanted = chub.Request(
        method="GET", path="/workspaces/w/events/e1", template="/workspaces/{workspaceId}/events/{event_id}",
        headers=headers, base_url="https://api.example.com", token=chub.token("demo"),
    )  # fmt: skip
    assert seen == [(wanted, 7.0)]
