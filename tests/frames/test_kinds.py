"""Fields of a kind that no class of the catalogue has as yet: booleans."""

import pyarrow as pa
import pytest

from chub.errors import Problem
from chub.frames.cells import Style, to_wire
from chub.frames.columns import builder_of
from chub.frames.layout import of_kind
from chub.frames.tally import Rest
from chub.values.schema import Flag, Problems

TEXTS = Style(texts=True)


def test_the_column_of_booleans() -> None:
    made = builder_of(Flag())([True, None, False], Rest(), lambda row: (row, ()), "x")
    assert (pa.bool_(), [True, None, False]) == (made.type, made.to_pylist())
    assert pa.bool_() == of_kind(Flag())


@pytest.mark.parametrize(
    ("cell", "value"), [("true", True), ("False", False), ("1", True), (" 0 ", False), (True, True), (7, 7)]
)
def test_a_boolean_of_a_text(cell: object, value: object) -> None:
    problems: Problems = []
    assert value is to_wire(Flag(), cell, TEXTS, "x", problems)
    assert [] == problems


def test_a_text_that_is_no_boolean() -> None:
    problems: Problems = []
    assert None is to_wire(Flag(), "yes", TEXTS, "x", problems)
    assert [Problem(path="x", message="'yes' is none of 'true', 'false', '1', '0'")] == problems
    assert "true" == to_wire(Flag(), "true", Style(), "x", problems)
