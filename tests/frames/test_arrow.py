"""Arrow tables of events: a schema that no data changes, and no event, key or number lost."""

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from chub_cases import FULL_EVENT, FULL_RECORDED, paths, raised
from chub_frames import HOME, SEARCH, UNICORN, any_events, recorded, sound
from chub_strategies import law
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

import chub
from chub import frames
from chub.frames.layout import COMMON, own_column, type_schema, wide_schema
from chub.values.catalogue import properties_class
from chub.values.context_info import ContextInfo
from chub.values.schema import Choice, Flag, Free, Instant, Kind, Many, Nested, Number, Text, field_specs

WIDE = wide_schema(chub.event_types())
LATE = chub.NotSent(reason="late", transient=True)


def row(event: Any, **more: Any) -> dict[str, Any]:
    """Give what the columns hold of one event, where they hold anything."""
    (found,) = frames.to_arrow([event], **more).to_pylist()
    return {name: value for name, value in found.items() if value is not None}


def fits(kind: Kind, found: pa.DataType) -> bool:
    """Say whether a column is what a kind of field needs."""
    match kind:
        case Text() | Choice() | Free():
            return found == pa.string()
        case Number(whole=whole):
            return found == (pa.int64() if whole else pa.float64())
        case Flag():
            return found == pa.bool_()
        case Instant():
            return found == pa.timestamp("ms", "UTC")
        case Many(item=item):
            return pa.types.is_list(found) and fits(item, found.value_type)
        case Nested(cls=cls):
            specs = field_specs(cls)
            names = [spec.name for spec in specs]
            inner = zip(specs, found, strict=True)
            return [field.name for field in found] == names and all(
                fits(spec.kind, field.type) for spec, field in inner
            )


def test_common_columns_come_first_then_a_struct_for_each_type_then_json() -> None:
    assert [*COMMON, *chub.event_types(), "properties", "unlisted"] == WIDE.names
    for name in ("type", "context", "mode"):
        assert pa.dictionary(pa.int32(), pa.string()) == WIDE.field(name).type
    for name in ("date", "registered_at", "updated_at"):
        assert pa.timestamp("ms", "UTC") == WIDE.field(name).type
    assert fits(Nested(ContextInfo), WIDE.field("context_info").type)


@pytest.mark.parametrize("name", chub.event_types())
def test_the_columns_of_a_type_are_the_fields_of_its_class(name: str) -> None:
    cls = properties_class(name)
    assert cls is not None
    assert fits(Nested(cls), WIDE.field(name).type)
    own = type_schema(name)
    assert [*COMMON, *(own_column(spec.name) for spec in field_specs(cls)), "properties", "unlisted"] == own.names
    assert len(set(own.names)) == len(own.names)
    assert all(fits(spec.kind, own.field(own_column(spec.name)).type) for spec in field_specs(cls))


def test_a_type_that_chub_does_not_know_has_no_columns_of_its_own() -> None:
    assert [*COMMON, "properties", "unlisted"] == type_schema("sawUnicorn").names


@law
@given(any_events, st.integers(1, 4))
def test_every_batch_has_the_one_schema_and_no_event_is_lost(found: list[Any], size: int) -> None:
    batches = frames.to_arrow_batches(iter(found), batch_size=size)
    made = list(batches)
    assert [WIDE] * len(made) == [batch.schema for batch in made]
    assert WIDE == batches.schema
    for batch in made:
        batch.validate(full=True)
    assert [min(size, len(found) - start) for start in range(0, len(found), size)] == [len(batch) for batch in made]
    assert len(found) == batches.tally.rows
    types = [text for batch in made for text in batch["type"].to_pylist()]
    assert [sound(event.type) or None for event in found] == types


@law
@given(any_events)
def test_the_tables_of_all_types_together_hold_every_event(found: list[Any]) -> None:
    tables = frames.to_arrow(found, by_type=True)
    assert {sound(event.type) for event in found} == set(map(sound, tables))
    for name, table in tables.items():
        assert type_schema(name) == table.schema
        assert [event.type for event in found].count(name) == len(table)


