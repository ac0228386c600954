"""What `playback` answers: the recorded, each once and in its order; and what it says of what was not recorded."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from chub_calls import visit
from returns.result import Failure

import chub
from chub.testing import Playback, playback, record

Kept = Callable[..., Path]

NOW = chub.Deadline(at=1e18)
CONFIG = chub.config(workspace_id="w", token="demo")


def row(
    method: str = "GET", path: str = "/x", status: int = 200, *, answer: Any = None, **request: Any
) -> dict[str, Any]:
    """Give a line of a file; `answer` is the body of its answer."""
    response = {"status": status} | ({} if answer is None else {"body": answer})
    return {"request": {"method": method, "path": path, **request}, "response": response}


def ask(transport: Playback, method: str = "GET", path: str = "/x", **more: Any) -> Any:
    return transport(chub.Request(method=method, path=path, template="/t", **more), NOW)


MATCHES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a plain request": (row(), {}),
    "another template": (row(template="/other"), {}),
    "headers": (row(), {"headers": (("Accept", "text/html"),)}),
    "an empty body": (row(), {"body": b""}),
    "a query in another order": (
        row(query=[["a", "1"], ["b", "2"], ["a", "0"]]),
        {"query": (("b", "2"), ("a", "0"), ("a", "1"))},
    ),
    "JSON that is written in another way": (row(body={"a": "é", "b": [1]}), {"body": rb' { "b":[ 1], "a":"\u00e9" }'}),
    "text": (row(text="no JSON"), {"body": b"no JSON"}),
    "bytes": (row(base64="/wA="), {"body": b"\xff\x00"}),
    "an id and its pseudonym": (row(path="/events/id-abcb59851937"), {"path": "/events/CRM-17"}),
    "a pseudonym and its id": (row(path="/events/CRM-17"), {"path": "/events/id-abcb59851937"}),
    "an id that is quoted in another way": (row(path="/events/a%2Fb"), {"path": "/events/a%2fb"}),
    "an id in a query": (row(query=[["customerId", "CRM-17"]]), {"query": (("customerId", "id-abcb59851937"),)}),
}


@pytest.mark.parametrize(("kept_row", "asked"), MATCHES.values(), ids=MATCHES)
def test_equal_requests_match(kept_row: dict[str, Any], asked: dict[str, Any], kept: Kept) -> None:
    transport = playback(kept(kept_row))
    assert 200 == ask(transport, **asked).unwrap().status
    assert (0, ()) == (transport.left, transport.unmatched)


def test_equal_requests_get_their_answers_in_order(kept: Kept) -> None:
    transport = playback(kept(row(status=404), row(path="/y", status=299), row(status=200), row(status=204)))
    assert [404, 200, 204] == [ask(transport).unwrap().status for _ in range(3)]
    assert 1 == transport.left


def test_several_threads_get_each_answer_once(kept: Kept) -> None:
    transport = playback(kept(*(row(answer=number) for number in range(200))))
    with ThreadPoolExecutor(8) as pool:
        bodies = pool.map(lambda _: ask(transport).unwrap().body, range(200))
    assert sorted(map(str, range(200))) == sorted(body.decode() for body in bodies)


def test_ids_that_the_caller_gave_come_back(kept: Kept) -> None:
    hidden = "id-abcb59851937"
    customer = {"id": "id-000000000001", "externalId": hidden, "nodeId": "n", "extra": f"{hidden}!"}
    page = {"elements": [customer], "page": {"number": 0, "size": 10}}
    query = [["nodeId", "n"], ["externalId", hidden]]
    config = chub.config(
        workspace_id="w",
        node_id="n",
        token="demo",
        transport=playback(kept(row(path="/workspaces/w/customers", query=query, answer=page))),
    )
    found = chub.find_customer(config, "CRM-17").unwrap()
    assert found is not None
    assert ("CRM-17", "id-000000000001") == (found.external_id, found.id)


# What is asked, what was recorded (the line after a GET of /far), and what is said.
DIFFERENCES: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "path": (
        row(path="/events/e1"),
        {"path": "/events/e2"},
        ['request.path: "/events/e2" is asked, recorded is "/events/e1"'],
    ),
    "method": (row("PUT"), {}, ['request.method: "GET" is asked, recorded is "PUT"']),
    "query": (
        row(query=[["page", "0"], ["size", "10"]]),
        {"query": (("page", "1"), ("mode", "ACTIVE"))},
        [
            'request.query.mode: "ACTIVE" is asked, recorded is nothing',
            'request.query.page: "1" is asked, recorded is "0"',
            'request.query.size: nothing is asked, recorded is "10"',
        ],
    ),
    "a parameter that stands twice": (
        row(query=[["a", "1"]]),
        {"query": (("a", "2"), ("a", "1"))},
        ['request.query.a: "1", "2" is asked, recorded is "1"'],
    ),
    "body": (
        row(body={"a": {"b": [1, {}]}, "odd key": True, "same": 1}),
        {"body": b'{"a": {"b": [2]}, "odd key": 1, "same": 1}'},
        [
            "request.body.a.b[0]: 2 is asked, recorded is 1",
            'request.body["odd key"]: 1 is asked, recorded is true',
            "request.body.a.b[1]: nothing is asked, recorded is {}",
        ],
    ),
    "no body": (row(body={}), {}, ["request.body: nothing is asked, recorded is {}"]),
    "text": (row(text="a"), {"body": b"b"}, ['request.text: "b" is asked, recorded is "a"']),
    "keys with dots": (
        row(body={"a": {"b": 1}}),
        {"body": b'{"a.b": 1}'},
        ['request.body["a.b"]: 1 is asked, recorded is nothing', "request.body.a.b: nothing is asked, recorded is 1"],
    ),
    "long texts": (
        row(text="x" * 1000 + "a" + "y" * 1000),
        {"body": b"x" * 1000 + b"b" + b"y" * 1000},
        [f"request.text: …{'x' * 30}b{'y' * 29}… is asked, recorded is …{'x' * 30}a{'y' * 29}…"],
    ),
}


@pytest.mark.parametrize(("kept_row", "asked", "said"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_what_was_not_recorded_is_told_with_the_nearest(
    kept_row: dict[str, Any], asked: dict[str, Any], said: list[str], kept: Kept
) -> None:
    transport = playback(kept(row("POST", "/far", query=[["far", "1"]], body={"far": 1}), kept_row))
    error = ask(transport, **asked).failure()
    assert isinstance(error, chub.InvalidValue)
    first, *rest = map(str, error.problems)
    places = "one place" if len(said) == 1 else f"{len(said)} places"
    assert first.endswith(f"has no answer in shop.ndjson; the nearest, in line 2, differs in {places}")
    assert said == rest
    assert ((error,), 2) == (transport.unmatched, transport.left)


def test_of_many_differences_some_are_told(kept: Kept) -> None:
    body = {f"key{number}": number for number in range(30)}
    error = ask(playback(kept(row(body=body)))).failure()
    assert 6 == len(error.problems)
    assert error.problems[0].message.endswith("differs in 30 places")


def test_one_request_too_many_is_told_as_such(kept: Kept) -> None:
    transport = playback(kept(row(), row(status=204), row("PUT")))
    ask(transport), ask(transport)
    error = ask(transport).failure()
    assert "request: GET /x stands 2 times in shop.ndjson, and was asked for once more" == str(error)


def test_an_empty_file_has_no_answer(kept: Kept) -> None:
    transport = playback(kept())
    assert "request: GET /x has no answer in shop.ndjson, which is empty" == str(ask(transport).failure())


def test_no_error_shows_the_token(kept: Kept) -> None:
    transport = playback(kept(row()))
    token = "demo-0123456789-token"
    request = chub.Request(method="GET", path=f"/{token}", template="", body=token.encode(), token=chub.token(token))
    assert token not in f"{transport(request, NOW).failure()!r}"


def test_a_call_that_was_not_recorded_is_not_repeated(kept: Kept) -> None:
    transport = playback(kept())
    config = chub.config(workspace_id="w", token="demo", transport=transport)
    assert isinstance(chub.get_event(config, "e1").failure(), chub.InvalidValue)
    (failed,) = chub.event_pages(config, chub.event_query())
    assert isinstance(failed.failure(), chub.PageFailed)
    with chub.add_events(config, [visit(chub.CustomerId("c"))] * 2) as deliveries:
        assert [Failure] * 2 == [type(delivery.result) for delivery in deliveries]
    assert 4 == len(transport.unmatched)


def test_a_playback_says_what_it_is(kept: Kept) -> None:
    path = kept()
    assert f"playback({str(path)!r})" == repr(playback(path))


# Files that are broken, and what is said of them.
KINDS = "InvalidValue, NotSent, Unconfirmed, Rejected, Throttled, BadResponse, PageFailed"
ERROR = {"kind": "NotSent", "reason": "refused", "transient": True}


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


def failed(**error: Any) -> dict[str, Any]:
    return {"request": {"method": "GET", "path": "/x"}, "error": error}


BROKEN: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "not JSON: Expecting property name enclosed in double quotes at character 1"),
    "NaN": ("[NaN]", "NaN is no JSON"),
    "a key twice": ('{"request": 1, "request": 2}', "a key stands there twice"),
    "too deep": ("[" * 100_000, "nested too deep"),
    "a body too deep": (row(answer=nested(101)), "nested too deep"),
    "no object": (7, "an object is needed, not 7"),
    "no request": ({"response": {}}, "request is missing"),
    "a request that is none": ({"request": 7, "response": {}}, "request: an object is needed, not 7"),
    "no answer": ({"request": {}}, "exactly one of response and error is needed beside request"),
    "two answers": (
        {"request": {}, "response": {}, "error": {}},
        "exactly one of response and error is needed beside request",
    ),
    "an unknown key": (row() | {"at": 1}, "at is not known; there are: request, response, error"),
    "no path": ({"request": {"method": "GET"}, "response": {}}, "request.path is missing"),
    "a path that is none": (row(path=7), "request.path: a text is needed, not 7"),  # type: ignore[arg-type]
    "a query that is none": (row(query=[["a"]]), "request.query: pairs of a name and a value are needed, not ['a']"),
    "a query of numbers": (
        row(query=[["a", 1]]),
        "request.query: pairs of a name and a value are needed, not ['a', 1]",
    ),
    "two bodies": (row(body=1, text="1"), "request.text: there is body as well"),
    "no status": (row() | {"response": {}}, "response.status is missing"),
    "a status that is none": (row(status=7), "response.status: 7 is no status"),
    "a status of another kind": (row(status=True), "response.status: a whole number is needed, not True"),
    "another header": (
        row() | {"response": {"status": 200, "headers": {"x": "y"}}},
        "response.headers.x is not known; there are: content-type, retry-after, date",
    ),
    "no base64": (row(base64="?"), "request.base64: '?' is none"),
    "no kind": (
        failed(reason="x"),
        f"error.kind: one of {KINDS} is needed",
    ),
    "a field too few": (failed(kind="NotSent", reason="x"), "error.transient is missing"),
    "a field too many": (
        failed(**ERROR, attempts=1),
        "error.attempts is not known; there are: reason, transient, method, template",
    ),
    "a field of another kind": (failed(**ERROR | {"transient": 1}), "error.transient: true or false is needed, not 1"),
    "a text for seconds": (
        failed(kind="Throttled", retry_after="3"),
        "error.retry_after: a number or null is needed, not '3'",
    ),
    "problems that are none": (failed(kind="InvalidValue", problems=7), "error.problems: an array is needed, not 7"),
    "a problem that is none": (
        failed(kind="InvalidValue", problems=[7]),
        "error.problems[0]: an object is needed, not 7",
    ),
    "a problem too short": (
        failed(kind="InvalidValue", problems=[{"path": ""}]),
        "error.problems[0].message is missing",
    ),
    "a cause that is none": (
        failed(kind="PageFailed", page=1, cause=7),
        f"error.cause.kind: one of {KINDS} is needed",
    ),
    "a page as the cause": (
        failed(kind="PageFailed", page=1, cause={"kind": "PageFailed", "page": 1, "cause": ERROR}),
        "error.cause: a page's failure is no cause",
    ),
}


@pytest.mark.parametrize(("line", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_line_is_told_with_its_number(line: Any, said: str, kept: Kept) -> None:
    path = kept(row(), line, row())
    with pytest.raises(chub.InvalidValue) as raised:
        playback(path)
    assert [(f"{path}:2", said)] == [(problem.path, problem.message) for problem in raised.value.problems]


def test_all_broken_lines_are_told_at_once(kept: Kept) -> None:
    path = kept("{", row(), "}", "[]")
    with pytest.raises(chub.InvalidValue) as raised:
        playback(path)
    assert [f"{path}:{number}" for number in (1, 3, 4)] == [problem.path for problem in raised.value.problems]


def test_bytes_that_are_no_text_are_told(path: Path) -> None:
    path.write_bytes(b'{"a\xff')
    with pytest.raises(chub.InvalidValue, match=re.escape(f"{path}:1: not UTF-8 at byte 3; it has no end")):
        playback(path)


@pytest.mark.parametrize("size", [1, 30, 60])
def test_a_line_that_was_cut_short_is_told(size: int, kept: Kept) -> None:
    path = kept(row(), row())
    content = path.read_bytes()
    path.write_bytes(content[: -size - 1])
    with pytest.raises(chub.InvalidValue, match=r":2: .*its writing was cut short: delete it, or record anew$"):
        playback(path)


def test_a_last_line_may_lack_its_end(kept: Kept) -> None:
    path = kept(row())
    path.write_bytes(path.read_bytes().rstrip())
    assert 200 == ask(playback(path)).unwrap().status


def test_line_ends_and_marks_of_other_systems_are_taken(kept: Kept) -> None:
    path = kept(row(answer={"a": "\u2028"}), "", row())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert 2 == playback(path).left


def test_a_file_that_is_not_there_is_a_wrong_program(path: Path) -> None:
    with pytest.raises(chub.InvalidValue, match=re.escape(f"path: {path}: No such file or directory")):
        playback(path)


@pytest.mark.parametrize("make", [playback, lambda path: record(CONFIG, path)], ids=["playback", "record"])
@pytest.mark.parametrize(
    ("path", "said"),
    [
        (7, "the path of a file is needed, not int"),
        (b"x", "the path of a file is needed, not bytes"),
        ("\0", "null byte"),
    ],
)
def test_a_path_that_is_none_is_a_wrong_program(make: Any, path: Any, said: str) -> None:
    with pytest.raises(chub.InvalidValue, match=said):
        make(path)


def test_an_error_written_by_hand_needs_no_more_than_its_facts(kept: Kept) -> None:
    error = ask(playback(kept(failed(kind="Throttled", retry_after=3)))).failure()
    assert chub.Throttled(method="GET", template="", retry_after=3.0) == error
