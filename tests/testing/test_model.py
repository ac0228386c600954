"""The model of a hub, deed by deed, and how what a hub says is compared with it."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

import attrs
import pytest
from returns.result import Failure, Success

import chub
from chub.testing.machine import checks
from chub.testing.machine import model as known
from chub.testing.machine.model import KnownEvent, Model

VISIT, OTHER_VISIT, KEY, ADA = (
    chub.SessionId("a visit"),
    chub.SessionId("another"),
    chub.ExternalId("CRM-17"),
    chub.CustomerId("ada"),
)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
WITH_ADA = known.with_customer(Model(), "ada", "CRM-17")


def sent(owner: chub.Owner, **more: Any) -> chub.Event:
    return chub.event(more.pop("properties", chub.LoggedIn()), owner=owner, **{"context": "WEB", **more})


def owners_of(model: Model) -> dict[str, str | None]:
    return {event.id: event.customer_id for event in model.events}


@pytest.mark.parametrize(("owner", "customer_id"), [(ADA, "ada"), (KEY, "ada"), (VISIT, None), (OTHER_VISIT, None)])
def test_an_owner_leads_to_a_customer_or_to_nobody(owner: chub.Owner, customer_id: str | None) -> None:
    assert customer_id == known.customer_of(WITH_ADA, owner)
    assert {"e": customer_id} == owners_of(known.with_event(WITH_ADA, "e", sent(owner)))
    assert known.customer_of(Model(), owner) is None


def test_a_session_brings_its_events_to_its_customer_those_of_before_and_after() -> None:
    model = known.with_event(known.with_event(WITH_ADA, "before", sent(VISIT)), "other", sent(OTHER_VISIT))
    attached = known.with_session(model, "ada", "a visit", "s")
    after = known.with_event(attached, "after", sent(VISIT))
    assert {"before": "ada", "other": None, "after": "ada"} == owners_of(after)
    assert "s" == getattr(known.session_of(after, VISIT), "id", None)
    assert {"id": "ada", "external_id": "CRM-17", "sessions": {"a visit": "s"}} == known.customer_facts(
        after, after.customers[0]
    )


def test_a_detached_session_leaves_its_events_and_brings_no_more() -> None:
    attached = known.with_session(known.with_event(WITH_ADA, "before", sent(VISIT)), "ada", "a visit", "s")
    detached = known.with_event(known.without_session(attached, "a visit"), "after", sent(VISIT))
    assert {"before": "ada", "after": None} == owners_of(detached)
    eve = known.with_session(known.with_customer(detached, "eve", None), "eve", "a visit", "s2")
    assert {"before": "ada", "after": "eve"} == owners_of(eve)


def test_with_a_customer_go_his_events_and_sessions() -> None:
    numbers, model = count(), known.with_session(known.with_customer(WITH_ADA, "eve", None), "ada", "a visit", "s")
    for owner in (ADA, VISIT, KEY, OTHER_VISIT, chub.CustomerId("eve")):
        model = known.with_event(model, str(next(numbers)), sent(owner))
    left = known.without_customer(model, "ada")
    assert {"3": None, "4": "eve"} == owners_of(left)
    assert (["eve"], ()) == ([one.id for one in left.customers], left.sessions)
    assert {"4": "eve"} == owners_of(known.without_event(left, "3"))
    assert (True, False) == (known.has_customer(left, "eve"), known.has_customer(left, "ada"))


PAGE = chub.event(chub.ViewedPage(), owner=ADA, context="WEB", date=NOON)
QUERIES: dict[str, tuple[dict[str, Any], bool]] = {
    "everything": ({}, True),
    "his": ({"customer_id": "ada"}, True),
    "another's": ({"customer_id": "eve"}, False),
    "its type": ({"types": ["loggedIn", "viewedPage"]}, True),
    "another type": ({"types": "loggedIn"}, False),
    "its context": ({"contexts": ["IOT", "WEB"]}, True),
    "another context": ({"contexts": "IOT"}, False),
    "its mode": ({"mode": "ACTIVE"}, True),
    "another mode": ({"mode": "PASSIVE"}, False),
    "from before on": ({"date_from": datetime(2026, 1, 1, tzinfo=UTC)}, True),
    "from after it on": ({"date_from": datetime(2026, 1, 2, tzinfo=UTC)}, False),
    "until after it": ({"date_to": datetime(2026, 1, 2, tzinfo=UTC)}, True),
    "until before it": ({"date_to": datetime(2026, 1, 1, tzinfo=UTC)}, False),
}


@pytest.mark.parametrize(("query", "is_found"), QUERIES.values(), ids=QUERIES)
def test_a_query_finds_what_passes_every_filter(query: dict[str, Any], is_found: bool) -> None:
    model = known.with_event(WITH_ADA, "e", PAGE)
    found = known.found_by(model, chub.event_query(**query, page=3, size=1), {"viewedPage": chub.Mode.ACTIVE})
    assert is_found == bool(found)


def test_a_mode_of_its_own_goes_before_that_of_the_type_and_no_date_passes_no_bound() -> None:
    odd = attrs.evolve(PAGE, mode="PASSIVE", date=None)
    model = known.with_event(WITH_ADA, "e", odd)
    modes = {"viewedPage": chub.Mode.ACTIVE}
    assert 1 == len(known.found_by(model, chub.event_query(mode="PASSIVE"), modes))
    for bound in ("date_from", "date_to"):
        assert () == known.found_by(model, chub.event_query(**{bound: NOON}), modes)


def test_what_a_hub_says_beyond_what_it_must_is_not_compared() -> None:
    event = KnownEvent("e", sent(VISIT, date=NOON), "ada")
    recorded = chub.RecordedEvent(
        id="e",
        properties=chub.LoggedIn(),
        context="WEB",
        customer_id="ada",
        date=NOON,
        bring_back=attrs.evolve(VISIT, node_id="shop"),
        mode="ACTIVE",
        registered_at=NOON,
        unlisted={"news": 1},
    )
    assert known.facts_of(event) == known.facts_told(recorded, event)
    odd = attrs.evolve(recorded, bring_back=chub.frozen_dict({"type": "OTHER"}))
    assert {"type": "OTHER"} == known.facts_told(odd, event)["bring_back"]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.mark.parametrize(
    ("within", "right_at", "slept"),
    [
        (0, 9, []),
        (90, 1, []),
        (90, 4, [0.25, 0.5, 1.0]),
        (90, 8, [0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0]),
        (1, 9, [0.25, 0.5, 0.25]),
    ],
)
def test_a_hub_is_asked_until_it_is_right_or_the_time_is_over(within: float, right_at: int, slept: list[float]) -> None:
    clock, answers = Clock(), count(1)
    asked = checks.settled(
        lambda: next(answers), lambda answer: answer == right_at, within, clock=clock, sleep=clock.sleep
    )
    assert (slept, len(slept) + 1) == (clock.slept, asked)


DIFFERENCES: dict[str, tuple[checks.Told, checks.Told, str]] = {
    "a fact": ({"a": 1, "b": 2}, {"a": 1, "b": 3}, "b: expected 2, found 3"),
    "a fact within": ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, "a c: expected 2, found 3"),
    "too little and too much": ({"a": 1}, {"b": 2}, "a: expected 1, found nothing; b: expected nothing, found 2"),
    "words": ("refused with 404", {"a": 1}, "expected refused with 404, found {'a': 1}"),
    "nothing": ({"a": 1}, {"a": 1}, ""),
}


@pytest.mark.parametrize(("expected", "found", "difference"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_a_difference_is_told_without_what_is_equal(expected: Any, found: Any, difference: str) -> None:
    assert difference == checks.difference(expected, found)


def test_what_a_result_says() -> None:
    refused = chub.Rejected(method="GET", template="/x", status=404, message="Not Found")
    down = chub.NotSent(method="GET", template="/x", reason="refused", transient=False)
    assert {"n": 1} == checks.said(Success(1), lambda value: {"n": value})
    assert "refused with 404" == checks.said(Failure(refused), lambda value: {"n": value})
    assert str(down) == checks.said(Failure(down), lambda value: {"n": value})


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (
            {"total_pages": [None, None], "total_elements": [4, 4]},
            {"total_pages": [None, None], "total_elements": [3, 3]},
        ),
        ({"total_pages": [None, 2]}, {"total_pages": [2, 2], "total_elements": [3, 3]}),
        ("refused with 403", {"total_pages": [2, 2], "total_elements": [3, 3]}),
    ],
)
def test_totals_are_expected_unless_the_hub_tells_none(found: Any, wanted: Any) -> None:
    assert wanted == checks.without_totals({"total_pages": [2, 2], "total_elements": [3, 3]}, found)


def test_where_words_are_expected_totals_are_not() -> None:
    assert "refused with 404" == checks.without_totals("refused with 404", {"total_pages": [None]})
