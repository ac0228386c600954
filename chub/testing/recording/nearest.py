"""Which recorded request is the most like one that was not recorded, and in what they differ."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrs import frozen

from chub.testing.recording.pseudonyms import Names, request_without_ids
from chub.testing.recording.reading import Line
from chub.testing.recording.rows import Row, children

# Another method or another place is another call altogether; another id may be the mistake.
_WEIGHTS: Final[Mapping[str, int]] = {"method": 1000, "template": 1000, "path": 10}
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_LONGEST: Final = 60


@frozen
class Difference:
    """A place of a request, and what stands there in the one and in the other, as JSON."""

    place: str
    asked: str
    recorded: str

    def __str__(self) -> str:
        # Long texts may begin alike: shown is where they don't any more.
        pairs = enumerate(zip(self.asked, self.recorded, strict=False))
        start = max(0, next((place for place, (one, other) in pairs if one != other), 0) - _LONGEST // 2)
        return f"{_part(self.asked, start)} is asked, recorded is {_part(self.recorded, start)}"


def _part(text: str, start: int) -> str:
    part = text[start : start + _LONGEST]
    return f"{'…' if start else ''}{part}{'…' if start + _LONGEST < len(text) else ''}"


def differences(asked: Row, recorded: Row) -> tuple[Difference, ...]:
    """Compare two requests, part by part; the order of a query's parameters and of an object's keys says nothing.

    >>> print(*differences({"method": "GET", "path": "/a"}, {"method": "GET", "path": "/b"}))
    "/a" is asked, recorded is "/b"
    """
    one, other = (_parts(request_without_ids(row, Names())) for row in (asked, recorded))
    shown_one, shown_other = _parts(asked), _parts(recorded)
    return tuple(
        Difference(place, shown_one.get(place, "nothing"), shown_other.get(place, "nothing"))
        for place in dict.fromkeys([*one, *other])
        if one.get(place) != other.get(place)
    )


def nearest(asked: Row, lines: Iterable[Line]) -> tuple[Line, tuple[Difference, ...]] | None:
    """Give the line whose request differs least; None where there is none."""
    compared = [(line, differences(asked, line.request)) for line in lines]
    return min(compared, key=lambda item: sum(_WEIGHTS.get(one.place, 1) for one in item[1]), default=None)


def _parts(row: Row) -> dict[str, str]:
    """Give each part of a request by its place, as JSON."""
    parts = {"method": _json(row["method"]), "path": _json(row["path"])}
    for name, value in sorted(row.get("query", [])):
        place = f"query{_step(name)}"
        parts[place] = f"{parts[place]}, {_json(value)}" if place in parts else _json(value)
    for kept in ("body", "text", "base64"):
        if kept in row:
            parts |= _leaves(row[kept], kept)
    return parts


def _leaves(value: Any, place: str) -> dict[str, str]:
    """Give the leaves of a JSON value, what is empty among them, by their places."""
    leaves = {}
    left = [(place, value)]
    while left:
        at, item = left.pop()
        inner = children(item)
        if not inner:
            leaves[at] = _json(item)
        left += [(f"{at}{_step(key)}", one) for key, one in reversed(inner)]
    return leaves


def _step(key: str | int) -> str:
    return f".{key}" if isinstance(key, str) and _NAME.fullmatch(key) else f"[{_json(key)}]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
