"""Timelines: every event at its instant, in order, and counted once, whatever the step."""

import pickle
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from chub_cases import raised
from chub_strategies import law, odd_events
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

import chub
from chub import frames
from chub.frames.timelines import _STEPS, after, floor, step_of
from chub.testing.strategies import odd_recorded_events

NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)
BAD_DAY = chub.PageFailed(page=1, cause=chub.Unconfirmed(method="GET", template="/events", reason="cut"))


def hours(number: float) -> datetime:
    return NOON + timedelta(hours=number)


def stored(id: str, date: datetime | None, **fields: Any) -> chub.RecordedEvent:
    return chub.RecordedEvent(id=id, **{"properties": chub.ViewedPage(), "context": "WEB", "date": date, **fields})


def at(*instants: datetime, **fields: Any) -> frames.Timeline:
    points = [
        frames.Point(instant=instant, **{"type": "viewedPage", "context": "WEB", **fields}) for instant in instants
    ]
    return frames.Timeline(points=tuple(points))


def ids(timeline: frames.Timeline) -> list[str | None]:
    return [point.event_id for point in timeline.points]


def test_a_point_says_when_what_where_and_whose() -> None:
    visit = stored("a", NOON, customer_id="c", bring_back=chub.SessionId("s"), properties=chub.Custom("sawUnicorn"))
    bought = stored("b", hours(1), customer_id="c", bring_back=chub.ExternalId("CRM-17"), context="MOON")
    sent = chub.event(chub.ViewedPage(), owner=chub.CustomerId("d"), context="IOT", date=hours(2))
    anonymous = attrs.evolve(sent, owner=chub.SessionId("t"), date=hours(3))
    common = {"type": "viewedPage", "context": "IOT"}
    assert (
        frames.Point(instant=NOON, type="sawUnicorn", context="WEB", customer_id="c", session="s", event_id="a"),
        frames.Point(
            instant=hours(1), type="viewedPage", context="MOON", customer_id="c", external_id="CRM-17", event_id="b"
        ),
        frames.Point(instant=hours(2), customer_id="d", **common),
        frames.Point(instant=hours(3), session="t", **common),
    ) == frames.timeline([sent, anonymous, bought, Success(visit)]).points


def test_events_stand_in_the_order_of_time_and_equal_instants_in_their_own() -> None:
    found = [stored("c", hours(2)), stored("a", NOON), stored("b", NOON), stored("d", hours(1))]
    assert ["a", "b", "d", "c"] == ids(frames.timeline(found))
    mixed = frames.Timeline(points=tuple(reversed(frames.timeline(found).points)))
    assert sorted(point.instant for point in mixed.points) == [point.instant for point in mixed.points]


DATES = [
    (stored("a", NOON, registered_at=hours(1)), NOON),
    (stored("a", None, registered_at=hours(1)), hours(1)),
    (stored("a", datetime(1, 1, 1, tzinfo=UTC), registered_at=hours(1)), hours(1)),
    (stored("a", None), None),
    (stored("a", datetime(1, 12, 31, tzinfo=UTC)), None),
    (chub.event(chub.ViewedPage(), owner=chub.CustomerId("c"), context="WEB"), None),
]


@pytest.mark.parametrize(("event", "instant"), DATES)
def test_an_event_stands_at_its_date_or_at_its_registration_or_nowhere(event: Any, instant: datetime | None) -> None:
    found = frames.timeline([event])
    assert ([] if instant is None else [instant]) == [point.instant for point in found.points]
    assert (instant is None) == found.undated


