"""Charts: what is drawn is what the timeline holds, small, in colours that are told apart, and it can be rendered."""

import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vl_convert
from chub_cases import raised
from chub_strategies import law
from hypothesis import given
from hypothesis import strategies as st

import chub
from chub import frames
from chub.frames.chart_parts import context_colours, time_axis, type_colours
from chub.frames.charts import counts_spec
from chub.frames.journeys import journey_spec

START = datetime(2026, 3, 8, tzinfo=UTC)
DAY = 24 * 60 * 60 * 1000
HOSTILE = [
    "<script>alert(1)</script>",
    "datum.at",
    "a\nb",
    "\ud800",
    "sessions",
    "sessions ",
    "2 other types",
    "x" * 200,
    "",
]


def point(number: float, type: str = "viewedPage", **fields: Any) -> frames.Point:
    return frames.Point(instant=START + timedelta(hours=number), type=type, **{"context": "WEB", **fields})


def many(number: int, types: int = 47, hours: float = 3 * 365 * 24) -> frames.Timeline:
    found = [point(hours * index / number, f"type-{index % types}", customer_id="c") for index in range(number)]
    return frames.Timeline(points=tuple(found))


def visited(*sessions: str, customer_id: str | None = "c") -> frames.Timeline:
    found = [
        chub.RecordedEvent(
            id=f"e-{index}",
            properties=chub.ViewedPage(),
            context="WEB",
            customer_id=customer_id,
            bring_back=chub.SessionId(session),
            date=START + timedelta(hours=index),
        )
        for index, session in enumerate(sessions)
    ]
    return frames.timeline(found)


def texts_of(chart: Any) -> list[str]:
    """Render a chart, and give the texts of the picture."""
    svg = vl_convert.vegalite_to_svg(chart.to_json())
    return [text for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg) if text]


def rows_of(spec: dict[str, Any]) -> list[str]:
    rows: list[str] = spec["layer"][-1]["encoding"]["y"]["scale"]["domain"]
    return rows


