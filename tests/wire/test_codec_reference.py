"""The codec against a slow reference, stock cattrs: both agree on every value, and refuse the same."""

import json
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from chub_stock import as_plain, plain, reference
from chub_strategies import law, maybe_damaged, odd_values
from hypothesis import assume, given
from hypothesis import strategies as st

import chub
from chub.testing.strategies import event_bodies, instants, odd_json, odd_json_objects
from chub.values.base import WireValue
from chub.values.catalogue import properties_class
from chub.values.instants import instant_text
from chub.values.schema import Choice, Flag, Free, Instant, Kind, Many, Nested, Number, Text, field_specs
from chub.wire.codec import check, encode_value, read
from chub.wire.recorded_events import encode_recorded_event, read_carefully, read_event
from chub.wire.straight import straight_reader
from chub.wire.straight_events import straight_event_reader

KNOWN: list[Any] = [properties_class(name) for name in chub.event_types()]
CLASSES: list[type[WireValue]] = [*KNOWN, chub.ContextInfo, chub.Tracking, chub.Customer]
STOCK = reference()

values = st.sampled_from(CLASSES).flatmap(odd_values)


text_of = partial(json.dumps, sort_keys=True)
"""JSON to compare: stock cattrs writes the same keys in another order."""


def stock_read(cls: type[WireValue], data: object) -> Any:
    """What stock cattrs makes of the data; None where it refuses them."""
    try:
        return STOCK.structure(data, plain(cls))
    except Exception:  # cattrs gathers what it finds in groups, for some shapes in plain TypeErrors
        return None


def ours_read(cls: type[WireValue], data: object) -> Any:
    try:
        return as_plain(read(cls, data))
    except chub.InvalidValue:
        return None


@law
@given(values)
def test_every_value_is_written_as_by_the_reference(value: Any) -> None:
    assert text_of(STOCK.unstructure(as_plain(value))) == text_of(encode_value(value))


@law
@given(values)
def test_every_value_is_read_as_by_the_reference_through_both_doors(value: Any) -> None:
    cls, data = type(value), encode_value(value)
    expected = stock_read(cls, data)
    assert expected is not None
    assert expected == as_plain(read(cls, data)) == as_plain(check(cls, data))


@law
@given(st.data())
def test_what_is_damaged_is_read_or_refused_as_by_the_reference(data: st.DataObject) -> None:
    cls = data.draw(st.sampled_from(CLASSES))
    given = data.draw(maybe_damaged(odd_values(cls).map(encode_value)))
    expected, found = stock_read(cls, given), ours_read(cls, given)
    assert expected == found
    if expected is not None:  # an int equals a float and a bool, but is written otherwise
        assert text_of(STOCK.unstructure(expected)) == text_of(encode_value(read(cls, given)))


@law
@given(st.sampled_from(CLASSES), odd_json() | odd_json_objects())
def test_any_json_is_read_or_refused_as_by_the_reference(cls: Any, given: Any) -> None:
    assert stock_read(cls, given) == ours_read(cls, given)


@law
@given(st.sampled_from(CLASSES), odd_json() | odd_json_objects())
def test_what_the_reference_refuses_is_not_sent(cls: Any, given: Any) -> None:
    if stock_read(cls, given) is None:
        with pytest.raises(chub.InvalidValue):
            check(cls, given)


@law
@given(event_bodies())
def test_the_straight_way_and_the_careful_way_read_the_same_event(row: dict[str, Any]) -> None:
    straight, careful = read_event(row), read_carefully(row)
    assert straight == careful
    assert repr(straight) == repr(careful)


def usual_row(properties: Any, context_info: Any, date: datetime, further: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "e",
        "customerId": "c",
        "type": properties.TYPE,
        "context": "ECOMMERCE",
        "properties": encode_value(properties),
        "contextInfo": encode_value(context_info),
        "date": instant_text(date),
        **further,
    }


usual_rows = st.builds(
    usual_row,
    st.sampled_from(KNOWN).flatmap(odd_values),
    odd_values(chub.ContextInfo),
    instants(),
    st.fixed_dictionaries({}, optional={"registeredAt": instants().map(instant_text), "own": st.text()}),
)


