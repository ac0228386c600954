"""JSON and instants as the hub reads and writes them.  Pure; what can't be read is a ValueError."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from math import isfinite
from typing import Any, Final

DEEPEST: Final = 200
"""How many arrays and objects may stand in one another: far beyond use, and well within Python's recursion limit."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_INSTANT: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:Z|([+-])([0-9]{2}):?([0-9]{2}))"
)


def read_json(body: bytes) -> Any:
    """Read a body: strict UTF-8, no NaN, no number beyond a float, not nested deeper than `DEEPEST`.

    >>> read_json(b'{"n": 1.0}')
    {'n': 1.0}
    """
    text = body.decode("utf-8")
    try:
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if text.count("[") + text.count("{") > DEEPEST and _is_deep(value):
        raise ValueError("nested too deep")
    return value


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError("a number is out of range")
    return number


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [child for item in level for child in _children(item)]
    return bool(level)


def _children(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def write_json(value: Any) -> bytes:
    r"""Write a body: compact UTF-8; a lone surrogate, which UTF-8 can't hold, is written as JSON's own escape.

    >>> write_json({"é": "\ud800"})
    b'{"\xc3\xa9":"\\ud800"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Python's escape of a surrogate is the same six characters as JSON's.
    return text.encode("utf-8", "backslashreplace")


def write_ascii(value: Any) -> str:
    """Write JSON in ASCII alone: what any text column can keep, lone surrogates too."""
    return json.dumps(value, separators=(",", ":"))


def read_instant(text: str) -> int | None:
    """Read an instant with its zone, in milliseconds since 1970; None where it is none.

    >>> read_instant("1970-01-01T00:00:01.5+0000"), read_instant("1970-01-01T00:00:00")
    (1500, None)
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        return None
    *numbers, fraction, sign, hours, minutes = match.groups()
    try:
        moment = datetime(*map(int, numbers), tzinfo=_zone(sign, hours, minutes))  # type: ignore[misc, arg-type]
        milliseconds = milliseconds_of(moment.astimezone(UTC))
    except (ValueError, OverflowError):
        return None
    return milliseconds + int((fraction or "0").ljust(3, "0")[:3])


def _zone(sign: str | None, hours: str, minutes: str) -> timezone:
    if sign is None:
        return UTC
    if int(minutes) > 59:
        raise ValueError("no zone is that far")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)


def milliseconds_of(moment: datetime) -> int:
    """Count the milliseconds since 1970 of an aware datetime."""
    return (moment - _EPOCH) // _MILLISECOND


def write_instant(milliseconds: int) -> str:
    """Write an instant as the hub does: in UTC, to the millisecond, the offset without a colon.

    >>> write_instant(0)
    '1970-01-01T00:00:00.000+0000'
    """
    moment = _EPOCH + milliseconds * _MILLISECOND
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "+0000"


def now_of(clock: Callable[[], datetime]) -> int:
    """Ask a clock for the time; a ValueError where it tells no zone."""
    moment = clock()
    if moment.tzinfo is None:
        raise ValueError("the sandbox's clock must give aware datetimes, such as datetime.now(UTC)")
    return milliseconds_of(moment)
