"""Bars: what a walk tells is what they show; they write to standard error, and close themselves."""

import io
import sys
from typing import Any

import pytest
from rich.console import Console
from rich.progress import Progress as RichProgress
from tqdm import tqdm

import chub
from chub import bars

WALK = [
    chub.Progress(),
    chub.Progress(pages=1, events=50, total=80, seconds=0.5),
    chub.Progress(pages=2, events=80, total=80, seconds=0.55),
    chub.Progress(pages=2, events=80, total=80, seconds=0.6, done=True),
]


def tell(observe: chub.Observer, walk: list[chub.Progress]) -> None:
    for progress in walk:
        observe(progress)


@pytest.mark.parametrize("widgets", [None, "there"])
def test_a_bar_of_tqdms_comes_to_its_end(widgets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bars, "find_spec", {"ipywidgets": widgets}.get)
    drawn = io.StringIO()
    observe = chub.tqdm_observer(file=drawn, mininterval=0, desc="reading")
    for _ in range(2):
        tell(observe, WALK)
    *lines, rest = drawn.getvalue().split("\n")
    assert (2, "") == (len(lines), rest)  # one for each walk: a bar is redrawn in its line
    for line in lines:
        assert "reading: 0 events" in line
        assert "62%" in line
        assert "80/80" in line


def test_in_a_bar_of_ones_own_walks_add_up() -> None:
    drawn = io.StringIO()
    with tqdm(file=drawn, initial=20, mininterval=0) as bar:
        observe = chub.tqdm_observer(bar)
        tell(observe, WALK)
        assert (100, 100) == (bar.n, bar.total)
        tell(observe, [chub.Progress(), chub.Progress(events=3)])
        assert (103, 100, False) == (bar.n, bar.total, bar.disable)
    assert "100%" in drawn.getvalue()


def test_a_bar_keeps_its_time_when_its_length_is_learnt() -> None:
    with tqdm(file=io.StringIO()) as bar:
        bar.start_t -= 60
        tell(chub.tqdm_observer(bar), WALK[:2])
        assert bar.format_dict["elapsed"] > 59


def test_a_bar_that_is_switched_off_stays_so(capfd: pytest.CaptureFixture[str]) -> None:
    tell(chub.tqdm_observer(disable=True), WALK)
    assert ("", "") == tuple(capfd.readouterr())


def test_a_bar_of_richs_comes_to_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    observe = chub.rich_observer(description="reading")
    for _ in range(2):
        tell(observe, WALK)
    shown = capsys.readouterr()
    assert "" == shown.out
    assert 2 == shown.err.count("reading")
    assert 2 == shown.err.count("80/80")


def test_a_bar_of_richs_is_drawn_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    display = RichProgress(console=Console(file=io.StringIO()), auto_refresh=False)
    drawn: list[float] = []
    monkeypatch.setattr(display, "refresh", lambda: drawn.append(display.tasks[-1].completed))
    observe = chub.rich_observer(display)
    tell(observe, WALK)
    assert [0, 50, 80] == drawn
    tell(observe, WALK[:2])
    assert [80, 50] == [task.completed for task in display.tasks]
    assert [80, 80] == [task.total for task in display.tasks]
    assert not display.live.is_started


def test_bars_are_drawn_for_walks_and_streams(capfd: pytest.CaptureFixture[str]) -> None:
    event = chub.event(chub.ViewedPage(title="Home"), owner=chub.ExternalId("CRM-17"), context="WEB")
    with chub.sandbox.open() as hub:
        for observe in (chub.tqdm_observer(), chub.rich_observer()):
            assert 3 == chub.report(chub.add_events(hub.config, [event] * 3, observe=observe)).accepted
            list(chub.event_pages(hub.config, chub.event_query(), observe=observe))
    shown = capfd.readouterr()
    assert "" == shown.out
    assert "100%|" in shown.err
    assert "6/6" in shown.err


@pytest.mark.parametrize(
    ("make", "package", "told"),
    [
        (chub.tqdm_observer, "tqdm", "a bar of tqdm's needs tqdm: {install}"),
        (
            chub.rich_observer,
            "rich.progress",
            "a bar of rich's needs rich.progress: pip install 'contacthub-chub[progress]'",
        ),
    ],
)
def test_where_the_package_is_missing_the_error_says_what_to_install(
    make: Any, package: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModuleNotFoundError) as caught:
        make()
    assert told.format(install="pip install 'contacthub-chub[progress]'") == str(caught.value)
