"""Customers and sessions through the public functions, and how events become a customer's."""

import json
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

import chub


@pytest.fixture
def customer_id(config: chub.Config) -> chub.CustomerId:
    return chub.CustomerId(chub.add_customer(config, chub.customer("CRM-17")).unwrap().id or "")


def visit(config: chub.Config, owner: chub.Owner) -> str:
    event = chub.event(chub.ViewedPage(title="Home"), owner=owner, context="WEB")
    return chub.add_event(config, event).unwrap().id or ""


def status_of(result: Result[Any, chub.ChubError]) -> int:
    error = result.failure()
    assert isinstance(error, chub.Rejected)
    return error.status


def test_a_customer_comes_back(config: chub.Config) -> None:
    base = {"firstName": "Ada", "contacts": {"email": "ada@example.com"}}
    assert chub.add_customer(config, chub.customer("CRM-17", base=base, extra="x")) == Success(chub.Accepted("id-1"))
    found = chub.get_customer(config, "id-1").unwrap()
    assert (found.id, found.external_id, found.node_id, found.extra) == ("id-1", "CRM-17", config.node_id, "x")
    assert found.base is not None
    assert (found.base["firstName"], found.base["contacts"]["email"]) == ("Ada", "ada@example.com")
    assert chub.get_customer(config, chub.CustomerId("id-1")) == Success(found)


def test_a_customer_that_is_there_already_conflicts(config: chub.Config, customer_id: chub.CustomerId) -> None:
    error = chub.add_customer(config, chub.customer("CRM-17")).failure()
    assert isinstance(error, chub.Rejected)
    assert (error.status, error.conflicting_id) == (409, customer_id.value)
    assert customer_id.value in str(error)


def test_a_customer_of_another_node(open_hub: Callable[..., Any]) -> None:
    config = open_hub(nodes=["shop"]).config
    there = chub.ExternalId("CRM-17", node_id="shop")
    added = chub.add_customer(config, chub.customer(there)).unwrap()
    found = chub.find_customer(config, there).unwrap()
    assert found is not None
    assert (found.id, found.node_id) == (added.id, "shop")
    assert chub.find_customer(config, "CRM-17") == Success(None)
    assert chub.find_customer(attrs.evolve(config, node_id="shop"), "CRM-17") == Success(found)


def test_a_customer_that_nobody_added(config: chub.Config) -> None:
    assert chub.find_customer(config, "CRM-17") == Success(None)
    assert status_of(chub.get_customer(config, "no-customer")) == 404
    assert status_of(chub.delete_customer(config, "no-customer")) == 404
    assert status_of(chub.sessions(config, "no-customer")) == 404
    assert status_of(chub.find_session(config, chub.SessionLink("no-customer", "s"))) == 404


def test_a_customer_is_deleted_with_his_events(config: chub.Config, customer_id: chub.CustomerId) -> None:
    event_id = visit(config, customer_id)
    other_id = visit(config, chub.ExternalId("CRM-18"))
    assert chub.delete_customer(config, customer_id) == Success(chub.Deleted())
    assert status_of(chub.delete_customer(config, customer_id)) == 404
    assert status_of(chub.get_event(config, event_id)) == 404
    assert [result.unwrap().id for result in chub.events(config, chub.event_query())] == [other_id]
    assert chub.find_customer(config, "CRM-17") == Success(None)


def test_an_event_of_an_unknown_external_id_makes_the_customer(config: chub.Config) -> None:
    event_id = visit(config, chub.ExternalId("CRM-17"))
    customer = chub.find_customer(config, "CRM-17").unwrap()
    assert customer is not None
    event = chub.get_event(config, event_id).unwrap()
    assert event.customer_id == customer.id
    assert event.bring_back == chub.ExternalId("CRM-17", node_id=config.node_id)
    assert visit(config, chub.ExternalId("CRM-17")) != event_id
    walk = chub.events(config, chub.customer_events(customer))
    assert [result.unwrap().customer_id for result in walk] == [customer.id] * 2


def test_a_session_makes_events_before_and_after_it_the_customers(
    config: chub.Config, customer_id: chub.CustomerId
) -> None:
    session = chub.new_session_id()
    before, others = visit(config, session), visit(config, chub.new_session_id())
    assert chub.get_event(config, before).unwrap().customer_id is None
    assert chub.add_session(config, chub.SessionLink(customer_id, session)).unwrap().value == session.value
    after = visit(config, session)
    found = [chub.get_event(config, event_id).unwrap() for event_id in (before, after, others)]
    assert [event.customer_id for event in found] == [customer_id.value, customer_id.value, None]
    brought = attrs.evolve(session, node_id=config.node_id)
    assert [event.bring_back for event in found[:2]] == [brought, brought]


