"""From the fields of a class to a strategy of its values: each field's kind says what it takes.

There is no second list of fields: a class that gets one more is drawn with it.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any, Final

from attrs import frozen
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chub.testing.strategies import arguments
from chub.testing.strategies.plain import MOMENTS, TEXTS, json_objects, records
from chub.values.schema import (
    Choice,
    FieldSpec,
    Flag,
    Instant,
    Ipv4,
    Kind,
    Many,
    Nested,
    NotEmpty,
    Number,
    Problems,
    Text,
    field_specs,
    wire_names,
)

# What fits a Java int, and what a float holds exactly: beyond them readers differ.
_WHOLE: Final = 2**31 - 1
_EXACT: Final = 2**53


@frozen
class Leaves:
    """What stands at the ends of a value: its texts, and whether it bears keys that its class doesn't list."""

    texts: SearchStrategy[str] = TEXTS
    unlisted: bool = False


def leaves_of(texts: Any, unlisted: Any, problems: Problems) -> Leaves:
    """Read the two arguments that many strategies share."""
    arguments.flag(unlisted, "unlisted", problems)
    return Leaves(texts=arguments.strategy(texts, "texts", problems, TEXTS), unlisted=unlisted is True)


def of_kind(kind: Kind, leaves: Leaves, name: str = "") -> SearchStrategy[Any]:
    """Draw what a field of this kind, and of this name, takes."""
    match kind:
        case Text():
            return _texts(kind, leaves, name)
        case Number():
            return _numbers(kind)
        case Flag():
            return st.booleans()
        case Choice(texts=texts, enum=enum):
            return st.sampled_from(sorted(texts) if enum is None else [*enum])
        case Instant():
            return MOMENTS
        case Many(item=item):
            return st.lists(of_kind(item, leaves, name), max_size=2)
        case Nested(cls=cls):
            return of_class(cls, leaves)
        case _:
            return json_objects(leaves.texts)


def _texts(kind: Text, leaves: Leaves, name: str) -> SearchStrategy[str]:
    if any(isinstance(mark, Ipv4) for mark in kind.marks):
        return st.ip_addresses(v=4).map(str)
    found = _texts_of_name(name) if leaves.texts is TEXTS else leaves.texts
    return found.map(_not_empty) if any(isinstance(mark, NotEmpty) for mark in kind.marks) else found


def _not_empty(text: str) -> str:
    return text or "0"


_LABELS: Final = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
_EMAILS: Final = _LABELS.map("{}@example.com".format)
_URLS: Final = _LABELS.map("https://example.com/{}".format)


def _texts_of_name(name: str) -> SearchStrategy[str]:
    """Draw what the hub's schemas call an email or a URL; chub takes any text there, a hub may be stricter."""
    if name == "email":
        return _EMAILS
    return _URLS if name.endswith("url") else TEXTS


def _numbers(kind: Number) -> SearchStrategy[Any]:
    low, high = kind.bounds.minimum, kind.bounds.maximum
    most = _WHOLE if kind.whole else _EXACT
    whole = st.integers(-most if low is None else int(low), most if high is None else int(high))
    return whole if kind.whole else whole | st.floats(low, high, allow_nan=False, allow_infinity=False)


def _of_class(cls: Any, leaves: Leaves) -> SearchStrategy[Any]:
    return filled(cls, leaves, field_specs(cls), {})


of_class: Callable[[type[Any], Leaves], SearchStrategy[Any]] = lru_cache(maxsize=512)(_of_class)  # type: ignore[assignment]
"""Draw values of a class with wire keys."""


def filled(
    cls: type[Any], leaves: Leaves, specs: Iterable[FieldSpec], given: Mapping[str, SearchStrategy[Any]]
) -> SearchStrategy[Any]:
    """Draw values with these fields; one that isn't required may be left out, unless its strategy is given."""
    drawn = {spec.name: of_kind(spec.kind, leaves, spec.name) for spec in specs if spec.name not in given}
    required = {spec.name for spec in specs if spec.required}
    optional = {name: found for name, found in drawn.items() if name not in required}
    if leaves.unlisted and "unlisted" not in given:
        optional["unlisted"] = json_objects(leaves.texts).map(partial(_beside, wire_names(cls)))
    needed = {name: found for name, found in drawn.items() if name in required} | {**given}
    return records(needed, optional).map(partial(_make, cls))


def _beside(listed: frozenset[str], found: Mapping[str, Any]) -> dict[str, Any]:
    """Give other names to keys that the class lists."""
    return {f"own {key}" if key in listed else key: value for key, value in found.items()}


def _make(cls: type[Any], fields: Mapping[str, Any]) -> Any:
    return cls(**fields)
