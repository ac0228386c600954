"""Instants: what is one, its text, and the texts that are read as one."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pandas as pd
import pytest
from chub_payloads import EIGHT, EIGHT_TEXT, TEN_IN_ROME
from chub_strategies import law
from hypothesis import given

from chub.testing.strategies import instants, odd_json, odd_texts
from chub.values.instants import instant_fault, instant_text, read_instant, to_instant


class Stamp(datetime):
    """A datetime of another class, as pandas' Timestamp is."""


def test_an_instant_is_kept_in_utc_and_cut_to_the_millisecond() -> None:
    made = to_instant(Stamp(2026, 3, 8, 10, 18, 17, 123987, tzinfo=TEN_IN_ROME.tzinfo))
    assert (EIGHT, UTC, datetime) == (made, made.tzinfo, type(made))


@law
@given(instants())
def test_the_text_of_an_instant_is_read_back(value: datetime) -> None:
    assert to_instant(value) == read_instant(instant_text(value)) == read_instant(value.isoformat())
    assert len(EIGHT_TEXT) == len(instant_text(value))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (datetime(2026, 1, 1), "a naive datetime"),
        (date(2026, 1, 1), "an aware datetime is needed, not date"),
        ("2026-01-01T00:00:00Z", "an aware datetime is needed, not str"),
        (1767225600, "an aware datetime is needed, not int"),
        (None, "an aware datetime is needed, not NoneType"),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=1))), "outside the years 1 to 9999"),
        (pd.Timestamp(10**15, unit="ms", tz="UTC"), "outside the years 1 to 9999"),
    ],
)
def test_what_is_no_instant_is_told(value: object, told: str) -> None:
    assert (instant_fault(value) or "").startswith(told)


@law
@given(instants())
def test_an_aware_datetime_is_one(value: datetime) -> None:
    assert instant_fault(value) is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2017-03-08T10:18:17.000+0000", "2017-03-08T10:18:17+00:00"),
        ("2017-03-08T10:18:17.123+00:00", "2017-03-08T10:18:17.123000+00:00"),
        ("2017-03-08T10:18:17.12Z", "2017-03-08T10:18:17.120000+00:00"),
        ("2017-03-08T10:18:17.1234567Z", "2017-03-08T10:18:17.123000+00:00"),
        ("2017-03-08T10:18:17Z", "2017-03-08T10:18:17+00:00"),
        ("2017-03-08T12:18:17+0200", "2017-03-08T10:18:17+00:00"),
        ("2017-03-08T12:18+02:00", "2017-03-08T10:18:00+00:00"),
        ("0001-01-01T00:00:00.000+0000", "0001-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999000+00:00"),
    ],
)
def test_every_form_that_the_hub_writes_is_read(text: str, iso: str) -> None:
    found = read_instant(text)
    assert (found and found.isoformat()) == iso


@pytest.mark.parametrize(
    "value",
    [
        "2017-03-08T10:18:17",
        "2017-03-08",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "2017-13-08T10:18:17Z",
        "yesterday",
        "",
        "\ud800",
        1488968297000,
        None,
        True,
        {},
        EIGHT,
    ],
)
def test_what_says_no_instant_is_none(value: object) -> None:
    assert read_instant(value) is None


@law
@given(odd_json() | odd_texts())
def test_reading_never_raises(value: Any) -> None:
    found = read_instant(value)
    assert found is None or instant_fault(found) is None
