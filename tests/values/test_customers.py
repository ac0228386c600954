"""Customers and sessions as values."""

from datetime import datetime
from typing import Any

import attrs
import pytest
from chub_cases import CUSTOMER, RECORDED_CUSTOMER, SESSION, paths, raised

import chub


def test_a_customer_is_known_by_a_text_or_an_external_id() -> None:
    assert chub.customer("CRM-17") == chub.customer(chub.ExternalId("CRM-17"))
    assert chub.customer("CRM-17", node_id="shop") == chub.customer(chub.ExternalId("CRM-17", node_id="shop"))
    assert "other" == chub.customer(chub.ExternalId("CRM-17", node_id="shop"), node_id="other").node_id
    assert None is chub.customer().external_id


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"external_id": ""}, ["external_id"]),
        ({"external_id": chub.CustomerId("c")}, ["external_id"]),
        ({"node_id": "", "extra": 5, "enabled": 1}, ["node_id", "extra", "enabled"]),
        ({"base": [], "consents": 5, "extended": "x", "tags": None}, ["base", "consents", "extended"]),
        ({"base": {"contacts": [{"a": float("nan")}]}}, ["base.contacts[0].a"]),
    ],
)
def test_a_wrong_customer_is_refused_with_all_problems(given: dict[str, Any], at: list[str]) -> None:
    assert paths(raised(lambda: chub.customer(**given))) == at
    assert paths(raised(lambda: attrs.evolve(CUSTOMER, **given))) == at


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"id": None}, ["id"]),
        ({"external_id": 5, "enabled": "yes", "base": []}, ["external_id", "base", "enabled"]),
        ({"registered_at": datetime(2026, 1, 1), "updated_at": "x"}, ["registered_at", "updated_at"]),
        ({"unlisted": None}, ["unlisted"]),
    ],
)
def test_a_wrong_recorded_customer_is_refused(given: dict[str, Any], at: list[str]) -> None:
    assert paths(raised(lambda: attrs.evolve(RECORDED_CUSTOMER, **given))) == at


@pytest.mark.parametrize(
    ("given", "at"),
    [({"value": None}, ["value"]), ({"value": 5, "id": 6, "unlisted": None}, ["value", "id", "unlisted"])],
)
def test_a_wrong_session_is_refused(given: dict[str, Any], at: list[str]) -> None:
    assert paths(raised(lambda: attrs.evolve(SESSION, **given))) == at
