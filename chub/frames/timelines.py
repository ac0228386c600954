"""When what happened, as plain values: points in time of events, the visits among them, and counts.

Pure and without any extra; `chub.frames.charts` draws it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Literal

import attrs
from attrs import frozen
from returns.result import Result

from chub.errors import ChubError, InvalidValue, Problem, shown
from chub.frames.failures import Failures, successes
from chub.values.events import Event, RecordedEvent
from chub.values.identities import CustomerId, ExternalId, SessionId

_INSTANT = attrgetter("instant")


@frozen(kw_only=True)
class Point:
    """One event: when it was, what, where, and whose; `event_id` is None for one that is to be sent.

    With both a `customer_id` and a `session` it was made by a visitor who wasn't known, in a session that has been
    attached to the customer.
    """

    instant: datetime
    type: str
    context: str
    customer_id: str | None = None
    session: str | None = None
    external_id: str | None = None
    event_id: str | None = None


@frozen(kw_only=True)
class Visit:
    """The events of one session, from the first to the last; with a `customer_id`, the session is attached to him.

    The hub doesn't tell when that was: a visit is marked at its first event, from where on all is his.  `attached_by`
    is when it was at the latest, as far as `updated_at` shows: the first change to an event of the session.
    """

    session: str
    customer_id: str | None
    first: datetime
    last: datetime
    events: int
    attached_by: datetime | None = None


@frozen(kw_only=True)
class Timeline:
    """Points in the order of time, and the visits among them; `undated` events have no instant and stand nowhere."""

    points: tuple[Point, ...]
    visits: tuple[Visit, ...] = ()
    undated: int = 0

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "points", tuple(sorted(self.points, key=_INSTANT)))

    @property
    def customers(self) -> tuple[str, ...]:
        """The ids of the customers, in the order in which they come."""
        return tuple(dict.fromkeys(point.customer_id for point in self.points if point.customer_id is not None))

    def of(self, customer: CustomerId | str) -> "Timeline":
        """Give what is of one customer alone; what is undated belongs to nobody."""
        key = customer.value if isinstance(customer, CustomerId) else customer
        return Timeline(
            points=tuple(point for point in self.points if point.customer_id == key),
            visits=tuple(visit for visit in self.visits if visit.customer_id == key),
        )


@frozen(kw_only=True)
class Count:
    """How many events there were of one type, or in one context, from `start` on and before `end`."""

    start: datetime
    end: datetime
    name: str
    count: int


def timeline(
    events: Iterable[Result[RecordedEvent, ChubError] | RecordedEvent | Event], failures: Failures = "raise"
) -> Timeline:
    """Put events, or what a walk yields, in the order of time.

    An event stands at its date; without one, or at one in the year 1, by which the hub's sources say that they have
    none, at the instant of its registration.

    >>> when = datetime(2026, 3, 8, tzinfo=UTC)
    >>> from chub.values.catalogue import Custom
    >>> saw = RecordedEvent(id="e", properties=Custom("sawUnicorn"), context="WEB", customer_id="c", date=when)
    >>> timeline([saw]).points[0].type, timeline([saw]).customers
    ('sawUnicorn', ('c',))
    """
    points: list[Point] = []
    changes: dict[tuple[str, str | None], datetime] = {}
    undated = 0
    for event in successes(events, failures):
        point, change = _point(event)
        if point is None:
            undated += 1
            continue
        points.append(point)
        if point.session is not None and change is not None:
            key = point.session, point.customer_id
            changes[key] = min(change, changes.get(key, change))
    ordered = sorted(points, key=_INSTANT)
    return Timeline(points=tuple(ordered), visits=_visits(ordered, changes), undated=undated)


def _point(event: Any) -> tuple[Point | None, datetime | None]:
    """Give the point of an event, None where it has no instant, and when the event was changed, as far as is known."""
    if isinstance(event, Event):
        customer = event.owner.value if isinstance(event.owner, CustomerId) else None
        return _placed(event, event.date, event.owner, customer_id=customer), None
    if not isinstance(event, RecordedEvent):
        raise InvalidValue.of("events", f"events, or Results of events, are needed, not {shown(event)}")
    whose = {"customer_id": event.customer_id, "event_id": event.id}
    point = _placed(event, event.date, event.bring_back, **whose) or _placed(
        event, event.registered_at, event.bring_back, **whose
    )
    return point, _change(event)


def _placed(event: Event | RecordedEvent, instant: datetime | None, owner: object, **whose: str | None) -> Point | None:
    if instant is None or instant.year == 1:
        return None
    return Point(
        instant=instant,
        type=event.type,
        context=str(event.context),
        session=owner.value if isinstance(owner, SessionId) else None,
        external_id=owner.value if isinstance(owner, ExternalId) else None,
        **whose,
    )


def _change(event: RecordedEvent) -> datetime | None:
    """Give when an event of a known customer was changed after its registration."""
    if event.customer_id is None or event.updated_at is None or event.registered_at is None:
        return None
    return event.updated_at if event.updated_at > event.registered_at else None


def _visits(points: list[Point], changes: Mapping[tuple[str, str | None], datetime]) -> tuple[Visit, ...]:
    """Gather the points, which are in the order of time, by their sessions."""
    found: dict[tuple[str, str | None], Visit] = {}
    for point in points:
        if point.session is None:
            continue
        key = point.session, point.customer_id
        before = found.get(key)
        if before is None:
            when = {"first": point.instant, "last": point.instant}
            attached = changes.get(key)
            found[key] = Visit(session=key[0], customer_id=key[1], events=1, attached_by=attached, **when)
        else:
            found[key] = attrs.evolve(before, last=point.instant, events=before.events + 1)
    return tuple(found.values())


Step = Literal[
    "second", "minute", "5 minutes", "hour", "6 hours", "day", "week", "month", "quarter", "year", "decade", "century"
]

_START = datetime(1, 1, 1, tzinfo=UTC)  # a Monday
_END = datetime.max.replace(tzinfo=UTC)
_STEPS: Mapping[str, timedelta | int] = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "5 minutes": timedelta(minutes=5),
    "hour": timedelta(hours=1),
    "6 hours": timedelta(hours=6),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": 1,
    "quarter": 3,
    "year": 12,
    "decade": 120,
    "century": 1200,
}
"""The length of each step; those of the calendar in months."""


def counts(
    timeline: Timeline, *, by: Literal["type", "context"] = "type", step: Step | None = None
) -> tuple[Count, ...]:
    """Count the points by their types or contexts in steps of time, in UTC; weeks begin on Mondays.

    Without `step` it is the shortest with which there are at most 60 of them.  Steps without points have no counts.

    >>> when = datetime(2026, 3, 8, 10, 30, tzinfo=UTC)
    >>> (count,) = counts(Timeline(points=(Point(instant=when, type="viewedPage", context="WEB"),)), step="day")
    >>> count.start.isoformat(), count.name, count.count
    ('2026-03-08T00:00:00+00:00', 'viewedPage', 1)
    """
    chosen = step_of(timeline) if step is None else step
    InvalidValue.check([*_none_of("by", by, ("type", "context")), *_none_of("step", chosen, tuple(_STEPS))])
    found = Counter((floor(point.instant, chosen), getattr(point, by)) for point in timeline.points)
    return tuple(
        Count(start=start, end=after(start, chosen), name=name, count=count)
        for (start, name), count in sorted(found.items())
    )


def _none_of(path: str, value: object, choices: tuple[str, ...]) -> Iterator[Problem]:
    if value not in choices:
        needed = f"one of {', '.join(map(repr, choices))} is needed"
        yield Problem(path=path, message=f"{needed}, not {shown(value)}")


def step_of(timeline: Timeline, most: int = 60) -> Step:
    """Choose the shortest step of which there are at most so many between the first point and the last."""
    if not timeline.points or timeline.points[0].instant == timeline.points[-1].instant:
        return "day"
    first, last = timeline.points[0].instant, timeline.points[-1].instant
    fitting: Any = (step for step in _STEPS if _number(first, last, step) <= most)
    return next(fitting, "century")


def _number(first: datetime, last: datetime, step: str) -> int:
    length = _STEPS[step]
    if isinstance(length, timedelta):
        return (last - first) // length + 1
    return (_month(last) - _month(first)) // length + 1


def floor(instant: datetime, step: str) -> datetime:
    """Give the beginning of the step that an instant is in.

    >>> floor(datetime(2026, 3, 8, 10, 30, tzinfo=UTC), "week").isoformat()
    '2026-03-02T00:00:00+00:00'
    """
    length = _STEPS[step]
    if isinstance(length, timedelta):
        return instant - (instant - _START) % length
    return _at_month(_month(instant) // length * length)


def after(start: datetime, step: str) -> datetime:
    """Give the end of the step that begins then, or the end of time.

    >>> after(datetime(2026, 12, 1, tzinfo=UTC), "month").isoformat()
    '2027-01-01T00:00:00+00:00'
    """
    length = _STEPS[step]
    if isinstance(length, timedelta):
        return start + length if _END - start > length else _END
    # A decade's or century's first months may lie before the year 1.
    return _at_month((_month(start) // length + 1) * length)


def _month(instant: datetime) -> int:
    return instant.year * 12 + instant.month - 1


def _at_month(number: int) -> datetime:
    year, month = divmod(number, 12)
    if year > 9999:
        return _END
    return datetime(year, month + 1, 1, tzinfo=UTC) if year > 0 else _START