def test_visits_are_the_sessions_with_whom_they_are_attached_to() -> None:
    visit = {"bring_back": chub.SessionId("s"), "customer_id": "c", "registered_at": NOON}
    found = frames.timeline(
        [
            stored("a", hours(0), **visit, updated_at=hours(9)),
            stored("b", hours(2), **visit, updated_at=hours(7)),
            stored("c", hours(1), **visit, updated_at=hours(8)),
            stored("d", hours(3), bring_back=chub.SessionId("t"), registered_at=NOON, updated_at=hours(8)),
            stored("e", hours(4), customer_id="c", registered_at=NOON, updated_at=hours(8)),
            stored("f", hours(5), bring_back=chub.SessionId("u"), customer_id="d"),
            stored("g", hours(6), bring_back=chub.SessionId("v"), customer_id="d", registered_at=NOON),
            stored("h", hours(7), bring_back=chub.SessionId("w"), customer_id="d", registered_at=NOON, updated_at=NOON),
        ]
    )
    assert (
        frames.Visit(session="s", customer_id="c", first=NOON, last=hours(2), events=3, attached_by=hours(7)),
        frames.Visit(session="t", customer_id=None, first=hours(3), last=hours(3), events=1),
        frames.Visit(session="u", customer_id="d", first=hours(5), last=hours(5), events=1),
        frames.Visit(session="v", customer_id="d", first=hours(6), last=hours(6), events=1),
        frames.Visit(session="w", customer_id="d", first=hours(7), last=hours(7), events=1),
    ) == found.visits
    assert ("c", "d") == found.customers


def test_of_one_customer_there_are_his_points_and_his_visits() -> None:
    mine = [stored("a", NOON, customer_id="c", bring_back=chub.SessionId("s")), stored("b", hours(1), customer_id="c")]
    others = [stored("d", NOON, customer_id="d", bring_back=chub.SessionId("t")), stored("e", NOON), stored("f", None)]
    whole = frames.timeline([*others, *mine])
    assert frames.timeline(mine) == whole.of("c") == whole.of(chub.CustomerId("c"))
    assert frames.Timeline(points=()) == whole.of("nobody")


def test_a_reconciled_visit_is_seen_in_a_hub() -> None:
    with chub.sandbox.open() as hub:
        customer = chub.add_customer(hub.config, chub.customer("CRM-17")).unwrap().id or ""
        event = chub.event(chub.ViewedPage(), owner=chub.SessionId("s"), context="WEB", date=NOON)
        chub.add_event(hub.config, event).unwrap()
        walk = lambda: frames.timeline(chub.events(hub.config, chub.event_query()))  # noqa: E731
        assert [None] == [visit.customer_id for visit in walk().visits]
        chub.add_session(hub.config, chub.SessionLink(customer, "s")).unwrap()
        assert [customer] == [visit.customer_id for visit in walk().visits]


def test_failures_are_raised_end_it_or_are_collected() -> None:
    walk = [Success(stored("a", NOON)), Failure(BAD_DAY), Success(stored("b", NOON))]
    assert BAD_DAY == raised_by(lambda: frames.timeline(walk))
    assert ["a"] == ids(frames.timeline(walk, "stop"))
    errors: list[chub.ChubError] = []
    assert ["a", "b"] == ids(frames.timeline(walk, errors))
    assert [BAD_DAY] == errors


def raised_by(call: Any) -> BaseException:
    with pytest.raises(chub.PageFailed) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("wrong", [7, None, {"type": "viewedPage"}, Success("text")])
def test_what_is_no_event_is_refused(wrong: Any) -> None:
    assert str(raised(lambda: frames.timeline([wrong]))).startswith("events: events, or Results of events, are needed")


@law
@given(st.lists(odd_events() | odd_recorded_events(), max_size=2))
def test_no_event_is_lost(found: list[Any]) -> None:
    whole = frames.timeline(found)
    assert len(found) == len(whole.points) + whole.undated
    assert whole == pickle.loads(pickle.dumps(whole))
    assert sum(visit.events for visit in whole.visits) == sum(point.session is not None for point in whole.points)
    for by in ("type", "context"):
        sums = Counter({count.name: 0 for count in frames.counts(whole, by=by)})  # type: ignore[arg-type]
        for count in frames.counts(whole, by=by):  # type: ignore[arg-type]
            sums[count.name] += count.count
        assert Counter(getattr(point, by) for point in whole.points) == sums


