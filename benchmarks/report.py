"""The rows as one table: for a terminal, for the README, as JSON."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.machine import HOW_TO_INSTALL
from benchmarks.rows import Quartiles, Row
from benchmarks.targets import Target

HEADS = ("what chub does", "beside", "ratio", "quartiles", "must", "aim", "verdict", "chub", "the other", "CPU, both")
_WIDTHS = (40, 33, 8, 15, 7, 7, 7, 10, 10, 12)

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- benchmarks -->", "<!-- /benchmarks -->"


def cells(row: Row) -> tuple[str, ...]:
    """Give what the columns of a row hold."""
    if row.ratio is None:
        return (row.name, row.beside, f"not installed: {HOW_TO_INSTALL}")
    way = (" more" if row.target.more_is_better else "") if row.is_ratio else f" {row.unit}"
    return (
        row.name,
        row.beside,
        _figure(row.ratio.middle) + way.replace(" more", "x"),
        f"{_figure(row.ratio.lower)} - {_figure(row.ratio.upper)}",
        row.target.text(row.target.must),
        row.target.text(row.target.aim),
        row.verdict,
        _amount(row.ours, row.unit),
        _amount(row.theirs, row.unit),
        "" if row.ours_cpu is None else f"{row.ours_cpu:,.0f} / {row.theirs_cpu or 0:,.0f} us",
    )


def _figure(value: float) -> str:
    """Show three digits of a ratio, no more than two after the point but for what is next to nothing."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 or not value else f"{value:.3f}"


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit == "us" and value >= 10_000:
        value, unit = value / 1000, "ms"
    return f"{value:,.1f} {unit}" if value < 100 else f"{value:,.0f} {unit}"


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """Give the lines of the table for a terminal, each as soon as its row is there."""
    yield _aligned(HEADS)
    section = ""
    for row in rows:
        if row.section != section:
            yield f"-- {row.section} --"
            section = row.section
        yield _aligned(cells(row))


def _aligned(texts: Sequence[str]) -> str:
    padded = [
        text.ljust(width) if number < 2 or len(texts) == 3 else text.rjust(width)
        for number, (text, width) in enumerate(zip(texts, _WIDTHS, strict=False))
    ]
    return " ".join(padded).rstrip()


def summary(rows: Iterable[Row]) -> str:
    """Say how many of the rows keep what is owed and what is aimed at, and name those that don't."""
    found = [(row.verdict, f"{row.name}, beside {row.beside}") for row in rows]
    counted = {
        verdict: [name for each, name in found if each == verdict] for verdict in ("aim", "met", "missed", "short")
    }
    told = f"{len(counted['aim'])} reach their aim, {len(counted['met'])} what is owed alone"
    missed = "".join(f"\nmissed: {name}" for name in counted["missed"])
    return told + missed + "".join(f"\nshort of the aim: {name}" for name in counted["short"])


def as_json(facts: Mapping[str, Any], rows: Iterable[Row]) -> str:
    """Give the facts and all rows as a JSON text."""
    return json.dumps({**facts, "rows": [row.as_json() for row in rows]}, indent=2)


def rows_from(found: Mapping[str, Any]) -> list[Row]:
    """Give the rows of a JSON that `as_json` has written."""
    return [
        Row(
            **{name: value for name, value in row.items() if name not in ("verdict", "ratio", "target")},
            ratio=None if row["ratio"] is None else Quartiles(**row["ratio"]),
            target=Target(**row["target"]),
        )
        for row in found["rows"]
    ]


def markdown(facts: Mapping[str, Any], rows: Iterable[Row]) -> str:
    """Give the README's part: with what it was taken, and the table, between its markers."""
    loaded = [f"{name} {found}" for name, found in facts["versions"].items() if found is not None]
    taken = (
        f"Taken on {facts['date'][:10]} by `{facts['command']}`, {facts['python']}, {facts['machine']}, load "
        f"{facts['load']} at the start; {', '.join(loaded)}."
    )
    head = [f"| {' | '.join(HEADS)} |", "|---|---|" + "--:|" * (len(HEADS) - 2)]
    return "\n".join([BEGIN, taken, "", *head, *(_markdown_row(row) for row in rows), END])


def _markdown_row(row: Row) -> str:
    texts = [text.replace("<=", "≤").replace(">=", "≥") for text in cells(row)]
    texts += [""] * (len(HEADS) - len(texts))
    return f"| {' | '.join(f'**{text}**' if text == 'missed' else text for text in texts)} |"


def write_readme(part: str, readme: Path = README) -> None:
    """Put the part into the README, in the place of the one that is there."""
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    readme.write_text(before + part + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    # `python -m benchmarks.report FILE` puts an earlier run, the JSON that it wrote, into the README.
    earlier = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    write_readme(markdown(earlier, rows_from(earlier)))
