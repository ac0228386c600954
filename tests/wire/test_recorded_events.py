"""Events that the hub returns: nothing is refused, nothing is lost."""

import json
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from chub_cases import FULL_RECORDED, FULL_RECORDED_JSON
from chub_payloads import EIGHT, EIGHT_TEXT, PARTS_OF, PAYLOADS, TRACKING, info_json_of, info_of
from returns.result import Success

import chub
from chub.wire.jsontext import dumps

LEAST: dict[str, Any] = {"id": "e", "type": "viewedPage", "context": "WEB", "properties": {}}


def recorded(**changes: Any) -> chub.RecordedEvent:
    given: dict[str, Any] = {"id": "e", "properties": chub.ViewedPage(), "context": chub.Context.WEB}
    return chub.RecordedEvent(**{**given, **changes})


CASES: dict[str, tuple[chub.RecordedEvent, dict[str, Any]]] = {
    "least": (recorded(), LEAST),
    "full": (FULL_RECORDED, FULL_RECORDED_JSON),
    "unknown context": (recorded(context="MOON"), LEAST | {"context": "MOON"}),
    "unknown mode": (recorded(mode="ASLEEP"), LEAST | {"mode": "ASLEEP"}),
    "known mode": (recorded(mode=chub.Mode.ACTIVE), LEAST | {"mode": "ACTIVE"}),
    "both owners": (
        recorded(customer_id="c", bring_back=chub.ExternalId("17", node_id="n")),
        LEAST | {"customerId": "c", "bringBackProperties": {"type": "EXTERNAL_ID", "value": "17", "nodeId": "n"}},
    ),
    "bring back of another shape": (
        recorded(bring_back={"type": "TATTOO", "value": "17"}),
        LEAST | {"bringBackProperties": {"type": "TATTOO", "value": "17"}},
    ),
    "bring back without a value": (
        recorded(bring_back={"type": "SESSION_ID", "value": None}),
        LEAST | {"bringBackProperties": {"type": "SESSION_ID", "value": None}},
    ),
    "bring back of an odd node": (
        recorded(bring_back={"type": "SESSION_ID", "value": "s", "nodeId": ""}),
        LEAST | {"bringBackProperties": {"type": "SESSION_ID", "value": "s", "nodeId": ""}},
    ),
    "bring back of an odd type": (
        recorded(bring_back={"type": ["SESSION_ID"], "value": "s"}),
        LEAST | {"bringBackProperties": {"type": ["SESSION_ID"], "value": "s"}},
    ),
    "bring back that is a text": (
        recorded(unlisted={"bringBackProperties": "s"}),
        LEAST | {"bringBackProperties": "s"},
    ),
    "circumstances of another shape": (
        recorded(context_info={"client": "browser", "none": None}),
        LEAST | {"contextInfo": {"client": "browser", "none": None}},
    ),
    "circumstances of another context": (
        recorded(context_info=info_of("RETAIL")),
        LEAST | {"contextInfo": info_json_of("RETAIL")},
    ),
    "an open enumeration and open bounds": (
        recorded(
            context_info=chub.ContextInfo(
                unlisted={},
                store=chub.wire.codec.read(chub.Store, {"type": "MOON BASE", "geo": {"lat": 100, "lon": 0}}),
            )
        ),
        LEAST | {"contextInfo": {"store": {"type": "MOON BASE", "geo": {"lat": 100, "lon": 0}}}},
    ),
    "tracking beside ga": (
        recorded(tracking={"ga": {"utm_source": "s"}, "fb": {}}),
        LEAST | {"tracking": {"ga": {"utm_source": "s"}, "fb": {}}},
    ),
    "tracking of another shape": (recorded(tracking={"ga": None}), LEAST | {"tracking": {"ga": None}}),
    "unreadable date": (recorded(unlisted={"date": "yesterday"}), LEAST | {"date": "yesterday"}),
    "zone-less date": (
        recorded(unlisted={"registeredAt": "2017-03-08T10:18:17"}),
        LEAST | {"registeredAt": "2017-03-08T10:18:17"},
    ),
    "numeric dates": (recorded(unlisted={"date": 5, "updatedAt": True}), LEAST | {"date": 5, "updatedAt": True}),
    "unknown keys": (
        recorded(unlisted={"more": None, "unlisted": 1, "misfit": {}}),
        LEAST | {"more": None, "unlisted": 1, "misfit": {}},
    ),
    "odd ids": (recorded(id="", unlisted={"id": 5}), LEAST | {"id": 5}),
    "empty texts": (
        recorded(id="", context="", unlisted={"id": "", "context": "", "mode": "", "customerId": ""}),
        LEAST | {"id": "", "context": "", "mode": "", "customerId": ""},
    ),
    **{
        name: (recorded(properties=value), LEAST | {"type": name, "properties": j})
        for name, (value, j) in PAYLOADS.items()
    },
    **{
        name: (
            recorded(context=name, context_info=info_of(name)),
            LEAST | {"context": name, "contextInfo": info_json_of(name)},
        )
        for name in PARTS_OF
    },
}
BOTH_WAYS = pytest.mark.parametrize(("event", "row"), CASES.values(), ids=CASES)


