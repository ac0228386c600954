"""Customers, their sessions, and reconciliation."""

import json

import pytest

ODD_TEXTS = ["a b", "..", "%2e/?#", "\x00\r\n", "\ud800", "é,ß", "\U0001f600", " ", "'; DROP TABLE events; --", "null"]


def test_a_customer_comes_back_whole(desk):
    sent = {
        "nodeId": "n",
        "externalId": "x",
        "base": {"firstName": "Ada", "contacts": {"email": "ada@example.com"}, "ours": 1},
        "extra": "e",
        "tags": {"manual": ["vip"]},
        "enabled": False,
        "extended": {"any": []},
    }
    status, customer = desk.post("/customers", sent)
    assert (201, "x", None, {"any": []}) == (status, customer["externalId"], customer["consents"], customer["extended"])
    assert {"auto": [], "manual": ["vip"]} == customer["tags"]
    assert ("Ada", None, [], 1) == tuple(customer["base"][name] for name in ("firstName", "lastName", "jobs", "ours"))
    contacts = customer["base"]["contacts"]
    assert ("ada@example.com", None, []) == (contacts["email"], contacts["phone"], contacts["otherContacts"])
    assert (False, "2026-03-08T12:00:00.000+0000") == (customer["enabled"], customer["registeredAt"])
    assert (200, customer) == desk.get(f"/customers/{customer['id']}")


def test_what_a_customer_does_not_have_is_null_or_empty(desk):
    _, customer = desk.post("/customers", {"nodeId": "n", "externalId": None, "base": None})
    assert (None, None, None, []) == (
        customer["externalId"], customer["extra"], customer["base"]["contacts"], customer["base"]["likes"],
    )  # fmt: skip
    assert ({"auto": [], "manual": []}, True) == (customer["tags"], customer["enabled"])


def test_contacts_that_are_none_are_left_alone(desk):
    _, customer = desk.post("/customers", {"nodeId": "n", "base": {"contacts": "odd"}})
    assert "odd" == customer["base"]["contacts"]


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, [("/nodeId", "required")]),
        ({"nodeId": ""}, [("/nodeId", "minLength")]),
        ({"nodeId": "n", "externalId": ""}, [("/externalId", "minLength")]),
        ({"nodeId": "n", "base": [], "tags": {"auto": "x"}, "enabled": 1, "id": "i"},
         [("/id", "additionalProperties"), ("/base", "type"), ("/tags/auto", "type"), ("/enabled", "type")]),
    ],
)  # fmt: skip
def test_a_customer_is_refused_with_all_its_faults(desk, body, faults):
    assert faults == desk.faults("/customers", body)


def test_a_customer_of_an_unknown_node_is_not_found(desk):
    assert 404 == desk.post("/customers", {"nodeId": "other"})[0]


def test_the_same_external_id_twice_conflicts(desk):
    customer_id = desk.add("/customers", {"nodeId": "n", "externalId": "x"})
    status, answer = desk.post("/customers", {"nodeId": "n", "externalId": "x"})
    href = f"/hub/v1/workspaces/w/customers/{customer_id}"
    assert 409 == status
    assert "Conflict with exiting customer ID" == answer["message"]
    assert ({"customer": {"id": customer_id, "href": href}}, []) == (answer["data"], answer["errors"])
    assert desk.add("/customers", {"nodeId": "n2", "externalId": "x"}), "another node's is another customer"


def test_customers_without_an_external_id_never_conflict(desk):
    assert desk.add("/customers", {"nodeId": "n"}) != desk.add("/customers", {"nodeId": "n"})


def test_the_matching_policy_takes_any_property(open_desk):
    desk = open_desk(matching=["base.contacts.email", "extra"])
    node_id = desk.hub.node_id

    def status(**body):
        return desk.post("/customers", {"nodeId": node_id, **body})[0]

    email = {"base": {"contacts": {"email": "a@example.com"}}}
    assert [201, 409] == [status(**email), status(**email)]
    assert [201, 201] == [status(externalId="x"), status(externalId="x")], "no part of this policy"
    assert [201, 409, 201] == [status(extra="1"), status(extra="1"), status(extra="2")]
    assert [201, 201] == [status(base={"contacts": "a@example.com"}), status(base={"contacts": "a@example.com"})]


