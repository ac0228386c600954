"""Events one by one: what is taken, what is refused and why, what comes back."""

import json
from types import MappingProxyType

import pytest

FULL = {
    "type": "completedOrder",
    "context": "ECOMMERCE",
    "date": "2017-03-08T11:18:17.5+01:00",
    "properties": {
        "orderId": "o\ud800",
        "amount": {"total": 12.50, "local": {"currency": "EUR", "exchangeRate": 1}},
        "products": [{"sku": "s", "classifications": [{"key": "k", "value": "v"}], "orderLineId": 3.0, "weight": None}],
        "extraProperties": {"any": [None, True, 1e300, {"é": "\u2028"}]},
        "extended": None,
    },
    "contextInfo": {"client": {"ip": "127.0.0.1", "userAgent": None}, "store": {"id": "s", "type": "MALL"}},
    "tracking": {"ga": {"utm_source": "s", "utm_medium": "m"}},
    "mode": "PASSIVE",
}


@pytest.fixture
def customer_id(desk):
    return desk.add("/customers", {"nodeId": "n"})


def test_an_event_comes_back_whole(desk, customer_id):
    event_id = desk.add("/events", FULL | {"customerId": customer_id})
    noon = "2026-03-08T12:00:00.000+0000"
    added = {
        "id": event_id,
        "customerId": customer_id,
        "bringBackProperties": None,
        "date": "2017-03-08T10:18:17.500+0000",
        "registeredAt": noon,
        "updatedAt": noon,
    }
    event = desk.event(event_id)
    assert FULL | added == event
    assert json.dumps(FULL["properties"]) == json.dumps(event["properties"]), "numbers as they were sent"


def test_what_was_not_sent_is_null_but_the_mode_is_absent(desk, customer_id):
    event = desk.event(desk.add("/events", desk.body(customerId=customer_id)))
    assert (None, None, None) == (event["bringBackProperties"], event["contextInfo"], event["tracking"])
    assert "mode" not in event
    assert event["date"] == event["registeredAt"] == "2026-03-08T12:00:00.000+0000"


def test_a_lone_surrogate_is_escaped_and_the_rest_is_utf8(desk, customer_id):
    event_id = desk.add("/events", desk.body(customerId=customer_id, properties={"title": "é\udc80"}))
    assert b'"title":"\xc3\xa9\\udc80"' in desk.raw("GET", f"/events/{event_id}").body


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"type": None}, [("/type", "type")]),
        ({"type": 1}, [("/type", "type")]),
        ({"type": ["viewedPage"]}, [("/type", "type")]),
        ({"type": "viewedpage"}, [("/type", "unknown")]),
        ({"type": ""}, [("/type", "unknown")]),
        ({"context": "web"}, [("/context", "enum")]),
        ({"context": {}}, [("/context", "type")]),
        ({"properties": None}, [("/properties", "type")]),
        ({"properties": []}, [("/properties", "type")]),
        ({"properties": {"a/b~": 1}}, [("/properties/a~1b~0", "additionalProperties")]),
        ({"properties": {"pageTags": ["a", 1, "b", None]}},
         [("/properties/pageTags/1", "type"), ("/properties/pageTags/3", "type")]),
        ({"contextInfo": None}, [("/contextInfo", "type")]),
        ({"contextInfo": "x"}, [("/contextInfo", "type")]),
        ({"contextInfo": {"store": {}}}, [("/contextInfo/store", "additionalProperties")]),
        ({"contextInfo": {"user": {}}}, [("/contextInfo/user/id", "required")]),
        ({"contextInfo": {"client": {"ip": "::1"}}}, [("/contextInfo/client/ip", "format")]),
        ({"date": "2017-03-08T10:18:17"}, [("/date", "format")]),
        ({"date": None}, [("/date", "type")]),
        ({"date": 0}, [("/date", "type")]),
        ({"tracking": {"ga": {"utm": "x"}}}, [("/tracking/ga/utm", "additionalProperties")]),
        ({"mode": "passive"}, [("/mode", "enum")]),
        ({"mode": None}, [("/mode", "type")]),
        ({"customerId": None}, [("/customerId", "type"), ("/customerId", "owner")]),
        ({"customerId": ""}, [("/customerId", "pattern")]),
        ({"nodeId": "n", "externalId": "x"},
         [("/nodeId", "additionalProperties"), ("/externalId", "additionalProperties")]),
        ({"bringBackProperties": {"type": "SESSION_ID", "value": "v", "nodeId": "n"}}, [("/customerId", "owner")]),
        ({"bringBackProperties": {"type": "externalId", "value": "", "nodeId": "n", "x": 1}},
         [("/bringBackProperties/x", "additionalProperties"), ("/bringBackProperties/type", "enum"),
          ("/bringBackProperties/value", "minLength"), ("/customerId", "owner")]),
        ({"bringBackProperties": {}},
         [("/bringBackProperties/type", "required"), ("/bringBackProperties/value", "required"),
          ("/bringBackProperties/nodeId", "required"), ("/customerId", "owner")]),
    ],
)  # fmt: skip
def test_an_event_is_refused_with_all_its_faults(desk, customer_id, change, faults):
    assert faults == desk.faults("/events", desk.body(customerId=customer_id) | change)
    assert [] == desk.listed()