@law
@given(st.datetimes(timezones=st.just(UTC)), st.sampled_from([*_STEPS]))
def test_every_instant_is_in_one_step(instant: datetime, step: Any) -> None:
    start = floor(instant, step)
    end = after(start, step)
    assert start <= instant <= end
    assert instant < end or end == datetime.max.replace(tzinfo=UTC)
    assert floor(start, step) == start
    assert end == datetime.max.replace(tzinfo=UTC) or floor(end, step) == end


@pytest.mark.parametrize("step", [*_STEPS])
def test_time_has_a_beginning_and_an_end(step: Any) -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert (first, last) == (floor(first, step), after(floor(last, step), step))


STEPS = [
    ("second", "2026-03-08T12:34:56", "2026-03-08T12:34:57"),
    ("minute", "2026-03-08T12:34:00", "2026-03-08T12:35:00"),
    ("5 minutes", "2026-03-08T12:30:00", "2026-03-08T12:35:00"),
    ("hour", "2026-03-08T12:00:00", "2026-03-08T13:00:00"),
    ("6 hours", "2026-03-08T12:00:00", "2026-03-08T18:00:00"),
    ("day", "2026-03-08T00:00:00", "2026-03-09T00:00:00"),
    ("week", "2026-03-02T00:00:00", "2026-03-09T00:00:00"),
    ("month", "2026-03-01T00:00:00", "2026-04-01T00:00:00"),
    ("quarter", "2026-01-01T00:00:00", "2026-04-01T00:00:00"),
    ("year", "2026-01-01T00:00:00", "2027-01-01T00:00:00"),
    ("decade", "2020-01-01T00:00:00", "2030-01-01T00:00:00"),
    ("century", "2000-01-01T00:00:00", "2100-01-01T00:00:00"),
]


@pytest.mark.parametrize(("step", "start", "end"), STEPS)
def test_steps_begin_and_end_in_utc(step: Any, start: str, end: str) -> None:
    instant = datetime(2026, 3, 8, 12, 34, 56, 789_000, UTC)
    (count,) = frames.counts(at(instant, instant), step=step)
    assert (start, end) == tuple(found.replace(tzinfo=None).isoformat() for found in (count.start, count.end))
    assert ("viewedPage", 2) == (count.name, count.count)


SPANS = [
    (timedelta(0), "day"),
    (timedelta(seconds=59), "second"),
    (timedelta(minutes=59), "minute"),
    (timedelta(hours=4), "5 minutes"),
    (timedelta(days=1), "hour"),
    (timedelta(days=14), "6 hours"),
    (timedelta(days=35), "day"),
    (timedelta(days=300), "week"),
    (timedelta(days=3 * 365), "month"),
    (timedelta(days=10 * 365), "quarter"),
    (timedelta(days=40 * 365), "year"),
    (timedelta(days=400 * 365), "decade"),
    (timedelta(days=7900 * 365), "century"),
]


@pytest.mark.parametrize(("span", "step"), SPANS)
def test_there_are_at_most_sixty_steps(span: timedelta, step: str) -> None:
    assert step == step_of(at(NOON, NOON + span))


def test_without_points_there_are_no_counts() -> None:
    assert () == frames.counts(frames.Timeline(points=()))


def test_wrong_choices_are_refused_with_every_problem() -> None:
    wrong: Any = {"by": "colour", "step": "fortnight"}
    by, step = raised(lambda: frames.counts(at(NOON), **wrong)).problems
    assert "by: one of 'type', 'context' is needed, not 'colour'" == str(by)
    assert str(step).startswith("step: one of 'second', 'minute', ")
    assert str(step).endswith(" is needed, not 'fortnight'")
