"""The notebook's chapter, run as a notebook does: its cells in one namespace, each showing its last expression."""

import ast
import doctest
from typing import Any

import pytest
import vl_convert
from chub_notebook import Shown, check_harmless
from readme_blocks import cells

CHECK = doctest.OutputChecker().check_output
LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run_cell(code: str, names: dict[str, Any]) -> Any:
    """Run a cell; give the value of its last expression, None where it ends in something else."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "a cell", "exec"), names)
    return None if last is None else eval(compile(ast.Expression(last.value), "a cell", "eval"), names)


def displayed(value: Any) -> str:
    """Give what a notebook shows of a value: of chub's the words of its HTML, of others the text."""
    if type(value).__module__.startswith("chub."):
        return " ".join(check_harmless(value).texts)
    return repr(value)


@pytest.fixture(scope="module")
def run() -> list[tuple[str, Any]]:
    names: dict[str, Any] = {}
    return [(shown, run_cell(code, names)) for code, shown in cells()]


def test_there_are_cells_and_they_are_complete() -> None:
    assert len(cells()) > 8
    assert "hub.close()\n" == cells()[-1][0]


def test_what_a_cell_shows_is_what_stands_below_it(run: list[tuple[str, Any]]) -> None:
    wrong = [(shown, displayed(value)) for shown, value in run if shown and not CHECK(shown, displayed(value), LOOSE)]
    assert [] == wrong


def test_every_cell_that_shows_something_says_what(run: list[tuple[str, Any]]) -> None:
    unsaid = [value for shown, value in run if not shown and value is not None]
    assert ["LayerChart", "Chart"] == [type(value).__name__ for value in unsaid]


def test_the_charts_are_drawn(run: list[tuple[str, Any]]) -> None:
    journey, counts = (value for shown, value in run if not shown and value is not None)
    drawn = vl_convert.vegalite_to_svg(journey.to_json())
    assert all(f">{text}<" in drawn for text in ("sessions", "viewedPage", "completedOrder", "ECOMMERCE", "WEB"))
    drawn = vl_convert.vegalite_to_svg(counts.to_json())
    assert all(f">{text}<" in drawn for text in ("ECOMMERCE", "WEB", "events per hour"))


def test_a_frame_has_html_as_well(run: list[tuple[str, Any]]) -> None:
    (frame,) = [value for _, value in run if type(value).__name__ == "DataFrame"]
    assert ["0", "2026-03-08 08:17:00+00:00", "v-1", "Sandals"] == Shown(_plain(frame._repr_html_())).rows[1]


def _plain(page: str) -> str:
    """Leave out the style sheet that pandas puts before a table, and the spaces between its tags."""
    return "".join(line.strip() for line in page.partition("</style>")[2].removesuffix("</div>").splitlines())
