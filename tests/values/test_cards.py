"""What notebooks show of values: what they hold, compact, and nothing that a text of theirs could do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chub_cases import FULL_EVENT, FULL_RECORDED
from chub_notebook import HOSTILE, Shown, check_harmless
from chub_strategies import law, odd_events
from hypothesis import given
from hypothesis import strategies as st

import chub
from chub.testing.strategies import odd_json_objects, odd_recorded_events, odd_texts
from chub.values.cards import brief, instant_words

WHEN = datetime(2026, 3, 8, 10, 18, 17, 120_000, UTC)
VISIT = "8f14e45f-ceea-467f-a5d8-1b2c3d4e5f60"
recorded = odd_recorded_events()


def viewed(title: str) -> chub.Event:
    return chub.event(chub.ViewedPage(title=title), owner=chub.SessionId(VISIT, node_id="shop"), context="WEB")


def saw(properties: dict[str, Any]) -> chub.Event:
    return chub.event(chub.Custom("sawUnicorn", properties), owner=chub.CustomerId("c"), context="WEB")


def stored(number: int, **fields: Any) -> chub.RecordedEvent:
    given = {"properties": chub.ViewedPage(), "context": "WEB", "date": WHEN + timedelta(days=number), **fields}
    return chub.RecordedEvent(id=f"e-{number}", **given)


@law
@given(odd_events())
def test_any_event_is_shown_and_harmless(event: chub.Event) -> None:
    assert len(check_harmless(event).html) < 64_000


@law
@given(st.lists(recorded, max_size=3))
def test_whatever_a_hub_returned_is_shown_and_harmless(found: list[chub.RecordedEvent]) -> None:
    for event in found:
        check_harmless(event)
    shown = check_harmless(chub.Page(elements=tuple(found)))
    assert len(shown.rows) == (len(found) + 1 if found else 0)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text: str) -> None:
    fields: dict[str, Any] = {"customer_id": text, "properties": chub.Custom(text, {text: [text, {text: text}]})}
    event = stored(1, **fields, context=text, mode=text, unlisted={text: text})
    for value in (
        viewed(text),
        event,
        chub.Page(elements=(event, event)),
        chub.Page(elements=(text, text)),
        chub.event_query(node_id=text, types=[text.replace(",", "")]),
        chub.Accepted(text, tracing_id=text),
        chub.report([]),
    ):
        check_harmless(value)


@law
@given(odd_texts() | st.sampled_from(HOSTILE), odd_json_objects())
def test_free_objects_are_harmless(text: str, free: dict[str, Any]) -> None:
    check_harmless(
        chub.event(chub.Custom("sawUnicorn", free | {text: free}), owner=chub.ExternalId("x"), context="WEB")
    )


def test_an_event_to_be_sent_shows_its_properties_first_and_then_what_is_set() -> None:
    event = chub.event(
        chub.CompletedOrder(
            order_id="o-1",
            amount=chub.OrderAmount(total=59.9, revenue=50),
            products=[chub.OrderProduct(id=f"p-{number}", price=1.5) for number in range(5)],
            extended={"a": {"b": {"c": {}}, "d": [1, [2, [3]]], "e": []}, "f": {}},
        ),
        owner=chub.ExternalId("CRM-17", node_id="shop"),
        context="ECOMMERCE",
        date=WHEN,
        mode="ACTIVE",
    )
    shown = Shown(event)
    assert "completedOrder ECOMMERCE, to be sent" == "".join(shown.texts[:3])
    assert [
        ["order_id", "o-1"],
        ["amount", "total: 59.9, revenue: 50"],
        ["products", "id: p-0, price: 1.5\nid: p-1, price: 1.5\nid: p-2, price: 1.5\nand 2 more"],
        ["extended", "a: {b: {…}, d: […], e: […]}, f: {}"],
        ["owner", "external id CRM-17 of node shop"],
        ["date", "2026-03-08 10:18:17.12 UTC"],
        ["mode", "ACTIVE"],
    ] == shown.rows


def test_a_recorded_event_shows_its_id_and_all_that_the_hub_told() -> None:
    shown = Shown(FULL_RECORDED)
    assert f"{FULL_RECORDED.type} {FULL_RECORDED.context}, recorded as {FULL_RECORDED.id}" == "".join(shown.texts[:3])
    assert {"customer_id", "bring_back", "registered_at"} <= {name for name, _ in shown.rows}
    assert "viewedPage WEB, recorded" == "".join(
        Shown(chub.RecordedEvent(id="", properties=chub.ViewedPage(), context="WEB")).texts
    )
    assert "serviceSubscribed RETAIL, to be sent" == "".join(Shown(FULL_EVENT).texts[:3])


def test_a_misfit_says_why() -> None:
    event = chub.parse_recorded_event({"type": "viewedPage", "properties": {"title": 7}}).unwrap()
    assert [["misfit", "$.properties.title: a string is needed, not a number"], ["title", "7"]] == Shown(event).rows[:2]


def test_of_many_properties_the_first_are_shown() -> None:
    event = chub.event(
        chub.Custom("sawUnicorn", {f"key-{number}": number for number in range(25)}),
        owner=chub.CustomerId("c"),
        context="WEB",
    )
    assert [["key-9", "9"], ["", "and 15 more properties"], ["owner", "customer c"]] == Shown(event).rows[-3:]


def test_a_page_shows_its_first_events_in_one_line_each() -> None:
    led = {"customer_id": "c", "bring_back": chub.SessionId(VISIT, node_id="shop")}
    page = chub.Page(
        elements=(stored(0, **led), stored(1, bring_back={"type": "OTHER"}), *map(stored, range(2, 13))),
        number=1,
        total_pages=3,
        total_elements=25,
    )
    shown = Shown(page)
    assert "Page number 1, 3 in all, 13 of 25 elements" == "".join(shown.texts[:3])
    assert [
        ["date", "type", "context", "customer", "brought back by", "id"],
        ["2026-03-08 10:18:17.12 UTC", "viewedPage", "WEB", "c", "session 8f14e45f-ceea…", "e-0"],
        ["2026-03-09 10:18:17.12 UTC", "viewedPage", "WEB", "", " type: OTHER", "e-1"],
    ] == shown.rows[:3]
    assert 11 == len(shown.rows)
    assert "and 3 more" == shown.texts[-1]
    undated = chub.RecordedEvent(id="e", properties=chub.ViewedPage(), context="WEB")
    assert ["", "viewedPage", "WEB", "", " ", "e"] == Shown(chub.Page(elements=(undated,))).rows[1]


def test_a_page_of_anything_is_shown() -> None:
    assert "Page 0 elements" == Shown(chub.Page(elements=())).text
    assert [["element"], ["'a'"], ["7"]] == Shown(chub.Page(elements=("a", 7))).rows


def test_a_query_shows_its_filters() -> None:
    assert "EventQuery all events" == Shown(chub.event_query()).text
    query = chub.event_query(
        types=[f"t{number}" for number in range(12)], contexts=["WEB", "MOBILE"], date_to=WHEN, size=50
    )
    assert [
        ["types", "t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, and 2 more"],
        ["contexts", "WEB, MOBILE"],
        ["date_to", "2026-03-08 10:18:17.12 UTC"],
        ["size", "50"],
    ] == Shown(query).rows


def test_outcomes_show_what_they_took() -> None:
    accepted = chub.Accepted("e-1", attempts=2, elapsed=12.5, tracing_id="7f")
    assert [["id", "e-1"], ["attempts", "2"], ["seconds", "12.5"], ["tracing id", "7f"]] == Shown(accepted).rows
    assert "Deleted" == Shown(chub.Deleted()).text
    assert [["value", "a visit"], ["id", "17"]] == Shown(chub.Session(value="a visit", id="17")).rows


BRIEF = [
    ("text", "text"),
    (None, "none"),
    (True, "True"),
    (7, "7"),
    ((), "[]"),
    (WHEN, "2026-03-08 10:18:17.12 UTC"),
    (chub.CustomerId("c"), "customer c"),
    (chub.Context.WEB, "WEB"),
    ({}, "{}"),
    ({str(number): number for number in range(9)}, "0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, and 3 more"),
    (10**5000, "<int>"),
    ([1, 2, 3, 4], "1\n2\n3\nand 1 more"),
]


@pytest.mark.parametrize(("value", "words"), BRIEF, ids=[words for _, words in BRIEF])
def test_values_in_few_words(value: Any, words: str) -> None:
    assert words == Shown(brief(value)).text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (datetime(2, 1, 1, tzinfo=UTC), "0002-01-01 00:00:00 UTC"),
        (datetime(2026, 3, 8, 10, 0, 10, tzinfo=UTC), "2026-03-08 10:00:10 UTC"),
        (datetime(2026, 3, 8, 10, 0, 0, 100_000, UTC), "2026-03-08 10:00:00.1 UTC"),
    ],
)
def test_instants_for_people(value: datetime, words: str) -> None:
    assert words == instant_words(value)
