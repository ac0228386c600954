"""What the answer of every endpoint is read as."""

import pytest
from chub_cases import FULL_RECORDED, FULL_RECORDED_JSON, OPERATIONS, RECORDED_CUSTOMER, RECORDED_CUSTOMER_JSON
from returns.result import Failure, Success

import chub
from chub.wire.jsontext import dumps


def answer(body: object = None, status: int = 200) -> chub.Response:
    return chub.Response(status=status, body=b"" if body is None else dumps(body))


@pytest.mark.parametrize(
    ("name", "response", "value"),
    [
        ("add_event", answer({"id": "new"}, 202), chub.Accepted("new")),
        ("add_event", answer(None, 202), chub.Accepted(None)),
        ("add_event", answer({"id": ""}, 202), chub.Accepted(None)),
        ("add_event", answer({"id": 5}, 202), chub.Accepted(None)),
        ("add_event", answer([], 202), chub.Accepted(None)),
        ("add_event", chub.Response(status=299, body=b"<html>"), chub.Accepted(None)),
        ("get_event", answer(FULL_RECORDED_JSON), FULL_RECORDED),
        ("update_event", answer({"id": "other"}, 202), chub.Accepted("other")),
        ("update_event", answer(None, 202), chub.Accepted("e_id")),
        ("delete_event", answer(None, 204), chub.Deleted()),
        ("delete_event", chub.Response(status=200, body=b"<html>"), chub.Deleted()),
        ("list_events", answer({"elements": [FULL_RECORDED_JSON]}), chub.Page(elements=(FULL_RECORDED,))),
        ("add_session", answer({"id": "17", "value": "a visit"}, 201), chub.Session(value="a visit", id="17")),
        ("add_session", answer({"id": "17", "value": "another"}, 201), chub.Session(value="a visit", id="17")),
        ("add_session", answer(None, 201), chub.Session(value="a visit")),
        ("list_sessions", answer({"elements": []}), ()),
        ("list_sessions", answer({"elements": [{"id": "17", "value": "v"}]}), (chub.Session(value="v", id="17"),)),
        ("get_session", answer({"id": "17", "value": "v"}), chub.Session(value="v", id="17")),
        ("delete_session", answer(), chub.Deleted()),
        ("add_customer", answer({"id": "c"}, 201), chub.Accepted("c")),
        ("get_customer", answer(RECORDED_CUSTOMER_JSON), RECORDED_CUSTOMER),
        ("find_customer", answer({"elements": [RECORDED_CUSTOMER_JSON, {"id": "c2"}]}), RECORDED_CUSTOMER),
        ("find_customer", answer({"elements": []}), None),
        ("delete_customer", answer(), chub.Deleted()),
    ],
)
def test_an_answer_is_read(name: str, response: chub.Response, value: object) -> None:
    assert OPERATIONS[name].read(response) == Success(value)


READS = ["get_event", "list_events", "list_sessions", "get_session", "get_customer", "find_customer"]


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON: Expecting value at character 0"),
        (b"<html>", "not JSON: Expecting value at character 0"),
        (b"[]", "an object is needed, not list"),
        (b'{"a": "\xff"}', "not UTF-8 at byte 7"),
        (b"[" * 100_000, "nested too deep"),
    ],
    ids=["empty", "HTML", "array", "bytes", "deep"],
)
def test_a_read_that_can_not_be_read_is_a_bad_response(name: str, body: bytes, reason: str) -> None:
    operation = OPERATIONS[name]
    expected = chub.BadResponse(method="GET", template=operation.request.template, status=200, reason=reason)
    assert operation.read(chub.Response(status=200, body=body)) == Failure(expected)


@pytest.mark.parametrize("name", ["list_events", "list_sessions", "find_customer"])
def test_a_list_without_elements_is_a_bad_response(name: str) -> None:
    error = OPERATIONS[name].read(answer({"page": {}})).failure()
    assert isinstance(error, chub.BadResponse)
    assert "elements: an array is needed" == error.reason


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("status", [100, 199, 301, 304, 400, 404, 423])
def test_any_other_status_is_a_refusal(name: str, status: int) -> None:
    error = OPERATIONS[name].read(answer({"message": "no"}, status)).failure()
    asked = OPERATIONS[name].request
    assert chub.Rejected(method=asked.method, template=asked.template, status=status, message="no") == error


def test_the_404_of_an_event_mentions_that_it_may_be_young() -> None:
    for status, told in ((404, True), (403, False)):
        error = OPERATIONS["get_event"].read(answer(None, status)).failure()
        assert ("wait_for_event" in str(error)) is told
    assert "wait_for_event" not in str(OPERATIONS["get_customer"].read(answer(None, 404)).failure())
