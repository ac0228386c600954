"""Answers that say no, of every shape that was seen."""

import json
from typing import Any

import pytest
from chub_strategies import law
from hypothesis import given

import chub
from chub.testing.strategies import odd_texts
from chub.wire.failures import failure_of, retry_after

POST = chub.Request(method="POST", path="/workspaces/w/events", template="/events")
GET = chub.Request(method="GET", path="/workspaces/w/events", template="/events")
NOON = "Sun, 08 Mar 2026 12:00:00 GMT"


def answer(status: int, body: Any = b"", reason: str = "", **headers: str) -> chub.Response:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return chub.Response(status=status, body=sent, reason=reason, headers=pairs)


def rejected(status: int, message: str, **more: Any) -> chub.Rejected:
    return chub.Rejected(method="POST", template="/events", status=status, message=message, **more)


CONFLICT = {"message": "Conflict with exiting customer ID", "logref": "l1", "errors": []}
CASES = {
    "shape A": (
        answer(
            400,
            {
                "message": "Invalid",
                "logref": "l1",
                "data": None,
                "errors": [
                    {"message": "too small", "path": "/properties/amount/total", "data": None, "code": "minimum"},
                    {"path": 5, "message": ["x"]},
                    "odd",
                    None,
                ],
            },
        ),
        rejected(
            400,
            "Invalid",
            logref="l1",
            errors=(
                chub.FieldError(path="/properties/amount/total", message="too small", code="minimum"),
                chub.FieldError(path="", message=""),
            ),
        ),
    ),
    "only what is certain": (answer(403, {"message": "No", "logref": "l1"}), rejected(403, "No", logref="l1")),
    "shape B": (
        answer(404, {"timestamp": 1, "status": 404, "error": "Not Found", "message": "No route", "path": "/x"}),
        rejected(404, "No route"),
    ),
    "shape B without a message": (
        answer(404, {"status": 404, "error": "Not here", "message": None}),
        rejected(404, "Not here"),
    ),
    "empty": (answer(401), rejected(401, "Unauthorized")),
    "empty with a reason": (answer(401, reason="Who are you?"), rejected(401, "Who are you?")),
    "blank message": (answer(400, {"message": " \n "}), rejected(400, "Bad Request")),
    "odd message": (
        answer(400, {"message": {"a": 1}, "error": ["x"], "logref": 5, "errors": {}}),
        rejected(400, "Bad Request"),
    ),
    "HTML": (answer(403, b"<html><h1>No</h1></html>", content_type="text/html"), rejected(403, "Forbidden")),
    "plain text": (answer(413, b" too\nlarge ", content_type="Text/Plain; charset=utf-8"), rejected(413, "too large")),
    "blank plain text": (answer(404, b" \n", content_type="text/plain"), rejected(404, "Not Found")),
    "plain text that is no UTF-8": (answer(400, b"caf\xe9", content_type="text/plain"), rejected(400, "caf\ufffd")),
    "JSON that is no object": (answer(400, [1]), rejected(400, "Bad Request")),
    "redirect": (answer(302, location="https://example.com/"), rejected(302, "Found")),
    "not modified": (answer(304), rejected(304, "Not Modified")),
    "reindexing": (answer(423), rejected(423, "Locked")),
    "unknown status": (answer(499), rejected(499, "status 499")),
    "status that is none": (answer(-1), rejected(-1, "status -1")),
    "conflict": (
        answer(409, CONFLICT | {"data": {"customer": {"id": "c  2", "href": "x"}}}),
        rejected(409, CONFLICT["message"], logref="l1", conflicting_id="c  2"),
    ),
    "conflict without data": (answer(409, CONFLICT | {"data": None}), rejected(409, CONFLICT["message"], logref="l1")),
    "conflict without customer": (
        answer(409, CONFLICT | {"data": {"customer": None}}),
        rejected(409, CONFLICT["message"], logref="l1"),
    ),
    "conflict without id": (
        answer(409, CONFLICT | {"data": {"customer": {"id": 5}}}),
        rejected(409, CONFLICT["message"], logref="l1"),
    ),
    "throttled": (
        answer(429, {"message": "slow", "logref": "l1"}, retry_after="3"),
        chub.Throttled(method="POST", template="/events", retry_after=3.0, message="slow", logref="l1"),
    ),
    "throttled until a date": (
        answer(429, retry_after="Sun, 08 Mar 2026 12:01:30 GMT", date=NOON),
        chub.Throttled(method="POST", template="/events", retry_after=90.0, message="Too Many Requests"),
    ),
    "throttled without a time": (
        answer(429),
        chub.Throttled(method="POST", template="/events", message="Too Many Requests"),
    ),
    "timeout": (
        answer(408),
        chub.Unconfirmed(method="POST", template="/events", reason="408 Request Timeout", status=408),
    ),
    "server error": (
        answer(500, {"message": "Oops", "logref": "l1"}),
        chub.Unconfirmed(method="POST", template="/events", reason="500 Oops", status=500, logref="l1"),
    ),
    "unavailable": (
        answer(503, retry_after="7"),
        chub.Unconfirmed(
            method="POST", template="/events", reason="503 Service Unavailable", status=503, retry_after=7.0
        ),
    ),
    "unknown server error": (
        answer(777),
        chub.Unconfirmed(method="POST", template="/events", reason="777 status 777", status=777),
    ),
}


