"""Strategies of what values are made of: texts, JSON, instants and ids."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from chub.testing.strategies import arguments
from chub.testing.strategies.called import as_called
from chub.values.schema import Problems, note

TEXTS: Final = st.text(max_size=20)
"""Any text that has a form in UTF-8."""

# A zone may add or take a day.
_EARLIEST: Final = datetime(1, 1, 3, tzinfo=UTC)
_LATEST: Final = datetime(9999, 12, 29, tzinfo=UTC)
_SIMPLEST: Final = datetime(2000, 1, 1, tzinfo=UTC)

# What breaks readers: a lone surrogate, NUL, line ends, marks of direction and order, a step in a path.
_ODD: Final = ("\ud800", "\x00", "\r\n", "\u2028", "\u202e", "\ufeff", "..", "%2e%2e", " ", "null", "e\u0301", "🏳️‍🌈")


@as_called
def odd_texts(min_size: int = 0, max_size: int = 12) -> SearchStrategy[str]:
    """Draw text of every kind: lone surrogates, controls and what looks like something else are among it.

    It has up to `max_size` characters, or is one of a few that break readers, of up to 6.

    >>> from hypothesis import find
    >>> find(odd_texts(min_size=1), lambda text: True)
    '0'
    """
    problems: Problems = []
    arguments.bounds(min_size, max_size, ("min_size", "max_size"), problems)
    arguments.checked(problems)
    every = st.text(st.characters(exclude_categories=()), min_size=min_size, max_size=max_size)
    fitting = [text for text in _ODD if min_size <= len(text) <= max_size]
    return every | st.sampled_from(fitting) if fitting else every


@as_called
def path_ids() -> SearchStrategy[str]:
    """Draw ids that can stand in a URL's path, as those of customers and events do.

    >>> from hypothesis import find
    >>> find(path_ids(), lambda text: True)
    '0'
    """
    safe = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/\\?#%")  # a '%' may begin an encoded '/'
    return st.text(safe, min_size=1, max_size=12).map(_no_step)


def _no_step(text: str) -> str:
    """Make no step of a path of '.' and '..'."""
    return text if text.strip(".") else f"0{text}"


@as_called
def instants(min_value: datetime | None = None, max_value: datetime | None = None) -> SearchStrategy[datetime]:
    """Draw aware datetimes of any zone between these instants, which are aware too.

    >>> from hypothesis import find
    >>> find(instants(), lambda instant: True).isoformat()
    '2000-01-01T00:00:00+00:00'
    """
    problems: Problems = []
    low = _end(min_value, "min_value", _EARLIEST, problems)
    high = _end(max_value, "max_value", _LATEST, problems)
    if low > high:
        note(problems, "min_value", f"{min_value} is after max_value, {max_value}")
    arguments.checked(problems)
    return st.builds(datetime.astimezone, _between(low, high, timedelta(microseconds=1)), _ZONES)


def _between(low: datetime, high: datetime, step: timedelta) -> SearchStrategy[datetime]:
    """Draw an instant as one number; as Hypothesis draws them, part by part, they take seven times as long."""
    steps = st.integers((low - _SIMPLEST) // step, (high - _SIMPLEST) // step)
    return steps.map(lambda count: _SIMPLEST + count * step)


_ZONES: Final = st.just(UTC) | st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def _end(value: Any, path: str, otherwise: datetime, problems: Problems) -> datetime:
    """Give an end, within what every zone can hold."""
    if value is None:
        return otherwise
    if not isinstance(value, datetime) or value.utcoffset() is None:
        note(problems, path, f"an aware datetime is needed, not {value!r}")
        return otherwise
    try:
        return min(max(value.astimezone(UTC), _EARLIEST), _LATEST)
    except OverflowError:
        note(problems, path, "outside the years 1 to 9999 once in UTC")
        return otherwise


MOMENTS: Final = _between(_EARLIEST, _LATEST, timedelta(milliseconds=1))
"""Instants as values keep them, in UTC."""


@st.composite
def records(
    draw: DrawFn, needed: Mapping[str, SearchStrategy[Any]], optional: Mapping[str, SearchStrategy[Any]]
) -> dict[str, Any]:
    """Draw fields: those that are needed, and of the optional ones any; each is left out once it shrinks."""
    found = {name: draw(strategy) for name, strategy in needed.items()}
    for name, strategy in optional.items():
        if draw(_IS_THERE):
            found[name] = draw(strategy)
    return found


# No booleans: of integers alone Hypothesis drops what was drawn after one that it lowers.
_IS_THERE: Final = st.integers(0, 1)


@as_called
def json_values(texts: SearchStrategy[str] | None = None) -> SearchStrategy[Any]:
    """Draw JSON of any kind, as plain dicts and lists; `texts` are its texts and keys.

    >>> from hypothesis import find
    >>> find(json_values(), lambda value: isinstance(value, list))
    []
    """
    return _JSON if texts is None else _nested(_SCALARS, _texts(texts))


@as_called
def json_objects(texts: SearchStrategy[str] | None = None) -> SearchStrategy[dict[str, Any]]:
    """Draw JSON objects with any keys.

    >>> from hypothesis import find
    >>> find(json_objects(), lambda value: len(value) == 1)
    {'': None}
    """
    return _OBJECTS if texts is None else st.dictionaries(_texts(texts), json_values(texts), max_size=3)


def _texts(given: Any) -> SearchStrategy[str]:
    problems: Problems = []
    found = arguments.strategy(given, "texts", problems, TEXTS)
    arguments.checked(problems)
    return found


def _nested(scalars: SearchStrategy[Any], texts: SearchStrategy[str]) -> SearchStrategy[Any]:
    """Draw these, texts, arrays and objects of them, on three levels; Hypothesis' own recursion takes far longer."""
    inner = leaves = scalars | texts
    for _ in range(2):
        inner = leaves | st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2)
    return inner


_FINITE: Final = st.floats(allow_nan=False, allow_infinity=False)
_SCALARS: Final = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | _FINITE
_JSON: Final = _nested(_SCALARS, TEXTS)
_OBJECTS: Final = st.dictionaries(TEXTS, _JSON, max_size=3)


@as_called
def odd_json() -> SearchStrategy[Any]:
    """Draw JSON with odd text in it, and integers of up to 4,300 digits.

    >>> from hypothesis import find
    >>> len(str(find(odd_json(), lambda value: isinstance(value, int) and value > 10**400))) > 400
    True
    """
    return _ODD_JSON


@as_called
def odd_json_objects() -> SearchStrategy[dict[str, Any]]:
    """Draw JSON objects with odd text and numbers in them.

    >>> from hypothesis import find
    >>> find(odd_json_objects(), lambda value: len(value) == 1)
    {'': None}
    """
    return _ODD_OBJECTS


_ODD_INTEGERS: Final = st.integers() | st.integers(-(10**300), 10**300) | st.sampled_from([10**4300 - 1, 1 - 10**4300])
_ODD_JSON: Final = _nested(st.none() | st.booleans() | _ODD_INTEGERS | _FINITE, odd_texts())
_ODD_OBJECTS: Final = st.dictionaries(odd_texts(), _ODD_JSON, max_size=3)
