"""Fragments of HTML: every text is escaped, cut, and stays text."""

import pytest
from chub_notebook import HOSTILE, Shown, check_harmless
from chub_strategies import law
from hypothesis import given
from hypothesis import strategies as st

from chub.errors import (
    BadResponse,
    ErrorValue,
    FieldError,
    InvalidValue,
    NotSent,
    PageFailed,
    Problem,
    Rejected,
    Throttled,
    Unconfirmed,
)
from chub.html import LONGEST, card, faint, fields, lines, marked, short, table
from chub.testing.strategies import odd_texts

any_text = odd_texts() | st.text() | st.sampled_from(HOSTILE)


@law
@given(st.text(st.characters(exclude_categories=("C", "Z")), max_size=LONGEST))
def test_what_can_be_printed_is_shown_as_it_is(text: str) -> None:
    assert text == Shown(marked(text)).text


@law
@given(any_text)
def test_whatever_a_text_is_it_stays_a_text(text: str) -> None:
    parts = [faint(text), lines([text, text]), short(text), table([(text, 7)], (text,)), fields([(text, text)])]
    check_harmless(card(text, text, *parts, about=text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "a\\nb"),
        ("\ud800", "\\ud800"),
        ("\u202eabc", "\\u202eabc"),
        ("x" * 201, "x" * 200 + "…"),
        ("é 👩\u200d👧", "é 👩\u200d👧"),
    ],
)
def test_what_would_break_a_line_is_visible_and_long_texts_are_cut(text: str, shown: str) -> None:
    assert shown == Shown(marked(text)).text


def test_markup_is_marked_once() -> None:
    assert marked("<") == marked(marked("<"))


def test_a_long_id_is_whole_where_it_is_pointed_at() -> None:
    uuid = "8f14e45f-ceea-467f-a5d8-1b2c3d4e5f60"
    shown = Shown(short(uuid))
    assert ("8f14e45f-ceea…", [("title", uuid)]) == (shown.text, shown.attributes)


@law
@given(any_text)
def test_errors_are_harmless_whatever_the_world_said(text: str) -> None:
    errors: list[ErrorValue] = [
        InvalidValue.of(text, text),
        InvalidValue([Problem(path=text, message=text)] * 30),
        NotSent(reason=text, transient=True, method=text, template=text, tracing_id=text, elapsed=1.0),
        Unconfirmed(reason=text, logref=text),
        Rejected(status=400, message=text, logref=text, errors=(FieldError(path=text, message=text),), hint=text),
        Throttled(message=text),
        BadResponse(reason=text, tracing_id=text),
    ]
    for error in [*errors, PageFailed(page=3, cause=errors[4])]:  # type: ignore[arg-type]
        shown = check_harmless(error)
        assert shown.text.startswith(type(error).__name__)
        assert len(shown.html) < 64_000


def test_an_error_shows_its_line_and_what_the_call_took() -> None:
    call = {"method": "POST", "template": "/events", "attempts": 2, "elapsed": 1.25, "tracing_id": "7f"}
    error = Unconfirmed(reason="cut", **call)  # type: ignore[arg-type]
    assert f"Unconfirmed {error}attempts2seconds1.250tracing id7f" == Shown(error).text
    assert [["attempts", "2"], ["seconds", "1.250"], ["tracing id", "7f"]] == Shown(error).rows
    assert [] == Shown(NotSent(reason="refused", transient=True)).rows


def test_a_wrong_value_shows_its_problems_in_a_table_and_a_single_one_in_its_line() -> None:
    many = InvalidValue([Problem(path=f"items[{number}]", message="no") for number in range(25)])
    shown = Shown(many)
    assert shown.text.startswith("InvalidValue 25 problems")
    assert [["items[0]", "no"], ["", "and 5 more"]] == [shown.rows[0], shown.rows[-1]]
    assert 21 == len(shown.rows)
    assert "InvalidValue size: 51 is too big" == Shown(InvalidValue.of("size", "51 is too big")).text


def test_a_failed_page_says_how_to_go_on() -> None:
    failed = PageFailed(page=3, cause=Rejected(status=403, message="Forbidden"))
    assert [["to go on", "attrs.evolve(query, page=3)"]] == Shown(failed).rows