def test_sessions_are_found_by_value_and_got_by_id(config: chub.Config, customer_id: chub.CustomerId) -> None:
    link = chub.SessionLink(customer_id, "a visit")
    assert chub.find_session(config, link) == Success(None)
    assert chub.sessions(config, customer_id) == Success(())
    added = chub.add_session(config, link).unwrap()
    other = chub.add_session(config, chub.SessionLink(customer_id, "another")).unwrap()
    assert (added.value, added.id) == ("a visit", "id-2")
    assert chub.find_session(config, link) == Success(added)
    assert chub.sessions(config, customer_id) == Success((added, other))
    assert chub.sessions(config, customer_id.value) == Success((added, other))
    assert chub.get_session(config, chub.SessionKey(customer_id, "id-2")) == Success(added)
    assert status_of(chub.get_session(config, chub.SessionKey(customer_id, "a visit"))) == 404


def test_the_same_session_twice_is_a_success_with_the_same_id(
    recorded: Any, config: chub.Config, customer_id: chub.CustomerId
) -> None:
    link = chub.SessionLink(customer_id, "a visit")
    first = chub.add_session(config, link)
    assert chub.add_session(recorded.config, link) == first
    assert [request.method for request in recorded.requests] == ["POST", "GET"]


def test_a_session_of_another_customer_is_refused(config: chub.Config, customer_id: chub.CustomerId) -> None:
    other = chub.CustomerId(chub.add_customer(config, chub.customer("CRM-18")).unwrap().id or "")
    chub.add_session(config, chub.SessionLink(customer_id, "a visit"))
    assert status_of(chub.add_session(config, chub.SessionLink(other, "a visit"))) == 400
    assert chub.sessions(config, other) == Success(())


def test_a_session_of_nobody_is_refused(recorded: Any) -> None:
    assert status_of(chub.add_session(recorded.config, chub.SessionLink("no-customer", "a visit"))) == 404
    assert len(recorded.requests) == 1


def test_a_refusal_stays_where_the_sessions_cannot_be_looked_up(config: chub.Config, recorded: Any) -> None:
    def transport(request: chub.Request, deadline: chub.Deadline) -> Result[chub.Response, chub.ChubError]:
        return Success(chub.Response(status=400 if request.method == "POST" else 500))

    error = chub.add_session(attrs.evolve(config, transport=transport), chub.SessionLink("c", "s")).failure()
    assert isinstance(error, chub.Rejected)
    assert (error.status, error.method) == (400, "POST")


def test_a_session_that_could_not_be_sent_is_not_looked_up(config: chub.Config) -> None:
    asked: list[str] = []

    def transport(request: chub.Request, deadline: chub.Deadline) -> Result[chub.Response, chub.ChubError]:
        asked.append(request.method)
        return Failure(chub.NotSent(reason="no network", transient=True))

    offline = attrs.evolve(config, transport=transport, retry=chub.RetryPolicy(attempts=1))
    error = chub.add_session(offline, chub.SessionLink("c", "s")).failure()
    assert (type(error), asked) == (chub.NotSent, ["POST"])


def test_an_old_hub_that_answers_with_nothing_has_attached_the_session(config: chub.Config) -> None:
    def transport(request: chub.Request, deadline: chub.Deadline) -> Result[chub.Response, chub.ChubError]:
        return Success(chub.Response(status=201))

    silent = attrs.evolve(config, transport=transport)
    assert chub.add_session(silent, chub.SessionLink("c", "s")) == Success(chub.Session(value="s"))


def test_a_session_is_detached_by_its_id(config: chub.Config, customer_id: chub.CustomerId) -> None:
    added = chub.add_session(config, chub.SessionLink(customer_id, "a visit")).unwrap()
    key = chub.SessionKey(customer_id, added.id or "")
    assert chub.delete_session(config, key) == Success(chub.Deleted())
    assert status_of(chub.delete_session(config, key)) == 404
    assert chub.sessions(config, customer_id) == Success(())
    later = chub.get_event(config, visit(config, chub.SessionId("a visit"))).unwrap()
    assert later.customer_id is None


def test_a_customer_needs_a_node(recorded: Any) -> None:
    homeless = attrs.evolve(recorded.config, node_id=None)
    for result in (chub.add_customer(homeless, chub.customer("CRM-17")), chub.find_customer(homeless, "CRM-17")):
        error = result.failure()
        assert isinstance(error, chub.InvalidValue)
        assert [problem.path for problem in error.problems] == ["node_id"]
    assert recorded.requests == []


def test_the_body_of_a_customer(recorded: Any, config: chub.Config) -> None:
    chub.add_customer(recorded.config, chub.customer("CRM-17", tags={"manual": ["vip"]}))
    body = json.loads(recorded.requests[0].body)
    assert body == {"externalId": "CRM-17", "nodeId": config.node_id, "tags": {"manual": ["vip"]}}


def test_a_new_session_id_is_a_random_uuid_of_version_4() -> None:
    values = {chub.new_session_id().value for _ in range(50)}
    assert len(values) == 50
    assert {value[14] for value in values} == {"4"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(st.characters(codec=None), min_size=1, max_size=30))
def test_sessions_of_any_text_are_attached_and_found(
    value: str, config: chub.Config, customer_id: chub.CustomerId
) -> None:
    link = chub.SessionLink(customer_id, value)
    added = chub.add_session(config, link)
    assert added.unwrap().value == value
    assert chub.find_session(config, link) == added