@pytest.mark.parametrize("external_id", ODD_TEXTS)
def test_any_text_is_an_external_id(desk, external_id):
    event_id = desk.add("/events", desk.of_external_id(external_id))
    event = desk.event(event_id)
    assert external_id == event["bringBackProperties"]["value"]
    _, answer = desk.get("/customers", nodeId="n", externalId=external_id)
    assert [(event["customerId"], external_id)] == [(item["id"], item["externalId"]) for item in answer["elements"]]


def test_customers_are_listed_by_node_and_external_id(desk):
    ids = [desk.add("/customers", {"nodeId": "n", "externalId": f"x{number}"}) for number in range(3)]
    desk.add("/customers", {"nodeId": "n2", "externalId": "x0"})
    _, answer = desk.get("/customers", nodeId="n", size="2", page="1")
    page = {"size": 2, "totalElements": 3, "totalUnfilteredElements": 3, "totalPages": 2, "number": 1}
    assert ([ids[2]], page) == ([customer["id"] for customer in answer["elements"]], answer["page"])
    _, answer = desk.get("/customers", nodeId="n", externalId="x0")
    assert ([ids[0]], 1, 3) == (
        [customer["id"] for customer in answer["elements"]],
        answer["page"]["totalElements"],
        answer["page"]["totalUnfilteredElements"],
    )


@pytest.mark.parametrize(
    ("query", "status", "paths"),
    [
        ({}, 400, ["/nodeId"]),
        ({"nodeId": "other"}, 404, []),
        ({"nodeId": "n", "externalId": ""}, 400, ["/externalId"]),
        ({"nodeId": "n", "query": "{}", "size": "51"}, 400, ["/query", "/size"]),
    ],
)
def test_a_bad_list_of_customers_is_refused(desk, query, status, paths):
    given, answer = desk.get("/customers", **query)
    assert (status, paths) == (given, [error["path"] for error in answer["errors"]])


def test_with_a_customer_its_events_and_sessions_go(desk):
    customer_id = desk.add("/customers", {"nodeId": "n", "externalId": "x"}, sessionId="s")
    for body in (desk.body(customerId=customer_id), desk.of_session("s"), desk.of_external_id("x")):
        desk.add("/events", body)
    stranger = desk.add("/events", desk.of_session("other"))
    assert 4 == len(desk.listed())
    assert (200, None) == desk.ask("DELETE", f"/customers/{customer_id}")
    assert [stranger] == desk.listed()
    assert 404 == desk.ask("DELETE", f"/customers/{customer_id}")[0]
    again = desk.add("/customers", {"nodeId": "n", "externalId": "x"}, sessionId="s")
    assert again != customer_id


def test_a_session_is_attached_listed_read_and_deleted(desk):
    customer_id = desk.add("/customers", {"nodeId": "n"})
    path = f"/customers/{customer_id}/sessions"
    status, session = desk.post(path, {"value": "s"})
    assert (201, {"id": "id-2", "value": "s"}) == (status, session)
    other = desk.post(path, {"value": "s2", "unlisted": 1})[1]
    assert (200, {"elements": [session, other]}) == desk.get(path)
    assert (200, session) == desk.get(f"{path}/{session['id']}")
    assert 404 == desk.get(f"{path}/s")[0], "a session goes by its id, not by its value"
    assert (200, None) == desk.ask("DELETE", f"{path}/{session['id']}")
    assert 404 == desk.ask("DELETE", f"{path}/{session['id']}")[0]
    assert (200, {"elements": [other]}) == desk.get(path)


def test_a_session_is_its_customers_alone(desk):
    owner, other = (desk.add("/customers", {"nodeId": "n"}) for _ in range(2))
    session_id = desk.add(f"/customers/{owner}/sessions", {"value": "s"})
    assert 404 == desk.get(f"/customers/{other}/sessions/{session_id}")[0]
    assert 404 == desk.ask("DELETE", f"/customers/{other}/sessions/{session_id}")[0]
    messages = [desk.post(f"/customers/{who}/sessions", {"value": "s"}) for who in (owner, other)]
    assert [400, 400] == [status for status, _ in messages]
    assert [
        "The session is already attached to this customer",
        "The session is already attached to another customer",
    ] == [answer["message"] for _, answer in messages]


def test_another_node_has_sessions_of_its_own(desk):
    customer_ids = [desk.add("/customers", {"nodeId": node_id}, sessionId="s") for node_id in ("n", "n2")]
    assert customer_ids[0] == desk.event(desk.add("/events", desk.of_session("s")))["customerId"]


