"""Every endpoint's request, exactly as it goes out, and what its answers are read as."""

import json
import pickle
import shlex
import subprocess
from datetime import timedelta
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import attrs
import pytest
from chub_cases import (
    CONFIG,
    CUSTOMER,
    CUSTOMER_JSON,
    EIGHT,
    FULL_EVENT,
    FULL_EVENT_JSON,
    FULL_RECORDED,
    FULL_RECORDED_JSON,
    NO_NODE,
    ODD_PATH_IDS,
    OPERATIONS,
    OWNERS,
    QUERY,
    RECORDED_CUSTOMER,
    RECORDED_CUSTOMER_JSON,
    TEN_IN_ROME,
    paths,
    raised,
)
from chub_strategies import law, segments, some_texts
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

import chub
from chub.wire import operations
from chub.wire.jsontext import dumps

W = "/workspaces/w"
T = "/workspaces/{workspaceId}"
LINK, KEY = chub.SessionLink("c_id", "a visit"), chub.SessionKey("c_id", "17")
ACCEPT = (("Accept", "application/json"),)
WITH_BODY = (*ACCEPT, ("Content-Type", "application/json"))


class Known(str, Enum):  # noqa: UP042
    """Its `str` is not its value."""

    ID = "e_id"


@pytest.mark.parametrize(
    ("name", "method", "path", "template"),
    [
        ("add_event", "POST", "/events", "/events"),
        ("get_event", "GET", "/events/e_id", "/events/{event_id}"),
        ("update_event", "PUT", "/events/e_id", "/events/{id}"),
        ("delete_event", "DELETE", "/events/e_id", "/events/{event_id}"),
        ("list_events", "GET", "/events", "/events"),
        ("add_session", "POST", "/customers/c_id/sessions", "/customers/{customer_id}/sessions"),
        ("list_sessions", "GET", "/customers/c_id/sessions", "/customers/{customer_id}/sessions"),
        ("get_session", "GET", "/customers/c_id/sessions/17", "/customers/{customer_id}/sessions/{session_id}"),
        ("delete_session", "DELETE", "/customers/c_id/sessions/17", "/customers/{customer_id}/sessions/{session_id}"),
        ("add_customer", "POST", "/customers", "/customers"),
        ("get_customer", "GET", "/customers/c_id", "/customers/{customer_id}"),
        ("find_customer", "GET", "/customers", "/customers"),
        ("delete_customer", "DELETE", "/customers/c_id", "/customers/{customer_id}"),
    ],
)
def test_each_request_goes_to_its_endpoint(name: str, method: str, path: str, template: str) -> None:
    asked = OPERATIONS[name].request
    assert (method, W + path, T + template) == (asked.method, asked.path, asked.template)
    assert (ACCEPT if asked.body is None else WITH_BODY) == asked.headers
    assert (None, "") == (asked.token, asked.base_url)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("add_event", FULL_EVENT_JSON),
        ("update_event", FULL_RECORDED_JSON),
        ("add_session", {"value": "a visit"}),
        ("add_customer", CUSTOMER_JSON),
    ],
)
def test_each_body_is_the_values_json(name: str, body: dict[str, Any]) -> None:
    assert json.loads(OPERATIONS[name].request.body or b"") == body


