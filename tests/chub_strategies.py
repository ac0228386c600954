"""The settings of a law, and chub's strategies at their oddest: any text, giant numbers, keys that no class lists."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

import chub
from chub.testing.strategies import damaged, events, odd_json_objects, odd_texts, owners, properties, values

law = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
"""Settings of a law: no assertion on speed."""

ODD = odd_texts()
KNOWN = (chub.ServiceSubscribed, chub.ViewedPage, chub.CompletedOrder)

odd_customs = st.builds(chub.Custom, odd_texts(min_size=1).map("my {}".format), odd_json_objects())
odd_owners = owners(node_ids=st.none() | odd_texts(min_size=1), texts=ODD)


def odd_values(cls: Any) -> SearchStrategy[Any]:
    """Values of a class with wire keys."""
    return values(cls, texts=ODD, unlisted=True)


def odd_events() -> SearchStrategy[chub.Event]:
    """Any event that can be sent."""
    found = properties(KNOWN, texts=ODD, unlisted=True) | odd_customs
    return events(found, owners=odd_owners, texts=ODD, unlisted=True)


def maybe_damaged(good: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """What a schema allows, or something near it."""
    return good | good.flatmap(damaged)


def minimal(found: SearchStrategy[Any], condition: Callable[[Any], bool] = lambda _: True) -> Any:
    """What a draw that fulfils this shrinks to; nothing is kept, and no time goes into explanations."""
    return find(found, condition, settings=settings(_FINDING, phases=[Phase.generate, Phase.shrink]))


def occurring(found: SearchStrategy[Any], condition: Callable[[Any], bool]) -> Any:
    """The first draw that fulfils this, as it comes."""
    return find(found, condition, settings=settings(_FINDING, phases=[Phase.generate]))


_FINDING = settings(max_examples=2000, database=None, derandomize=True)
