"""The pure parts: JSON and instants, the schemas' judge, the notation, and samples of the contract."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chub.sandbox import contract
from chub.sandbox.notation import compile_object
from chub.sandbox.schema import violations
from chub.sandbox.schema_check import schema_problems
from chub.sandbox.text import DEEPEST, now_of, read_instant, read_json, write_ascii, write_instant, write_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_json_survives_both_ways_of_writing_it(value):
    assert value == read_json(write_json(value)) == read_json(write_ascii(value).encode())


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"NaN", b"[Infinity]", b"-Infinity", b"1e999", b"-1e999", b"\xff", b'"\xed\xa0\x80"', b"\xef\xbb\xbf{}",
     b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5000, b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), b"'a'", b"{1:2}",
     b"\x00", "{}".encode("utf-16")],
)  # fmt: skip
def test_what_is_no_json_is_a_value_error(body):
    with pytest.raises(ValueError):
        read_json(body)


@pytest.mark.parametrize(
    "body", [b"[" * DEEPEST + b"]" * DEEPEST, b"[" + b"[]," * DEEPEST + b"{}]", b'"' + b"[" * 999 + b'"']
)
def test_what_is_wide_or_just_deep_enough_is_read(body):
    assert json.loads(body) == read_json(body)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017-03-08T10:18:17Z", "2017-03-08T10:18:17.000+0000"),
        ("2017-03-08T10:18:17.1Z", "2017-03-08T10:18:17.100+0000"),
        ("2017-03-08T10:18:17.123999999+00:00", "2017-03-08T10:18:17.123+0000"),
        ("2017-03-08T10:18:17.12-0130", "2017-03-08T11:48:17.120+0000"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999+0000"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000+0000"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999+0000"),
    ],
)
def test_instants_are_read_with_their_zone_and_written_in_utc(text, expected):
    milliseconds = read_instant(text)
    assert milliseconds is not None
    assert expected == write_instant(milliseconds)


@pytest.mark.parametrize(
    "text",
    ["", "2017", "2017-03-08", "2017-03-08T10:18:17", "2017-03-08 10:18:17Z", "2017-03-08T10:18Z",
     "2017-02-29T00:00:00Z",
     "2017-03-08T24:00:00Z", "2017-03-08T10:18:60Z", "2017-03-08T10:18:17+25:00", "2017-03-08T10:18:17+01:60",
     "2017-03-08T10:18:17.Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
     "２017-03-08T10:18:17Z", "2017-03-08T10:18:17Z\n"],
)  # fmt: skip
def test_what_is_no_instant_is_none(text):
    assert None is read_instant(text)


@given(st.integers(read_instant("0001-01-01T00:00:00Z"), read_instant("9999-12-31T23:59:59.999Z")))
def test_an_instant_survives(milliseconds):
    assert milliseconds == read_instant(write_instant(milliseconds))


def test_a_clock_without_a_zone_is_refused():
    assert 0 == now_of(lambda: datetime(1970, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="aware"):
        now_of(lambda: datetime(1970, 1, 1))


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "number"}, [0, -1.5, 10**400], [True, "1", None]),
        ({"type": "integer"}, [3, 3.0, -0.0, 10**400, 1e300], [3.5, True, "3"]),
        ({"type": "boolean"}, [True], [0, 1, "true"]),
        ({"type": "null"}, [None], [0, False, "", [], {}]),
        ({"type": ["string", "null"]}, ["", None], [0, [], {}]),
        ({"type": "array", "items": {"type": "string"}}, [[], ["a"]], [{}, ["a", 1]]),
        ({"items": False}, [[], "text"], [[1]]),
        ({"enum": ["a", 1, None]}, ["a", 1, 1.0, None], [True, "b", [], {}]),
        ({"enum": [True]}, [True], [1]),
        ({"required": ["a"]}, [{"a": None}, "text"], [{}, {"b": 1}]),
        ({"additionalProperties": False}, [{}, "text"], [{"a": 1}]),
        ({"properties": {"a": {"type": "null"}}, "additionalProperties": {"type": "string"}},
         [{"a": None}, {"b": "x"}, "text"], [{"a": 1}, {"b": 1}]),
        ({"minimum": 0}, [0, 0.5, "text", False, None], [-1, -(10**400)]),
        ({"maximum": 90}, [90, "text", True], [90.1, 10**400]),
        ({"minLength": 1}, ["a", "\ud800", 0], [""]),
        ({"pattern": "^a+$"}, ["aa", 1], ["", "b"]),
        ({"format": "date-time"}, ["2017-03-08T10:18:17Z", 1], ["2017-03-08T10:18:17", ""]),
        ({"format": "ipv4"}, ["0.0.0.0", "255.255.255.255", 1],
         ["256.0.0.1", "1.2.3", "::1", "01.2.3.4", "١.2.3.4", ""]),
        ({"format": "email"}, ["anything"], []),
        ({"oneOf": [{"type": "null"}, {"type": "object", "required": ["a"]}]}, [None, {"a": 1}], [{}, 1]),
        ({"oneOf": [{"type": "number"}, {"minimum": 3}]}, [1], [4]),
        (True, [None, {}], []),
        (False, [], [None, {}]),
        ({}, [None, {"a": [1]}], []),
    ],
)  # fmt: skip
def test_the_judge(schema, good, bad):
    assert [] == [value for value in good if any(violations(schema, value))]
    assert [] == [value for value in bad if not any(violations(schema, value))]
    assert [] == list(schema_problems(schema))


def test_a_path_is_a_json_pointer():
    schema = {"properties": {"a/b": {"items": {"required": ["~"]}}}}
    (found,) = violations(schema, {"a/b": [{"~": 1}, {}]})
    assert ("/a~1b/1/~0", "required") == (found.path, found.code)


@pytest.mark.parametrize(
    "schema",
    [1, "x", None, [], {"type": "strnig"}, {"type": ["string", 1]}, {"type": {}}, {"enum": "ab"}, {"required": "ab"},
     {"required": [1]}, {"properties": []}, {"properties": {"a": 1}}, {"minimum": "1"}, {"maximum": True},
     {"minLength": 1.5}, {"pattern": "("}, {"pattern": 1}, {"format": 1}, {"oneOf": {}}, {"oneOf": [1]}, {"items": []},
     {"additionalProperties": 1}, {"anyOf": []}, {"properties": {"a": {"items": {"$ref": "#"}}}}, {"maxLength": 3}],
)  # fmt: skip
def test_a_schema_that_cannot_be_judged_is_told(schema):
    assert 1 == len(list(schema_problems(schema)))


def test_remarks_in_a_schema_are_let_be():
    assert [] == list(schema_problems({"title": "t", "$schema": "s", "default": 1, "x-ours": {"enabled": True}}))


def test_the_notation():
    shapes = {"kind": "= A B", "inner": "x!:int ...", "deep": "inners:[inner]"}
    assert {
        "type": "object",
        "additionalProperties": False,
        "required": ["a"],
        "properties": {
            "a": {"type": "string"},
            "b": {"type": ["number", "null"], "minimum": -1, "maximum": 2},
            "c": {"type": "string", "enum": ["A", "B"]},
            "d": {
                "type": ["object", "null"],
                "additionalProperties": False,
                "properties": {
                    "inners": {
                        "type": "array",
                        "items": {"type": "object", "required": ["x"], "properties": {"x": {"type": "integer"}}},
                    }
                },
            },
            "e": {"type": "string", "minLength": 1},
        },
    } == compile_object("a! b:num>=-1<=2? c:kind d:deep? e:text+", shapes)
    assert {"type": "object", "properties": {}, "additionalProperties": False} == compile_object("", shapes)


@pytest.mark.parametrize("words", ["a:b:c", "a!!", "a:num>=x", "a:[text", "a:[]"])
def test_what_is_not_in_the_notation_is_a_value_error(words):
    with pytest.raises(ValueError, match="notation"):
        compile_object(words, {"b": ""})


@pytest.mark.parametrize("event_type", contract.EVENT_TYPES)
def test_every_event_type_is_closed_with_two_places_for_more(event_type):
    schema = contract.type_schema(event_type)
    assert [] == list(schema_problems(schema))
    assert [] == list(violations(schema, {"extraProperties": {"any": 1}, "extended": None} | _needed(schema)))
    assert ["/unlisted"] == [found.path for found in violations(schema, {"unlisted": 1} | _needed(schema))]


def _needed(schema):
    samples = {"string": "2026-01-01T00:00:00Z", "number": 0}
    return {name: samples[schema["properties"][name]["type"]] for name in schema.get("required", ())}


@pytest.mark.parametrize("context", contract.CONTEXTS)
def test_every_context_has_a_client_and_a_user(context):
    schema = contract.context_schema(context)
    geo = {"lat": -90, "lon": 180}
    info = {"client": {"ip": "127.0.0.1", "localization": {"geo": geo}}, "user": {"id": "u", "ours": 1}}
    assert [] == list(violations(schema, info))
    assert [] == list(violations(schema, {}))
    assert 3 == len(list(violations(schema, {"user": {}, "client": {"localization": {"geo": {"lat": 91}}}, "x": 1})))


@pytest.mark.parametrize(
    ("event_type", "properties", "paths"),
    [
        ("completedOrder", {"amount": {"local": {"currency": "eur"}}}, ["/amount/local/currency"]),
        ("completedOrder", {"products": [{"type": "gift"}, {"classifications": [{}]}]},
         ["/products/0/type", "/products/1/classifications/0/key", "/products/1/classifications/0/value"]),
        ("addedReward", {}, ["/rewardAmount", "/rewardTypeId"]),
        ("addedReward", {"rewardAmount": -1, "rewardTypeId": "r"}, ["/rewardAmount"]),
        ("campaignSent", {"channel": "IM", "contents": [{"type": "IMG", "products": [{"id": "i", "ours": 1}]}]}, []),
        ("campaignOpened", {"channel": "IM"}, ["/channel"]),
        ("campaignSent", {"contents": [{"products": [{"price": -1}]}]},
         ["/contents/0/type", "/contents/0/products/0/id", "/contents/0/products/0/price"]),
        ("eventInvited", {"eventLocation": {"ours": 1, "address": {"geo": None}}}, []),
        ("eventNotInvited", {"eventLocation": {"ours": 1, "address": {"geo": {"lat": 0}}}},
         ["/eventLocation/ours", "/eventLocation/address/geo/lon"]),
        ("eventParticipated", {"host": {"contacts": {"fax": "1"}}, "checkIn": "now"},
         ["/checkIn", "/host/contacts/fax"]),
        ("grantedCoupon", {"startValidityDate": "2026-01-01T00:00:00Z", "totalAmount": 0, "deliveryMedium": {}},
         ["/deliveryMedium/id"]),
        ("viewedProductCategory", {"category": ["c"]}, ["/category"]),
        ("viewedPage", {"referrer": "r"}, ["/referrer"]),
        ("searched", {"resultCount": 3.5}, ["/resultCount"]),
    ],
)  # fmt: skip
def test_samples_of_the_event_types(event_type, properties, paths):
    assert paths == [found.path for found in violations(contract.type_schema(event_type), properties)]


@pytest.mark.parametrize(
    ("mode", "event_types"),
    [
        ("PASSIVE", ["campaignSent", "repliedTicket", "campaignBounced", "eventInvited", "genericPassiveEvent"]),
        ("ACTIVE", ["campaignOpened", "openedTicket", "completedOrder", "genericActiveEvent", "ours"]),
    ],
)  # fmt: skip
def test_modes(mode, event_types):
    assert {mode} == {contract.mode_of(event_type) for event_type in event_types}
    assert contract.PASSIVE <= contract.EVENT_TYPES.keys()
