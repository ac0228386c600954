"""The ratios as bars on a logarithmic axis: to the right chub is better than the other, to the left worse."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.rows import Quartiles, Row

_COLOURS = {"aim": "#1a7f5a", "met": "#3b7dd8", "missed": "#d1483f", "short": "#e39a2d", "": "#9aa3ad"}
_WORDS = {
    "aim": "aim reached",
    "met": "what is owed",
    "missed": "less than is owed",
    "short": "short of its aim, nothing owed",
    "": "nothing owed or aimed at",
}


def better(row: Row) -> Quartiles:
    """Say how many times better chub is, which every row can be drawn by."""
    assert row.ratio is not None
    return row.ratio if row.target.more_is_better else row.ratio.inverse()


def draw(rows: Sequence[Row], facts: Mapping[str, Any], path: Path) -> None:
    """Draw all rows that are ratios, and write the picture as a PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawn = [row for row in rows if row.ratio is not None and row.is_ratio]
    places = _places(drawn)
    height = max(places) + 1
    figure = Figure(figsize=(13, 1.6 + 0.245 * height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for place, row in zip(places, drawn, strict=True):
        _draw_row(axes, place, row)
    _draw_sections(axes, drawn, places)
    _draw_scale(axes, drawn)
    _draw_legend(figure, drawn, _title(facts))
    axes.set_xlabel(_below(rows), fontsize=8.5)
    figure.savefig(path, dpi=110)


def _places(rows: Sequence[Row]) -> list[float]:
    """Give each row its place from the top; a section leaves one free for its name."""
    places: list[float] = []
    for number, row in enumerate(rows):
        begins = number == 0 or rows[number - 1].section != row.section
        places.append((places[-1] if places else -0.6) + (2.1 if begins and places else 1.6 if begins else 1))
    return places


def _draw_row(axes: Any, place: float, row: Row) -> None:
    found = better(row)
    axes.barh(place, found.middle - 1, left=1, height=0.62, color=_COLOURS[row.verdict], zorder=2)
    axes.plot([found.lower, found.upper], [place, place], color="#1d2329", linewidth=1.3, zorder=4)
    axes.plot([found.lower, found.upper], [place, place], "|", color="#1d2329", markersize=5, zorder=4)
    marks = _marks(row)
    for name, at in marks.items():
        style = _STYLES[name]
        axes.plot([at, at], [place - 0.45, place + 0.45], color="black", linestyle=style, linewidth=2.2, zorder=5)
    free = max(found.upper, 1, *marks.values()) * 1.05
    axes.text(free, place, _label(found.middle), va="center", fontsize=7.5, zorder=6, color="#1d2329")


_STYLES: dict[str, Any] = {"must": "-", "aim": (0, (1.2, 1))}


def _marks(row: Row) -> dict[str, float]:
    """Say where the must and the aim stand on the axis."""
    limits = {"must": row.target.must, "aim": row.target.aim}
    return {
        name: limit if row.target.more_is_better else 1 / limit for name, limit in limits.items() if limit is not None
    }


def _label(times: float) -> str:
    return f" {times:,.0f}x" if times >= 20 else f" {times:.1f}x" if times >= 3 else f" {times:.2f}x"


def _draw_sections(axes: Any, rows: Sequence[Row], places: Sequence[float]) -> None:
    edge = axes.get_yaxis_transform()
    for number, (place, row) in enumerate(zip(places, rows, strict=True)):
        if number == 0 or rows[number - 1].section != row.section:
            axes.text(0.005, place - 0.85, row.section.upper(), transform=edge, fontsize=8, weight="bold", va="center")
    axes.set_yticks(list(places), [f"{row.name}  |  {row.beside}" for row in rows], fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(places) + 0.8, -0.4)


def _draw_scale(axes: Any, rows: Sequence[Row]) -> None:
    found = [better(row) for row in rows]
    least, most = min(0.5, *(0.8 * each.lower for each in found)), max(2 * each.upper for each in found)
    ticks = [digit * 10**power for power in range(-3, 5) for digit in (1, 2, 5)]
    shown = [tick for tick in ticks if least <= tick <= most]
    axes.set_xscale("log")
    axes.set_xlim(least, most)
    axes.set_xticks(shown, [f"{tick:g}x" for tick in shown], fontsize=8)
    axes.minorticks_off()
    axes.grid(axis="x", color="#e3e6ea", zorder=0)
    axes.axvline(1, color="#1d2329", linewidth=1, zorder=3)
    axes.spines[["top", "right", "left"]].set_visible(False)


def _below(rows: Sequence[Row]) -> str:
    """Explain the axis, and tell what isn't drawn."""
    told = ["times better than the other (its cost over chub's); left of 1 the other is better"]
    told += [
        f"{row.name}: {row.ratio.middle:.1f} {row.unit} (must {row.target.text(row.target.must) or 'nothing'})"
        for row in rows
        if row.ratio is not None and not row.is_ratio
    ]
    absent = [f"{row.name} | {row.beside}" for row in rows if row.ratio is None]
    return "\n".join([*told, *([f"not installed: {'; '.join(absent)}"] if absent else [])])


def _draw_legend(figure: Any, rows: Sequence[Row], title: str) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    seen = [verdict for verdict in _WORDS if any(row.verdict == verdict for row in rows)]
    keys: list[Any] = [Patch(color=_COLOURS[verdict], label=_WORDS[verdict]) for verdict in seen]
    keys += [Line2D([], [], color="black", linewidth=2.2, linestyle=_STYLES[name], label=name) for name in _STYLES]
    keys.append(Line2D([], [], color="#1d2329", linewidth=1.3, marker="|", label="quartiles"))
    legend = figure.legend(
        handles=keys, ncols=len(keys), fontsize=8, frameon=False, loc="outside upper left", title=title
    )
    legend.get_title().set_fontsize(11)
    legend.set_alignment("left")


def _title(facts: Mapping[str, Any]) -> str:
    with_what = f"{facts['machine']}, {facts['python']}, load {facts['load']}"
    return f"chub beside others, all in one run: {facts['date'][:16].replace('T', ' ')} UTC, {with_what}"
