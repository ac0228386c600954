"""What the tests of frames share: events of every kind, and what is left of them where UTF-8 can't hold a text."""

import re
from collections.abc import Iterable
from typing import Any

from chub_strategies import odd_events
from hypothesis import strategies as st

import chub
from chub.testing.strategies import odd_recorded_events

HOME = chub.event(chub.ViewedPage(title="Home"), owner=chub.CustomerId("c"), context="WEB")
SEARCH = chub.event(
    chub.Searched(keyword="shoes", result_count=3), owner=chub.SessionId("s", node_id="n"), context="WEB"
)
UNICORN = chub.event(chub.Custom("sawUnicorn", {"colour": "white"}), owner=chub.ExternalId("x"), context="IOT")


def recorded(**keys: Any) -> chub.RecordedEvent:
    """Read a recorded event from the JSON of a hub."""
    data = {"id": "e", "type": "viewedPage", "context": "WEB", "customerId": "c", "properties": {}}
    return chub.parse_recorded_event(data | keys).unwrap()


recorded_events = odd_recorded_events()
any_events = st.lists(odd_events() | recorded_events, max_size=3)
sendable = st.lists(odd_events(), max_size=3)


def sound(value: Any) -> Any:
    """Give JSON with U+FFFD in place of lone surrogates."""
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, dict):
        return {sound(key): sound(item) for key, item in value.items()}
    return [sound(item) for item in value] if isinstance(value, list) else value


def on_the_wire(found: Iterable[Any]) -> list[Any]:
    """Give the JSON of events, or of Results of them, as far as UTF-8 holds it."""
    values = [item.unwrap() if hasattr(item, "unwrap") else item for item in found]
    return [(type(value), sound(chub.encode(value))) for value in values]