def test_only_writes_have_a_body() -> None:
    bodies = {name for name, operation in OPERATIONS.items() if operation.request.body is not None}
    assert {"add_event", "update_event", "add_session", "add_customer"} == bodies


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        (chub.event_query(), ()),
        (chub.event_query(page=0), (("page", "0"),)),
        (chub.event_query(page=3, size=50), (("page", "3"), ("size", "50"))),
        (chub.event_query(types=[chub.ViewedPage, "sawUnicorn"]), (("type", "viewedPage,sawUnicorn"),)),
        (chub.event_query(contexts=["WEB", chub.Context.IOT]), (("context", "WEB,IOT"),)),
        (chub.event_query(mode="PASSIVE"), (("mode", "PASSIVE"),)),
        (chub.event_query(node_id="shop"), (("nodeId", "shop"),)),
        (chub.event_query(customer_id="\ud800&"), (("customerId", "\ud800&"),)),
        (
            chub.event_query(date_from=TEN_IN_ROME, date_to=EIGHT + timedelta(days=1)),
            (("dateFrom", "2026-03-08T08:18:17.123Z"), ("dateTo", "2026-03-09T08:18:17.123Z")),
        ),
        (
            QUERY,
            (
                ("customerId", "c_id"),
                ("nodeId", "shop"),
                ("type", "viewedPage,sawUnicorn"),
                ("context", "WEB,MOBILE"),
                ("mode", "ACTIVE"),
                ("dateFrom", "2026-03-08T08:18:17.123Z"),
                ("dateTo", "2026-03-09T08:18:17.123Z"),
                ("page", "0"),
                ("size", "50"),
            ),
        ),
    ],
)
def test_a_query_becomes_exactly_its_parameters(query: chub.EventQuery, pairs: tuple[tuple[str, str], ...]) -> None:
    asked = operations.list_events(CONFIG, query).unwrap().request
    assert asked.query == pairs
    found = parse_qsl(
        urlsplit(asked.target).query, keep_blank_values=True, errors="surrogatepass", strict_parsing=bool(pairs)
    )
    assert tuple(found) == pairs


@law
@given(some_texts)
def test_any_text_goes_through_a_query(text: str) -> None:
    target = operations.find_customer(CONFIG, text).unwrap().request.target
    assert [("nodeId", "n"), ("externalId", text)] == parse_qsl(urlsplit(target).query, errors="surrogatepass")


@pytest.mark.parametrize(
    ("external_id", "pairs"),
    [
        ("17", (("nodeId", "n"), ("externalId", "17"))),
        (chub.ExternalId("17"), (("nodeId", "n"), ("externalId", "17"))),
        (chub.ExternalId("17", node_id="shop"), (("nodeId", "shop"), ("externalId", "17"))),
        (Known.ID, (("nodeId", "n"), ("externalId", "e_id"))),
    ],
)
def test_a_customer_is_found_by_external_id(external_id: Any, pairs: tuple[tuple[str, str], ...]) -> None:
    assert operations.find_customer(CONFIG, external_id).unwrap().request.query == pairs


@pytest.mark.parametrize(("owner", "row"), OWNERS.values(), ids=OWNERS)
def test_a_bring_back_without_a_node_gets_the_configs(owner: chub.Owner, row: dict[str, Any]) -> None:
    body = json.loads(operations.add_event(CONFIG, attrs.evolve(FULL_EVENT, owner=owner)).unwrap().request.body or b"")
    expected = {key: {"nodeId": "n"} | value if isinstance(value, dict) else value for key, value in row.items()}
    assert expected == {key: body[key] for key in ("customerId", "bringBackProperties") if key in body}


def test_a_node_is_needed_where_neither_names_one() -> None:
    event = attrs.evolve(FULL_EVENT, owner=chub.SessionId("s"))
    assert ["owner.node_id"] == paths(operations.add_event(NO_NODE, event).failure())
    assert ["node_id"] == paths(operations.add_customer(NO_NODE, chub.customer("17")).failure())
    assert ["node_id"] == paths(operations.find_customer(NO_NODE, "17").failure())
    for owner in (chub.CustomerId("c"), chub.SessionId("s", node_id="shop")):
        assert isinstance(operations.add_event(NO_NODE, attrs.evolve(event, owner=owner)), Success)
    assert isinstance(operations.find_customer(NO_NODE, chub.ExternalId("17", node_id="shop")), Success)


def test_a_customer_without_a_node_gets_the_configs() -> None:
    body = operations.add_customer(CONFIG, chub.customer("17")).unwrap().request.body
    assert {"externalId": "17", "nodeId": "n"} == json.loads(body or b"")
    body = operations.add_customer(CONFIG, CUSTOMER).unwrap().request.body
    assert "shop" == json.loads(body or b"")["nodeId"]


