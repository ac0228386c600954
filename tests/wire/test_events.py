"""Events that are to be sent: value to JSON and back, and what is refused of a row."""

import json
from typing import Any

import pytest
from chub_cases import FULL_EVENT, FULL_EVENT_JSON, ODD_PATH_IDS, no_json_cases, paths
from chub_payloads import EIGHT, OWNERS, PARTS_OF, PAYLOADS, TEN_IN_ROME, info_json_of, info_of
from returns.result import Success

import chub
from chub.wire.jsontext import dumps

ROW: dict[str, Any] = {"type": "viewedPage", "context": "WEB", "customerId": "c_id", "properties": {}}
EVENT = chub.event(chub.ViewedPage(), owner=chub.CustomerId("c_id"), context="WEB")


def evolved(**changes: Any) -> chub.Event:
    given: dict[str, Any] = {"properties": chub.ViewedPage(), "owner": chub.CustomerId("c_id"), "context": "WEB"}
    return chub.event(**{**given, **changes})


CASES: dict[str, tuple[chub.Event, dict[str, Any]]] = {
    "least": (EVENT, ROW),
    "full": (FULL_EVENT, FULL_EVENT_JSON),
    "date": (evolved(date=TEN_IN_ROME), ROW | {"date": "2026-03-08T08:18:17.123Z"}),
    "mode": (evolved(mode="PASSIVE"), ROW | {"mode": "PASSIVE"}),
    "no circumstances": (evolved(context_info=chub.ContextInfo()), ROW | {"contextInfo": {}}),
    "empty tracking": (evolved(tracking=chub.Tracking()), ROW | {"tracking": {"ga": {}}}),
    **{
        name: (evolved(properties=value), ROW | {"type": name, "properties": j})
        for name, (value, j) in PAYLOADS.items()
    },
    **{
        name: (evolved(owner=owner), {k: v for k, v in ROW.items() if k != "customerId"} | j)
        for name, (owner, j) in OWNERS.items()
    },
    **{
        name: (
            evolved(context=name, context_info=info_of(name)),
            ROW | {"context": name, "contextInfo": info_json_of(name)},
        )
        for name in PARTS_OF
    },
}
BOTH_WAYS = pytest.mark.parametrize(("event", "row"), CASES.values(), ids=CASES)


@BOTH_WAYS
def test_an_event_is_encoded(event: chub.Event, row: dict[str, Any]) -> None:
    assert chub.encode(event) == row


@BOTH_WAYS
def test_a_row_is_parsed(event: chub.Event, row: dict[str, Any]) -> None:
    assert chub.parse_event(row) == Success(event)
    assert repr(chub.parse_event(row).unwrap()) == repr(event)


@BOTH_WAYS
def test_a_json_text_is_parsed(event: chub.Event, row: dict[str, Any]) -> None:
    for text in (json.dumps(row), dumps(row), b"\xef\xbb\xbf" + dumps(row)):
        assert chub.parse_event(text) == Success(event)


@BOTH_WAYS
def test_encoding_gives_new_plain_objects(event: chub.Event, row: dict[str, Any]) -> None:
    made = chub.encode(event)
    made["properties"]["more"] = 1
    assert chub.encode(event) == row
    assert {dict} == {type(made), type(made["properties"])}


@pytest.mark.parametrize("key", ["date", "mode", "contextInfo", "tracking", "bringBackProperties"])
def test_null_is_as_good_as_absent(key: str) -> None:
    assert chub.parse_event(ROW | {key: None}) == Success(EVENT)
    assert chub.parse_event(ROW | {"tracking": {"ga": None}}) == Success(EVENT)


def test_a_row_may_hold_python_values() -> None:
    row = ROW | {"date": TEN_IN_ROME, "context": chub.Context.WEB, "properties": {"title": "x", "own": EIGHT}}
    made = chub.parse_event(row).unwrap()
    assert (EIGHT, chub.ViewedPage(title="x", unlisted={"own": EIGHT})) == (made.date, made.properties)


def test_the_older_spelling_of_an_external_id_is_read_and_never_sent() -> None:
    row = {key: value for key, value in ROW.items() if key != "customerId"}
    made = chub.parse_event(row | {"bringBackProperties": {"type": "externalId", "value": "17"}}).unwrap()
    assert chub.ExternalId("17") == made.owner
    assert {"type": "EXTERNAL_ID", "value": "17"} == chub.encode(made)["bringBackProperties"]