@BOTH_WAYS
def test_what_the_hub_returns_is_read(event: chub.RecordedEvent, row: dict[str, Any]) -> None:
    for source in (row, json.dumps(row), dumps(row)):
        found = chub.parse_recorded_event(source)
        assert found == Success(event)
        assert repr(found.unwrap()) == repr(event)


@BOTH_WAYS
def test_a_recorded_event_is_encoded(event: chub.RecordedEvent, row: dict[str, Any]) -> None:
    assert chub.encode(event) == row


@BOTH_WAYS
def test_a_recorded_event_can_be_evolved(event: chub.RecordedEvent, row: dict[str, Any]) -> None:
    read = chub.parse_recorded_event(row).unwrap()
    assert attrs.evolve(read, customer_id="other") == attrs.evolve(event, customer_id="other")


@pytest.mark.parametrize(
    ("kind", "payload", "at"),
    [
        ("viewedPage", {"title": 5, "own": None}, ["$.properties.title"]),
        ("viewedPage", {"pageTags": [None]}, ["$.properties.pageTags[0]"]),
        ("viewedPage", {"pageTags": "a"}, ["$.properties.pageTags"]),
        ("viewedPage", {"extended": [1]}, ["$.properties.extended"]),
        ("completedOrder", {"type": 5}, ["$.properties.type"]),
        ("completedOrder", {"amount": {"total": "1"}}, ["$.properties.amount.total"]),
        ("completedOrder", {"amount": {"total": True}}, ["$.properties.amount.total"]),
        (
            "completedOrder",
            {"products": [{"classifications": [{"key": "k"}]}]},
            ["$.properties.products[0].classifications[0].value"],
        ),
        (
            "completedOrder",
            {"products": [{"orderLineId": 1.5}, 5]},
            ["$.properties.products[0].orderLineId", "$.properties.products[1]"],
        ),
        ("completedOrder", {"products": {}}, ["$.properties.products"]),
    ],
)
def test_a_payload_of_another_shape_is_a_custom_misfit(kind: str, payload: dict[str, Any], at: list[str]) -> None:
    row = LEAST | {"type": kind, "properties": payload}
    found = chub.parse_recorded_event(row).unwrap().properties
    assert isinstance(found, chub.Custom)
    assert (kind, payload) == (found.type, json.loads(json.dumps(found.properties)))
    assert at == [problem.path for problem in found.misfit.problems] if found.misfit else pytest.fail("no misfit")
    assert row == chub.encode(chub.parse_recorded_event(row).unwrap())


@pytest.mark.parametrize(
    ("payload", "field", "value"),
    [
        ({"type": "gift"}, "type", "gift"),
        ({"type": "sale"}, "type", chub.OrderType.SALE),
        ({"paymentMethod": ""}, "payment_method", ""),
        ({"amount": {"local": {"currency": "XXX"}}}, "amount", None),
        ({"products": [{"orderLineId": 3.0}]}, "products", (chub.OrderProduct(order_line_id=3),)),
        ({"products": []}, "products", ()),
        ({"orderId": None}, "order_id", None),
    ],
)
def test_reading_is_open(payload: dict[str, Any], field: str, value: object) -> None:
    found = chub.parse_recorded_event(LEAST | {"type": "completedOrder", "properties": payload}).unwrap().properties
    assert isinstance(found, chub.CompletedOrder)
    if value is not None:
        assert (value, type(value)) == (getattr(found, field), type(getattr(found, field)))
    assert {key: value for key, value in payload.items() if value is not None} == chub.encode(found)