@pytest.mark.parametrize(
    ("row", "sent"),
    [
        ({}, {"updatedAt": "2026-03-08T08:18:17.123Z"}),
        ({"updatedAt": "2026-03-09T00:00:00.000+0000"}, {"updatedAt": "2026-03-09T00:00:00.000Z"}),
        ({"updatedAt": "soon"}, {"updatedAt": "soon"}),
        ({"registeredAt": "once"}, {"registeredAt": "once", "updatedAt": "once"}),
    ],
)
def test_a_put_sends_registered_at_where_updated_at_is_missing(row: dict[str, Any], sent: dict[str, Any]) -> None:
    least = {"id": "e", "type": "viewedPage", "context": "WEB", "properties": {}}
    least["registeredAt"] = "2026-03-08T08:18:17.123Z"
    event = chub.parse_recorded_event(least | row).unwrap()
    body = operations.update_event(CONFIG, event).unwrap().request.body
    assert least | sent == json.loads(body or b"")


def test_a_put_needs_what_the_hub_requires() -> None:
    nothing = chub.parse_recorded_event({}).unwrap()
    assert ["id", "properties", "context", "registered_at"] == paths(operations.update_event(CONFIG, nothing).failure())
    event = attrs.evolve(FULL_RECORDED, registered_at=None)
    assert ["registered_at"] == paths(operations.update_event(CONFIG, event).failure())


@pytest.mark.parametrize("value", ODD_PATH_IDS, ids=ascii)
def test_an_id_that_would_leave_its_segment_is_not_sent(value: str) -> None:
    assert ["event_id"] == paths(operations.get_event(CONFIG, value).failure())
    assert ["event_id"] == paths(operations.delete_event(CONFIG, value).failure())
    assert ["id"] == paths(operations.update_event(CONFIG, attrs.evolve(FULL_RECORDED, id=value)).failure())
    for build in (operations.get_customer, operations.delete_customer, operations.list_sessions):
        assert ["customer_id"] == paths(build(CONFIG, value).failure())


@law
@given(segments)
def test_an_id_stays_one_segment_and_unquotes_to_itself(value: str) -> None:
    made = [
        operations.get_event(CONFIG, value),
        operations.delete_event(CONFIG, value),
        operations.update_event(CONFIG, attrs.evolve(FULL_RECORDED, id=value)),
        operations.get_customer(CONFIG, chub.CustomerId(value)),
        operations.get_session(CONFIG, chub.SessionKey("c_id", value)),
    ]
    for operation in made:
        path = operation.unwrap().request.path
        parts = urlsplit("https://example.com" + path)
        assert (path, "", "") == (parts.path, parts.query, parts.fragment)
        assert path.isascii()
        assert value == unquote(path.rpartition("/")[2])
        assert len(path.split("/")) in (5, 7)


def test_an_id_that_looks_like_a_placeholder_is_only_text() -> None:
    path = operations.get_session(CONFIG, chub.SessionKey("{session_id}", "17")).unwrap().request.path
    assert f"{W}/customers/%7Bsession_id%7D/sessions/17" == path


def test_a_member_of_an_enumeration_is_sent_as_its_text() -> None:
    assert f"{W}/events/e_id" == operations.get_event(CONFIG, Known.ID).unwrap().request.path
    query = chub.event_query(customer_id=Known.ID, node_id=Known.ID, types=Known.ID)
    target = operations.list_events(CONFIG, query).unwrap().request.target
    assert f"{W}/events?customerId=e_id&nodeId=e_id&type=e_id" == target


