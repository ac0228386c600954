"""Charts of a timeline, by altair (extra `charts`): a journey, and counts over time.

What is drawn is a Vega-Lite specification, made here of plain values; many points are gathered, so that a chart of a
million events is no larger than one of a thousand.  Instants are in UTC.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from chub.errors import one_line
from chub.frames.chart_parts import (
    CONTEXTS,
    TYPES,
    Spec,
    check_timeline,
    context_colours,
    empty,
    frequent,
    milliseconds,
    time_axis,
    tooltip,
    type_colours,
    whole,
    words,
)
from chub.frames.extras import needed
from chub.frames.journeys import journey_spec
from chub.frames.timelines import Count, Step, Timeline, after, counts, step_of


def journey(timeline: Timeline) -> Any:
    """Draw what happened when, a row for each type of event; give it the part of one customer, `timeline.of(...)`.

    Where there are more than 16 types, the rarest share a row; more than 400 events are gathered, each circle as large
    as many they are.  Raises `ModuleNotFoundError` where altair is missing.

    >>> journey(Timeline(points=())).to_dict()["title"]["text"]
    'No events'
    """
    return _chart(journey_spec(timeline))


def counts_over_time(timeline: Timeline, *, by: Literal["type", "context"] = "type", step: Step | None = None) -> Any:
    """Draw how many events there were in each step of time; the 6 most frequent types have colours, the rest is grey.

    `by` and `step` are those of `counts`.  Raises `ModuleNotFoundError` where altair is missing.

    >>> counts_over_time(Timeline(points=()), by="context").to_dict()["title"]["text"]
    'No events'
    """
    return _chart(counts_spec(timeline, by=by, step=step))


def _chart(spec: Spec) -> Any:
    return needed("altair", extra="charts", purpose="a chart").Chart.from_dict(spec)


def counts_spec(timeline: Timeline, *, by: Literal["type", "context"] = "type", step: Step | None = None) -> Spec:
    """Give the specification of counts over time.

    >>> counts_spec(Timeline(points=()))["title"]["text"]
    'No events'
    """
    check_timeline(timeline)
    chosen = step_of(timeline) if step is None else step
    found = counts(timeline, by=by, step=chosen)
    if not found:
        return empty(timeline)
    often = frequent((getattr(point, by) for point in timeline.points), 1 + (CONTEXTS if by == "context" else TYPES))
    rest = {count.name for count in found} - often.keys()
    names = {name: one_line(name) for name in often} | dict.fromkeys(rest, f"{len(rest):,} others")
    legend = list(dict.fromkeys(names.values()))
    colours = context_colours(legend) if by == "context" else type_colours(legend, rest=bool(rest))
    bars = _bars(found, names, colours["domain"])
    return whole(
        timeline,
        [],
        datasets={"counts": bars},
        data={"name": "counts"},
        mark={"type": "rect", "stroke": "white", "strokeWidth": 0.5},
        height=240,
        encoding={
            "x": {"field": "start", **time_axis(*_steps_span(found, chosen))},
            "x2": {"field": "end"},
            "y": {"field": "high", "type": "quantitative", "axis": _amounts(bars, chosen)},
            "y2": {"field": "low"},
            "color": {
                "field": "name",
                "type": "nominal",
                "scale": colours,
                "legend": {"title": by, "labelLimit": 200},
            },
            "tooltip": tooltip("when", "name", "events"),
        },
    )


def _bars(found: Iterable[Count], names: Mapping[str, str], legend: list[str]) -> list[Spec]:
    """Stack the counts of each step, the first of the legend below."""
    sums: Counter[tuple[datetime, datetime, int]] = Counter()
    for count in found:
        sums[count.start, count.end, legend.index(names[count.name])] += count.count
    bars: list[Spec] = []
    for (start, end, rank), events in sorted(sums.items()):
        at = {"start": milliseconds(start), "end": milliseconds(end)}
        low = bars[-1]["high"] if bars and bars[-1]["start"] == at["start"] else 0
        told = {"when": f"{words(start)} to {words(end)}", "name": legend[rank], "events": events}
        bars.append({**at, "low": low, "high": low + events, **told})
    return bars


def _steps_span(found: tuple[Count, ...], step: Step) -> tuple[int, int]:
    """Give what the axis of time spans: the steps, of which there is room for eight at least."""
    first, last = milliseconds(found[0].start), milliseconds(found[-1].end)
    length = milliseconds(after(found[0].start, step)) - first
    room = max(0, 8 * length - (last - first)) // 2
    return first - room, last + room


def _amounts(bars: list[Spec], step: Step) -> Spec:
    most = max(bar["high"] for bar in bars)
    return {"title": f"events per {step}", "format": ",d", "tickCount": min(5, most)}