def test_nothing_makes_an_empty_table_of_the_whole_schema() -> None:
    table = frames.to_arrow([])
    assert (WIDE, 0) == (table.schema, len(table))
    assert list(chub.event_types()) == table["type"].chunk(0).dictionary.to_pylist()
    assert [] == list(frames.to_arrow_batches([]))
    assert {} == frames.to_arrow([], by_type=True)
    assert type_schema("searched") == frames.to_arrow([], by_type=chub.Searched).schema


def test_the_row_of_an_event_that_is_to_be_sent() -> None:
    assert {
        "type": "searched",
        "context": "WEB",
        "session_id": "s",
        "node_id": "n",
        "searched": {"extra_properties": None, "extended": None, "keyword": "shoes", "result_count": 3},
    } == row(SEARCH)
    assert {"type": "sawUnicorn", "context": "IOT", "external_id": "x", "properties": '{"colour":"white"}'} == row(
        UNICORN
    )


def test_the_row_of_a_full_event() -> None:
    found = row(FULL_EVENT)
    assert FULL_EVENT.date == found["date"]
    assert "ACTIVE" == found["mode"]
    assert FULL_EVENT.properties.start_date == found["serviceSubscribed"]["start_date"]
    assert FULL_EVENT.context_info is not None
    assert FULL_EVENT.context_info.store is not None
    assert FULL_EVENT.context_info.store.website == found["context_info"]["store"]["website"]
    assert FULL_EVENT.tracking is not None
    assert FULL_EVENT.tracking.utm_source == found["tracking"]["utm_source"]


def test_the_row_of_a_recorded_event_and_its_products() -> None:
    found = row(FULL_RECORDED)
    assert ("e_id", "c_id", "a visit", "n") == tuple(
        found[name] for name in ("id", "customer_id", "session_id", "node_id")
    )
    assert FULL_RECORDED.registered_at == found["registered_at"]
    products = FULL_RECORDED.properties.products
    assert [item.sku for item in products] == [item["sku"] for item in found["completedOrder"]["products"]]
    rest = json.loads(found["unlisted"])
    assert None is rest.pop("newKey")
    assert {"more": 1} == rest["bringBackProperties"]


def test_types_name_those_that_have_a_struct_the_others_stand_in_the_json() -> None:
    table = frames.to_arrow([HOME, SEARCH], types=chub.Searched)
    assert [*COMMON, "searched", "properties", "unlisted"] == table.schema.names
    assert ['{"title":"Home"}', None] == table["properties"].to_pylist()
    assert wide_schema(("searched", "viewedPage")) == frames.to_arrow([], types=["searched", chub.ViewedPage]).schema


def test_the_table_of_one_type_has_its_fields_as_columns() -> None:
    product = chub.event(chub.ViewedProduct(id="p-1", name="Shoes"), owner=chub.CustomerId("c"), context="WEB")
    assert {
        "type": "viewedProduct",
        "context": "WEB",
        "customer_id": "c",
        "properties_id": "p-1",
        "name": "Shoes",
    } == row(product, by_type=chub.ViewedProduct)
    assert "white" in row(UNICORN, by_type="sawUnicorn")["properties"]


def test_keys_that_no_class_lists_are_kept_and_counted() -> None:
    product = {"sku": "a", "colour": "red", "classifications": [{"key": "k", "value": "v", "more": 1}]}
    order = {"orderId": "o", "products": [{"sku": "b"}, product], "amount": {"total": 1, "fee": 2}, "note": None}
    event = recorded(type="completedOrder", properties=order, newKey=[1], tracking={"ga": {"utm_id": 7}})
    batches = frames.to_arrow_batches([HOME, event])
    (batch,) = batches
    assert batch["unlisted"][0].as_py() is None
    assert {
        "newKey": [1],
        "tracking": {"ga": {"utm_id": 7}},
        "properties": {
            "note": None,
            "amount": {"fee": 2},
            "products": {"1": {"colour": "red", "classifications": {"0": {"more": 1}}}},
        },
    } == json.loads(batch["unlisted"][1].as_py())
    assert frames.Tally(rows=2, unlisted=6) == batches.tally