def test_a_journey_has_a_dot_for_each_event_in_the_row_of_its_type() -> None:
    timeline = frames.Timeline(points=(point(1, "loggedIn", context="MOBILE"), point(0), point(2, session="s")))
    spec = journey_spec(timeline)
    assert ["viewedPage", "loggedIn"] == rows_of(spec)
    first, second, third = spec["datasets"]["events"]
    at = int(START.timestamp() * 1000)
    told = {"when": "2026-03-08 00:00:00", "type": "viewedPage", "context": "WEB"}
    assert {"at": at, "row": "viewedPage", "known": True, **told} == first
    assert ("loggedIn", "MOBILE", at + DAY // 24) == (second["row"], second["context"], second["at"])
    assert not third["known"]
    low, high = spec["layer"][-1]["encoding"]["x"]["scale"]["domain"]
    assert low < at < third["at"] < high


def test_a_session_is_a_bar_and_one_that_was_attached_begins_with_a_mark() -> None:
    spec = journey_spec(visited("s", "t", "s"))
    assert ["sessions", "viewedPage"] == rows_of(spec)
    assert ["bar", "point", "point"] == [layer["mark"]["type"] for layer in spec["layer"]]
    assert "datum.attached" == spec["layer"][1]["transform"][0]["filter"]
    one, other = spec["datasets"]["sessions"]
    assert (True, 2, "s", 2 * DAY // 24) == (one["attached"], one["events"], one["session"], one["until"] - one["at"])
    assert 0 < other["until"] - other["at"] < DAY // 24
    assert "not known" == one["attached at the latest"]
    assert spec["title"]["subtitle"][1:] == [
        "hollow: made in a session; diamond: where a session begins that was attached to a customer"
    ]


def test_of_many_sessions_those_that_begin_in_a_step_are_one_bar() -> None:
    sessions = [f"s-{index}" for index in range(401)]
    bars = journey_spec(visited(*sessions))["datasets"]["sessions"]
    assert len(bars) <= 60
    assert 401 == sum(bar["events"] for bar in bars)
    assert "24 sessions" == bars[0]["session"]
    assert 400 == len(journey_spec(visited(*sessions[:400]))["datasets"]["sessions"])


def test_of_sessions_that_nobody_was_attached_to_there_is_no_mark() -> None:
    spec = journey_spec(visited("s", customer_id=None))
    assert [False] == [session["attached"] for session in spec["datasets"]["sessions"]]
    assert ["hollow: made in a session"] == spec["title"]["subtitle"][1:]


def test_when_a_session_was_attached_at_the_latest_is_told() -> None:
    visit = frames.Visit(session="s", customer_id="c", first=START, last=START, events=1, attached_by=START)
    spec = journey_spec(frames.Timeline(points=(point(0, session="s", customer_id="c"),), visits=(visit,)))
    assert "2026-03-08 00:00:00" == spec["datasets"]["sessions"][0]["attached at the latest"]


@pytest.mark.parametrize("number", [400, 401, 10_000])
def test_of_many_events_those_of_a_step_are_one_circle(number: int) -> None:
    timeline = many(number)
    found = journey_spec(timeline)["datasets"]["events"]
    assert number == sum(event.get("events", 1) for event in found)
    assert len(found) <= 16 * 60
    assert 16 == len({event["row"] for event in found})


def test_a_circle_tells_its_contexts_and_is_hollow_where_all_is_of_sessions() -> None:
    one = [point(0, context="IOT", session="s")] * 300 + [point(0, session="s")] * 101
    (circle,) = journey_spec(frames.Timeline(points=tuple(one)))["datasets"]["events"]
    assert ("IOT: 300, WEB: 101", False, 401) == (circle["contexts"], circle["known"], circle["events"])
    assert "the day from 2026-03-08 00:00:00" == circle["when"]
    (circle,) = journey_spec(frames.Timeline(points=(*one, point(0))))["datasets"]["events"]
    assert circle["known"]


def test_the_rarest_types_share_the_last_row() -> None:
    timeline = frames.Timeline(points=tuple(point(index, f"t{index % 20:02}") for index in range(39)))
    rows = rows_of(journey_spec(timeline))
    assert [*(f"t{index:02}" for index in range(15)), "5 other types"] == rows
    assert 16 == len(rows_of(journey_spec(many(16, types=16))))


TITLES: list[tuple[frames.Timeline, str, list[str]]] = [
    (frames.Timeline(points=(), undated=3), "No events", ["3 without a date"]),
    (frames.Timeline(points=(point(0),)), "No known customer", ["1 event, 2026-03-08 (UTC)"]),
    (many(1000), "Customer c", ["1,000 events, 2026-03-08 to 2029-03-05 (UTC)"]),
    (
        frames.Timeline(points=(point(0, customer_id="c"), point(1, customer_id="d")), undated=1),
        "2 customers",
        ["2 events, 2026-03-08 (UTC), 1 without a date"],
    ),
    (
        frames.Timeline(points=(point(0, customer_id="c"), point(25))),
        "Customer c and unknown visitors",
        ["2 events, 2026-03-08 to 2026-03-09 (UTC)"],
    ),
]


@pytest.mark.parametrize("draw", [journey_spec, counts_spec])
@pytest.mark.parametrize(("timeline", "title", "below"), TITLES)
def test_the_title_says_whose_and_how_many(draw: Any, timeline: frames.Timeline, title: str, below: list[str]) -> None:
    found = draw(timeline)["title"]
    assert (title, below) == (found["text"], found["subtitle"])


def test_counts_are_stacked_in_each_step() -> None:
    points = [point(0), point(1), point(2, "loggedIn"), point(24, "loggedIn"), point(25, "loggedIn"), point(26)]
    spec = counts_spec(frames.Timeline(points=tuple(points)), step="day")
    stacks = [(bar["name"], bar["low"], bar["high"]) for bar in spec["datasets"]["counts"]]
    assert [("loggedIn", 0, 1), ("viewedPage", 1, 3), ("loggedIn", 0, 2), ("viewedPage", 2, 3)] == stacks
    assert "2026-03-08 00:00:00 to 2026-03-09 00:00:00" == spec["datasets"]["counts"][0]["when"]
    assert "events per day" == spec["encoding"]["y"]["axis"]["title"]
    low, high = spec["encoding"]["x"]["scale"]["domain"]
    assert 8 * DAY == high - low


def test_six_types_have_colours_and_the_rest_is_grey() -> None:
    spec = counts_spec(many(1000))
    colours = spec["encoding"]["color"]["scale"]
    assert ["type-0", "type-1", "type-10", "type-11", "type-12", "type-2", "41 others"] == colours["domain"]
    assert (7, "#b0b0b0") == (len(set(colours["range"])), colours["range"][-1])
    assert 1000 == sum(bar["events"] for bar in spec["datasets"]["counts"])


def test_contexts_have_colours_of_their_own() -> None:
    every = [point(index, context=str(context)) for index, context in enumerate(chub.Context)]
    scale = counts_spec(frames.Timeline(points=tuple(every)), by="context")["encoding"]["color"]["scale"]
    assert {str(context) for context in chub.Context} == set(scale["domain"])
    assert 9 == len(set(scale["range"]))
    assert {"domain": ["WEB", "IOT", "MARS", "MOON"], "range": ["#0072b2", "#332288", "#b0b0b0", "#b0b0b0"]} == (
        context_colours(["MOON", "IOT", "WEB", "MARS", "WEB"])
    )


@pytest.mark.parametrize("colours", [context_colours(map(str, chub.Context)), type_colours([*"abcdefg"], rest=True)])
def test_colours_are_told_apart_by_their_lightness_or_their_blue(colours: dict[str, Any]) -> None:
    """Who sees no red or no green sees these two; each pair has to differ in one of them."""

    def seen(colour: str) -> tuple[float, float]:
        red, green, blue = (int(colour[index : index + 2], 16) for index in (1, 3, 5))
        return 0.3 * red + 0.6 * green + 0.1 * blue, blue - (red + green) / 2

    pairs = [(seen(one), seen(other)) for one in colours["range"] for other in colours["range"] if one < other]
    assert all(max(abs(one[0] - other[0]), abs(one[1] - other[1]) / 2) > 15 for one, other in pairs)


SPANS = [(3_000, "%H:%M:%S"), (DAY, "%H:%M"), (30 * DAY, "%d %b"), (1000 * DAY, "%b %Y"), (10_000 * DAY, "%Y")]


@pytest.mark.parametrize(("span", "form"), SPANS)
def test_labels_fit_what_the_axis_spans(span: int, form: str) -> None:
    assert f"utcFormat(datum.value, '{form}')" in time_axis(0, span)["axis"]["labelExpr"]


RENDERED: list[tuple[frames.Timeline, list[str], list[str]]] = [
    (frames.Timeline(points=()), ["No events"], ["No events"]),
    (frames.Timeline(points=(point(0),)), ["viewedPage", "08 Mar", "WEB"], ["events per day", "viewedPage", "08 Mar"]),
    (visited("s", "t"), ["sessions", "viewedPage", "context"], ["events per 5 minutes", "01:00"]),
    (many(10_000), ["32 other types", "type-0", "Apr 2026", "events"], ["events per month", "41 others", "Apr 2026"]),
    (many(60, types=5, hours=24), ["type-4", "12:00"], ["events per hour", "12:00", "type-4"]),
]


@pytest.mark.parametrize(("timeline", "of_journey", "of_counts"), RENDERED)
def test_charts_are_drawn_with_their_labels(
    timeline: frames.Timeline, of_journey: list[str], of_counts: list[str]
) -> None:
    assert set(of_journey) <= {*texts_of(frames.journey(timeline))}
    assert set(of_counts) <= {*texts_of(frames.counts_over_time(timeline))}


@law
@given(st.lists(st.tuples(st.sampled_from(HOSTILE), st.sampled_from(HOSTILE), st.datetimes(timezones=st.just(UTC)))))
def test_whatever_the_texts_and_instants_are_there_is_a_specification(found: list[Any]) -> None:
    points = [frames.Point(instant=instant, type=type, context=context) for type, context, instant in found]
    timeline = frames.Timeline(points=tuple(points))
    for spec in (journey_spec(timeline), counts_spec(timeline), counts_spec(timeline, by="context")):
        assert spec["title"]["text"].encode()
        assert str(spec).isprintable()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_drawn_as_texts(text: str) -> None:
    hostile = {"context": text, "customer_id": text, "session": text}
    visit = frames.Visit(session=text, customer_id=text, first=START, last=START, events=1)
    timeline = frames.Timeline(points=(point(0, text, **hostile), point(1)), visits=(visit,))
    for chart in (frames.journey(timeline), frames.counts_over_time(timeline, by="context")):
        svg = vl_convert.vegalite_to_svg(chart.to_json())
        assert "<script" not in svg
        assert "WEB" in svg


def test_a_row_of_a_type_is_none_of_the_sessions() -> None:
    visit = frames.Visit(session="s", customer_id=None, first=START, last=START, events=1)
    spec = journey_spec(frames.Timeline(points=(point(0, "sessions"),), visits=(visit,)))
    assert ["sessions ", "sessions"] == rows_of(spec)
    assert "sessions " == spec["datasets"]["sessions"][0]["row"]


@pytest.mark.parametrize("draw", [frames.journey, frames.counts_over_time])
def test_what_is_no_timeline_is_refused(draw: Any) -> None:
    problem = "timeline: made by chub.frames.timeline(...) is needed, not [1]"
    assert problem == str(raised(lambda: draw([1])))


def test_without_altair_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'contacthub-chub\[charts\]'$"):
        frames.journey(frames.Timeline(points=()))
