"""What `record` writes: one readable line for each exchange, ids under other names if asked, and whole lines always."""

import json
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import attrs
import pytest
from chub_calls import visit
from returns.result import Failure, Result, Success

import chub
from chub.testing import playback, record

Recorded = Callable[..., chub.Config]
Rows = Callable[[], list[dict[str, Any]]]

ADA = chub.CustomerId("ada")
NOW = chub.Deadline(at=1e18)


def answering(result: Result[chub.Response, chub.ChubError], **more: Any) -> chub.Config:
    transport = more.pop("transport", lambda request, deadline: result)
    return chub.config(**{"workspace_id": "w", "node_id": "n", "token": "demo", "transport": transport, **more})


def answer(status: int, body: Any = None, **headers: str) -> Success[chub.Response]:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Success(chub.Response(status=status, headers=pairs, body=content))


def test_an_exchange_is_a_line_that_can_be_read(recorded: Recorded, path: Path) -> None:
    chub.add_event(
        recorded(answering(answer(202, {"id": "e1"}))), visit(ADA, properties=chub.ViewedPage(title="Zürich"))
    )
    assert (
        '{"request": {"method": "POST", "path": "/workspaces/w/events", '
        '"template": "/workspaces/{workspaceId}/events", '
        '"body": {"type": "viewedPage", "context": "WEB", "customerId": "ada", "properties": {"title": "Zürich"}}}, '
        '"response": {"status": 202, "body": {"id": "e1"}}}\n'
    ) == path.read_text(encoding="utf-8")


def test_a_query_is_kept_as_it_was_asked(recorded: Recorded, rows: Rows) -> None:
    config = recorded(answering(answer(200, {"elements": []})))
    list(chub.events(config, chub.event_query(types=["a b"], size=7)))
    assert [["type", "a b"], ["size", "7"]] == rows()[0]["request"]["query"]


ANSWERS: dict[str, tuple[Result[chub.Response, chub.ChubError], dict[str, Any]]] = {
    "nothing but a status": (answer(204), {"response": {"status": 204}}),
    "a reason": (
        Success(chub.Response(status=299, reason="So So")),
        {"response": {"status": 299, "reason": "So So"}},
    ),
    "headers that are read": (
        answer(503, content_type="text/html", set_cookie="secret", retry_after="Sun", date="Sat"),
        {"response": {"status": 503, "headers": {"content-type": "text/html", "retry-after": "Sun", "date": "Sat"}}},
    ),
    "a date that says nothing": (answer(200, date="Sat"), {"response": {"status": 200}}),
    "text": (answer(502, b"<html>"), {"response": {"status": 502, "text": "<html>"}}),
    "JSON that is a plain text": (
        answer(400, b"[1, 2]", content_type="Text/Plain; charset=UTF-8"),
        {"response": {"status": 400, "headers": {"content-type": "Text/Plain; charset=UTF-8"}, "text": "[1, 2]"}},
    ),
    "bytes": (answer(200, b"\xff\x00"), {"response": {"status": 200, "base64": "/wA="}}),
    "numbers beyond a float": (
        answer(200, b"[1.00000000000000000001]"),
        {"response": {"status": 200, "text": "[1.00000000000000000001]"}},
    ),
    "null": (answer(200, b"null"), {"response": {"status": 200, "body": None}}),
    "not sent": (
        Failure(chub.NotSent(reason="refused", transient=True, attempts=7, elapsed=3.0, tracing_id="t")),
        {"error": {"kind": "NotSent", "method": "", "template": "", "reason": "refused", "transient": True}},
    ),
    "unconfirmed": (
        Failure(
            chub.Unconfirmed(method="DELETE", template="/workspaces/{workspaceId}/events/{event_id}", reason="cut")
        ),
        {"error": {"kind": "Unconfirmed", "reason": "cut"}},
    ),
    "problems": (
        Failure(chub.InvalidValue.of("token", "not set")),
        {"error": {"kind": "InvalidValue", "problems": [{"path": "token", "message": "not set"}]}},
    ),
}


@pytest.mark.parametrize(("result", "row"), ANSWERS.values(), ids=ANSWERS)
def test_what_came_of_it_is_kept(
    result: Result[chub.Response, chub.ChubError], row: dict[str, Any], recorded: Recorded, rows: Rows
) -> None:
    chub.delete_event(recorded(answering(result), retry=chub.RetryPolicy(attempts=1)), "e1")
    (kept,) = rows()
    kept.pop("request")
    assert row == kept


def test_each_attempt_is_an_exchange(recorded: Recorded, rows: Rows) -> None:
    config = recorded(answering(answer(503)), retry=chub.RetryPolicy(attempts=3, base=0))
    assert 3 == chub.get_event(config, "e1").failure().attempts
    assert [503] * 3 == [row["response"]["status"] for row in rows()]


