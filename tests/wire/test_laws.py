"""The laws of the wire: what is encoded is parsed back, nothing of the hub's is lost, and no parser raises."""

import json
import sys
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from chub_cases import FULL_EVENT_JSON, FULL_RECORDED_JSON, OPERATIONS
from chub_strategies import KNOWN, law, odd_events, odd_values
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Result, Success

import chub
from chub.testing import laws
from chub.testing.strategies import (
    damaged,
    event_bodies,
    odd_json,
    odd_json_objects,
    odd_recorded_events,
    odd_texts,
    recorded_customers,
    recorded_events,
    responses,
    sessions,
)
from chub.wire.codec import check, encode_value, read
from chub.wire.jsontext import dumps

PARSERS: list[Callable[[Any], Result[Any, chub.ChubError]]] = [
    chub.parse_event,
    chub.parse_recorded_event,
    chub.parse_page,
]
VALUES = st.one_of(*map(odd_values, (*KNOWN, chub.ContextInfo, chub.Tracking, chub.Customer)))


@law
@given(odd_events())
def test_an_event_that_is_encoded_is_parsed_back(event: chub.Event) -> None:
    laws.round_trip(event)
    assert repr(chub.parse_event(chub.encode(event)).unwrap()) == repr(event)


@law
@given(odd_recorded_events() | recorded_events() | recorded_customers() | sessions() | VALUES)
def test_what_has_a_form_on_the_wire_makes_the_round_trip(value: Any) -> None:
    laws.round_trip(value)


@law
@given(VALUES)
def test_each_part_comes_back_through_both_doors(value: Any) -> None:
    assert check(type(value), encode_value(value)) == value == read(type(value), encode_value(value))


@law
@given(event_bodies())
def test_nothing_that_the_hub_returns_is_lost(row: dict[str, Any]) -> None:
    laws.keeps_everything(row)


@law
@given(event_bodies())
def test_nulls_inside_free_objects_are_kept(row: dict[str, Any]) -> None:
    recorded = chub.parse_recorded_event(row).unwrap()
    encoded = chub.encode(recorded)
    listed = {*FULL_RECORDED_JSON} - {"newKey"}
    assert [item for item in row.items() if item[0] not in listed] == [
        item for item in encoded.items() if item[0] not in listed
    ]
    if isinstance(recorded.properties, chub.Custom) and "properties" not in recorded.unlisted:
        assert (row.get("properties") or {}) == encoded["properties"]
    for key, value in (("contextInfo", recorded.context_info), ("tracking", recorded.tracking)):
        if isinstance(value, chub.FrozenDict):
            assert row[key] == encoded[key]


@law
@given(event_bodies())
def test_reading_again_what_was_read_changes_nothing(row: dict[str, Any]) -> None:
    recorded = chub.parse_recorded_event(row).unwrap()
    again = chub.parse_recorded_event(chub.encode(recorded)).unwrap()
    assert (recorded, hash(recorded), chub.encode(recorded)) == (again, hash(again), chub.encode(again))


@law
@given(st.sampled_from([FULL_EVENT_JSON, FULL_RECORDED_JSON]).flatmap(damaged), st.sampled_from(PARSERS))
def test_a_parser_of_damaged_json_returns(row: Any, parse: Callable[[Any], Result[Any, Any]]) -> None:
    laws.parses_anything(parse, row)
    laws.parses_anything(parse, dumps(row))


@law
@given(odd_json() | odd_json_objects() | odd_texts() | st.binary(), st.sampled_from(PARSERS))
def test_a_parser_of_anything_returns(source: Any, parse: Callable[[Any], Result[Any, Any]]) -> None:
    laws.parses_anything(parse, source)
    laws.parses_anything(parse, json.dumps(source) if not isinstance(source, bytes) else source)


