"""Events as comma-separated text: fixed columns, no formula, and nothing lost."""

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs
import pytest
from chub_cases import FULL_EVENT, FULL_RECORDED
from chub_memory import MEBIBYTE, peak_of
from chub_payloads import EIGHT_TEXT
from chub_strategies import KNOWN, law, odd_events
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

import chub
from chub import frames
from chub.frames import plain_cell, write_csv
from chub.frames.csv_rows import csv_columns, text_cell
from chub.testing.strategies import odd_recorded_events, odd_texts
from chub.values.catalogue import properties_class
from chub.values.naming import camel_case
from chub.values.schema import Choice, Instant, Kind, Nested, Text, field_specs

SEARCH = chub.event(chub.Searched(keyword="shoes", result_count=-3), owner=chub.ExternalId("CRM-17"), context="WEB")
recorded = odd_recorded_events()


def rows(found: Iterable[Any], **more: Any) -> list[dict[str, str]]:
    """Give what others read of the file that is written."""
    return list(reader(found, **more))


def reader(found: Iterable[Any], **more: Any) -> "csv.DictReader[str]":
    file = io.BytesIO()
    write_csv(file, found, **more)
    text = file.getvalue().decode()
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=more.get("delimiter", ","))


def filled(row: dict[str, str]) -> dict[str, str]:
    return {column: cell for column, cell in row.items() if cell}


def test_the_row_of_an_event() -> None:
    (row,) = rows([SEARCH], types=[chub.Searched])
    assert {
        "type": "searched",
        "context": "WEB",
        "external_id": "CRM-17",
        "properties__keyword": "shoes",
        "properties__result_count": "-3",
    } == filled(row)


def test_the_row_of_a_recorded_event() -> None:
    (row,) = rows([FULL_RECORDED], types=[chub.CompletedOrder])
    shown = {name: row[name] for name in ("id", "customer_id", "session_id", "node_id", "mode", "date", "updated_at")}
    assert {
        "id": "e_id",
        "customer_id": "c_id",
        "session_id": "a visit",
        "node_id": "n",
        "mode": "PASSIVE",
        "date": EIGHT_TEXT,
        "updated_at": EIGHT_TEXT,
    } == shown
    rest = json.loads(row["unlisted"])
    assert ({"more": 1}, None) == (rest["bringBackProperties"], rest["newKey"])


@pytest.mark.parametrize("types", [None, [chub.Searched], ["searched", "sawUnicorn"], chub.ViewedPage, "viewedPage"])
def test_the_columns_are_fixed_by_the_classes(types: Any) -> None:
    columns = [list(row) for row in rows([SEARCH, FULL_EVENT, FULL_RECORDED], types=types)]
    assert [list(csv_columns(types))] * 3 == columns
    assert ("id", "unlisted") == (columns[0][0], columns[0][-1])
    assert len(set(columns[0])) == len(columns[0])


def test_without_types_there_is_a_column_for_each_field_of_all() -> None:
    columns = set(csv_columns())
    assert [] == [name for name in chub.event_types() if not set(csv_columns([name])) <= columns]
    own = set(csv_columns([chub.Searched])) - set(csv_columns([chub.LoggedIn]))
    assert {"properties__keyword", "properties__result_count"} == own


def test_a_file_of_no_events_has_a_head() -> None:
    file = io.BytesIO()
    assert 0 == write_csv(file, [], types=[chub.LoggedIn])
    assert b"id,type,context,mode,customer_id,session_id," == file.getvalue()[:44]
    assert 1 == file.getvalue().count(b"\r\n")


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
    "'=1",
    "'",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula(text: str) -> None:
    event = chub.event(chub.Custom(text), owner=chub.CustomerId(text.strip()), context="WEB")
    (row,) = rows([event])
    assert (f"'{text}", text) == (row["type"], plain_cell(row["type"]))
    assert text == plain_cell(text_cell(text))


@law
@given(odd_texts())
def test_an_escape_can_be_undone(text: str) -> None:
    cell = text_cell(text)
    sound = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if not text.isascii() else text
    assert "" != cell
    assert cell[0] not in "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
    assert [sound.count(letter) for letter in "=+-'a"] == [(plain_cell(cell) or "").count(letter) for letter in "=+-'a"]
    if not any("\ud800" <= letter <= "\udfff" for letter in text):
        assert text == plain_cell(cell)


def test_lone_surrogates_of_texts_are_replaced() -> None:
    (row,) = rows([attrs.evolve(SEARCH, properties=chub.Searched(keyword="a\ud800b"))])
    assert "a\ufffdb" == row["properties__keyword"]


@law
@given(st.lists(odd_events() | recorded, max_size=3), st.sampled_from([None, ["viewedPage"]]))
def test_nothing_is_lost(found: list[Any], types: Any) -> None:
    assert [sound(chub.encode(event)) for event in found] == [sound(rebuilt(row)) for row in rows(found, types=types)]