def test_what_rules_a_terminal_is_escaped(recorded: Recorded, path: Path) -> None:
    odd = "\x1b[2J\x7f\x85\u2028\u202e\u2066"
    chub.get_event(recorded(answering(answer(400, odd.encode()))), "e1")
    assert [] == [one for one in odd if one in path.read_text(encoding="utf-8") and one not in "[2J"]


def test_a_real_hub_is_recorded_through_the_network(recorded: Recorded, rows: Rows) -> None:
    with chub.sandbox.serve() as hub:
        added = chub.add_customer(recorded(hub.config), chub.customer("CRM-17"))
        chub.disconnect(hub.config)
    assert added.unwrap().id == rows()[0]["response"]["body"]["id"]
    assert 1 == hub.ledger.committed


def test_a_token_of_digits_is_cut_out_of_numbers(recorded: Recorded, path: Path) -> None:
    chub.get_event(recorded(answering(answer(200, {"n": 123456789}), token="123456789")), "e1")
    assert "123456789" not in path.read_text(encoding="utf-8")


def test_a_short_token_is_cut_out_where_it_stands_alone(recorded: Recorded, rows: Rows) -> None:
    chub.get_event(recorded(answering(answer(400, {"message": "demo: a demonstration"}))), "e1")
    assert {"message": "(token): a demonstration"} == rows()[0]["response"]["body"]


def test_the_token_of_the_request_counts_as_well_as_the_configs(recorded: Recorded, path: Path) -> None:
    config = recorded(answering(answer(400, b"first-token, other-token"), token="first-token"))
    chub.get_event(attrs.evolve(config, token=chub.token("other-token")), "e1")
    assert '"(token), (token)"' in path.read_text(encoding="utf-8")


def test_a_token_that_is_not_there_hides_nothing(path: Path) -> None:
    config = answering(answer(204), token=chub.token_from_env("CHUB_NO_SUCH_VARIABLE"))
    request = chub.Request(method="GET", path="/x", template="/x")
    assert 204 == record(config, path)(request, NOW).unwrap().status
    assert "/x" in path.read_text(encoding="utf-8")


def test_a_traceback_through_the_recorder_holds_no_token(path: Path, told: Callable[[BaseException], str]) -> None:
    def broken(request: chub.Request, deadline: chub.Deadline) -> Any:
        raise RuntimeError("no such luck")

    token = "demo-0123456789-token"
    config = answering(answer(204), token=token, transport=broken)
    with pytest.raises(RuntimeError) as raised:
        chub.get_event(attrs.evolve(config, transport=record(config, path)), "e1")
    assert "recorder.py" in told(raised.value)
    assert token not in told(raised.value)
    assert token not in repr(record(config, path))


# Ids, and what stands in their place.
EVENT = {
    "id": "e1",
    "customerId": "ada",
    "bringBackProperties": {"type": "SESSION_ID", "value": "visit", "nodeId": "n"},
    "type": "viewedPage",
    "context": "WEB",
    "properties": {"id": "e1", "title": "ada"},
}


def test_without_ids_equal_ones_stay_equal(recorded: Recorded, rows: Rows) -> None:
    page = answer(200, {"elements": [EVENT, "odd"], "page": {"number": 0, "size": 10}, "id": 7})
    config = recorded(answering(page), ids=False)
    list(chub.events(config, chub.event_query(customer_id="ada", node_id="n")))
    (row,) = rows()
    workspace = row["request"]["path"].split("/")[2]
    event, odd = row["response"]["body"]["elements"]
    query = dict(row["request"]["query"])
    assert event["customerId"] == query["customerId"]
    assert event["bringBackProperties"]["nodeId"] == query["nodeId"]
    back = event["bringBackProperties"]
    names = {workspace, event["id"], event["customerId"], back["value"], back["nodeId"]}
    assert 5 == len(names)
    assert all(name.startswith("id-") for name in names)
    assert (EVENT["properties"], "odd", 7) == (event["properties"], odd, row["response"]["body"]["id"])


def test_without_ids_a_refusal_names_none(recorded: Recorded, rows: Rows) -> None:
    told = {
        "message": "customer a/d has ada",
        "data": {"customer": {"id": "ada", "href": "/w/customers/ada"}},
        "errors": ["no ada", 7],
    }
    config = recorded(answering(answer(409, told)), ids=False)
    chub.find_customer(config, "a/d")
    body = rows()[0]["response"]["body"]
    ada, external = body["data"]["customer"]["id"], dict(rows()[0]["request"]["query"])["externalId"]
    assert f"customer {external} has {ada}" == body["message"]
    assert [f"no {ada}", 7] == body["errors"]
    assert body["data"]["customer"]["href"].endswith(f"/customers/{ada}")