HOSTILE: dict[str, str | bytes] = {
    "empty": "",
    "deep arrays": "[" * 100_000 + "]" * 100_000,
    "deep objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "deep properties": '{"properties":{"a":' + "[" * 900 + "]" * 900 + "}}",
    "deep elements": '{"elements":' + "[" * 900 + "]" * 900 + "}",
    "deep element": '{"elements":[{"a":' + "[" * 300 + "]" * 300 + "}]}",
    "deep bring back": '{"bringBackProperties":{"type":"SESSION_ID","value":"s","a":' + "[" * 300 + "]" * 300 + "}}",
    "giant integer": '{"page":' + "9" * 5000 + "}",
    "big integer": '{"elements":[{"id":' + "9" * 4300 + '}],"page":{"number":' + "9" * 4300 + "}}",
    "NaN": '{"elements":[NaN]}',
    "infinity": '{"date":Infinity}',
    "beyond a float": '{"date":-1e999}',
    "duplicate keys": '{"id":1,"id":"e","elements":[],"elements":{}}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "byte order mark in text": "\ufeff{}",
    "no UTF-8": b'{"id":"\xff"}',
    "UTF-16": '{"id":"e"}'.encode("utf-16"),
    "lone surrogates": '{"id":"\\ud800","type":"\\udfff","\\udc00":1}',
    "NUL": b'{"id":"\x00"}',
    "cut off": b'{"elements":[{"id":"e"',
    "two texts": b"{}{}",
    "HTML": b"<!doctype html><title>no</title>",
}
BODIES = pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)


@BODIES
@pytest.mark.parametrize("parse", PARSERS)
def test_a_parser_of_a_hostile_text_returns(body: str | bytes, parse: Callable[[Any], Result[Any, Any]]) -> None:
    laws.parses_anything(parse, body)


def as_bytes(body: str | bytes) -> bytes:
    return body if isinstance(body, bytes) else body.encode()


@BODIES
@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_an_operation_reads_a_hostile_body(body: str | bytes, operation: chub.Operation[Any]) -> None:
    for status in (200, 202, 400, 409, 429, 503):
        assert isinstance(operation.read(chub.Response(status=status, body=as_bytes(body))), Result)


@law
@given(st.sampled_from([*OPERATIONS.values()]), responses(st.integers(100, 599) | st.integers()), odd_texts())
def test_an_operation_reads_any_answer(operation: chub.Operation[Any], response: chub.Response, reason: str) -> None:
    result = operation.read(attrs.evolve(response, reason=reason))
    if isinstance(result, Success):
        assert 200 <= response.status < 300
    else:
        assert isinstance(result.failure(), chub.ChubError)
        assert len(str(result.failure()).splitlines()) == 1


def near_the_stacks_end(call: Callable[[], Result[Any, chub.ChubError]], frames: int) -> Result[Any, chub.ChubError]:
    """Call with so many frames of the stack left."""
    used, frame = 0, sys._getframe()
    while frame is not None:
        used, frame = used + 1, frame.f_back  # type: ignore[assignment]
    return below(call, sys.getrecursionlimit() - used - frames)


def below(call: Callable[[], Result[Any, chub.ChubError]], frames: int) -> Result[Any, chub.ChubError]:
    return call() if frames <= 0 else below(call, frames - 1)


DEEP: dict[str, Any] = {"properties": {"a": {}}, "type": "sawUnicorn"}
for _ in range(150):
    DEEP["properties"]["a"] = {"a": DEEP["properties"]["a"]}
DEEP_TEXT = dumps(DEEP)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: chub.parse_event(DEEP), chub.InvalidValue),
        (lambda: chub.parse_recorded_event(DEEP), chub.BadResponse),
        (lambda: chub.parse_page({"elements": [DEEP]}), chub.BadResponse),
        (lambda: OPERATIONS["get_event"].read(chub.Response(status=200, body=DEEP_TEXT)), chub.BadResponse),
    ],
    ids=["event", "recorded event", "page", "operation"],
)
def test_a_parser_at_the_end_of_the_stack_returns(
    call: Callable[[], Result[Any, chub.ChubError]], error: type[Exception]
) -> None:
    whole, failures = call(), []
    for frames in range(100, 300, 2):  # what is read in C needs as many as what is read in Python, or fewer
        result = near_the_stacks_end(call, frames)
        failures += [] if result == whole else [result.failure()]
    assert failures
    assert {error} == set(map(type, failures))
    assert all("nested too deep" in str(failure) for failure in failures)
