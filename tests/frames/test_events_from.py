"""Events out of rows: what a column means, what a cell holds, and what is told of a row that is wrong."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from chub_cases import FULL_EVENT, FULL_RECORDED, paths, raised
from chub_frames import HOME, SEARCH, UNICORN, any_events, on_the_wire, recorded, sendable, sound
from chub_payloads import EIGHT, EIGHT_TEXT, ORDER
from chub_strategies import law
from hypothesis import given
from hypothesis import strategies as st

import chub
from chub import frames
from chub.testing.strategies import odd_json, odd_json_objects, odd_texts

ROW = {"type": "searched", "context": "WEB", "customer_id": "c"}


def read(row: Any, **more: Any) -> Any:
    """Give the one event of a row."""
    (found,) = frames.events_from([row], **more)
    return found.unwrap()


def told(row: Any, **more: Any) -> list[str]:
    """Give what is told of a wrong row."""
    (found,) = frames.events_from([row], **more)
    return [str(problem) for problem in found.failure().problems]


def with_properties(**given_fields: Any) -> chub.Event:
    return chub.event(chub.Searched(**given_fields), owner=chub.CustomerId("c"), context="WEB")


@law
@given(sendable)
def test_a_table_gives_its_events_back(found: list[Any]) -> None:
    table = frames.to_arrow(found)
    assert on_the_wire(found) == on_the_wire(frames.events_from(table))
    assert on_the_wire(found) == on_the_wire(frames.events_from(frames.flatten(table)))
    for name, one in frames.to_arrow(found, by_type=True).items():
        assert on_the_wire(event for event in found if event.type == name) == on_the_wire(frames.events_from(one))


@law
@given(sendable)
def test_so_do_the_frames_of_pandas_and_polars(found: list[Any]) -> None:
    assert on_the_wire(found) == on_the_wire(frames.events_from(frames.to_pandas(found)))
    assert on_the_wire(found) == on_the_wire(frames.events_from(frames.to_polars(found)))


@law
@given(sendable)
def test_so_does_the_csv(found: list[Any]) -> None:
    file = io.BytesIO()
    frames.write_csv(file, found)
    rows = csv.DictReader(io.StringIO(file.getvalue().decode(), newline=""))
    assert on_the_wire(found) == on_the_wire(frames.events_from(rows))


@law
@given(sendable)
def test_events_without_lone_surrogates_come_back_equal(found: list[Any]) -> None:
    whole = [event for event in found if sound(chub.encode(event)) == chub.encode(event)]
    assert whole == [result.unwrap() for result in frames.events_from(frames.to_arrow(whole))]


@law
@given(any_events, st.sampled_from(["customer_id", "session_id", None]))
def test_the_table_of_recorded_events_gives_a_result_for_each(found: list[Any], owner: str | None) -> None:
    results = list(frames.events_from(frames.to_arrow(found), owner=owner))
    assert len(found) == len(results)
    for number, result in enumerate(results):
        for path in paths(result.failure()) if chub.fold(result, lambda _: False, lambda _: True) else []:
            assert path.startswith(f"rows[{number}]")


names = st.sampled_from(
    [
        *(*ROW, "date", "mode", "title", "context_info", "tracking", "properties", "unlisted", "__empty", "viewedPage"),
        *("properties.amount", "context_info__client__ip", "result_count", "bringBackProperties", "id", "tracking.ga"),
    ]
)
cells = (
    odd_json()
    | odd_texts()
    | st.datetimes()
    | st.binary()
    | st.just(float("nan"))
    | st.sampled_from(["viewedPage", "{}"])
)


@law
@given(st.dictionaries(names | odd_texts() | st.integers(), cells, max_size=6), st.booleans())
def test_whatever_a_row_holds_there_is_a_result(row: dict[Any, Any], reads_texts: bool) -> None:
    (result,) = frames.events_from([row], texts=reads_texts, type="viewedPage", context="WEB")
    assert isinstance(chub.fold(result, lambda event: event.type, str), str)


@law
@given(odd_json_objects(), odd_json_objects(), st.booleans())
def test_rows_are_left_as_they_were(rest: dict[str, Any], extended: dict[str, Any], nested: bool) -> None:
    row = {
        **ROW,
        "extended": extended,
        "extended.more": 1,
        "properties": {"extra_properties": {"a": {}}},
        "unlisted": {},
    }
    before = repr(row)
    list(frames.events_from([row | ({"unlisted": {"properties": rest}} if nested else {})]))
    assert before == repr(row)


@pytest.mark.parametrize(
    "column",
    ["result_count", "resultCount", "properties.result_count", "properties__resultCount", "searched.result_count"],
)
def test_a_field_goes_by_several_names(column: str) -> None:
    assert with_properties(result_count=3) == read({**ROW, column: 3})


def test_nested_fields_go_by_their_paths() -> None:
    row = {
        "type": chub.EventType.COMPLETED_ORDER,
        "context": chub.Context.ECOMMERCE,
        "externalId": "x",
        "node_id": "n",
        "date": EIGHT,
        "mode": "ACTIVE",
        "order_id": "o",
        "amount.total": 12.5,
        "completedOrder__amount__local__currency": "EUR",
        "products": [{"sku": "a", "unit_of_measure": "l"}, {"sku": "b", "colour": "red"}],
        "properties_type": "sale",
        "properties.note": "fast",
        "context_info.client.ip": "192.0.2.7",
        "contextInfo__client__userAgent": "agent",
        "tracking.utm_source": "news",
        "tracking.ga.utm_medium": "mail",
    }
    product = chub.OrderProduct(sku="a", unit_of_measure="l")
    order = chub.CompletedOrder(
        order_id="o",
        type="sale",
        amount=chub.OrderAmount(total=12.5, local=chub.LocalCurrency(currency="EUR")),
        products=[product, chub.OrderProduct(sku="b", unlisted={"colour": "red"})],
        unlisted={"note": "fast"},
    )
    assert chub.event(
        order,
        owner=chub.ExternalId("x", node_id="n"),
        context="ECOMMERCE",
        date=EIGHT,
        mode="ACTIVE",
        context_info=chub.ContextInfo(client=chub.Client(ip="192.0.2.7", user_agent="agent")),
        tracking=chub.Tracking(utm_source="news", utm_medium="mail"),
    ) == read(row)


def test_columns_say_what_others_mean() -> None:
    row = {"when": EIGHT_TEXT, "visit": "s", "what": "shoes", "row": 17, "id": "theirs"}
    columns = {"when": "date", "visit": "session_id", "what": "properties.keyword", "row": None, "id": "extended.id"}
    found = read(row, columns=columns, type=chub.Searched, context="WEB", mode="ACTIVE")
    search = chub.Searched(keyword="shoes", extended={"id": "theirs"})
    assert chub.event(search, owner=chub.SessionId("s"), context="WEB", date=EIGHT, mode="ACTIVE") == found


def test_a_row_comes_before_what_is_given_for_all() -> None:
    assert HOME == read({**chub.encode(HOME)}, type="searched", context="IOT")
    assert HOME == read({"title": "Home", "customer_id": "c", "type": None}, type="viewedPage", context="WEB")


def test_an_unknown_type_takes_its_properties_from_paths_or_as_a_whole() -> None:
    row = {"type": "sawUnicorn", "context": "IOT", "external_id": "x"}
    assert UNICORN == read({**row, "properties.colour": "white"})
    assert UNICORN == read({**row, "properties": {"colour": "white"}})
    assert UNICORN == read({**row, "properties": '{"colour": "white"}'})
    assert chub.Custom("sawUnicorn") == read(row).properties


def test_the_hubs_own_json_is_a_row_too() -> None:
    for event in (FULL_EVENT, HOME, SEARCH, UNICORN):
        assert event == read(chub.encode(event))


def test_of_several_owners_the_named_one_counts() -> None:
    visit = {"type": "SESSION_ID", "value": "a visit", "nodeId": "n"}
    table = frames.to_arrow([recorded(bringBackProperties=visit, properties={"title": "Home"})])
    (customer,) = frames.events_from(table, owner="customer_id")
    assert HOME == customer.unwrap()
    (session,) = frames.events_from(table, owner="session_id")
    assert chub.SessionId("a visit", node_id="n") == session.unwrap().owner
    (neither,) = frames.events_from(table)
    assert ["rows[0].customer_id"] == paths(neither.failure())
    assert chub.CustomerId("c") == read(ROW, owner="session_id").owner


def test_what_a_recorded_event_has_beside_is_refused_unless_it_is_left_out() -> None:
    table = frames.to_arrow([FULL_RECORDED])
    (refused,) = frames.events_from(table, owner="customer_id")
    assert ["rows[0].newKey"] == paths(refused.failure())
    (found,) = frames.events_from(table, owner="customer_id", columns={"unlisted": None})
    assert ORDER.order_id == found.unwrap().properties.order_id


@pytest.mark.parametrize(
    "absent", [None, float("nan"), np.float32("nan"), pd.NaT, pd.NA, Decimal("nan"), np.datetime64("NaT")]
)
def test_what_is_absent(absent: Any) -> None:
    assert with_properties() == read({**ROW, "result_count": absent, "date": absent, "keyword": absent})


def test_what_is_not_absent() -> None:
    assert with_properties(keyword="", result_count=0, extended={"a": None}) == read(
        {**ROW, "keyword": "", "result_count": 0, "extended": {"a": None}}
    )


class Odd:
    def __ne__(self, other: object) -> bool:
        raise RuntimeError("no comparing")

    __hash__ = None  # type: ignore[assignment]


def test_a_value_that_can_not_be_compared_is_only_wrong() -> None:
    assert ["rows[0].keyword: a str is needed, not Odd"] == told({**ROW, "keyword": Odd()})


@pytest.mark.parametrize("count", [3, 3.0, np.int64(3), np.float64(3), np.float32(3), np.uint8(3)])
def test_a_whole_number_may_come_as_another_kind_of_number(count: Any) -> None:
    found = read({**ROW, "result_count": count})
    assert with_properties(result_count=3) == found
    assert int is type(found.properties.result_count)


@pytest.mark.parametrize(
    "when",
    [
        EIGHT,
        EIGHT_TEXT,
        EIGHT + timedelta(microseconds=999),
        EIGHT.astimezone(timezone(timedelta(hours=2))),
        pd.Timestamp(EIGHT),
        pd.Timestamp(EIGHT) + pd.Timedelta(nanoseconds=5),
    ],
)
def test_instants(when: Any) -> None:
    assert EIGHT == read({**ROW, "date": when}).date


def test_lists_and_objects_may_be_arrays_tuples_or_json() -> None:
    row = {"type": "viewedPage", "context": "WEB", "customer_id": "c"}
    for tags in (["a", "b"], ("a", "b"), np.array(["a", "b"]), '["a", "b"]'):
        assert ("a", "b") == read({**row, "page_tags": tags}).properties.page_tags
    for extended in ({"a": [1]}, '{"a": [1]}', chub.frozen_dict({"a": [1]})):
        assert {"a": (1,)} == read({**row, "extended": extended}).properties.extended
    for info in ({"client": {"user_agent": "x"}}, '{"client": {"userAgent": "x"}}'):
        assert "x" == read({**row, "context_info": info}).context_info.client.user_agent
    assert "x" == read({**row, "tracking": {"ga": {"utm_source": "x"}}}).tracking.utm_source
    assert "x" == read({**row, "tracking": '{"ga": {"utm_source": "x"}}'}).tracking.utm_source
    assert "x" == read({**row, "tracking": {"utm_source": "x", "utm_term": None}}).tracking.utm_source


TEXTS = [
    ("searched", "result_count", " 12 ", 12),
    ("searched", "result_count", "-3", -3),
    ("searched", "result_count", "3.0", 3),
    ("searched", "result_count", str(10**20), 10**20),
    ("addedProduct", "price", "12.50", 12.5),
    ("addedProduct", "price", "1e2", 100),
    ("addedProduct", "price", ".5", 0.5),
    ("viewedPage", "page_tags", '["a"]', ("a",)),
]


@pytest.mark.parametrize(("event_type", "column", "text", "value"), TEXTS)
def test_texts_are_read_as_the_field_asks(event_type: str, column: str, text: str, value: Any) -> None:
    row = {**ROW, "type": event_type, column: text}
    assert value == getattr(read(row, texts=True).properties, column)


@pytest.mark.parametrize("text", ["12,5", "1_000", "0x1", "ten", "1e400", "nan", "inf", "٣"])
def test_a_text_that_is_no_number_is_told(text: str) -> None:
    (problem,) = told({**ROW, "type": "addedProduct", "price": text}, texts=True)
    assert problem.startswith("rows[0].price: ")


def test_without_texts_a_number_has_to_be_one() -> None:
    assert ["rows[0].result_count: an int is needed, not str"] == told({**ROW, "result_count": "12"})
    assert with_properties(keyword="") == read({**ROW, "keyword": ""}, texts=False)
    assert with_properties() == read({**ROW, "keyword": "", "result_count": ""}, texts=True)


WRONG: list[tuple[dict[Any, Any], list[str]]] = [
    ({"type": None}, ["rows[0].type: required, and missing"]),
    ({"type": 7}, ["rows[0].type: a str is needed, not int"]),
    ({"context": None}, ["rows[0].context: required, and missing"]),
    ({"customer_id": None}, ["rows[0].customerId: exactly one owner is needed: customer_id, session_id, external_id"]),
    ({"customer_id": 7}, ["rows[0].customer_id: a str is needed, not int"]),
    ({"customer_id": ".."}, ["rows[0].customer_id: '..' is a step in a path, not an id"]),
    ({"node_id": "n"}, ["rows[0].node_id: it goes with session_id or external_id alone"]),
    ({"session_id": 7, "customer_id": None}, ["rows[0].session_id: a str is needed, not int"]),
    ({"title": "Home"}, ["rows[0].title: events of type searched have no such field"]),
    ({"viewedPage": {"title": "x"}}, ["rows[0].viewedPage: events of type searched have no such field"]),
    ({"date.year": 1}, ["rows[0].date.year: "]),
    ({"colour": "red"}, ["rows[0].colour: no field of an event; columns={'colour': None} leaves it out, "]),
    ({7: "red"}, ["rows[0].7: no field of an event; "]),
    ({"date": datetime(2026, 1, 1)}, ["rows[0].date: a naive datetime says no instant; "]),
    ({"date": date(2026, 1, 1)}, ["rows[0].date: an aware datetime is needed, not date"]),
    ({"date": np.datetime64("2026-01-01")}, ["rows[0].date: an aware datetime is needed, not datetime64"]),
    ({"date": pd.Timestamp(10**15, unit="ms", tz="UTC")}, ["rows[0].date: outside the years 1 to 9999"]),
    ({"date": "today"}, ["rows[0].date: 'today' is no instant; "]),
    ({"extended": "{"}, ["rows[0].extended: not JSON: "]),
    ({"extended": {"a": b"x"}}, ["rows[0].extended.a: bytes has no one clear JSON form"]),
    ({"extended": "[1]"}, ["rows[0].extended: a mapping is needed, not list"]),
    ({"type": "viewedPage", "page_tags": 7}, ["rows[0].page_tags: an array is needed, not a number"]),
    ({"tracking": "{"}, ["rows[0].tracking: not JSON: "]),
    ({"tracking": [1]}, ["rows[0].tracking: an object is needed, not an array"]),
    ({"context_info": 7}, ["rows[0].context_info: an object is needed, not a number"]),
    ({"context_info.client": {"ip": "x"}}, ["rows[0].context_info.client.ip: 'x' is no IPv4 address"]),
    ({"context_info.device.model": "x"}, ["rows[0].contextInfo.device: only MOBILE takes it, not WEB"]),
    ({"keyword": "a", "searched.keyword": "b"}, ["rows[0].searched.keyword: another column gives 'keyword' as well"]),
    ({"extended": "{}", "extended.a.b": 1, "extended.a": 2}, ["rows[0].extended.a: another column gives 'a' as well"]),
    ({"keyword": "a", "keyword.b": 1}, ["rows[0].keyword.b: another column gives the whole of 'keyword'"]),
    (
        {"properties": {"result_count": 1, "resultCount": 2}},
        ["rows[0].properties.resultCount: given by both of its names"],
    ),
    ({"unlisted": "{"}, ["rows[0].unlisted: not JSON: "]),
    ({"unlisted": "[]"}, ["rows[0].unlisted: an object is needed, not list"]),
    ({"unlisted": '{"newKey": 1}'}, ["rows[0].newKey: no key of an event; "]),
    (
        {"result_count": "x", "keyword": 7},
        ["rows[0].keyword: a str is needed", "rows[0].result_count: an int is needed"],
    ),
]


@pytest.mark.parametrize(("more", "problems"), WRONG, ids=[",".join(map(str, more)) for more, _ in WRONG])
def test_a_wrong_row_is_told_with_every_problem(more: dict[Any, Any], problems: list[str]) -> None:
    found = told({**ROW, **more})
    assert len(problems) == len(found)
    assert [True] * len(problems) == [text.startswith(start) for text, start in zip(found, problems, strict=True)], (
        found
    )


def test_the_items_of_a_list_are_told_by_their_places() -> None:
    row = {**ROW, "type": "completedOrder", "products": [{"sku": "a"}, {"sku": 7, "price": "x"}]}
    assert [
        "rows[0].products[1].sku: a str is needed, not int",
        "rows[0].products[1].price: a number is needed, not str",
    ] == told(row)
    assert ["rows[0].products[1].price: 'x' is no number"] == told(
        {**row, "products": [{}, {"price": "x"}]}, texts=True
    )
    nothing_there = {**row, "products": [{"sku": "a"}], "unlisted": {"properties": {"products": {"1": {}, "x": 1}}}}
    assert 2 == len(told(nothing_there))


def test_rows_are_counted() -> None:
    rows = [ROW, {**ROW, "date": "no"}, ROW, 7, {**ROW, "context": "MOON"}]
    failures = [
        result.failure() for result in frames.events_from(rows) if chub.fold(result, lambda _: False, lambda _: True)
    ]
    assert [["rows[1].date"], ["rows[3]"], ["rows[4].context"]] == [paths(failure) for failure in failures]
    assert "rows[3]: a mapping is needed, not int" == str(failures[1])


def test_rows_are_read_when_they_are_asked_for() -> None:
    pulled = []

    def source() -> Iterator[dict[str, Any]]:
        for number in range(3):
            pulled.append(number)
            yield ROW

    walk = frames.events_from(source())
    assert [] == pulled
    next(walk)
    assert [0] == pulled


def test_a_row_that_is_nested_too_deep_is_a_failure() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    assert told({**ROW, "extended": deep})
    assert told({**ROW, "unlisted": {"properties": {"extended": deep}}, "extended": deep})


def test_rows_with_ever_new_keys_take_no_more_memory() -> None:
    rows = ({**ROW, f"properties.{number}": number} for number in range(12_000))
    assert 12_000 == sum(1 for result in frames.events_from(rows) if result.unwrap())


def test_a_null_under_a_key_of_the_senders_own_is_kept_in_rows_and_absent_in_frames() -> None:
    row = {**ROW, "searched": {"keyword": None, "mine": None}}
    assert with_properties(unlisted={"mine": None}) == read(row)
    (found,) = frames.events_from(pa.Table.from_pylist([row]))
    assert with_properties() == found.unwrap()


def test_what_flatten_says_is_empty_is_there() -> None:
    event = chub.event(chub.Searched(), owner=chub.CustomerId("c"), context="WEB", context_info=chub.ContextInfo())
    assert event == read({**ROW, "__empty": ["context_info", "searched", "no such", 7]})
    assert event == read({**ROW, "__empty": '["context_info"]'})
    assert ["rows[0].__empty: not JSON: Expecting value at character 0"] == told({**ROW, "__empty": "x"})


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"columns": 7}, "columns"),
        ({"columns": {"a": "colour"}}, "columns['a']"),
        ({"columns": {"a": 7}}, "columns['a']"),
        ({"columns": {"a": "date.year"}}, "columns['a']"),
        ({"type": 7}, "type"),
        ({"type": chub.Custom}, "type"),
        ({"type": ""}, "type"),
        ({"context": "MOON"}, "context"),
        ({"context": ""}, "context"),
        ({"mode": "ASLEEP"}, "mode"),
        ({"owner": "node_id"}, "owner"),
        ({"owner": ["customer_id"]}, "owner"),
        ({"texts": "yes"}, "texts"),
    ],
)
def test_a_wrong_argument_is_told(more: dict[str, Any], path: str) -> None:
    assert [path] == paths(raised(lambda: frames.events_from([], **more)))


@pytest.mark.parametrize("rows", [7, None, "rows", b"rows", {"type": "searched"}, HOME])
def test_what_holds_no_rows_is_told(rows: Any) -> None:
    assert ["rows"] == paths(raised(lambda: frames.events_from(rows)))
