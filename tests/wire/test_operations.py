"""Every endpoint's request, exactly as it goes out, and what its answers are read as."""

import json
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
    FULL_EVENT,
    FULL_EVENT_JSON,
    FULL_RECORDED,
    FULL_RECORDED_JSON,
    NO_NODE,
    ODD_PATH_IDS,
    OPERATIONS,
    QUERY,
    paths,
    raised,
)
from chub_payloads import EIGHT, OWNERS, TEN_IN_ROME
from chub_strategies import law
from hypothesis import given
from returns.result import Success

import chub
from chub.testing.strategies import odd_texts, path_ids
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
@given(odd_texts(min_size=1))
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
@given(path_ids())
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