@pytest.mark.parametrize("body", [{}, {"value": ""}, {"value": 1}, [], "s"])
def test_a_session_needs_a_value(desk, body):
    customer_id = desk.add("/customers", {"nodeId": "n"})
    assert 400 == desk.post(f"/customers/{customer_id}/sessions", body)[0]


@pytest.mark.parametrize("value", ODD_TEXTS)
def test_any_text_is_a_session(desk, value):
    event_id = desk.add("/events", desk.of_session(value))
    customer_id = desk.add("/customers", {"nodeId": "n"})
    assert value == desk.post(f"/customers/{customer_id}/sessions", {"value": value})[1]["value"]
    assert value == desk.get(f"/customers/{customer_id}/sessions")[1]["elements"][0]["value"]
    assert customer_id == desk.event(event_id)["customerId"]


def test_a_customer_that_is_refused_a_session_is_not_made(desk):
    desk.add("/customers", {"nodeId": "n"}, sessionId="s")
    assert 400 == desk.post("/customers", {"nodeId": "n", "externalId": "x"}, sessionId="s")[0]
    assert 400 == desk.post("/customers", {"nodeId": "n", "externalId": "x"}, sessionId="")[0]
    assert [] == desk.get("/customers", nodeId="n", externalId="x")[1]["elements"]


def test_attaching_a_session_reconciles_its_past_and_its_future(desk, clock):
    past = desk.add("/events", desk.of_session("s"))
    elsewhere = desk.body(bringBackProperties={"type": "SESSION_ID", "value": "s", "nodeId": "n2"})
    other_ids = [desk.add("/events", body) for body in (elsewhere, desk.of_session("s2"))]
    namesake = desk.event(desk.add("/events", desk.of_external_id("s")))["customerId"]
    assert None is desk.event(past)["customerId"]
    customer_id = desk.add("/customers", {"nodeId": "n"})
    clock.move(60)
    session_id = desk.add(f"/customers/{customer_id}/sessions", {"value": "s"})
    future = desk.add("/events", desk.of_session("s"))
    for event_id in (past, future):
        event = desk.event(event_id)
        assert (customer_id, desk.back("SESSION_ID", "s")) == (event["customerId"], event["bringBackProperties"])
        assert "2026-03-08T12:01:00.000+0000" == event["updatedAt"]
    assert [None, None] == [desk.event(event_id)["customerId"] for event_id in other_ids]
    assert namesake != customer_id

    assert 200 == desk.ask("DELETE", f"/customers/{customer_id}/sessions/{session_id}")[0]
    after = desk.add("/events", desk.of_session("s"))
    assert None is desk.event(after)["customerId"]
    assert {past, future} == set(desk.listed(customerId=customer_id)), "what was the customer's stays so"

    second = desk.add("/customers", {"nodeId": "n"}, sessionId="s")
    assert [after] == desk.listed(customerId=second)


def test_an_external_ids_event_finds_or_makes_its_customer(desk):
    first, second = (desk.event(desk.add("/events", desk.of_external_id("x"))) for _ in range(2))
    assert first["customerId"] == second["customerId"]
    assert desk.back("EXTERNAL_ID", "x") == first["bringBackProperties"]
    _, customer = desk.get(f"/customers/{first['customerId']}")
    assert ("x", "n") == (customer["externalId"], customer["nodeId"])
    assert 409 == desk.post("/customers", {"nodeId": "n", "externalId": "x"})[0]
    known = desk.add("/customers", {"nodeId": "n", "externalId": "y"})
    assert known == desk.event(desk.add("/events", desk.of_external_id("y")))["customerId"]


def test_a_refused_event_makes_no_customer(desk):
    body = desk.of_external_id("x", properties={"unlisted": 1})
    assert 400 == desk.post("/events", body)[0]
    assert 0 == desk.get("/customers", nodeId="n")[1]["page"]["totalElements"]


def test_a_conflict_is_told_whatever_the_ids(open_desk):
    desk = open_desk(ids=iter(["a/b é\ud800", "l1"]).__next__)
    body = json.dumps({"nodeId": desk.hub.node_id, "externalId": "x"}).encode()
    answers = [desk.raw("POST", "/customers", body) for _ in range(2)]
    assert [201, 409] == [answer.status for answer in answers]
    assert b"customers/a%2Fb%20%C3%A9%ED%A0%80" in answers[1].body