def test_other_properties_than_of_a_known_type_are_custom() -> None:
    made = chub.parse_event(ROW | {"type": "addedWishList", "properties": {"a": None}}).unwrap()
    assert chub.Custom("addedWishList", {"a": None}) == made.properties


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"type": None}, ["$.type"]),
        ({"type": ""}, ["$.type"]),
        ({"type": 5}, ["$.type"]),
        ({"properties": None}, ["$.properties"]),
        ({"properties": []}, ["$.properties"]),
        ({"type": "sawUnicorn", "properties": "x"}, ["$.properties"]),
        ({"type": "sawUnicorn", "properties": {"a": {"b": float("inf")}}}, ["$.properties.a.b"]),
        ({"context": None}, ["$.context"]),
        ({"context": "web"}, ["$.context"]),
        ({"context": 10**5000}, ["$.context"]),
        ({"context": {}}, ["$.context"]),
        ({"mode": "ASLEEP"}, ["$.mode"]),
        ({"date": "2026-01-01T00:00:00"}, ["$.date"]),
        ({"date": 1767225600}, ["$.date"]),
        ({"date": False}, ["$.date"]),
        ({"customerId": None}, ["$.customerId"]),
        ({"customerId": ""}, ["$.customerId"]),
        ({"customerId": 5}, ["$.customerId"]),
        ({"bringBackProperties": {}}, ["$.customerId"]),
        ({"customerId": None, "bringBackProperties": []}, ["$.bringBackProperties"]),
        (
            {"customerId": None, "bringBackProperties": {}},
            ["$.bringBackProperties.type", "$.bringBackProperties.value"],
        ),
        (
            {"customerId": None, "bringBackProperties": {"type": 10**5000, "value": "", "nodeId": "", "b": 1, "a": 2}},
            [f"$.bringBackProperties.{key}" for key in ("type", "value", "nodeId", "b", "a")],
        ),
        ({"sessionId": "s", "externalId": "e", "nodeId": "n"}, ["$.sessionId", "$.externalId", "$.nodeId"]),
        ({5: 1}, ["$.5"]),
        ({"contextInfo": []}, ["$.contextInfo"]),
        ({"contextInfo": {"device": {}}}, ["$.contextInfo.device"]),
        ({"contextInfo": {"salesAssistant": {"id": "a"}}}, ["$.contextInfo.salesAssistant"]),
        ({"contextInfo": {"salesAssistant": {}}}, ["$.contextInfo.salesAssistant.id"]),
        (
            {"contextInfo": {"client": {"ip": "x", "localization": {"geo": {"lat": 99}}}}},
            [
                "$.contextInfo.client.ip",
                "$.contextInfo.client.localization.geo.lat",
                "$.contextInfo.client.localization.geo.lon",
            ],
        ),
        ({"contextInfo": {"user": {"id": 5}}, "context": None}, ["$.context", "$.contextInfo.user.id"]),
        ({"tracking": []}, ["$.tracking"]),
        ({"tracking": {"ga": {}, "fb": {}}}, ["$.tracking"]),
        ({"tracking": {"utm_source": "x"}}, ["$.tracking"]),
        ({"tracking": {"ga": []}}, ["$.tracking.ga"]),
        ({"tracking": {"ga": {"utm_source": 5}}}, ["$.tracking.ga.utm_source"]),
        ({"properties": {"title": 5, "pageTags": ["a", 5]}}, ["$.properties.title", "$.properties.pageTags[1]"]),
        ({"properties": {"pageTags": "a"}}, ["$.properties.pageTags"]),
        ({"properties": {"extended": 5, "own": {5: 1}}}, ["$.properties.extended", "$.properties.own"]),
        ({"type": "serviceSubscribed", "properties": {"startDate": "now"}}, ["$.properties.startDate"]),
        (
            {
                "type": "completedOrder",
                "properties": {
                    "type": "gift",
                    "amount": {"total": "1", "local": {"currency": "XXX"}},
                    "products": [{}, {"price": True, "orderLineId": 1.5, "classifications": [{}]}, None],
                },
            },
            [
                "$.properties.type",
                "$.properties.amount.total",
                "$.properties.amount.local.currency",
                "$.properties.products[1].price",
                "$.properties.products[1].orderLineId",
                "$.properties.products[1].classifications[0].key",
                "$.properties.products[1].classifications[0].value",
                "$.properties.products[2]",
            ],
        ),
        (
            {
                "type": None,
                "context": None,
                "customerId": None,
                "date": 5,
                "mode": 5,
                "contextInfo": 5,
                "tracking": 5,
                "x": 5,
            },
            ["$.type", "$.context", "$.customerId", "$.date", "$.mode", "$.contextInfo", "$.tracking", "$.x"],
        ),
    ],
)
def test_a_wrong_row_comes_back_with_all_problems(changes: dict[Any, Any], at: list[str]) -> None:
    assert sorted(paths(chub.parse_event(ROW | changes).failure())) == sorted(at)


@pytest.mark.parametrize("customer_id", ODD_PATH_IDS, ids=ascii)
def test_a_customer_id_that_no_path_bears_is_refused(customer_id: str) -> None:
    assert ["$.customerId"] == paths(chub.parse_event(ROW | {"customerId": customer_id}).failure())


@pytest.mark.parametrize("given", no_json_cases().values(), ids=no_json_cases())
def test_what_has_no_json_form_is_refused_where_it_stands(given: object) -> None:
    for row in (
        ROW | {"properties": {"own": given}},
        ROW | {"properties": {"extended": {"own": given}}},
        ROW | {"type": "sawUnicorn", "properties": {"own": given}},
        ROW | {"contextInfo": {"own": given}},
    ):
        assert all(".own" in path for path in paths(chub.parse_event(row).failure()))


@pytest.mark.parametrize("source", ["", "[]", b"\xff", None, 5, "[" * 100_000], ids=lambda source: repr(source)[:10])
def test_what_is_no_object_is_refused(source: Any) -> None:
    assert ["$"] == paths(chub.parse_event(source).failure())


def test_the_hints_name_the_hubs_form() -> None:
    told = str(chub.parse_event(ROW | {"sessionId": "s"}).failure())
    assert '$.sessionId: no key of an event; the hub\'s form is "bringBackProperties": {"type": "SESSION_ID", ' in told


@pytest.mark.parametrize("value", [chub.CustomerId("c"), chub.event_query(), None, {}, chub.Accepted("e")], ids=repr)
def test_what_has_no_form_on_the_wire_is_not_encoded(value: Any) -> None:
    with pytest.raises(chub.InvalidValue, match="a value with a form on the wire is needed"):
        chub.encode(value)


def test_a_failure_bears_no_traceback() -> None:
    assert None is chub.parse_event({}).failure().__traceback__