@pytest.mark.parametrize(
    "result",
    [answer(500, b"no visit-17 here"), Failure(chub.NotSent(reason="no visit-17 here", transient=False))],
    ids=["text", "an error"],
)
def test_without_ids_no_other_text_names_one(result: Any, recorded: Recorded, path: Path) -> None:
    config = recorded(answering(result), ids=False)
    chub.add_session(config, chub.SessionLink(ADA, chub.SessionId("visit-17")))
    chub.get_event(config, "visit-17")
    assert "visit-17" not in path.read_text(encoding="utf-8")


def test_without_ids_a_request_without_any_stays_as_it_is(path: Path) -> None:
    request = chub.Request(method="POST", path="/me", template="/me", body=b"[1]")
    record(answering(answer(400, b"no")), path, ids=False)(request, NOW)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert {"method": "POST", "path": "/me", "template": "/me", "body": [1]} == kept["request"]
    assert {"status": 400, "text": "no"} == kept["response"]


# The file.


def test_what_is_there_is_kept(recorded: Recorded, rows: Rows) -> None:
    for _ in range(2):
        chub.delete_event(recorded(answering(answer(204))), "e1")
    assert 2 == len(rows())


def test_a_line_that_was_cut_short_spoils_no_other(recorded: Recorded, path: Path) -> None:
    path.write_bytes(b'{"request": {"met')
    chub.delete_event(recorded(answering(answer(204))), "e1")
    first, second, rest = path.read_bytes().split(b"\n")
    assert (b'{"request": {"met', b"") == (first, rest)
    assert {"status": 204} == json.loads(second)["response"]


def test_a_place_where_no_file_can_be_is_a_wrong_program(path: Path) -> None:
    with pytest.raises(chub.InvalidValue, match="No such file or directory"):
        record(answering(answer(204)), path / "no" / "folder")


def test_a_config_is_needed(path: Path) -> None:
    with pytest.raises(chub.InvalidValue, match=r"config: made by chub\.config"):
        record("w", path)  # type: ignore[arg-type]


def test_what_cannot_be_written_down_is_unconfirmed(recorded: Recorded, path: Path) -> None:
    config = recorded(answering(answer(202, {"id": "e1"})))
    path.unlink()
    path.mkdir()
    error = chub.add_event(config, visit(ADA)).failure()
    assert isinstance(error, chub.Unconfirmed)
    assert f"it could not be recorded in {path}: Is a directory" == error.reason


def test_a_transport_that_fails_with_something_else_is_a_bug(path: Path) -> None:
    config = answering(Failure("no"))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="fails with one of chub's errors, not with str"):
        record(config, path)(chub.Request(method="GET", path="/x", template=""), NOW)


def big(number: int) -> chub.Event:
    return visit(ADA, properties=chub.ViewedPage(title=f"{number} " + "x" * 20_000))


def test_lines_of_several_threads_stand_whole(recorded: Recorded, rows: Rows) -> None:
    config = recorded(answering(answer(202, {"id": "e1"})))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: chub.add_event(config, big(number)), range(64)))
    titles = {row["request"]["body"]["properties"]["title"] for row in rows()}
    assert {f"{number} " + "x" * 20_000 for number in range(64)} == titles


def record_some(path: str, first: int) -> None:
    config = answering(answer(202, {"id": "e1"}))
    config = attrs.evolve(config, transport=record(config, path))
    for number in range(first, first + 32):
        chub.add_event(config, big(number)).unwrap()


def test_lines_of_several_processes_stand_whole(path: Path) -> None:
    fresh = multiprocessing.get_context("spawn")
    processes = [fresh.Process(target=record_some, args=(os.fspath(path), 100 * one)) for one in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [0, 0] == [process.exitcode for process in processes]
    again = chub.config(workspace_id="w", node_id="n", token="demo", transport=playback(path))
    assert ["e1"] * 64 == [
        chub.add_event(again, big(100 * one + number)).unwrap().id for one in range(2) for number in range(32)
    ]


@pytest.mark.parametrize("wrong", ["no", None, 0, 1])
def test_whether_ids_are_kept_is_said_for_certain(wrong: Any, tmp_path: Path) -> None:
    with chub.sandbox.open() as hub, pytest.raises(chub.InvalidValue, match=r"^ids: a bool is needed"):
        record(hub.config, tmp_path / "shop.ndjson", ids=wrong)
    assert [] == list(tmp_path.iterdir())
