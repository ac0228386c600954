"""Customers and sessions in JSON."""

from typing import Any

import attrs
import pytest
from chub_cases import CUSTOMER, CUSTOMER_JSON, RECORDED_CUSTOMER, RECORDED_CUSTOMER_JSON, SESSION
from chub_payloads import EIGHT, EIGHT_TEXT
from chub_strategies import law
from hypothesis import given
from hypothesis import strategies as st

import chub
from chub.testing.strategies import odd_dates, odd_json, odd_json_objects, odd_texts
from chub.wire.customers import read_customer, read_session

KEYS = [*RECORDED_CUSTOMER_JSON]


@pytest.mark.parametrize(
    ("value", "row"),
    [
        (CUSTOMER, CUSTOMER_JSON),
        (chub.customer(), {}),
        (RECORDED_CUSTOMER, RECORDED_CUSTOMER_JSON),
        (chub.RecordedCustomer(id=""), {}),
        (SESSION, {"value": "a visit", "id": "17", "more": 1}),
        (chub.Session(value="a visit"), {"value": "a visit"}),
        (chub.SessionId("a visit"), {"type": "SESSION_ID", "value": "a visit"}),
        (chub.ExternalId("17", node_id="n"), {"type": "EXTERNAL_ID", "value": "17", "nodeId": "n"}),
    ],
)
def test_each_is_encoded(value: Any, row: dict[str, Any]) -> None:
    assert chub.encode(value) == row


@pytest.mark.parametrize(
    ("row", "customer"),
    [
        (RECORDED_CUSTOMER_JSON, RECORDED_CUSTOMER),
        ({}, chub.RecordedCustomer(id="")),
        (dict.fromkeys(KEYS), chub.RecordedCustomer(id="", unlisted={"newKey": None})),
        ({"id": 5, "enabled": "yes"}, chub.RecordedCustomer(id="", unlisted={"id": 5, "enabled": "yes"})),
        ({"id": ""}, chub.RecordedCustomer(id="", unlisted={"id": ""})),
        ({"id": "c", "tags": [], "base": 5}, chub.RecordedCustomer(id="c", unlisted={"tags": [], "base": 5})),
        (
            {"id": "c", "registeredAt": "soon", "updatedAt": EIGHT_TEXT, "unlisted": 1},
            chub.RecordedCustomer(id="c", updated_at=EIGHT, unlisted={"registeredAt": "soon", "unlisted": 1}),
        ),
    ],
)
def test_a_customer_is_read(row: dict[str, Any], customer: chub.RecordedCustomer) -> None:
    assert read_customer(row) == customer
    assert {key: value for key, value in row.items() if value is not None or key == "newKey"} == chub.encode(customer)


@pytest.mark.parametrize(
    ("row", "session"),
    [
        ({"id": "17", "value": "a visit", "more": 1}, SESSION),
        ({"id": None, "value": "a visit"}, chub.Session(value="a visit")),
        ({}, chub.Session(value="")),
        ({"value": None}, chub.Session(value="")),
        ({"value": 5, "id": 6}, chub.Session(value="", unlisted={"value": 5, "id": 6})),
        ({"value": "", "id": "", "more": None}, chub.Session(value="", unlisted={"value": "", "id": "", "more": None})),
    ],
)
def test_a_session_is_read(row: dict[str, Any], session: chub.Session) -> None:
    assert read_session(row) == session
    assert {key: value for key, value in row.items() if value is not None or key == "more"} == chub.encode(session)


def test_a_field_that_is_filled_covers_what_could_not_be_read() -> None:
    customer = attrs.evolve(read_customer({"id": "c", "registeredAt": "soon"}), registered_at=EIGHT)
    assert {"id": "c", "registeredAt": EIGHT_TEXT} == chub.encode(customer)
    session = attrs.evolve(read_session({"value": 5}), value="a visit")
    assert {"value": "a visit"} == chub.encode(session)


anything = odd_texts() | odd_dates() | odd_json_objects() | odd_json()
hostile = st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, anything))


@law
@given(hostile, odd_json_objects())
def test_nothing_of_a_customer_or_session_is_lost(listed: dict[str, Any], more: dict[str, Any]) -> None:
    row = more | listed
    customer, session = read_customer(row), read_session(row)
    for made, again in (
        (customer, read_customer(chub.encode(customer))),
        (session, read_session(chub.encode(session))),
    ):
        assert made == again
        assert {key for key, value in row.items() if value is not None} <= chub.encode(made).keys()
