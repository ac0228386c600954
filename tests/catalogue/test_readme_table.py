"""The README holds the table of the event types as the classes give it; `tests/readme_catalogue.py` writes it there."""

import re

from readme_catalogue import README, table

import chub


def test_the_readme_holds_the_table_that_the_classes_give():
    (held,) = re.findall("<!-- catalogue -->.*<!-- /catalogue -->", README.read_text(encoding="utf-8"), re.DOTALL)
    assert table() == held


def test_the_table_has_a_line_for_each_type():
    named = re.findall(r"^\|.*\| `(\w+)` \| `(\w+)` \| \S.*\S \|$", table(), re.MULTILINE)
    assert list(chub.event_types()) == sorted(event_type for _, event_type in named)
    assert all(getattr(chub, name).TYPE == event_type for name, event_type in named)