def test_an_unreadable_date_of_the_properties_stays_unlisted() -> None:
    row = LEAST | {"type": "serviceSubscribed", "properties": {"startDate": "soon", "endDate": 5}}
    found = chub.parse_recorded_event(row).unwrap().properties
    assert isinstance(found, chub.ServiceSubscribed)
    assert (None, {"startDate": "soon", "endDate": 5}) == (found.start_date, found.unlisted)
    assert row["properties"] == chub.encode(found)


@pytest.mark.parametrize("properties", [5, "x", [], True], ids=repr)
def test_properties_that_are_no_object_are_kept(properties: object) -> None:
    for row in (LEAST | {"properties": properties}, {"properties": properties}):
        found = chub.parse_recorded_event(row).unwrap()
        assert isinstance(found.properties, chub.Custom)
        assert found.properties.misfit
        assert chub.frozen_dict({"properties": properties}) == found.unlisted
        assert row == chub.encode(found)


@pytest.mark.parametrize("kind", [5, "", [], False], ids=repr)
def test_a_type_that_is_no_text_is_kept(kind: object) -> None:
    found = chub.parse_recorded_event(LEAST | {"type": kind}).unwrap()
    assert ("", chub.frozen_dict({"type": kind})) == (found.type, found.unlisted)
    assert LEAST | {"type": kind} == chub.encode(found)


def test_an_empty_object_is_an_event_of_nothing() -> None:
    found = chub.parse_recorded_event({}).unwrap()
    assert ("", "", "", chub.Custom) == (found.id, found.context, found.type, type(found.properties))
    assert {"properties": {}} == chub.encode(found)


def test_nulls_of_listed_keys_are_as_good_as_absent() -> None:
    nulls = dict.fromkeys(FULL_RECORDED_JSON.keys() - LEAST.keys())
    assert chub.parse_recorded_event(LEAST | nulls) == chub.parse_recorded_event(LEAST | {"newKey": None})
    assert {"properties": {}} == chub.encode(chub.parse_recorded_event(dict.fromkeys(LEAST)).unwrap())


@pytest.mark.parametrize(
    ("row", "change", "expected"),
    [
        ({"date": "soon"}, {"date": EIGHT}, {"date": EIGHT_TEXT}),
        ({"mode": 5}, {"mode": "ACTIVE"}, {"mode": "ACTIVE"}),
        ({"id": 5}, {"id": "e"}, {"id": "e"}),
        ({"properties": 5}, {"properties": chub.ViewedPage(title="x")}, {"properties": {"title": "x"}}),
        ({"type": 5}, {"properties": chub.ViewedPage()}, {"type": "viewedPage", "properties": {}}),
        ({"tracking": 5}, {"tracking": TRACKING}, {"tracking": chub.encode(FULL_RECORDED)["tracking"]}),
    ],
)
def test_a_field_that_is_filled_covers_what_could_not_be_read(
    row: dict[str, Any], change: dict[str, Any], expected: dict[str, Any]
) -> None:
    read = chub.parse_recorded_event(LEAST | row).unwrap()
    assert LEAST | expected == chub.encode(attrs.evolve(read, **change))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "not JSON: Expecting value at character 0"),
        (b"<html>", "not JSON: Expecting value at character 0"),
        ("[]", "an object is needed, not list"),
        (None, "an object is needed, not NoneType"),
        ("[" * 100_000, "nested too deep"),
        ('{"a":' + "[" * 300 + "]" * 300 + "}", "nested deeper than 200 levels"),
        ('{"contextInfo":{"a":' + "[" * 300 + "]" * 300 + "}}", "nested deeper than 200 levels"),
        ({"a": float("nan")}, "a: nan has no JSON form; leave it out or pass None"),
        (LEAST | {"type": "completedOrder", "properties": {"amount": {"total": 10**5000}}}, "4,300 digits"),
        ({"bringBackProperties": {"type": "SESSION_ID", "value": "s", 5: 1}}, "the key 5 is no str"),
    ],
    ids=[str(number) for number in range(10)],
)
def test_what_is_no_json_object_is_a_bad_response(source: Any, reason: str) -> None:
    error = chub.parse_recorded_event(source).failure()
    assert isinstance(error, chub.BadResponse)
    assert reason in error.reason


def test_dates_are_read_as_utc() -> None:
    row = LEAST | {"date": "2017-03-08T10:18:17.000+0000", "registeredAt": "0001-01-01T00:00:00.000+0000"}
    found = chub.parse_recorded_event(row).unwrap()
    assert (datetime(2017, 3, 8, 10, 18, 17, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)) == (
        found.date,
        found.registered_at,
    )
