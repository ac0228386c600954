"""The chart of a journey: a row for each type of event, a lane for the sessions; plain values of a specification."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby

from chub.errors import one_line
from chub.frames.chart_parts import (
    DAY,
    Spec,
    check_timeline,
    context_colours,
    empty,
    frequent,
    milliseconds,
    time_axis,
    tooltip,
    whole,
    words,
)
from chub.frames.timelines import Point, Step, Timeline, Visit, after, floor, step_of

EXACT = 400
"""So many points of a journey stand at their instants; where there are more, those of a step of time are gathered."""

_ROWS = 16
_HOLLOW = "hollow: made in a session"
_DIAMOND = "diamond: where a session begins that was attached to a customer"


def journey_spec(timeline: Timeline) -> Spec:
    """Give the specification of a journey.

    >>> journey_spec(Timeline(points=()))["title"]["text"]
    'No events'
    """
    check_timeline(timeline)
    if not timeline.points:
        return empty(timeline)
    rows = _rows(timeline)
    low, high = _span(timeline)
    order = list(dict.fromkeys(rows.values()))
    lane = _lane(order)
    sessions = [_session(visits, lane, (high - low) // 150) for visits in _together(timeline)]
    at = {"x": {"field": "at", **time_axis(low, high)}, "y": _row_axis([*([lane] if sessions else []), *order])}
    gathered = len(timeline.points) > EXACT
    events = _gathered(timeline, rows) if gathered else [_dot(point, rows) for point in timeline.points]
    layers = [{"data": {"name": "events"}, **(_circles if gathered else _dots)(events, at)}]
    return whole(
        timeline,
        _hints(timeline),
        datasets={"events": events, **({"sessions": sessions} if sessions else {})},
        layer=[*(_session_layers(at) if sessions else []), *layers],
        height={"step": 22},
    )


def _hints(timeline: Timeline) -> list[str]:
    """Tell what the marks of sessions mean, in a line, where there are any."""
    attached = any(visit.customer_id is not None for visit in timeline.visits)
    return ["; ".join([_HOLLOW, *([_DIAMOND] if attached else [])])] if timeline.visits else []


def _rows(timeline: Timeline) -> dict[str, str]:
    """Give the row of each type, in the order in which they come; the rarest share the last."""
    often = frequent((point.type for point in timeline.points), _ROWS)
    rows = {point.type: one_line(point.type) for point in timeline.points if point.type in often}
    rare = {point.type for point in timeline.points} - often.keys()
    return rows | dict.fromkeys(rare, f"{len(rare):,} other types")


def _lane(rows: list[str]) -> str:
    """Give a name for the row of the sessions that no type has."""
    lane = "sessions"
    while lane in rows:
        lane = f"{lane} "
    return lane


def _row_axis(order: list[str]) -> Spec:
    axis = {"title": None, "labelLimit": 170, "ticks": False, "grid": True, "labelPadding": 8}
    return {"field": "row", "type": "nominal", "scale": {"domain": order}, "axis": axis}


def _span(timeline: Timeline) -> tuple[int, int]:
    """Give what the axis of time spans: the points, with room on both sides."""
    first, last = (milliseconds(point.instant) for point in (timeline.points[0], timeline.points[-1]))
    room = DAY // 4 if first == last else (last - first) // 40 + 1
    return first - room, last + room


def _dot(point: Point, rows: Mapping[str, str]) -> Spec:
    told = {"when": words(point.instant), "type": one_line(point.type), "context": one_line(point.context)}
    return {"at": milliseconds(point.instant), "row": rows[point.type], "known": point.session is None, **told}


def _dots(events: list[Spec], at: Spec) -> Spec:
    """Draw each event at its instant, in the colour of its context."""
    context = {"field": "context", "type": "nominal", "scale": context_colours(event["context"] for event in events)}
    return {
        "mark": _POINT,
        "encoding": {
            **at,
            "fill": {**context, "legend": {"title": "context", "symbolType": "circle"}},
            "stroke": {**context, "legend": None},
            "fillOpacity": _FILLED,
            "size": {"value": 70},
            "tooltip": tooltip("when", "type", "context"),
        },
    }


_POINT = {"type": "point", "filled": True, "strokeWidth": 1.5, "strokeOpacity": 0.9}
_FILLED = {"condition": {"test": "datum.known", "value": 0.7}, "value": 0.0}


def _gathered(timeline: Timeline, rows: Mapping[str, str]) -> list[Spec]:
    """Gather the points of each row and step; those that are all of sessions are not `known`."""
    step = step_of(timeline)
    found: defaultdict[tuple[datetime, str], list[Point]] = defaultdict(list)
    for point in timeline.points:
        found[floor(point.instant, step), rows[point.type]].append(point)
    return [_circle(start, row, step, points) for (start, row), points in found.items()]


def _circle(start: datetime, row: str, step: Step, points: list[Point]) -> Spec:
    contexts = Counter(one_line(point.context) for point in points).most_common()
    return {
        "at": (milliseconds(start) + milliseconds(after(start, step))) // 2,
        "row": row,
        "known": any(point.session is None for point in points),
        "events": len(points),
        "when": f"the {step} from {words(start)}",
        "contexts": ", ".join(f"{name}: {count:,}" for name, count in contexts),
    }


def _circles(events: list[Spec], at: Spec) -> Spec:
    """Draw what was gathered, each circle as large as many events there were."""
    most = max(event["events"] for event in events)
    legend = {
        "title": "events",
        "values": sorted({1, max(most // 4, 1), most}),
        "symbolType": "circle",
        "symbolFillColor": "#80b9d9",
        "symbolStrokeColor": "#0072b2",
    }
    return {
        "mark": {**_POINT, "fill": "#0072b2", "stroke": "#0072b2"},
        "encoding": {
            **at,
            "fillOpacity": _FILLED,
            "size": {
                "field": "events",
                "type": "quantitative",
                "scale": {"domain": [0, most], "range": [8, 360]},
                "legend": legend,
            },
            "tooltip": tooltip("when", "row", "events", "contexts"),
        },
    }


def _together(timeline: Timeline) -> list[list[Visit]]:
    """Give the visits one by one; where there are many, those together that begin in the same step."""
    visits = sorted(timeline.visits, key=lambda visit: visit.first)
    if len(visits) <= EXACT:
        return [[visit] for visit in visits]
    step = step_of(timeline)
    return [list(group) for _, group in groupby(visits, key=lambda visit: floor(visit.first, step))]


def _session(visits: list[Visit], lane: str, least: int) -> Spec:
    """Give a bar of sessions; one of a single event is `least` milliseconds wide, so that it is seen."""
    start, end = milliseconds(visits[0].first), milliseconds(max(visit.last for visit in visits))
    attached = [visit.attached_by for visit in visits if visit.attached_by is not None]
    return {
        "at": start,
        "until": max(end, start + least),
        "row": lane,
        "attached": any(visit.customer_id is not None for visit in visits),
        "session": one_line(visits[0].session) if len(visits) == 1 else f"{len(visits):,} sessions",
        "events": sum(visit.events for visit in visits),
        "when": words(visits[0].first),
        "attached at the latest": words(max(attached)) if attached else "not known",
    }


def _session_layers(at: Spec) -> list[Spec]:
    told = tooltip("session", "events", "when", "attached at the latest")
    bar = {"type": "bar", "height": 6, "color": "#999999", "opacity": 0.6}
    diamond = {"type": "point", "shape": "diamond", "filled": True, "size": 110, "color": "#222222", "opacity": 1}
    return [
        {"data": {"name": "sessions"}, "mark": bar, "encoding": {**at, "x2": {"field": "until"}, "tooltip": told}},
        {
            "data": {"name": "sessions"},
            "transform": [{"filter": "datum.attached"}],
            "mark": diamond,
            "encoding": {**at, "tooltip": told},
        },
    ]