def test_misfits_are_kept_and_counted() -> None:
    odd = [
        recorded(properties={"title": 7}),
        recorded(contextInfo={"client": 7}),
        recorded(tracking={"utm": 1}),
        recorded(bringBackProperties={"type": "OTHER"}),
        recorded(properties=[1]),
    ]
    batches = frames.to_arrow_batches(odd)
    (batch,) = batches
    assert ['{"title":7}', None, None, None, None] == batch["properties"].to_pylist()
    assert [
        None,
        {"contextInfo": {"client": 7}},
        {"tracking": {"utm": 1}},
        {"bringBackProperties": {"type": "OTHER"}},
        {"properties": [1]},
    ] == [text and json.loads(text) for text in batch["unlisted"].to_pylist()]
    assert frames.Tally(rows=5, misfits=5, unlisted=1) == batches.tally


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30, 10**4299])
def test_a_whole_number_beyond_64_bits_is_kept_as_json(number: int) -> None:
    batches = frames.to_arrow_batches([recorded(type="searched", properties={"resultCount": number})])
    (batch,) = batches
    assert {"properties": {"resultCount": number}} == json.loads(batch["unlisted"][0].as_py())
    assert batch["searched"][0]["result_count"].as_py() is None
    assert frames.Tally(rows=1, unheld=1) == batches.tally


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 0])
def test_a_whole_number_of_64_bits_is_held(number: int) -> None:
    found = row(recorded(type="searched", properties={"resultCount": number}))
    assert number == found["searched"]["result_count"]
    assert "unlisted" not in found


@pytest.mark.parametrize("number", [1e308, -1e308, 5e-324, -0.0, 12.5, 7, 2**60, 10**22])
def test_a_number_that_a_float_is_equal_to_is_held(number: float) -> None:
    found = row(recorded(type="completedOrder", properties={"amount": {"total": number}}))
    assert number == found["completedOrder"]["amount"]["total"]
    assert "unlisted" not in found


@pytest.mark.parametrize("number", [2**53 + 1, 10**400])
def test_a_number_that_no_float_is_equal_to_is_kept_as_json(number: int) -> None:
    events = [recorded(type="completedOrder", properties={"amount": {"total": total}}) for total in (1.5, number, None)]
    table = frames.to_arrow(events)
    assert [1.5, None, None] == [order["amount"]["total"] for order in table["completedOrder"].to_pylist()]
    assert {"properties": {"amount": {"total": number}}} == json.loads(table["unlisted"][1].as_py())


def test_lone_surrogates_become_replacement_characters_and_are_counted() -> None:
    odd = chub.event(
        chub.ViewedPage(title="a\ud800b", page_tags=["\udfff", "fine"], extended={"k": "\ud800"}),
        owner=chub.SessionId("\udc00"),
        context="WEB",
    )
    customs = [chub.event(chub.Custom(f"my{end}"), owner=chub.CustomerId("c"), context="WEB") for end in "\ud800\ud801"]
    batches = frames.to_arrow_batches([HOME, odd, *customs])
    (batch,) = batches
    page = batch["viewedPage"][1].as_py()
    assert ("a\ufffdb", ["\ufffd", "fine"]) == (page["title"], page["page_tags"])
    assert "\ufffd" == batch["session_id"][1].as_py()
    assert {"k": "\ud800"} == json.loads(page["extended"])
    assert ["my\ufffd"] * 2 == batch["type"].to_pylist()[2:]
    assert len(chub.event_types()) + 1 == len(batch["type"].dictionary)
    assert frames.Tally(rows=4, replaced=5) == batches.tally


def test_hostile_texts_are_held() -> None:
    for text in ("\0", "\N{PILE OF POO}", "\u202e", "'; DROP TABLE", "=1+1", "x" * 100_000):
        title = chub.event(chub.ViewedPage(title=text), owner=chub.CustomerId("c"), context="WEB")
        assert text == row(title)["viewedPage"]["title"]


def test_an_unknown_context_or_mode_is_held() -> None:
    found = row(recorded(context="MOON", mode="ASLEEP"))
    assert ("MOON", "ASLEEP") == (found["context"], found["mode"])


def test_known_members_have_the_same_place_in_every_batch() -> None:
    first, second = frames.to_arrow_batches([UNICORN, HOME], batch_size=1)
    known = list(chub.event_types())
    assert [*known, "sawUnicorn"] == first["type"].dictionary.to_pylist()
    assert known == second["type"].dictionary.to_pylist()


def test_batches_are_made_when_they_are_asked_for() -> None:
    pulled = []

    def source() -> Iterator[chub.Event]:
        for number in range(5):
            pulled.append(number)
            yield HOME

    batches = frames.to_arrow_batches(source(), batch_size=2)
    assert [] == pulled
    next(batches)
    assert [0, 1] == pulled
    assert 2 == batches.tally.rows