@pytest.mark.parametrize("missing", ["type", "context", "properties"])
def test_what_is_required_is_missed(desk, customer_id, missing):
    body = desk.body(customerId=customer_id)
    del body[missing]
    assert [(f"/{missing}", "required")] == desk.faults("/events", body)


def test_an_event_is_somebodys(desk):
    assert [("/customerId", "owner")] == desk.faults("/events", desk.body())


@pytest.mark.parametrize("body", [[], "text", 1, None, True])
def test_an_event_is_an_object(desk, body):
    answer = desk.raw("POST", "/events", json.dumps(body).encode())
    (error,) = json.loads(answer.body)["errors"]
    assert (400, "", "type") == (answer.status, error["path"], error["code"])


def test_null_stands_for_no_bring_back_and_no_tracking(desk, customer_id):
    assert desk.add("/events", desk.body(customerId=customer_id, bringBackProperties=None, tracking=None))


@pytest.mark.parametrize("field", ["properties", "contextInfo"])
def test_no_part_has_more_than_64_kib(desk, customer_id, field):
    whole = {"properties": {"extended": {"x": ""}}, "contextInfo": {"user": {"id": "u", "x": ""}}}
    inner = {"properties": "extended", "contextInfo": "user"}[field]
    room = 65536 - len(json.dumps(whole[field], separators=(",", ":")))
    whole[field][inner]["x"] = "é" * (room // 2) + "e" * (room % 2)
    assert desk.add("/events", desk.body(customerId=customer_id) | whole)
    whole[field][inner]["x"] += "e"
    assert [(f"/{field}", "size")] == desk.faults("/events", desk.body(customerId=customer_id) | whole)


@pytest.mark.parametrize(
    ("owner", "message"),
    [
        ({"customerId": "nobody"}, "Customer not found"),
        ({"customerId": "\ud800"}, "Customer not found"),
        ({"bringBackProperties": {"type": "SESSION_ID", "value": "v", "nodeId": "other"}}, "Node not found"),
    ],
)
def test_an_unknown_owner_is_not_found(desk, owner, message):
    status, answer = desk.post("/events", desk.body(**owner))
    assert (404, message) == (status, answer["message"])


def test_an_event_is_deleted_once(desk):
    event_id = desk.add("/events", desk.of_session("s"))
    assert (204, None) == desk.ask("DELETE", f"/events/{event_id}")
    assert 404 == desk.ask("DELETE", f"/events/{event_id}")[0]
    assert 404 == desk.get(f"/events/{event_id}")[0]


def test_a_put_of_what_a_get_gave_changes_only_when_it_was_updated(desk, clock):
    event_id = desk.add("/events", desk.of_session("s"))
    before = desk.event(event_id)
    clock.move(1)
    status, answer = desk.ask("PUT", f"/events/{event_id}", before)
    expected = before | {"updatedAt": "2026-03-08T12:00:01.000+0000"}
    assert (202, expected, expected) == (status, answer, desk.event(event_id))


def test_a_put_replaces_the_whole_event_but_when_it_was_registered(desk, customer_id):
    event_id = desk.add("/events", FULL | {"customerId": customer_id})
    body = desk.of_session("s") | {
        "id": event_id,
        "type": "searched",
        "context": "OTHER",
        "properties": {"resultCount": 3},
        "registeredAt": "2001-01-01T00:00:00Z",
        "updatedAt": "2001-01-01T00:00:00Z",
    }
    status, answer = desk.ask("PUT", f"/events/{event_id}", body)
    assert (202, None, "searched", None) == (status, answer["customerId"], answer["type"], answer["contextInfo"])
    assert "mode" not in answer
    assert "2017-03-08T10:18:17.500+0000" == answer["date"], "a date that isn't given stays"
    assert "2026-03-08T12:00:00.000+0000" == answer["registeredAt"] == answer["updatedAt"]
    assert [event_id] == desk.listed(type="searched", context="OTHER", mode="ACTIVE")


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"id": "other"}, [("/id", "id")]),
        ({"id": 1}, [("/id", "type")]),
        ({"updatedAt": None}, [("/updatedAt", "type")]),
        ({"registeredAt": "yesterday"}, [("/registeredAt", "format")]),
        ({"customerId": None, "bringBackProperties": None}, [("/customerId", "owner")]),
        ({"properties": {"x": 1}}, [("/properties/x", "additionalProperties")]),
        ({"unlisted": 1}, [("/unlisted", "additionalProperties")]),
    ],
)
def test_a_put_is_refused_with_all_its_faults(desk, change, faults):
    event_id = desk.add("/events", desk.of_session("s"))
    body = desk.event(event_id) | change
    assert faults == desk.faults(f"/events/{event_id}", body, "PUT")


