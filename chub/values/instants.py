"""Instants: aware datetimes, kept in UTC and cut to the millisecond that the wire carries, and their text."""

from datetime import UTC, datetime
from typing import Any


def instant_fault(value: object) -> str | None:
    """Say why this value isn't an instant; None where it is one.

    >>> instant_fault(datetime(2026, 1, 1))
    'a naive datetime says no instant; pass datetime.now(UTC) or attach a zone: value.replace(tzinfo=UTC)'
    """
    if not isinstance(value, datetime):
        return f"an aware datetime is needed, not {type(value).__name__}"
    if value != value:  # pandas' NaT is a datetime, and unequal to itself
        return "NaT is no instant; leave it out or pass None"
    try:
        if value.utcoffset() is None:
            return (
                "a naive datetime says no instant; pass datetime.now(UTC) or attach a zone: value.replace(tzinfo=UTC)"
            )
        to_instant(value)
    except (OverflowError, ValueError, NotImplementedError):  # pandas' go far beyond, and say so in all these ways
        return "outside the years 1 to 9999 once in UTC"
    return None


def to_instant(value: datetime) -> datetime:
    """Give the same instant in UTC, cut to the millisecond, as a plain `datetime` (pandas' Timestamp is a subclass).

    >>> to_instant(datetime.fromisoformat("2026-03-08T10:18:17.123987+02:00")).isoformat()
    '2026-03-08T08:18:17.123000+00:00'
    """
    utc = value.astimezone(UTC)
    milliseconds = utc.microsecond // 1000 * 1000
    return datetime(utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, milliseconds, UTC)


def instant_text(value: datetime) -> str:
    """Write an instant as the hub takes it.

    >>> instant_text(datetime(2017, 3, 8, 10, 18, 17, tzinfo=UTC))
    '2017-03-08T10:18:17.000Z'
    """
    utc = value if value.tzinfo is UTC else to_instant(value)
    day = f"{utc.year:04}-{_TWO[utc.month]}-{_TWO[utc.day]}"
    return f"{day}T{_TWO[utc.hour]}:{_TWO[utc.minute]}:{_TWO[utc.second]}.{_THREE[utc.microsecond // 1000]}Z"


# isoformat takes three times as long.
_TWO = tuple(f"{number:02}" for number in range(60))
_THREE = tuple(f"{number:03}" for number in range(1000))


def read_instant(text: Any) -> datetime | None:
    """Read any ISO 8601 text that bears a zone (`Z`, `+0000`, `+00:00`; any fraction); None where it says no instant.

    >>> read_instant("2017-03-08T10:18:17.12+0000").isoformat()
    '2017-03-08T10:18:17.120000+00:00'
    >>> read_instant("2017-03-08T10:18:17") is None
    True
    """
    try:
        value = datetime.fromisoformat(text)
        if value.tzinfo is UTC and not value.microsecond % 1000:  # as the hub writes it
            return value
        return None if value.tzinfo is None else to_instant(value)
    except (TypeError, ValueError, OverflowError):
        return None
