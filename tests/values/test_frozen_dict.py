"""Free objects: copied once, frozen, and turned into JSON by one rule."""

import copy
import json
import pickle
from collections import OrderedDict, UserDict
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from chub_cases import no_json_cases, paths, raised
from chub_payloads import EIGHT, EIGHT_TEXT, TEN_IN_ROME
from chub_strategies import law
from hypothesis import given
from hypothesis import strategies as st

from chub.testing.strategies import odd_json, odd_json_objects, odd_texts
from chub.values.frozen_dict import EMPTY, MAX_DEPTH, FrozenDict, frozen_dict, thaw


class Colour(Enum):
    RED = "red"
    BOTH = (1, 2)


class Size(IntEnum):
    BIG = 3


class Word(str, Enum):  # noqa: UP042
    """Its `str` is not its value, as of Python 3.11."""

    YES = "yes"


class Plain(StrEnum):
    NO = "no"


class Text(str):
    def __str__(self) -> str:
        return "another"


class NumpyLike:
    """A scalar as numpy has them: of any class, with a kind, no dimensions and `item()`."""

    __module__ = "numpy"

    def __init__(self, kind: str, item: Any, ndim: int = 0) -> None:
        self.dtype = type("dtype", (), {"kind": kind})
        self.ndim = ndim
        self._item = item

    def item(self) -> Any:
        return self._item


class Strange:
    __module__ = "numpy"


class NaT(datetime):
    """pandas' NaT: a datetime that is unequal to itself."""

    def __ne__(self, other: object) -> bool:
        return True