@pytest.mark.parametrize(("response", "error"), CASES.values(), ids=CASES)
def test_an_answer_becomes_its_error(response: chub.Response, error: chub.ChubError) -> None:
    found = failure_of(POST, response)
    assert found == error
    assert type(found) is type(error)


def test_a_hint_is_told() -> None:
    assert str(failure_of(GET, answer(404), "look again")).endswith("404 Not Found; look again")


@pytest.mark.parametrize("key", ["message", "error", "logref"])
def test_a_text_of_the_servers_is_one_line_of_some_length(key: str) -> None:
    error = failure_of(POST, answer(400, {key: "\x1b[2J a\r\nb\u2028c\x85d\x00" + "x" * 1000}))
    assert isinstance(error, chub.Rejected)
    text = error.logref if key == "logref" else error.message
    assert text is not None
    assert text.startswith("[2J a b c d x")
    assert (501, "…") == (len(text), text[-1])


def test_the_reason_and_a_plain_text_are_one_line_too() -> None:
    for response in (answer(400, reason="a\r\nb"), answer(400, b"a\x00b", content_type="text/plain")):
        error = failure_of(POST, response)
        assert isinstance(error, chub.Rejected)
        assert "a b" == error.message


def test_a_long_plain_text_is_cut() -> None:
    error = failure_of(POST, answer(400, "€".encode() * 1_000_000, content_type="text/plain"))
    assert isinstance(error, chub.Rejected)
    assert "€" * 500 + "…" == error.message


def test_field_errors_are_not_endless() -> None:
    error = failure_of(POST, answer(400, {"errors": [{"path": f"/{number}"} for number in range(10_000)]}))
    assert isinstance(error, chub.Rejected)
    assert ("/0", "/99") == (error.errors[0].path, error.errors[-1].path)


@pytest.mark.parametrize(
    ("text", "date", "seconds"),
    [
        ("120", None, 120.0),
        (" 0 ", None, 0.0),
        ("99999999999999", None, 999_999_999.0),
        (NOON, "Sun, 08 Mar 2026 11:59:30 GMT", 30.0),
        (NOON, "Sun, 08 Mar 2026 12:00:30 GMT", 0.0),
        (NOON, None, None),
        (NOON, "once", None),
        ("Sun, 08 Mar 2026 12:00:00 -0000", NOON, None),
        ("Sun, 08 Mar 2026 12:00:00 +99999999999999999999", NOON, None),
        ("Sun, 08 Mar 99999 12:00:00 GMT", NOON, None),
        ("soon", NOON, None),
        ("-5", NOON, None),
        ("1.5", NOON, None),
        ("٣", NOON, None),
        ("", NOON, None),
    ],
)
def test_retry_after_is_read_in_seconds(text: str, date: str | None, seconds: float | None) -> None:
    headers = {"retry_after": text} | ({} if date is None else {"date": date})
    assert retry_after(answer(429, **headers)) == seconds


def test_no_retry_after_is_none() -> None:
    assert None is retry_after(answer(503))


@law
@given(odd_texts(), odd_texts())
def test_any_retry_after_is_read_or_none(text: str, date: str) -> None:
    for day in (date, NOON):
        found = retry_after(answer(429, retry_after=text, date=day))
        assert found is None or found >= 0
