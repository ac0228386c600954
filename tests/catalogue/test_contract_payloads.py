"""What the hub's schemas allow goes through the client into a hub and back; nothing is lost or invented."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chub
from chub.values.catalogue import properties_class

EVERY_TYPE = pytest.mark.parametrize("event_type", chub.event_types())

TEXTS = st.text(max_size=20)


def objects(inner):
    return st.dictionaries(TEXTS, inner, max_size=3)


SCALARS = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(SCALARS | TEXTS, lambda inner: st.lists(inner, max_size=3) | objects(inner), max_leaves=6)
INSTANTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))


def instant_text(moment):
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z".rjust(24, "0")


def values(schema):
    """Values of a schema, as JSON has them."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "properties" in schema:
        return keyed_values(schema)
    if schema["type"] == "array":
        return st.lists(values(schema["items"]), max_size=3)
    if schema["type"] in ("number", "integer"):
        return numbers(schema)
    if schema.get("format") == "date-time":
        return INSTANTS.map(instant_text)
    return TEXTS if schema["type"] == "string" else objects(JSON)


def keyed_values(schema):
    required = schema.get("required", [])
    each = {key: values(inner) for key, inner in schema["properties"].items()}
    return st.fixed_dictionaries(
        {key: strategy for key, strategy in each.items() if key in required},
        optional={key: strategy for key, strategy in each.items() if key not in required},
    )


def numbers(schema):
    low, high = schema.get("minimum"), schema.get("maximum")
    whole = st.integers(-(10**15) if low is None else low, 10**15 if high is None else high)
    if schema["type"] == "integer":
        return whole
    return whole | st.floats(low, high, allow_nan=False, allow_infinity=False)


@EVERY_TYPE
def test_a_filled_payload_is_read_as_its_class_and_written_as_it_was(contract, fill, row, event_type):
    payload = fill(contract[event_type])
    event = chub.parse_event(row(event_type, payload)).unwrap()
    assert properties_class(event_type) is type(event.properties)
    assert chub.frozen_dict({}) == event.properties.unlisted
    assert row(event_type, payload) == chub.encode(event)


@EVERY_TYPE
def test_a_filled_payload_comes_back_from_a_hub_as_it_was(contract, fill, row, hub, event_type):
    payload = fill(contract[event_type])
    event = chub.parse_event(row(event_type, payload)).unwrap()
    recorded = hub.there_and_back(event)
    assert event.properties == recorded.properties
    assert event_type == recorded.type
    assert payload == chub.encode(recorded)["properties"]


@EVERY_TYPE
@given(data=st.data())
def test_what_the_schema_allows_is_taken_and_written_as_it_was(contract, row, event_type, data):
    payload = data.draw(values(contract[event_type]))
    event = chub.parse_event(row(event_type, payload)).unwrap()
    assert row(event_type, payload) == chub.encode(event)
    assert event == chub.parse_event(chub.encode(event)).unwrap()


@given(data=st.data())
def test_what_the_schema_allows_comes_back_from_a_hub_as_it_was(contract, row, hub, data):
    event_type = data.draw(st.sampled_from(chub.event_types()))
    payload = data.draw(values(contract[event_type]))
    event = chub.parse_event(row(event_type, payload)).unwrap()
    recorded = hub.there_and_back(event)
    assert event.properties == recorded.properties
    assert payload == chub.encode(recorded)["properties"]


@EVERY_TYPE
def test_nulls_are_as_good_as_missing_keys(contract, fill, row, event_type):
    schema = contract[event_type]
    nulls = dict.fromkeys(schema["properties"])
    needed = {key: fill(schema["properties"][key]) for key in schema.get("required", [])}
    event = chub.parse_event(row(event_type, nulls | needed)).unwrap()
    assert chub.parse_event(row(event_type, needed)).unwrap() == event
    assert row(event_type, needed) == chub.encode(event)
