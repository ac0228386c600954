"""Whatever comes in, the hub answers; what it refuses leaves nothing behind."""

import json
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import chub.sandbox
from chub.http import Request

TEXTS = st.text(st.characters(), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["type", "context", "properties", "customerId", "bringBackProperties", "date", "contextInfo", "tracking", "mode",
     "id", "registeredAt", "updatedAt", "nodeId", "externalId", "base", "tags", "value"]
)  # fmt: skip
VALUES = JSON | st.sampled_from(
    ["viewedPage", "completedOrder", "WEB", "RETAIL", "sandbox-node", "id-1", "2026-01-01T00:00:00Z", {},
     {"user": {"id": ""}},
     {"type": "SESSION_ID", "value": "\ud800", "nodeId": "sandbox-node"},
     {"type": "EXTERNAL_ID", "value": "x", "nodeId": "sandbox-node"}]
)  # fmt: skip
BODIES = st.dictionaries(KEYS | TEXTS, VALUES, max_size=8)
PATHS = st.sampled_from(
    ["/events", "/events/id-1", "/customers", "/customers/id-1", "/customers/id-1/sessions",
     "/customers/id-1/sessions/id-2"]
)  # fmt: skip
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE"])
PARAMETERS = st.sampled_from(
    ["type", "context", "mode", "dateFrom", "dateTo", "page", "size", "nodeId", "customerId", "externalId", "sessionId"]
)  # fmt: skip
KNOWN = {200, 201, 202, 204, 400, 404, 405, 409}


def ask(hub, method, path, body, query=()):
    headers = (("Authorization", f"Bearer {hub.token}"),)
    return hub.handle(Request(method=method, path=path, template="", query=tuple(query), headers=headers, body=body))


@pytest.fixture
def hub():
    numbers = count(1)
    with chub.sandbox.open(ids=lambda: f"id-{next(numbers)}", matching=["externalId", "base.a"]) as hub:
        ask(hub, "POST", "/workspaces/sandbox-workspace/customers", b'{"nodeId": "sandbox-node"}')
        yield hub


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    METHODS, PATHS, BODIES | JSON, st.lists(st.tuples(PARAMETERS, TEXTS | st.sampled_from(["1", "WEB"])), max_size=3)
)
def test_any_request_gets_an_answer_in_json(hub, method, path, body, query):
    answer = ask(hub, method, f"/workspaces/sandbox-workspace{path}", json.dumps(body).encode(), query)
    assert answer.status in KNOWN
    if answer.body:
        assert isinstance(json.loads(answer.body.decode()), dict)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(METHODS, st.text(st.characters()), st.binary() | st.none())
def test_any_path_and_any_bytes_get_an_answer(hub, method, path, body):
    for prefix in ("", "/workspaces/sandbox-workspace/events/", "/workspaces/"):
        assert ask(hub, method, prefix + path, body).status in KNOWN | {401, 403}


@pytest.mark.parametrize(
    "body",
    [None, b"", b"{", b"[" * 50_000, b'{"a":' * 50_000, b'{"type": NaN}', b'{"n": ' + b"9" * 10_000 + b"}", b"\xff\xfe",
     b'{"type": "\xed\xa0\x80"}', b'{"n": 1e400}', b"\xef\xbb\xbf{}", b"null\x00"],
)  # fmt: skip
@pytest.mark.parametrize(("method", "path"), [("POST", "/events"), ("POST", "/customers"), ("PUT", "/events/{event}")])
def test_a_body_that_is_no_json_is_refused(desk, method, path, body):
    event_id = desk.add("/events", desk.of_session("s"))
    answer = desk.raw(method, path.format(event=event_id), body)
    assert (400, "Malformed JSON") == (answer.status, json.loads(answer.body)["message"])


def test_a_flood_of_faults_is_cut(desk):
    assert 1000 == len(desk.faults("/events", {f"key {number}": 1 for number in range(3000)}))


def test_large_numbers_and_deep_objects_come_back(desk):
    free = {"large": 10**4000, "small": 5e-324, "deep": json.loads('{"a":' * 190 + "0" + "}" * 190)}
    event_id = desk.add("/events", desk.of_session("s", properties={"extraProperties": free}))
    assert free == desk.event(event_id)["properties"]["extraProperties"]