def test_another_library_takes_the_stream() -> None:
    reader = pa.RecordBatchReader.from_stream(frames.to_arrow_batches([HOME, SEARCH], batch_size=1))
    assert WIDE == reader.schema
    assert ["viewedPage", "searched"] == reader.read_all()["type"].to_pylist()


def test_a_table_is_made_of_batches_and_of_other_streams() -> None:
    batches = frames.to_arrow_batches([HOME, UNICORN], batch_size=1)
    table = frames.to_arrow(batches)
    assert frames.to_arrow([HOME, UNICORN]) == table
    assert table == frames.to_arrow(table)
    assert 2 == batches.tally.rows


RESULTS: list[Result[Any, Any]] = [Success(HOME), Failure(LATE), Success(SEARCH), Failure(LATE)]


def test_a_failure_is_raised() -> None:
    with pytest.raises(chub.NotSent, match="late"):
        frames.to_arrow(RESULTS)
    with pytest.raises(chub.NotSent, match="late"):
        frames.to_arrow(RESULTS, by_type=True)


def test_or_ends_the_stream() -> None:
    assert ["viewedPage"] == frames.to_arrow(RESULTS, failures="stop")["type"].to_pylist()
    assert ["viewedPage"] == list(frames.to_arrow(RESULTS, by_type=True, failures="stop"))


def test_or_is_collected() -> None:
    found: list[chub.ChubError] = []
    assert ["viewedPage", "searched"] == frames.to_arrow(RESULTS, failures=found)["type"].to_pylist()
    assert [LATE, LATE] == found


@pytest.mark.parametrize(
    ("run", "path"),
    [
        (lambda: frames.to_arrow_batches([], batch_size=0), "batch_size"),
        (lambda: frames.to_arrow_batches([], batch_size=True), "batch_size"),
        (lambda: frames.to_arrow_batches([], batch_size="1"), "batch_size"),
        (lambda: frames.to_arrow_batches([], failures="ignore"), "failures"),
        (lambda: frames.to_arrow([], by_type=True, failures="ignore"), "failures"),
        (lambda: frames.to_arrow_batches([], types=[7]), "types[0]"),
        (lambda: frames.to_arrow_batches([], types=7), "types[0]"),
        (lambda: frames.to_arrow_batches([], types=["viewedPage", "sawUnicorn"]), "types[1]"),
        (lambda: frames.to_arrow_batches([], types=chub.Custom), "types[0]"),
        (lambda: frames.to_arrow_batches([], by_type=7), "by_type"),
        (lambda: frames.to_arrow_batches([], by_type="viewedPage", types="searched"), "types"),
        (lambda: frames.to_arrow([], by_type=True, types="searched"), "types"),
        (lambda: frames.to_arrow(7), "results"),
        (lambda: frames.to_arrow("events"), "results"),
        (lambda: frames.to_arrow({"id": 1}), "results"),
        (lambda: frames.to_arrow(HOME), "results"),
        (lambda: frames.to_arrow([HOME, 7]), "results[1]"),
        (lambda: list(frames.to_arrow_batches([HOME, HOME, {"id": 1}], batch_size=2)), "results[2]"),
        (lambda: frames.to_arrow([HOME, None], by_type=True), "results[1]"),
        (lambda: frames.to_arrow([HOME, SEARCH], by_type="viewedPage"), "results[1]"),
        (lambda: frames.to_arrow(frames.to_arrow([]), types="searched"), "results"),
        (lambda: frames.to_arrow(frames.to_arrow([]), by_type=True), "results"),
        (lambda: frames.to_arrow(frames.to_arrow([]), failures="stop"), "results"),
    ],
)
def test_a_wrong_argument_is_told(run: Any, path: str) -> None:
    assert [path] == paths(raised(run))


def test_tallies_add_up() -> None:
    one = frames.Tally(rows=1, unlisted=2, misfits=3, unheld=4, replaced=5)
    assert frames.Tally(rows=2, unlisted=4, misfits=6, unheld=8, replaced=10) == one + one
    assert one == one + frames.Tally()
    assert "Tally(rows=1, unlisted=2, misfits=3, unheld=4, replaced=5)" == repr(one)
