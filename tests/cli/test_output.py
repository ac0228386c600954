"""What is written to a terminal and elsewhere: bars, lines, and what is cut."""

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chub
from chub.cli import outcomes, output


@given(st.integers(0, 10**7), st.none() | st.integers(0, 10**7), st.floats(0, 10**5), st.integers(10, 200))
def test_a_bar_fits_its_terminal(events: int, total: int | None, seconds: float, columns: int) -> None:
    drawn = output.bar_of(chub.Progress(events=events, total=total, seconds=seconds), "events", columns)
    assert len(drawn) <= columns
    assert "\n" not in drawn


@pytest.mark.parametrize(
    ("progress", "drawn"),
    [
        (chub.Progress(), "0 events, 0 s"),
        (chub.Progress(events=1_200, seconds=2.5), "1,200 events, 480/s, 2 s"),
        (chub.Progress(events=0, total=8), "[                    ]   0%  0 of 8 events, 0 s"),
        (chub.Progress(events=4, total=8), "[==========          ]  50%  4 of 8 events, 0 s"),
        (chub.Progress(events=9, total=8), "[====================] 100%  9 of 8 events, 0 s"),
    ],
)
def test_bars(progress: chub.Progress, drawn: str) -> None:
    assert drawn == output.bar_of(progress, "events", 49)


def test_a_narrow_terminal_has_no_bar() -> None:
    assert "  50%  4 of 8 eve…" == output.bar_of(chub.Progress(events=4, total=8), "events", 18).rjust(18)


class Screen:
    """A standard error that keeps what is written."""

    def __init__(self, is_terminal: bool) -> None:
        self.text = ""
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


def told(monkeypatch: pytest.MonkeyPatch, is_terminal: bool, *seconds: float) -> str:
    screen: Any = Screen(is_terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    teller = output.Teller("events import", unit="lines")
    for at in seconds:
        teller(chub.Progress(events=int(at), seconds=at))
    teller(chub.Progress(events=99, seconds=99, done=True))
    return str(screen.text)


def test_a_terminal_is_drawn_over_ten_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = told(monkeypatch, True, 0, 0.01, 0.02, 0.11, 2)
    assert "\r0 lines, 0 s\x1b[K\r0 lines, 0 s\x1b[K\r2 lines, 1/s, 2 s\x1b[K" == drawn


def test_elsewhere_there_is_a_line_each_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "" == told(monkeypatch, False, 0, 1, 9.9)
    lines = told(monkeypatch, False, 0, 5, 10, 15, 20, 40).splitlines()
    assert [f"chub events import: {at} lines, 1/s, {at} s" for at in (10, 20, 40)] == lines


def test_each_kind_of_error_has_a_code_of_its_own() -> None:
    made = [
        chub.InvalidValue.of("a", "b"),
        chub.NotSent(reason="x", transient=True),
        chub.Unconfirmed(reason="x"),
        chub.Rejected(status=400, message="x"),
        chub.Throttled(),
        chub.BadResponse(reason="x"),
        chub.PageFailed(page=1, cause=chub.Throttled()),
    ]
    assert [3, 4, 5, 6, 7, 8, 9] == [outcomes.code_of(error) for error in made]
    for error in made:
        assert f"{outcomes.code_of(error)}  {type(error).__name__}" in outcomes.TABLE
        assert outcomes.code_of(error) == outcomes.gravest({outcomes.code_of(error)})


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (OSError("the disk is on fire"), "the disk is on fire"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError(2, "No such file or directory", "a"), "a: No such file or directory"),
        (ModuleNotFoundError("pip install x"), "pip install x"),
    ],
)
def test_what_is_told_of_an_error(error: BaseException, shown: str) -> None:
    assert shown == output.told_of(error)