@pytest.mark.parametrize(
    ("build", "at"),
    [
        (lambda: operations.add_event(CONFIG, {"type": "x"}), "event"),  # type: ignore[arg-type]
        (lambda: operations.add_event(CONFIG, FULL_RECORDED), "event"),  # type: ignore[arg-type]
        (lambda: operations.get_event(CONFIG, 5), "event_id"),  # type: ignore[arg-type]
        (lambda: operations.update_event(CONFIG, FULL_EVENT), "event"),  # type: ignore[arg-type]
        (lambda: operations.list_events(CONFIG, {}), "query"),  # type: ignore[arg-type]
        (lambda: operations.add_session(CONFIG, KEY), "link"),  # type: ignore[arg-type]
        (lambda: operations.get_session(CONFIG, LINK), "key"),  # type: ignore[arg-type]
        (lambda: operations.delete_session(CONFIG, "17"), "key"),  # type: ignore[arg-type]
        (lambda: operations.add_customer(CONFIG, "17"), "customer"),  # type: ignore[arg-type]
        (lambda: operations.get_customer(CONFIG, None), "customer_id"),  # type: ignore[arg-type]
        (lambda: operations.find_customer(CONFIG, ""), "external_id"),
        (lambda: operations.find_customer(CONFIG, chub.CustomerId("c")), "external_id"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_value_is_a_failure_and_nothing_is_sent(build: Any, at: str) -> None:
    error = build().failure()
    assert [at] == paths(error)
    assert None is error.__traceback__


def test_a_wrong_config_is_a_wrong_program() -> None:
    assert ["config"] == paths(raised(lambda: operations.get_event("config", "e_id")))  # type: ignore[arg-type]


# The limits.

KEY_BYTES = len('{"a":""}')
LIMIT = 64 * 1024


def sized(letter: str, size: int) -> dict[str, str]:
    """An object whose JSON is this many bytes, of letters of one to six bytes each."""
    each, room = len(dumps(letter)) - 2, size - KEY_BYTES
    return {"a": letter * (room // each) + "x" * (room % each)}


@pytest.mark.parametrize("letter", ["x", "ü", "€", "😀", '"', "\n", "\ud800"], ids=ascii)
def test_properties_and_circumstances_have_a_limit_in_bytes_as_sent(letter: str) -> None:
    fits, over = sized(letter, LIMIT), sized(letter, LIMIT + 1)
    assert (LIMIT, LIMIT + 1) == (len(dumps(fits)), len(dumps(over)))
    for part, wire_name in (("properties", "properties"), ("context_info", "contextInfo")):
        assert isinstance(operations.add_event(CONFIG, with_part(part, fits)), Success)
        error = operations.add_event(CONFIG, with_part(part, over)).failure()
        assert f"$.{wire_name}: 65,537 bytes of JSON; the hub takes 65,536" == str(error)


def with_part(part: str, row: dict[str, str]) -> chub.Event:
    if part == "properties":
        return attrs.evolve(FULL_EVENT, properties=chub.Custom("sawUnicorn", row))
    return attrs.evolve(FULL_EVENT, context_info=chub.ContextInfo(unlisted=row))


def test_both_parts_over_the_limit_are_told_at_once() -> None:
    over = sized("x", LIMIT + 1)
    event = attrs.evolve(with_part("properties", over), context_info=chub.ContextInfo(unlisted=over))
    assert ["$.properties", "$.contextInfo"] == paths(operations.add_event(CONFIG, event).failure())


def test_both_parts_at_the_limit_are_sent() -> None:
    fits = sized("x", LIMIT)
    event = attrs.evolve(with_part("properties", fits), context_info=chub.ContextInfo(unlisted=fits))
    assert isinstance(operations.add_event(CONFIG, event), Success)


def test_an_update_has_the_same_limits() -> None:
    big = attrs.evolve(FULL_RECORDED, properties=chub.Custom("sawUnicorn", sized("x", LIMIT + 1)), context_info=None)
    assert ["$.properties"] == paths(operations.update_event(CONFIG, big).failure())
    big = attrs.evolve(FULL_RECORDED, context_info=sized("x", LIMIT + 1))
    assert ["$.contextInfo"] == paths(operations.update_event(CONFIG, big).failure())


def test_other_parts_have_no_limit() -> None:
    event = attrs.evolve(FULL_EVENT, tracking=chub.Tracking(utm_term="x" * 70_000))
    assert isinstance(operations.add_event(CONFIG, event), Success)


# The answers.


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


# Operations as values.


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
@given(st.one_of(some_texts))
def test_a_session_value_goes_through_the_body(value: str) -> None:
    body = operations.add_session(CONFIG, chub.SessionLink("c_id", value)).unwrap().request.body
    assert json.loads(body or b"") == json.loads(json.dumps({"value": value}))