@pytest.mark.parametrize("event", [SEARCH, FULL_EVENT, FULL_RECORDED], ids=["search", "event", "recorded"])
def test_nothing_is_lost_of_an_event_with_everything(event: Any) -> None:
    assert [chub.encode(event)] == [rebuilt(row) for row in rows([event])]


@law
@given(odd_events())
def test_what_is_written_is_read_as_rows_of_events_to_send(event: chub.Event) -> None:
    (result,) = frames.events_from(reader([event]))
    assert sound(chub.encode(event)) == sound(chub.encode(result.unwrap()))


def sound(value: Any) -> Any:
    """The same JSON without lone surrogates, which no file of UTF-8 holds but escaped."""
    return json.loads(
        json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


def rebuilt(row: dict[str, str]) -> dict[str, Any]:
    """Give the event's JSON that a row was made of, by what the module says of its cells."""
    rest = json.loads(row.pop("unlisted") or "{}")
    made: dict[str, Any] = {}
    for column in ("id", "type", "context", "mode", "customer_id", "date", "registered_at", "updated_at"):
        if row[column]:
            made[camel_case(column)] = plain_cell(row[column])
    for column, kind in (("session_id", "SESSION_ID"), ("external_id", "EXTERNAL_ID")):
        if row[column]:
            node = {"nodeId": plain_cell(row["node_id"])} if row["node_id"] else {}
            made["bringBackProperties"] = {"type": kind, "value": plain_cell(row[column]), **node}
    made["properties"] = {}
    known = properties_class(made.get("type", ""))
    if known:
        fill(made["properties"], row, "properties__", known)
    info, ga = fill({}, row, "context_info__", chub.ContextInfo), fill({}, row, "tracking__", chub.Tracking)
    made |= {"contextInfo": info} if info else {}
    made |= {"tracking": {"ga": ga}} if ga else {}
    return merged(made, rest, without_properties="properties" in rest and not made["properties"])


def fill(made: dict[str, Any], row: dict[str, str], prefix: str, cls: type[Any]) -> dict[str, Any]:
    for spec in field_specs(cls):
        column = prefix + spec.name
        if isinstance(spec.kind, Nested):
            if nested := fill({}, row, f"{column}__", spec.kind.cls):
                made[spec.wire_name] = nested
        elif row.get(column):
            made[spec.wire_name] = value_of(row[column], spec.kind)
    return made


def value_of(cell: str, kind: Kind) -> Any:
    return plain_cell(cell) if isinstance(kind, Text | Choice | Instant) else json.loads(cell)


def merged(made: dict[str, Any], rest: dict[str, Any], *, without_properties: bool = False) -> dict[str, Any]:
    if without_properties:
        made.pop("properties")
    for key, value in rest.items():
        both = isinstance(value, dict) and isinstance(made.get(key), dict)
        made[key] = merged(made[key], value) if both else value
    return made


def test_files_of_any_kind(tmp_path: Path) -> None:
    for name in ("a.csv", "a.csv.gz", "a.csv.zst"):
        assert 2 == write_csv(tmp_path / name, [SEARCH, Success(SEARCH)])
        with chub.frames.reading(tmp_path / name) as file:
            assert 3 == file.read().count(b"\r\n")


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters(delimiter: str) -> None:
    odd = attrs.evolve(SEARCH, properties=chub.Searched(keyword='a;b\tc|d,"e"\r\nf\rg'))
    assert ['a;b\tc|d,"e"\r\nf\rg'] == [row["properties__keyword"] for row in rows([odd], delimiter=delimiter)]


def test_wrong_arguments_are_told_before_there_is_a_file(tmp_path: Path) -> None:
    wrong: list[dict[str, Any]] = [
        {"delimiter": ""},
        {"delimiter": "x"},
        {"delimiter": None},
        {"types": 7},
        {"failures": "no"},
    ]
    for arguments in wrong:
        with pytest.raises(chub.InvalidValue, match=next(iter(arguments))):
            write_csv(tmp_path / "no folder" / "a.csv", [SEARCH], **arguments)


def test_what_is_no_event_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(chub.InvalidValue, match="an event or a recorded event is needed, not dict"):
        write_csv(tmp_path / "a.csv", [SEARCH, {}])  # type: ignore[list-item]
    assert [] == list(tmp_path.iterdir())


def test_failures_are_collected() -> None:
    late = chub.NotSent(reason="late", transient=True)
    errors: list[chub.ChubError] = []
    assert 2 == len(rows([SEARCH, Failure(late), SEARCH], failures=errors))
    assert [late] == errors


def test_twenty_thousand_events_take_the_memory_of_a_few(tmp_path: Path) -> None:
    def write(size: int) -> None:
        stream = (attrs.evolve(SEARCH, properties=chub.Searched(result_count=count)) for count in range(size))
        assert size == write_csv(tmp_path / "a.csv.gz", stream, types=KNOWN)

    assert peak_of(write, 20_000) < 2 * MEBIBYTE
