"""One rule leads from Python's names to the wire's."""

import pytest

from chub.values.naming import camel_case, type_name


@pytest.mark.parametrize(
    ("python", "wire"),
    [
        ("sku", "sku"),
        ("subscriber_id", "subscriberId"),
        ("identifier_for_vendor", "identifierForVendor"),
        ("order_line_id", "orderLineId"),
        ("utm_source", "utmSource"),
        ("date2_from", "date2From"),
    ],
)
def test_snake_case_becomes_camel_case(python: str, wire: str) -> None:
    assert camel_case(python) == wire


@pytest.mark.parametrize(("cls", "event_type"), [("CompletedOrder", "completedOrder"), ("X", "x")])
def test_a_class_names_its_event_type(cls: str, event_type: str) -> None:
    assert type_name(cls) == event_type
