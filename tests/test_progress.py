"""What an observer is told, and that it harms nobody."""

import pickle
from itertools import count
from typing import Any

import attrs
import pytest
from chub_cases import raised

import chub
from chub.progress import telling


def test_nobody_is_told_where_nobody_observes() -> None:
    assert telling(None, lambda: 0.0) is None


def test_seconds_are_counted_from_the_first_time_on() -> None:
    told: list[chub.Progress] = []
    tell = telling(told.append, iter([100.0, 100.5, 103.0]).__next__)
    assert tell is not None
    for events in range(3):
        tell(chub.Progress(events=events))
    assert [(0, 0.0), (1, 0.5), (2, 3.0)] == [(progress.events, progress.seconds) for progress in told]


def test_an_observer_that_raised_is_told_nothing_more(caplog: pytest.LogCaptureFixture) -> None:
    told: list[chub.Progress] = []

    def observe(progress: chub.Progress) -> None:
        told.append(progress)
        raise ZeroDivisionError("my own")

    tell = telling(observe, lambda: 0.0)
    assert tell is not None
    tell(chub.Progress())
    tell(chub.Progress(events=1))
    assert [chub.Progress()] == told
    (record,) = caplog.records
    assert ("chub", "WARNING") == (record.name, record.levelname)
    assert record.exc_info is not None
    assert ZeroDivisionError is record.exc_info[0]


def test_an_interrupt_goes_on_its_way() -> None:
    def observe(_: chub.Progress) -> None:
        raise KeyboardInterrupt

    tell = telling(observe, lambda: 0.0)
    assert tell is not None
    with pytest.raises(KeyboardInterrupt):
        tell(chub.Progress())


@pytest.mark.parametrize("wrong", [7, "print", [print]])
def test_what_can_not_be_told_is_refused_at_once(wrong: Any) -> None:
    config = chub.config(workspace_id="w", token="demo")
    needed = f"observe: a function that takes a chub.Progress is needed, not {type(wrong).__name__}"
    for call in (
        lambda: chub.events(config, chub.event_query(), observe=wrong),
        lambda: chub.event_pages(config, chub.event_query(), observe=wrong),
        lambda: chub.add_events(config, [], observe=wrong),
    ):
        assert needed == str(raised(call))


def test_progress_is_a_value() -> None:
    one = chub.Progress(pages=2, events=100, total=120, seconds=1.5)
    assert one == pickle.loads(pickle.dumps(one)) == attrs.evolve(one)
    assert 1 == len({one, attrs.evolve(one)})
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.pages = 3  # type: ignore[misc]


@pytest.mark.parametrize("ahead", [0, 2])
@pytest.mark.parametrize("walk", [chub.events, chub.event_pages])
def test_a_walk_over_a_hub_is_told(walk: Any, ahead: int, capfd: pytest.CaptureFixture[str]) -> None:
    told: list[chub.Progress] = []
    with chub.sandbox.open() as hub:
        event = chub.event(chub.ViewedPage(title="Home"), owner=chub.ExternalId("CRM-17"), context="WEB")
        assert 5 == chub.report(chub.add_events(hub.config, [event] * 5)).accepted
        assert list(walk(hub.config, chub.event_query(size=2), ahead)) == list(
            walk(hub.config, chub.event_query(size=2), ahead, observe=told.append)
        )
    expected = [(0, 0, None, False), (1, 2, 5, False), (2, 4, 5, False), (3, 5, 5, False), (3, 5, 5, True)]
    assert expected == [(one.pages, one.events, one.total, one.done) for one in told]
    assert sorted(one.seconds for one in told) == [one.seconds for one in told]
    assert ("", "") == tuple(capfd.readouterr())


@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_an_observer_that_raises_ends_no_walk(at: int) -> None:
    calls = count()

    def observe(_: chub.Progress) -> None:
        if at == next(calls):
            raise RuntimeError("my own")

    with chub.sandbox.open() as hub:
        event = chub.event(chub.ViewedPage(title="Home"), owner=chub.ExternalId("CRM-17"), context="WEB")
        list(chub.add_events(hub.config, [event] * 3))
        assert 3 == len(list(chub.events(hub.config, chub.event_query(size=2), observe=observe)))
    assert at + 1 == next(calls)