@law
@given(usual_rows)
def test_both_ways_read_the_same_usual_event(row: dict[str, Any]) -> None:
    straight, careful = read_event(row), read_carefully(row)
    assert (repr(straight), hash(straight)) == (repr(careful), hash(careful))
    assert encode_recorded_event(straight) == encode_recorded_event(careful) == row


@pytest.mark.parametrize("cls", KNOWN, ids=lambda cls: cls.TYPE)
def test_the_usual_event_goes_the_straight_way(cls: Any) -> None:
    properties, context_info = (filled(Nested(each)) for each in (cls, chub.ContextInfo))
    row = {"id": "e", "type": cls.TYPE, "context": "WEB", "properties": properties, "contextInfo": context_info}
    assert read_carefully(row) == straight_event_reader()(row)


@law
@given(maybe_damaged(usual_rows))
def test_the_usual_event_damaged_is_read_as_by_the_careful_way(row: Any) -> None:
    assume(isinstance(row, dict))
    assert repr(read_carefully(row)) == repr(read_event(row))


@law
@given(instants().map(lambda date: date.isoformat()), st.sampled_from(["date", "registeredAt", "updatedAt"]))
def test_both_ways_read_the_same_instant(text: str, key: str) -> None:
    row = {"id": "e", "type": "viewedPage", "context": "WEB", "properties": {}, key: text}
    assert read_carefully(row) == read_event(row)


def filled(kind: Kind) -> Any:
    """Give JSON in which everything that a kind lists is set."""
    match kind:
        case Nested(cls=cls):
            return {spec.wire_name: filled(spec.kind) for spec in field_specs(cls)}
        case Many(item=item):
            return [filled(item), filled(item)]
        case Number(whole=whole):
            return 7 if whole else 7.5
        case Choice(texts=texts):
            return sorted(texts)[0]
        case _:
            return {Text: "Straße", Flag: True, Instant: "2026-03-08T10:18:17.250Z", Free: {"a": [None]}}[type(kind)]


@pytest.mark.parametrize("cls", KNOWN, ids=lambda cls: cls.TYPE)
def test_what_is_usual_goes_the_straight_way(cls: Any) -> None:
    data = filled(Nested(cls)) | {"own": 1}
    assert read(cls, data) == straight_reader(cls)(data)
    assert data == encode_value(straight_reader(cls)(data))


ROW: dict[str, Any] = {"id": "e", "type": "viewedPage", "context": "WEB", "properties": {}}


@pytest.mark.parametrize(
    "change",
    [
        {"date": "0001-01-01T00:00:00+01:00"},
        {"date": "2026-03-08T10:18:17"},
        {"date": "2026-03-08T10:18:17.123456+02:00"},
        {"updatedAt": 5},
        {"type": "sawUnicorn", "properties": 5},
        {"type": "sawUnicorn", "properties": {"a": 10**400}},
        {"type": "viewedPage", "properties": {"title": 5}},
        {"type": ["viewedPage"]},
        {"context": ""},
        {"bringBackProperties": {"type": ["SESSION_ID"], "value": "s"}},
        {"bringBackProperties": {"type": "externalId", "value": "17"}},
        {"bringBackProperties": "s"},
        {"tracking": {"ga": {}, "fb": {}}},
        {"tracking": {"fb": {}}},
        {"contextInfo": {"client": []}},
        {"own": [[[10**20]]]},
    ],
    ids=lambda change: repr(change)[:40],
)
def test_what_is_rare_is_left_to_the_careful_way(change: dict[str, Any]) -> None:
    straight, careful = read_event(ROW | change), read_carefully(ROW | change)
    assert straight == careful
    assert repr(straight) == repr(careful)


def test_reading_changes_nothing_of_what_is_given() -> None:
    row = {"id": "e", "type": "sawUnicorn", "context": "WEB", "properties": {"a": [{"b": 1}]}, "own": {"c": [2]}}
    found = read_event(row)
    row["properties"]["a"][0]["b"] = row["own"]["c"][0] = 3  # type: ignore[index]
    assert ({"a": ({"b": 1},)}, {"own": {"c": (2,)}}) == (found.properties.properties, found.unlisted)  # type: ignore[union-attr]
