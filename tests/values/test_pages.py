"""Pages and the arithmetic between them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest
from chub_cases import paths, raised
from chub_strategies import law
from hypothesis import given
from hypothesis import strategies as st

import chub


def page(count: int, **more: Any) -> chub.Page[int]:
    return chub.Page(elements=tuple(range(count)), **more)


@pytest.mark.parametrize(
    ("query", "got", "expected"),
    [
        ({}, page(10, total_pages=2), 1),
        ({"page": 0}, page(10, total_pages=2), 1),
        ({"page": 1}, page(3, total_pages=2), None),
        ({"page": 1}, page(10, total_pages=2), None),
        ({}, page(10, total_pages=1), None),
        ({}, page(0, total_pages=0), None),
        ({}, page(0, total_pages=9), 1),  # the hub says that there is more, so there is
        ({"page": 5}, page(0, total_pages=2), None),
        ({}, page(10), 1),
        ({}, page(9), None),
        ({"size": 3}, page(3), 1),
        ({"size": 3}, page(2), None),
        ({"size": 3}, page(3, size=5), None),
        ({"size": 50}, page(10, size=10), 1),
        ({}, page(10, size=0), 1),
        ({"page": 3}, page(10, number=7), 4),
    ],
)
def test_the_next_page(query: dict[str, Any], got: chub.Page[int], expected: int | None) -> None:
    asked = chub.event_query(types="a", **query)
    following = None if expected is None else attrs.evolve(asked, page=expected)
    assert chub.next_page(asked, got) == following


@pytest.mark.parametrize(
    ("query", "got", "expected"),
    [
        ({}, page(10, total_pages=2), None),
        ({"page": 0}, page(10), None),
        ({"page": 1}, page(3, total_pages=2), 0),
        ({"page": 2}, page(3), 1),
        ({"page": 9}, page(0, total_pages=3), 2),
        ({"page": 9}, page(0, total_pages=0), 0),
    ],
)
def test_the_previous_page(query: dict[str, Any], got: chub.Page[int], expected: int | None) -> None:
    asked = chub.event_query(types="a", **query)
    before = None if expected is None else attrs.evolve(asked, page=expected)
    assert chub.previous_page(asked, got) == before


@law
@given(st.integers(0, 120), st.integers(1, 50), st.booleans())
def test_next_and_previous_lead_over_each_page_once(total: int, size: int, told: bool) -> None:
    pages = -(-total // size)
    query: chub.EventQuery | None = chub.event_query(size=size)
    seen = []
    while query is not None:
        number = query.page or 0
        got = page(max(min(size, total - number * size), 0), size=size, total_pages=pages if told else None)
        seen.append(number)
        if number:
            before = chub.previous_page(query, got)
            assert before is not None
            assert before.page == number - 1
        query = chub.next_page(query, got)
    further = 0 if told or not pages or total % size else 1
    assert seen == [*range(max(1, pages) + further)]


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"elements": "ab"}, ["elements"]),
        ({"elements": None}, ["elements"]),
        ({"elements": (), "number": -1, "size": 1.5, "total_pages": True}, ["number", "size", "total_pages"]),
        ({"elements": (), "unlisted": None}, ["unlisted"]),
        ({"elements": 5, "unlisted": {"a": b""}}, ["elements", "unlisted.a"]),
    ],
)
def test_a_wrong_page_is_refused(given: dict[str, Any], at: list[str]) -> None:
    assert paths(raised(lambda: chub.Page(**given))) == at


def test_elements_are_kept_as_a_tuple() -> None:
    assert ("a",) == chub.Page(elements=["a"]).elements  # type: ignore[arg-type]


NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "instant", "expected"),
    [
        ({}, NOON, NOON),
        ({"date_to": NOON + timedelta(hours=1)}, NOON, NOON),
        ({"date_to": NOON - timedelta(hours=1)}, NOON, NOON - timedelta(hours=1)),
        ({"date_to": NOON}, NOON.astimezone(timezone(timedelta(hours=2))), NOON),
    ],
)
def test_until_limits_a_query_and_never_widens_it(given: dict[str, Any], instant: datetime, expected: datetime) -> None:
    query = chub.event_query(customer_id="c", page=2, **given)
    assert chub.until(query, instant) == attrs.evolve(query, date_to=expected)


@pytest.mark.parametrize("instant", [datetime(2026, 3, 8), "2026-03-08", None, NOON - timedelta(days=2)])
def test_until_an_instant_that_can_not_be_is_refused(instant: Any) -> None:
    query = chub.event_query(date_from=NOON - timedelta(days=1), date_to=NOON)
    with pytest.raises(chub.InvalidValue):
        chub.until(query, instant)


@pytest.mark.parametrize(
    ("first", "last", "expected"), [(120, 123, 3), (120, 118, -2), (7, 7, 0), (None, 7, None), (7, None, None)]
)
def test_drift_is_the_change_of_the_total(first: int | None, last: int | None, expected: int | None) -> None:
    assert chub.drift(page(0, total_elements=first), page(0, total_elements=last)) == expected


def test_what_is_no_query_and_no_page_is_a_wrong_program() -> None:
    wrong: Any = None
    assert ["query", "instant"] == paths(raised(lambda: chub.until(wrong, datetime(2026, 3, 8))))
    assert ["first"] == paths(raised(lambda: chub.drift(wrong, page(0))))
    assert ["last"] == paths(raised(lambda: chub.drift(page(0), wrong)))