def nested(levels: int) -> dict[str, Any]:
    """An object with this many levels of objects and arrays in all."""
    found: Any = {}
    for level in range(levels - 1):
        found = [found] if level % 2 and level < levels - 2 else {"a": found}
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("given", "json_value"),
    [
        (None, None),
        (True, True),
        ("text", "text"),
        ("lone \ud800", "lone \ud800"),
        (Text("text"), "text"),
        (0, 0),
        (10**4300 - 1, 10**4300 - 1),
        (1 - 10**4300, 1 - 10**4300),
        (1.5, 1.5),
        (-0.0, -0.0),
        (Decimal("12.5"), 12.5),
        (Decimal("3"), 3.0),
        (date(1815, 12, 10), "1815-12-10"),
        (EIGHT, EIGHT_TEXT),
        (TEN_IN_ROME, EIGHT_TEXT),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Colour.RED, "red"),
        (Colour.BOTH, (1, 2)),
        (Size.BIG, 3),
        (Word.YES, "yes"),
        (Plain.NO, "no"),
        ([1, [2]], (1, (2,))),
        ((), ()),
        ({"a": {"b": []}}, {"a": {"b": ()}}),
        (OrderedDict(a=1), {"a": 1}),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (UserDict(a=[1]), {"a": (1,)}),
        (NumpyLike("i", 3), 3),
        (NumpyLike("b", True), True),
        (NumpyLike("f", 1.5), 1.5),
        (NumpyLike("U", "x"), "x"),
    ],
    ids=repr,
)
def test_what_has_one_clear_json_form_takes_it(given: object, json_value: object) -> None:
    frozen = frozen_dict({"key": given})["key"]
    assert repr(frozen).replace("FrozenDict(", "").replace("})", "}") == repr(json_value)
    assert type(frozen) in (type(None), bool, str, int, float, tuple, FrozenDict)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (float("nan"), "nan has no JSON form; leave it out or pass None"),
        (float("-inf"), "-inf has no JSON form; leave it out or pass None"),
        (NumpyLike("f", float("nan")), "nan has no JSON form; leave it out or pass None"),
        (Decimal("0.1"), "Decimal('0.1') is no exact float; pass float(...) or str(...)"),
        (Decimal("1e999"), "Decimal('1E+999') is no exact float; pass float(...) or str(...)"),
        (Decimal("sNaN"), "Decimal('sNaN') is no exact float; pass float(...) or str(...)"),
        (10**4300, "an integer of over 4,300 digits, which JSON readers refuse"),
        (-(10**5000), "an integer of over 4,300 digits, which JSON readers refuse"),
        (b"x", "bytes has no one clear JSON form"),
        ({1}, "set has no one clear JSON form"),
        (timedelta(1), "timedelta has no one clear JSON form"),
        (1j, "complex has no one clear JSON form"),
        (iter([]), "list_iterator has no one clear JSON form"),
        (NaT(2026, 1, 1), "NaT is no instant; leave it out or pass None"),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))), "outside the years 1 to 9999 once in UTC"),
        (NumpyLike("M", 1577836800000000000), "NumpyLike has no one clear JSON form"),
        (NumpyLike("M", None), "NumpyLike has no one clear JSON form"),
        (NumpyLike("m", 5), "NumpyLike has no one clear JSON form"),
        (NumpyLike("f", [1.0], ndim=1), "NumpyLike has no one clear JSON form"),
        (NumpyLike("f", object()), "NumpyLike has no one clear JSON form"),
        (Strange(), "Strange has no one clear JSON form"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_none_is_refused(given: object, message: str) -> None:
    error = raised(lambda: frozen_dict({"key": given}))
    assert [("key", message)] == [(problem.path, problem.message) for problem in error.problems]


def test_a_naive_datetime_is_refused_with_what_to_do() -> None:
    told = str(raised(lambda: frozen_dict({"when": datetime(2026, 1, 1)})))
    assert told.startswith("when: a naive datetime says no instant; pass datetime.now(UTC)")


def test_all_problems_are_told_with_their_paths() -> None:
    wrong = {"a": [1, {"b": float("nan")}], "c": {"d": b""}, 5: 1, Word.YES: {2}, "ok": None}
    assert ["a[1].b", "c.d", "", "yes"] == paths(raised(lambda: frozen_dict(wrong)))  # type: ignore[arg-type]


def test_a_key_that_is_no_str_is_named() -> None:
    error = raised(lambda: frozen_dict({"a": {5: 1, 10**5000: b""}}))
    assert ["a: the key 5 is no str", "a: the key <int> is no str", "a.<int>: bytes has no one clear JSON form"] == [
        str(problem) for problem in error.problems
    ]


def test_keys_become_plain_texts() -> None:
    assert ["text", "yes"] == [*frozen_dict({Text("text"): 1, Word.YES: 2})]
    assert {str} == {type(key) for key in frozen_dict({Text("text"): 1, Word.YES: 2})}


@pytest.mark.parametrize("given", [None, 5, "text", [("a", 1)]])
def test_only_a_mapping_is_frozen(given: Any) -> None:
    assert [""] == paths(raised(lambda: frozen_dict(given)))


@pytest.mark.parametrize("given", no_json_cases().values(), ids=no_json_cases())
def test_nothing_without_a_json_form_gets_in(given: object) -> None:
    assert raised(lambda: FrozenDict({"key": given})).problems


def test_what_contains_itself_is_refused_where_it_does() -> None:
    error = raised(lambda: frozen_dict({"whole": no_json_cases()["cycle"]}))
    assert [
        ("whole.parts[0].whole", "contains itself"),
        ("whole.parts[1].whole", "contains itself"),
    ] == [(problem.path, problem.message) for problem in error.problems]


def test_what_is_only_shared_is_no_cycle() -> None:
    shared = {"a": 1}
    assert frozen_dict({"one": shared, "two": [shared]}) == {"one": {"a": 1}, "two": ({"a": 1},)}


@pytest.mark.parametrize("levels", [1, 2, MAX_DEPTH])
def test_everything_can_be_done_with_the_deepest_value(levels: int) -> None:
    value = frozen_dict(nested(levels))
    assert thaw(value) == nested(levels)
    assert json.loads(json.dumps(value)) == nested(levels)
    assert pickle.loads(pickle.dumps(value)) == value == copy.deepcopy(value)
    assert hash(value) == hash(frozen_dict(nested(levels)))
    assert repr(value).count("FrozenDict") >= 1


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 100_000])
def test_what_is_deeper_is_refused(levels: int) -> None:
    assert "nested deeper than 200 levels" in str(raised(lambda: frozen_dict(nested(levels))))


