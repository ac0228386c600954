"""The pure parts of the benchmarks: quartiles, verdicts, the table and what is written; nothing is timed here."""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parents[1]))  # after what is installed: the benchmarks alone are found there

from benchmarks import machine, picture, report
from benchmarks.rows import Quartiles, Row, missing_row, quartiles_of, row_of
from benchmarks.targets import CALL_CPU, COLLECTED, ENCODED, GROWTH, OLD, PAGE, TARGETS, Target, at_least, at_most

README = Path(__file__).parents[1] / "README.md"

FACTS = {
    "command": "python -m benchmarks",
    "date": "2026-01-02T03:04:05+00:00",
    "python": "CPython 3.11.7",
    "machine": "a processor, 2 cores, Linux",
    "load": 0.5,
    "versions": {"attrs": "25.1", "httpx": None},
}

ENCODE = row_of("values", ENCODED, "json.dumps of the ready dict", [0.75, 0.875, 1.125], ours=4.06, theirs=4.4)
COLLECT = row_of("values", COLLECTED, "Fold.collect", [0.004, 0.002, 0.005], ours=500.0, theirs=120_000.0)
STREAM = row_of(
    *("streams", "bulk", "somebody", [0.5]), more_is_better=True, unit="/s", ours=2000.0, theirs=1000.0, ours_cpu=90.0
)
GROWN = row_of("memory", GROWTH, "2,000 of them", [0.0], ours=40.0, theirs=40.0, unit="MB", is_ratio=False)
ABSENT = missing_row("values", PAGE, "pydantic")
ROWS = [ENCODE, COLLECT, STREAM, GROWN, ABSENT]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([3.0], Quartiles(3.0, 3.0, 3.0)),
        ([1.0, 2.0], Quartiles(1.25, 1.5, 1.75)),
        ([5.0, 1.0, 4.0, 2.0, 3.0], Quartiles(2.0, 3.0, 4.0)),
    ],
)
def test_quartiles(values: list[float], expected: Quartiles) -> None:
    assert expected == quartiles_of(values)


def test_quartiles_of_the_inverse() -> None:
    assert Quartiles(0.25, 0.5, 1.0) == Quartiles(1.0, 2.0, 4.0).inverse()


@pytest.mark.parametrize(
    ("target", "ratio", "expected"),
    [
        (at_most(1.2, 1.0), 1.0, "aim"),
        (at_most(1.2, 1.0), 1.2, "met"),
        (at_most(1.2, 1.0), 1.21, "missed"),
        (at_most(must=0.8), 0.8, "met"),
        (at_most(must=0.8), 0.9, "missed"),
        (at_most(aim=0.8), 0.8, "aim"),
        (at_most(aim=0.8), 0.9, "short"),
        (at_least(6, 8), 8.0, "aim"),
        (at_least(6, 8), 6.0, "met"),
        (at_least(6, 8), 5.9, "missed"),
        (Target(), 1.0, ""),
        (at_most(1.0), None, "not installed"),
    ],
)
def test_verdicts(target: Target, ratio: float | None, expected: str) -> None:
    found = None if ratio is None else quartiles_of([ratio])
    assert expected == Row(section="", name="", beside="", target=target, ratio=found).verdict


def test_a_row_has_the_direction_of_its_target() -> None:
    assert (Quartiles(0.8125, 0.875, 1.0), "aim") == (ENCODE.ratio, ENCODE.verdict)
    assert COLLECT.ratio is not None
    assert (250.0, "met") == (COLLECT.ratio.middle, COLLECT.verdict)


def test_the_bars_have_one_direction() -> None:
    assert Quartiles(1 / 1.0, 1 / 0.875, 1 / 0.8125) == picture.better(ENCODE)
    assert COLLECT.ratio == picture.better(COLLECT)


def test_an_aim_is_never_less_than_what_is_owed() -> None:
    both = [target for target in TARGETS.values() if target.must is not None and target.aim is not None]
    assert [True] * len(both) == [target.holds(target.must, target.aim) for target in both]
    assert 0.25 == TARGETS[CALL_CPU, OLD].must


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            ENCODE,
            (
                *(ENCODED, "json.dumps of the ready dict", "0.88", "0.81 - 1.00", "<= 1.2", "<= 1", "aim"),
                "4.1 us",
                "4.4 us",
                "",
            ),
        ),
        (COLLECT, (*(COLLECTED, "Fold.collect", "250x", "222 - 333", ">= 100", "", "met"), "500 us", "120 ms", "")),
        (STREAM, ("bulk", "somebody", "2.00x", "2.00 - 2.00", "", "", "", "2,000 /s", "1,000 /s", "90 / 0 us")),
        (
            GROWN,
            (*(GROWTH, "2,000 of them", "0.00 MB", "0.00 - 0.00", "<= 5", "<= 2", "aim"), "40.0 MB", "40.0 MB", ""),
        ),
        (ABSENT, (PAGE, "pydantic", "not installed: pip install 'contacthub-chub[bench]'")),
    ],
)
def test_cells(row: Row, expected: tuple[str, ...]) -> None:
    assert expected == report.cells(row)


def test_the_table_has_a_line_for_each_row_and_each_section() -> None:
    found = list(report.lines(ROWS))
    heads = [line for line in found if line.startswith("--")]
    assert ["-- values --", "-- streams --", "-- memory --", "-- values --"] == heads
    assert 1 + len(heads) + len(ROWS) == len(found)
    assert found[2].startswith(ENCODED)


def test_the_summary_names_what_is_missed() -> None:
    missed = row_of("values", ENCODED, "json.dumps of the ready dict", [1.3])
    short = row_of("values", PAGE, "json.loads", [2.5])
    expected = ["1 reach their aim, 1 what is owed alone", f"missed: {ENCODED}, beside json.dumps of the ready dict"]
    assert [*expected, f"short of the aim: {PAGE}, beside json.loads"] == report.summary(
        [ENCODE, COLLECT, missed, short]
    ).splitlines()


def test_the_json_gives_the_rows_back() -> None:
    found: dict[str, Any] = json.loads(report.as_json(FACTS, ROWS))
    assert ROWS == report.rows_from(found)
    assert FACTS == {name: value for name, value in found.items() if name != "rows"}
    assert ["aim", "met", "", "aim", "not installed"] == [row["verdict"] for row in found["rows"]]


def test_the_readme_gets_the_table_between_its_markers(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    missed = row_of("values", ENCODED, "json.dumps of the ready dict", [1.3])
    report.write_readme(report.markdown(FACTS, [*ROWS, missed]), readme)
    found = readme.read_text(encoding="utf-8").splitlines()
    assert ["before", report.BEGIN] == found[:2]
    assert [report.END, "after"] == found[-2:]
    assert found[2].endswith("load 0.5 at the start; attrs 25.1.")
    table = [line for line in found if line.startswith("|")]
    assert {11} == {line.count("|") for line in table}
    assert "| **missed** |" in table[-1]
    assert "≤ 1.2" in table[-1]


def test_the_readme_has_the_markers() -> None:
    text = README.read_text(encoding="utf-8")
    assert [1, 1] == [text.count(report.BEGIN), text.count(report.END)]


def test_a_peer_that_is_missing_makes_no_error() -> None:
    def lacking(name: str) -> Any:
        raise ModuleNotFoundError(name=name)

    assert machine.installed(lambda: lacking("httpx.of_no_use")) is None
    with pytest.raises(ModuleNotFoundError):
        machine.installed(lambda: lacking("benchmarks.of_no_use"))
    assert json == machine.installed(lambda: import_module("json"))
