"""What the charts of a timeline share: colours, titles, the axis of time; plain values of a Vega-Lite specification."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chub.errors import InvalidValue, one_line, shown
from chub.frames.timelines import Timeline

Spec = dict[str, Any]

# Colours that are told apart by people who see no red, no green or no blue too: of Okabe and Ito's and of Tol's, those
# sets whose nearest two are farthest from each other, for all four kinds of sight.
_COLOURS = ("#0072b2", "#e69f00", "#33bbee", "#cc3311", "#222255", "#663333")
_REST = "#b0b0b0"
_OF_CONTEXTS: Mapping[str, str] = {
    "WEB": "#0072b2",
    "MOBILE": "#e69f00",
    "ECOMMERCE": "#997700",
    "RETAIL": "#aa3377",
    "DIGITAL_CAMPAIGN": "#ee6677",
    "SOCIAL": "#88ccee",
    "CONTACT_CENTER": "#661100",
    "IOT": "#332288",
    "OTHER": "#b0b0b0",
}
CONTEXTS = len(_OF_CONTEXTS)
TYPES = len(_COLOURS)

_MINUTE = 60 * 1000
DAY = 24 * 60 * _MINUTE


def check_timeline(timeline: object) -> None:
    """Raise `InvalidValue` for what is no timeline."""
    if not isinstance(timeline, Timeline):
        raise InvalidValue.of("timeline", f"made by chub.frames.timeline(...) is needed, not {shown(timeline)}")


def context_colours(names: Iterable[str]) -> Spec:
    """Give each context its colour, always the same; unknown ones are grey and come last.

    >>> context_colours(["MOON", "WEB"])
    {'domain': ['WEB', 'MOON'], 'range': ['#0072b2', '#b0b0b0']}
    """
    given = set(names)
    domain = [*(name for name in _OF_CONTEXTS if name in given), *sorted(given - _OF_CONTEXTS.keys())]
    return {"domain": domain, "range": [_OF_CONTEXTS.get(name, _REST) for name in domain]}


def type_colours(names: list[str], *, rest: bool) -> Spec:
    """Give each of a few types a colour; where there is a `rest`, the last name is it, and grey.

    >>> type_colours(["viewedPage", "7 others"], rest=True)
    {'domain': ['viewedPage', '7 others'], 'range': ['#0072b2', '#b0b0b0']}
    """
    return {"domain": names, "range": [*_COLOURS[: len(names) - rest], *([_REST] if rest else [])]}


def frequent(names: Iterable[str], places: int) -> dict[str, int]:
    """Count the most frequent names, the first first; where there are more than places, one place is for the rest.

    >>> frequent("abracadabra", 3)
    {'a': 5, 'b': 2}
    """
    found = sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(found if len(found) <= places else found[: places - 1])


def whole(timeline: Timeline, hints: Iterable[str], **parts: Any) -> Spec:
    """Give a specification of these parts, under the title of a timeline."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": _title(timeline, hints),
        "width": 640,
        **parts,
        "config": {"view": {"stroke": None}, "axis": {"gridColor": "#e6e6e6", "domain": False}},
    }


def empty(timeline: Timeline) -> Spec:
    """Give a specification that says that there is nothing to draw."""
    return whole(timeline, [], data={"values": []}, mark="point", height=1)


def _title(timeline: Timeline, hints: Iterable[str]) -> Spec:
    points = timeline.points
    undated = [f"{timeline.undated:,} without a date"] if timeline.undated else []
    if not points:
        return {"text": "No events", "subtitle": undated, "anchor": "start"}
    number = f"{len(points):,} event{'' if len(points) == 1 else 's'}"
    first, last = (point.instant.date().isoformat() for point in (points[0], points[-1]))
    days = first if first == last else f"{first} to {last}"
    lines = [", ".join([number, f"{days} (UTC)", *undated]), *hints]
    return {"text": _whose(timeline), "subtitle": lines, "anchor": "start", "subtitleColor": "#555555", "offset": 12}


def _whose(timeline: Timeline) -> str:
    customers = timeline.customers
    if not customers:
        return "No known customer"
    known = f"Customer {one_line(customers[0])}" if len(customers) == 1 else f"{len(customers):,} customers"
    return f"{known} and unknown visitors" if any(point.customer_id is None for point in timeline.points) else known


def time_axis(low: int, high: int) -> Spec:
    """Give an axis between two instants in milliseconds, with labels that fit what it spans."""
    axis = {"title": None, "labelOverlap": True, "tickCount": 8, "labelExpr": _labels(high - low)}
    return {"type": "temporal", "scale": {"type": "utc", "domain": [low, high], "nice": False}, "axis": axis}


def _labels(span: int) -> str:
    """Give the expression of a label: the day stands where one begins."""
    if span > 20 * 366 * DAY:
        return _utc("%Y")
    if span > 300 * DAY:
        return _utc("%b %Y")
    if span > 8 * DAY:
        return _utc("%d %b")
    return f"datum.value % {DAY} ? {_utc('%H:%M' if span > 5 * _MINUTE else '%H:%M:%S')} : {_utc('%d %b')}"


def _utc(form: str) -> str:
    return f"utcFormat(datum.value, '{form}')"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(instant: datetime) -> int:
    """Give an instant as Vega counts it.

    >>> milliseconds(datetime(1970, 1, 2, tzinfo=UTC))
    86400000
    """
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def words(instant: datetime) -> str:
    """Write an instant for a tooltip, in UTC.

    >>> words(datetime(2026, 3, 8, 10, 18, tzinfo=UTC))
    '2026-03-08 10:18:00'
    """
    return instant.replace(tzinfo=None).isoformat(" ", "seconds")


def tooltip(*names: str) -> list[Spec]:
    """Give what shows where somebody points at a mark: these fields, as they are.

    >>> tooltip("when")
    [{'field': 'when', 'type': 'nominal'}]
    """
    return [{"field": name, "type": "nominal"} for name in names]
