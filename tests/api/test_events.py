"""Events through the public functions: sent, got, put, deleted, waited for."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest
from chub_calls import EVENT_TEMPLATE, EVENTS_TEMPLATE, HOME, add, ids, visit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.result import Result, Success

import chub


def test_an_event_comes_back_as_it_was_sent(config: chub.Config, customer_id: chub.CustomerId, clock: Any) -> None:
    sent = visit(customer_id, date=datetime(2025, 12, 31, 23, 59, 58, 123_000, tzinfo=UTC))
    assert chub.add_event(config, sent) == Success(chub.Accepted("id-2"))
    assert chub.get_event(config, "id-2") == Success(
        chub.RecordedEvent(
            id="id-2",
            properties=HOME,
            context=chub.Context.WEB,
            customer_id=customer_id.value,
            date=sent.date,
            registered_at=clock.now,
            updated_at=clock.now,
        )
    )


def test_tracking_context_info_and_mode_come_back(config: chub.Config, customer_id: chub.CustomerId) -> None:
    info = chub.ContextInfo(client=chub.Client(user_agent="test/1"), user=chub.User(id="u-1"))
    tracking = chub.Tracking(utm_source="mail", utm_campaign="spring")
    event_id = add(config, visit(customer_id, context_info=info, tracking=tracking, mode=chub.Mode.PASSIVE))
    found = chub.get_event(config, event_id).unwrap()
    assert (found.context_info, found.tracking, found.mode) == (info, tracking, chub.Mode.PASSIVE)


@pytest.mark.parametrize("context", list(chub.Context))
def test_events_of_every_context(context: chub.Context, config: chub.Config, customer_id: chub.CustomerId) -> None:
    event_id = add(config, visit(customer_id, context=context))
    assert chub.get_event(config, event_id).unwrap().context is context


def test_a_date_of_another_zone_is_the_same_instant(config: chub.Config, customer_id: chub.CustomerId) -> None:
    there = datetime(2026, 3, 8, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    event_id = add(config, visit(customer_id, date=there))
    assert chub.get_event(config, event_id).unwrap().date == datetime(2026, 3, 7, 20, tzinfo=UTC)
    assert ids(config, date_from=there, date_to=there + timedelta(hours=1)) == [event_id]
    assert ids(config, date_from=there + timedelta(minutes=1)) == []


def test_unlisted_keys_come_back(open_hub: Callable[..., Any]) -> None:
    config = open_hub(types={"viewedPage": None}).config
    owner = chub.ExternalId("CRM-17")
    page = chub.ViewedPage(title="Home", unlisted={"new": {"deep": [1, None]}})
    assert chub.get_event(config, add(config, visit(owner, properties=page))).unwrap().properties == page


def test_an_event_of_a_type_of_the_workspaces_own(open_hub: Callable[..., Any]) -> None:
    config = open_hub(types={"sawUnicorn": None}).config
    unicorn = chub.Custom("sawUnicorn", {"colour": "white"})
    event_id = add(config, visit(chub.ExternalId("CRM-17"), properties=unicorn))
    assert chub.get_event(config, event_id).unwrap().properties == unicorn
    assert ids(config, types=["sawUnicorn"]) == [event_id]


def test_what_the_hub_refuses_is_rejected_with_its_words(config: chub.Config, customer_id: chub.CustomerId) -> None:
    error = chub.add_event(config, visit(customer_id, properties=chub.Custom("sawUnicorn"))).failure()
    assert isinstance(error, chub.Rejected)
    assert (error.status, error.method, error.template) == (400, "POST", EVENTS_TEMPLATE)
    assert [item.path for item in error.errors] == ["/type"]
    assert error.logref == "id-2"
    assert ids(config) == []


def test_an_event_that_is_not_there(config: chub.Config) -> None:
    error = chub.get_event(config, "no-event").failure()
    assert isinstance(error, chub.Rejected)
    assert (error.status, error.method, error.template) == (404, "GET", EVENT_TEMPLATE)
    assert "chub.wait_for_event" in str(error)


def test_deleting_twice(config: chub.Config, customer_id: chub.CustomerId) -> None:
    event_id = add(config, visit(customer_id))
    assert chub.delete_event(config, event_id) == Success(chub.Deleted())
    error = chub.delete_event(config, event_id).failure()
    assert isinstance(error, chub.Rejected)
    assert (error.status, error.method) == (404, "DELETE")
    assert ids(config) == []


def test_an_event_is_replaced_by_another(config: chub.Config, customer_id: chub.CustomerId, clock: Any) -> None:
    event_id = add(config, visit(customer_id))
    before = chub.get_event(config, event_id).unwrap()
    clock.move(60)
    changed = attrs.evolve(before, properties=chub.ViewedPage(title="Shop"), tracking=chub.Tracking(utm_term="x"))
    assert chub.update_event(config, changed) == Success(chub.Accepted(event_id))
    assert chub.get_event(config, event_id) == Success(attrs.evolve(changed, updated_at=clock.now))


def test_a_put_without_a_change_date_sends_when_it_was_registered(
    recorded: Any, config: chub.Config, customer_id: chub.CustomerId
) -> None:
    event_id = add(config, visit(customer_id))
    event = attrs.evolve(chub.get_event(config, event_id).unwrap(), updated_at=None)
    assert chub.update_event(recorded.config, event) == Success(chub.Accepted(event_id))
    body = json.loads(recorded.requests[0].body)
    assert (body["registeredAt"], body["updatedAt"]) == ("2026-01-01T12:00:00.000Z",) * 2


def test_replacing_an_event_that_is_not_there(config: chub.Config, customer_id: chub.CustomerId) -> None:
    event = chub.get_event(config, add(config, visit(customer_id))).unwrap()
    error = chub.update_event(config, attrs.evolve(event, id="no-event")).failure()
    assert isinstance(error, chub.Rejected)
    assert (error.status, error.method) == (404, "PUT")


def test_a_wrong_token_is_unauthorised(config: chub.Config, customer_id: chub.CustomerId) -> None:
    wrong = attrs.evolve(config, token="another-token")
    error = chub.add_event(wrong, visit(customer_id)).failure()
    assert isinstance(error, chub.Rejected)
    assert (error.status, error.message) == (401, "Unauthorized")
    failed = [result.failure() for result in chub.events(wrong, chub.event_query())]
    assert [(error.page, error.cause.status) for error in failed] == [(0, 401)]
    assert ids(config) == []


def test_an_unknown_workspace_is_forbidden(config: chub.Config) -> None:
    error = chub.get_event(attrs.evolve(config, workspace_id="other"), "e").failure()
    assert isinstance(error, chub.Rejected)
    assert (error.status, error.message) == (403, "Forbidden")


def test_an_unknown_node_is_not_found(config: chub.Config) -> None:
    error = chub.add_event(config, visit(chub.SessionId("s", node_id="other"))).failure()
    assert isinstance(error, chub.Rejected)
    assert error.status == 404


def test_a_bring_back_needs_a_node(recorded: Any) -> None:
    error = chub.add_event(attrs.evolve(recorded.config, node_id=None), visit(chub.SessionId("s"))).failure()
    assert isinstance(error, chub.InvalidValue)
    assert [problem.path for problem in error.problems] == ["owner.node_id"]
    assert recorded.requests == []


WRONG: dict[str, Callable[[chub.Config], Any]] = {
    "event": lambda config: chub.add_event(config, "no event"),  # type: ignore[arg-type]
    "registered_at": lambda config: chub.update_event(
        config, chub.RecordedEvent(id="e", properties=HOME, context="WEB")
    ),
    "event_id": lambda config: chub.delete_event(config, "../customers"),
    "link": lambda config: chub.find_session(config, "s"),  # type: ignore[arg-type]
    "customer_id": lambda config: chub.get_customer(config, ""),
    "$.properties": lambda config: chub.add_event(
        config, visit(chub.CustomerId("c"), properties=chub.ViewedPage(title="x" * 65_536))
    ),
}


@pytest.mark.parametrize(("path", "call"), WRONG.items(), ids=WRONG)
def test_a_wrong_value_comes_back_and_nothing_is_sent(path: str, call: Callable[..., Any], recorded: Any) -> None:
    error = call(recorded.config).failure()
    assert isinstance(error, chub.InvalidValue)
    assert [problem.path for problem in error.problems] == [path]
    assert (error.__traceback__, recorded.requests) == (None, [])


def test_a_wrong_config_is_a_wrong_program() -> None:
    with pytest.raises(chub.InvalidValue, match=r"^config: made by chub\.config\(\.\.\.\) is needed, not dict$"):
        chub.get_event({"token": "demo"}, "e")  # type: ignore[arg-type]


def test_waiting_for_an_event_until_it_is_visible(open_hub: Callable[..., Any], clock: Any) -> None:
    config = open_hub(visibility_lag=30).config
    event_id = add(config, visit(chub.ExternalId("CRM-17")))
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        clock.move(seconds)

    found = chub.wait_for_event(config, event_id, clock=lambda: clock.now.timestamp(), sleep=sleep)
    assert found.unwrap().id == event_id
    assert pauses == [0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 5.0, 5.0, 5.0]


def test_waiting_ends_with_the_last_404(open_hub: Callable[..., Any], record: Any, clock: Any) -> None:
    recorded = record(open_hub(visibility_lag=30).config)
    event_id = add(recorded.config, visit(chub.ExternalId("CRM-17")))
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        clock.move(seconds)

    found = chub.wait_for_event(recorded.config, event_id, within=2, clock=lambda: clock.now.timestamp(), sleep=sleep)
    assert found.failure().status == 404  # type: ignore[union-attr]
    assert pauses == [0.25, 0.5, 1.0, 0.25]
    assert len(recorded.requests) == 1 + 5


@pytest.mark.parametrize("within", [0, -1, float("nan")])
def test_waiting_no_time_asks_once(within: float, recorded: Any) -> None:
    def sleep(seconds: float) -> None:
        pytest.fail("there is no time to sleep")

    found = chub.wait_for_event(recorded.config, "no-event", within=within, sleep=sleep)
    assert (found.failure().status, len(recorded.requests)) == (404, 1)  # type: ignore[union-attr]


def test_waiting_ends_with_any_other_error(recorded: Any) -> None:
    found = chub.wait_for_event(attrs.evolve(recorded.config, token="another-token"), "e", sleep=lambda _: None)
    assert (found.failure().status, len(recorded.requests)) == (401, 1)  # type: ignore[union-attr]


ODD = {
    "elements": [
        {"id": "e1", "type": "viewedPage", "context": "WEB", "properties": {"title": 7}},
        {
            "id": "e2",
            "type": "viewedPage",
            "context": "WEB",
            "properties": {"title": "Home"},
            "contextInfo": {"geo": 1},
        },
        {"id": "e3", "type": "sawUnicorn", "context": "MOON", "properties": {"new": 1}, "further": [1]},
        {"id": "e4", "type": "viewedPage", "context": "IOT", "properties": {"title": "Home"}},
    ],
    "page": {"number": 0, "size": 10, "totalPages": 1},
}


def answering(status: int, body: bytes, kind: str = "application/json") -> chub.Config:
    def transport(request: chub.Request, deadline: chub.Deadline) -> Result[chub.Response, chub.ChubError]:
        return Success(chub.Response(status=status, headers=(("content-type", kind),), body=body))

    return chub.config(workspace_id="w", node_id="n", token="demo-token", transport=transport)


def test_an_element_that_fits_nothing_does_not_end_the_walk() -> None:
    config = answering(200, json.dumps(ODD).encode())
    found = [result.unwrap() for result in chub.events(config, chub.event_query())]
    assert [event.id for event in found] == ["e1", "e2", "e3", "e4"]
    assert [type(event.properties) for event in found] == [chub.Custom, chub.ViewedPage, chub.Custom, chub.ViewedPage]
    assert isinstance(found[0].properties, chub.Custom)
    assert found[0].properties.misfit is not None
    assert chub.encode(found[1])["contextInfo"] == {"geo": 1}
    assert (found[2].context, found[2].unlisted) == ("MOON", {"further": (1,)})
    assert found[3].context is chub.Context.IOT


REFUSALS = {
    "the hub's shape": (b'{"message":"No such thing","logref":"l1"}', "application/json", "No such thing"),
    "the shape of an unknown route": (
        b'{"timestamp":1,"status":404,"error":"Not Found","message":"No message available","path":"/x"}',
        "application/json",
        "No message available",
    ),
    "empty": (b"", "application/json", "Not Found"),
    "HTML": (b"<html><body>Not here</body></html>", "text/html", "Not Found"),
    "plain text": (b"no such host", "text/plain", "no such host"),
    "a JSON array": (b"[1]", "application/json", "Not Found"),
    "half of a JSON object": (b'{"message":"No', "application/json", "Not Found"),
}


@pytest.mark.parametrize(("body", "kind", "message"), REFUSALS.values(), ids=REFUSALS)
def test_refusals_of_every_shape(body: bytes, kind: str, message: str) -> None:
    error = chub.delete_event(answering(404, body, kind), "e1").failure()
    assert isinstance(error, chub.Rejected)
    assert (error.status, error.message) == (404, message)


@pytest.mark.parametrize("body", [b"", b"{}", b"no json", b'{"id":null}', b'{"id":7}', b"[]", b'"e1"'])
def test_an_old_hub_that_tells_no_id_has_accepted_all_the_same(body: bytes) -> None:
    config = answering(202, body)
    assert chub.add_event(config, visit(chub.CustomerId("c"))) == Success(chub.Accepted(None))


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"\xff", b'{"elements":', b'{"page":{}}'])
def test_a_list_that_cannot_be_read_is_a_bad_response(body: bytes) -> None:
    (result,) = chub.events(answering(200, body), chub.event_query())
    error = result.failure()
    assert isinstance(error, chub.PageFailed)
    assert isinstance(error.cause, chub.BadResponse)
    assert (error.cause.status, error.cause.template) == (200, EVENTS_TEMPLATE)


any_text = st.text(st.characters(codec=None), min_size=1, max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=any_text, kind=st.sampled_from([chub.SessionId, chub.ExternalId]))
def test_session_values_and_external_ids_hold_any_text(value: str, kind: Any, config: chub.Config) -> None:
    owner = kind(value)
    event_id = add(config, visit(owner))
    bring_back = chub.get_event(config, event_id).unwrap().bring_back
    assert bring_back == attrs.evolve(owner, node_id=config.node_id)
    if kind is chub.ExternalId:
        customer = chub.find_customer(config, value).unwrap()
        assert customer is not None
        assert customer.external_id == value