def test_frozen_parts_count_in_the_depth() -> None:
    deepest = frozen_dict(nested(MAX_DEPTH))
    assert "nested deeper than 200 levels" in str(raised(lambda: frozen_dict({"more": deepest})))


@law
@given(odd_json_objects())
def test_freezing_keeps_json_and_thawing_gives_it_back(given: dict[str, Any]) -> None:
    value = frozen_dict(given)
    assert thaw(value) == given
    assert json.loads(json.dumps(value)) == json.loads(json.dumps(given))
    assert frozen_dict(value) is value
    assert (FrozenDict(given), hash(FrozenDict(given))) == (value, hash(value))


@law
@given(odd_json_objects())
def test_the_callers_mapping_is_copied(given: dict[str, Any]) -> None:
    before = json.dumps(given)
    value = frozen_dict(given)
    for key in [*given]:
        if isinstance(given[key], list | dict):
            given[key].clear()
        del given[key]
    assert json.dumps(thaw(value)) == before


@law
@given(odd_json_objects())
def test_thawing_gives_new_objects_each_time(given: dict[str, Any]) -> None:
    value = frozen_dict(given)
    thaw(value)["more"] = 1
    assert thaw(value) == given


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.__setitem__("a", 2),
        lambda value: value.__delitem__("a"),
        lambda value: value.__ior__({"b": 1}),
        lambda value: value.clear(),
        lambda value: value.pop("a"),
        lambda value: value.pop("b", None),
        lambda value: value.popitem(),
        lambda value: value.setdefault("a", 2),
        lambda value: value.setdefault("b"),
        lambda value: value.update({"b": 1}),
        lambda value: value.update(b=1),
        lambda value: FrozenDict.fromkeys(["a"], 1),
    ],
)
def test_every_mutator_is_refused(change: Any) -> None:
    value = frozen_dict({"a": 1})
    with pytest.raises(TypeError, match="doesn't change"):
        change(value)
    assert value == {"a": 1}


def test_a_second_init_changes_nothing() -> None:
    value = frozen_dict({"a": 1})
    value.__init__({"b": 2})  # type: ignore[misc]
    assert value == {"a": 1}


def test_it_has_no_attributes_to_set() -> None:
    with pytest.raises(AttributeError):
        frozen_dict({}).more = 1  # type: ignore[attr-defined]


@law
@given(odd_json_objects(), odd_json_objects())
def test_two_join_into_a_frozen_third(one: dict[str, Any], two: dict[str, Any]) -> None:
    frozen = frozen_dict(one)
    for joined in (frozen | two, frozen | frozen_dict(two), one | frozen_dict(two)):
        assert (FrozenDict, frozen_dict({**one, **two})) == (type(joined), joined)
    assert frozen == frozen_dict(one)


def test_a_join_with_something_else_is_pythons_type_error() -> None:
    for join in (lambda: frozen_dict({}) | 5, lambda: 5 | frozen_dict({})):  # type: ignore[operator]
        with pytest.raises(TypeError):
            join()


def test_a_copy_is_the_same_value() -> None:
    value = frozen_dict({"a": [1]})
    assert value.copy() is value
    assert copy.copy(value) is value
    assert copy.deepcopy(value) is value


@law
@given(odd_json_objects())
def test_it_pickles(given: dict[str, Any]) -> None:
    value = frozen_dict(given)
    again = pickle.loads(pickle.dumps(value))
    assert (FrozenDict, value, hash(value)) == (type(again), again, hash(again))


def test_it_is_read_as_a_dict() -> None:
    value = FrozenDict({"a": {"b": 1}})
    match value:
        case {"a": {"b": found}}:
            assert 1 == found
        case _:
            pytest.fail("no match")
    assert FrozenDict() == {} == EMPTY
    assert "FrozenDict({'a': FrozenDict({'b': 1})})" == repr(value)


@law
@given(odd_json(), st.lists(odd_texts(), max_size=2))
def test_a_frozen_value_is_hashable_wherever_it_stands(value: Any, keys: list[str]) -> None:
    for key in keys:
        value = {key: [value]}
    assert isinstance(hash(frozen_dict({"value": value})), int)