def test_a_put_needs_the_whole_event(desk):
    event_id = desk.add("/events", desk.of_session("s"))
    required = ["id", "type", "context", "properties", "registeredAt", "updatedAt"]
    expected = [*((f"/{name}", "required") for name in required), ("/customerId", "owner")]
    assert expected == desk.faults(f"/events/{event_id}", {}, "PUT")
    answer = desk.raw("PUT", f"/events/{event_id}", b"[]")
    assert 400 == answer.status


def test_a_put_may_name_both_owners_if_they_are_there(desk, customer_id):
    event_id = desk.add("/events", desk.of_session("s"))
    body = desk.event(event_id)
    assert 404 == desk.ask("PUT", f"/events/{event_id}", body | {"customerId": "nobody"})[0]
    status, answer = desk.ask("PUT", f"/events/{event_id}", body | {"customerId": customer_id})
    assert (202, customer_id, "s") == (status, answer["customerId"], answer["bringBackProperties"]["value"])


def test_mode_can_be_refused(open_desk):
    desk = open_desk(mode="refuse")
    assert [("/mode", "additionalProperties")] == desk.faults("/events", desk.of_session("s", mode="ACTIVE"))


@pytest.mark.parametrize(
    ("properties", "is_taken"),
    [({"size": 3}, True), ({"size": 3, "free": []}, True), ({"size": -1}, False), ({}, False)],
)
def test_a_workspace_adds_a_type(open_desk, properties, is_taken):
    schema = {"type": "object", "required": ["size"], "properties": {"size": {"type": "integer", "minimum": 0}}}
    desk = open_desk(types={"ours": schema})
    status, _ = desk.post("/events", desk.of_session("s", type="ours", properties=properties))
    assert (202 if is_taken else 400) == status


def test_a_workspace_opens_a_type_and_replaces_another(open_desk):
    searched = {"properties": {"only": True, "never": False}, "required": ("only",)}
    types = {"viewedPage": None, "searched": MappingProxyType(searched)}
    desk = open_desk(types=MappingProxyType(types))
    searched["properties"].clear()
    types.clear()
    assert desk.add("/events", desk.of_session("s", properties={"whatever": None}))
    body = desk.of_session("s", type="searched", properties={"only": 1, "never": 1})
    assert [("/properties/never", "false")] == desk.faults("/events", body)
