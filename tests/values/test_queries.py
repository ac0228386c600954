"""Queries: every filter optional, all problems at once, frozen."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import attrs
import pytest
from chub_cases import QUERY, RECORDED_CUSTOMER, paths, raised
from chub_payloads import EIGHT, TEN_IN_ROME

import chub


class Type(str, Enum):  # noqa: UP042
    """Its `str` is not its value."""

    UNICORN = "sawUnicorn"


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"size": 0}, ["size"]),
        ({"size": 51}, ["size"]),
        ({"size": True}, ["size"]),
        ({"size": 1.5}, ["size"]),
        ({"size": "10"}, ["size"]),
        ({"size": 10**5000}, ["size"]),
        ({"page": -1}, ["page"]),
        ({"page": False}, ["page"]),
        ({"page": 2.0}, ["page"]),
        ({"types": []}, ["types"]),
        ({"types": ()}, ["types"]),
        ({"types": ""}, ["types[0]"]),
        ({"types": "a,b"}, ["types[0]"]),
        ({"types": ["a", "b,c", "", 5, None, dict, chub.Custom("x")]}, [f"types[{index}]" for index in range(1, 7)]),
        ({"types": 5}, ["types[0]"]),
        ({"types": b"ab"}, ["types[0]", "types[1]"]),
        ({"types": chub.EventProperties}, ["types[0]"]),
        ({"contexts": []}, ["contexts"]),
        ({"contexts": "MOON"}, ["contexts[0]"]),
        ({"contexts": ["WEB", "web", None]}, ["contexts[1]", "contexts[2]"]),
        ({"mode": "active"}, ["mode"]),
        ({"customer_id": ""}, ["customer_id"]),
        ({"customer_id": chub.SessionId("s")}, ["customer_id"]),
        ({"node_id": ""}, ["node_id"]),
        ({"date_from": datetime(2026, 1, 1)}, ["date_from"]),
        ({"date_to": "2026-01-01"}, ["date_to"]),
        ({"date_from": EIGHT + timedelta(milliseconds=1), "date_to": EIGHT}, ["date_from"]),
        ({"date_from": datetime(2026, 1, 1), "date_to": EIGHT}, ["date_from"]),
        (
            {"customer_id": 5, "node_id": 5, "types": [], "contexts": [], "mode": 5, "page": -1, "size": 0},
            ["customer_id", "node_id", "types", "contexts", "mode", "page", "size"],
        ),
    ],
)
def test_a_wrong_query_is_refused_with_all_problems(given: dict[str, Any], at: list[str]) -> None:
    assert paths(raised(lambda: chub.event_query(**given))) == at
    assert paths(raised(lambda: attrs.evolve(chub.EventQuery(), **given))) == at


def test_a_query_is_normalised() -> None:
    made = chub.event_query(
        customer_id=chub.CustomerId("c"),
        types=[chub.ViewedPage, Type.UNICORN],
        contexts=iter(["WEB"]),
        mode="ACTIVE",
        date_from=TEN_IN_ROME,
        date_to=TEN_IN_ROME,
    )
    assert ("c", ("viewedPage", "sawUnicorn"), (chub.Context.WEB,), chub.Mode.ACTIVE, EIGHT, EIGHT) == (
        made.customer_id,
        made.types,
        made.contexts,
        made.mode,
        made.date_from,
        made.date_to,
    )
    assert {str} == {type(name) for name in made.types or ()}
    assert isinstance(made.mode, chub.Mode)


def test_a_single_type_or_context_counts_as_one_of_one() -> None:
    assert chub.event_query(types="viewedPage") == chub.event_query(types=chub.ViewedPage)
    assert chub.event_query(types=["viewedPage"]) == chub.event_query(types={"viewedPage"})
    assert chub.event_query(contexts=chub.Context.WEB) == chub.event_query(contexts=("WEB",))


def test_types_are_read_once() -> None:
    def names() -> Iterator[str]:
        yield "a"
        yield "b"

    made = chub.event_query(types=names())
    assert ("a", "b") == made.types == attrs.evolve(made).types


def test_the_ends_of_each_range_are_taken() -> None:
    assert (0, 1) == (chub.event_query(page=0).page, chub.event_query(size=1).size)
    assert 50 == chub.event_query(size=50).size


def test_a_customers_query_keeps_the_other_filters() -> None:
    made = chub.customer_events(RECORDED_CUSTOMER, QUERY)
    assert attrs.evolve(QUERY, customer_id="c_id") == made
    assert chub.customer_events("c_id") == chub.customer_events(chub.CustomerId("c_id"))
    assert chub.EventQuery(customer_id="c_id") == chub.customer_events("c_id")


@pytest.mark.parametrize("customer", [None, "", "..", 5, chub.SessionId("s")], ids=repr)
def test_a_customers_query_needs_a_customer(customer: Any) -> None:
    assert ["customer_id"] == paths(raised(lambda: chub.customer_events(customer)))


def test_a_customers_query_narrows_a_query() -> None:
    assert ["customer_id", "query"] == paths(raised(lambda: chub.customer_events(None, "all")))  # type: ignore[arg-type]


def test_a_query_shows_what_is_set() -> None:
    assert "EventQuery()" == repr(chub.event_query())
    assert "EventQuery(contexts=(Context.WEB,), page=0)" == repr(chub.event_query(contexts="WEB", page=0))
