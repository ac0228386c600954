"""What holds for every value: equal by value, hashable, copied, pickled, shown short, frozen."""

import copy
import pickle
from typing import Any

import attrs
import pytest
from chub_cases import VALUES
from chub_strategies import law, odd_events
from hypothesis import given
from hypothesis.vendor.pretty import pretty

import chub

ALL = pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
EVOLVED = pytest.mark.parametrize("name", [name for name in VALUES if name != "FrozenDict"])


@ALL
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_a_copy_is_equal(value: Any, again: Any) -> None:
    made = again(value)
    assert (type(value), value, hash(value), repr(value)) == (type(made), made, hash(made), repr(made))


@EVOLVED
def test_evolving_nothing_gives_an_equal_value(name: str) -> None:
    value = VALUES[name]
    made = attrs.evolve(value)
    assert (value, hash(value), repr(value)) == (made, hash(made), repr(made))
    assert pickle.loads(pickle.dumps(made)) == copy.deepcopy(made) == value


@EVOLVED
def test_no_field_can_be_set_or_deleted(name: str) -> None:
    value = VALUES[name]
    for item in attrs.fields(type(value)):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(value, item.name, None)
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            delattr(value, item.name)


@ALL
def test_a_value_equals_no_value_of_another_class(value: Any) -> None:
    assert 1 == sum(value == other for other in VALUES.values())


@ALL
def test_a_repr_shows_no_field_that_is_not_set(value: Any) -> None:
    assert "=None" not in repr(value) or isinstance(value, chub.Page)
    assert repr(value).startswith(f"{type(value).__name__}(")


def test_hypothesis_shows_a_value_as_short() -> None:
    event = chub.event(chub.ViewedPage(title="Home"), owner=chub.SessionId("a visit"), context="WEB")
    shown = "Event(properties=ViewedPage(title='Home'), owner=SessionId('a visit'), context=Context.WEB)"
    assert shown == repr(event) == pretty(event)
    assert "Event" == pretty(chub.Event).rpartition(".")[2]


@law
@given(odd_events())
def test_any_event_is_copied_pickled_and_evolved(event: chub.Event) -> None:
    for made in (pickle.loads(pickle.dumps(event)), copy.deepcopy(event), attrs.evolve(event)):
        assert (event, hash(event), repr(event)) == (made, hash(made), repr(made))


def test_enumerations_show_as_they_are_written() -> None:
    assert "Context.WEB" == repr(chub.Context.WEB)
    assert "WEB" == f"{chub.Context.WEB}"
    assert "StoreType.FREE_STANDING" == repr(chub.StoreType("FREE-STANDING"))
    assert 9 == len(chub.Context)
    assert ["ACTIVE", "PASSIVE"] == [*chub.Mode]
