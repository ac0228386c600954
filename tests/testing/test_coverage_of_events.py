"""What two thousand draws of events hold: every type, context, part and owner, and nothing that a hub refuses."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import attrs
import chub_contract
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

import chub
from chub.testing.strategies import events, values
from chub.values.context_info import PARTS_OF_SOME_CONTEXTS

DRAWS = 2000


def draws(strategy: SearchStrategy[Any], count: int) -> list[Any]:
    """Draw so many, the same ones each time."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(strategy)
    def draw(value: Any) -> None:
        found.append(value)

    draw()
    return found


@pytest.fixture(scope="module")
def drawn() -> list[chub.Event]:
    return draws(events(), DRAWS)


@pytest.fixture(scope="module")
def hub() -> Iterator[chub.sandbox.Sandbox]:
    with chub.sandbox.open() as hub:
        yield hub


def test_there_are_so_many(drawn: list[chub.Event]) -> None:
    assert DRAWS <= len(drawn)


def test_every_type_occurs(drawn: list[chub.Event]) -> None:
    counts = Counter(event.type for event in drawn)
    assert set(chub.event_types()) == counts.keys()
    assert 47 == len(counts)


@pytest.mark.parametrize("cls", [chub.CompletedOrder, chub.EventParticipated, chub.GrantedCoupon, chub.Searched])
def test_every_field_of_a_class_is_set_and_left_out(cls: type[chub.EventProperties]) -> None:
    found = draws(values(cls), 150)
    for item in attrs.fields(cls):
        if item.default is None:
            assert {True, False} == {getattr(value, item.name) is None for value in found}, item.name


def test_every_context_occurs_with_each_part_that_it_takes(drawn: list[chub.Event]) -> None:
    found = {
        (event.context, name)
        for event in drawn
        if event.context_info is not None
        for name in ("client", "user", "device", "store", "sales_assistant")
        if getattr(event.context_info, name) is not None
    }
    assert found == {
        (context, name)
        for context in chub.Context
        for name in ("client", "user", "device", "store", "sales_assistant")
        if context in PARTS_OF_SOME_CONTEXTS.get(name, [context])
    }


def test_every_owner_mode_and_circumstance_occurs(drawn: list[chub.Event]) -> None:
    assert {chub.CustomerId, chub.SessionId, chub.ExternalId} == {type(event.owner) for event in drawn}
    assert {None, *chub.Mode} == {event.mode for event in drawn}
    for name in ("date", "context_info", "tracking"):
        assert {True, False} == {getattr(event, name) is None for event in drawn}


def test_every_draw_passes_the_schema_of_its_type_and_of_its_context(drawn: list[chub.Event]) -> None:
    types, contexts = chub_contract.read("event_types"), chub_contract.read("contexts")
    if types is None:
        pytest.skip(f"needs the hub's schemas, and there are none in {chub_contract.FOLDER}")
    for event in drawn:
        body = chub.encode(event)
        assert [] == [*chub_contract.faults(types[event.type], body["properties"])], event
        assert [] == [*chub_contract.faults(contexts[event.context], body.get("contextInfo", {}))], event


def test_every_draw_is_accepted_and_comes_back(drawn: list[chub.Event], hub: chub.sandbox.Sandbox) -> None:
    known = chub.CustomerId(chub.add_customer(hub.config, chub.customer("CRM-17")).unwrap().id or "")
    for event in drawn:
        sent = attrs.evolve(event, owner=known) if isinstance(event.owner, chub.CustomerId) else event
        accepted = chub.add_event(hub.config, sent).unwrap()
        recorded = chub.get_event(hub.config, accepted.id or "").unwrap()
        assert (event.properties, event.context_info) == (recorded.properties, recorded.context_info)


def test_the_check_by_schemas_can_fail() -> None:
    types = chub_contract.read("event_types")
    if types is None:
        pytest.skip(f"needs the hub's schemas, and there are none in {chub_contract.FOLDER}")
    wrong = [
        {"orderId": 1},
        {"type": "SALE"},
        {"amount": {"local": {"currency": "XXX"}}},
        {"products": [{"classifications": [{"key": "k"}]}]},
        {"products": [{"linkUrl": "no url"}]},
        {"own": 1},
    ]
    for body in wrong:
        assert [] != [*chub_contract.faults(types["completedOrder"], body)], body
