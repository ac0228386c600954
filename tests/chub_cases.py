"""Values with everything filled, their JSON as it stands on the wire, and what tells the problems of a wrong one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from chub_payloads import (
    ASSISTANT,
    CLIENT,
    CONTACTS,
    DEVICE,
    EIGHT,
    EIGHT_TEXT,
    GEO,
    ORDER,
    ORDER_JSON,
    OWNERS,
    STORE,
    SUBSCRIBED,
    SUBSCRIBED_JSON,
    TEN_IN_ROME,
    TRACKING,
    TRACKING_JSON,
    UNICORN,
    USER,
    VIEWED,
    info_json_of,
    info_of,
)

import chub
from chub.errors import InvalidValue
from chub.wire import operations

CONFIG = chub.config(workspace_id="w", node_id="n", token="demo")
NO_NODE = chub.config(workspace_id="w", token="demo")

FULL_EVENT = chub.event(
    SUBSCRIBED,
    owner=chub.CustomerId("c_id"),
    context="RETAIL",
    date=TEN_IN_ROME,
    mode="ACTIVE",
    context_info=info_of("RETAIL"),
    tracking=TRACKING,
)
FULL_EVENT_JSON = {
    "type": "serviceSubscribed",
    "context": "RETAIL",
    "customerId": "c_id",
    "date": EIGHT_TEXT,
    "mode": "ACTIVE",
    "contextInfo": info_json_of("RETAIL"),
    "tracking": TRACKING_JSON,
    "properties": SUBSCRIBED_JSON,
}
FULL_RECORDED = chub.RecordedEvent(
    id="e_id",
    properties=ORDER,
    context="MOBILE",
    customer_id="c_id",
    bring_back=chub.SessionId("a visit", node_id="n", unlisted={"more": 1}),
    date=EIGHT,
    mode="PASSIVE",
    context_info=info_of("MOBILE"),
    tracking=TRACKING,
    registered_at=EIGHT,
    updated_at=EIGHT,
    unlisted={"newKey": None},
)
FULL_RECORDED_JSON = {
    "id": "e_id",
    "customerId": "c_id",
    "bringBackProperties": {"type": "SESSION_ID", "value": "a visit", "nodeId": "n", "more": 1},
    "type": "completedOrder",
    "context": "MOBILE",
    "date": EIGHT_TEXT,
    "mode": "PASSIVE",
    "contextInfo": info_json_of("MOBILE"),
    "tracking": TRACKING_JSON,
    "registeredAt": EIGHT_TEXT,
    "updatedAt": EIGHT_TEXT,
    "properties": ORDER_JSON,
    "newKey": None,
}
CUSTOMER = chub.customer(
    "CRM-17",
    node_id="shop",
    base={"contacts": {"email": "ada@example.com"}},
    consents={"disclaimer": {"date": EIGHT}},
    extended={"points": 3},
    extra="x",
    tags={"auto": [], "manual": ["vip"]},
    enabled=True,
)
CUSTOMER_JSON = {
    "externalId": "CRM-17",
    "nodeId": "shop",
    "base": {"contacts": {"email": "ada@example.com"}},
    "consents": {"disclaimer": {"date": EIGHT_TEXT}},
    "extended": {"points": 3},
    "extra": "x",
    "tags": {"auto": [], "manual": ["vip"]},
    "enabled": True,
}
RECORDED_CUSTOMER = chub.RecordedCustomer(
    id="c_id",
    external_id="CRM-17",
    node_id="shop",
    base={"contacts": {"email": None}},
    consents={},
    extended={"points": 3},
    extra="",
    tags={"auto": []},
    enabled=False,
    registered_at=EIGHT,
    updated_at=EIGHT,
    unlisted={"newKey": 1},
)
RECORDED_CUSTOMER_JSON = {
    "id": "c_id",
    "externalId": "CRM-17",
    "nodeId": "shop",
    "base": {"contacts": {"email": None}},
    "consents": {},
    "extended": {"points": 3},
    "extra": "",
    "tags": {"auto": []},
    "enabled": False,
    "registeredAt": EIGHT_TEXT,
    "updatedAt": EIGHT_TEXT,
    "newKey": 1,
}
SESSION = chub.Session(value="a visit", id="17", unlisted={"more": 1})
QUERY = chub.event_query(
    customer_id=chub.CustomerId("c_id"),
    node_id="shop",
    types=[chub.ViewedPage, "sawUnicorn"],
    contexts=["WEB", chub.Context.MOBILE],
    mode="ACTIVE",
    date_from=EIGHT,
    date_to=TEN_IN_ROME + timedelta(days=1),
    page=0,
    size=50,
)
PAGE = chub.Page(
    elements=(FULL_RECORDED,),
    number=0,
    size=10,
    total_elements=1,
    total_unfiltered_elements=2,
    total_pages=1,
    unlisted={"more": {"a": None}},
)

VALUES: dict[str, Any] = {
    type(value).__name__: value
    for value in (
        GEO,
        CONTACTS,
        CLIENT,
        CLIENT.localization,
        USER,
        DEVICE,
        STORE,
        ASSISTANT,
        TRACKING,
        info_of("RETAIL"),
        SUBSCRIBED,
        VIEWED,
        ORDER,
        ORDER.amount,
        chub.LocalCurrency(currency="EUR", exchange_rate=1.1),
        chub.OrderProduct(sku="k"),
        chub.Classification(key="season", value="summer"),
        UNICORN,
        *(owner for owner, _ in OWNERS.values()),
        FULL_EVENT,
        FULL_RECORDED,
        CUSTOMER,
        RECORDED_CUSTOMER,
        SESSION,
        chub.SessionLink("c_id", "a visit"),
        chub.SessionKey("c_id", "17"),
        QUERY,
        PAGE,
        chub.Accepted("e_id"),
        chub.Deleted(),
        chub.frozen_dict({"a": [{"b": None}]}),
    )
}
"""One value of each class."""

OPERATIONS: dict[str, chub.Operation[Any]] = {
    "add_event": operations.add_event(CONFIG, FULL_EVENT).unwrap(),
    "get_event": operations.get_event(CONFIG, "e_id").unwrap(),
    "update_event": operations.update_event(CONFIG, FULL_RECORDED).unwrap(),
    "delete_event": operations.delete_event(CONFIG, "e_id").unwrap(),
    "list_events": operations.list_events(CONFIG, QUERY).unwrap(),
    "add_session": operations.add_session(CONFIG, chub.SessionLink("c_id", "a visit")).unwrap(),
    "list_sessions": operations.list_sessions(CONFIG, chub.CustomerId("c_id")).unwrap(),
    "get_session": operations.get_session(CONFIG, chub.SessionKey("c_id", "17")).unwrap(),
    "delete_session": operations.delete_session(CONFIG, chub.SessionKey("c_id", "17")).unwrap(),
    "add_customer": operations.add_customer(CONFIG, CUSTOMER).unwrap(),
    "get_customer": operations.get_customer(CONFIG, "c_id").unwrap(),
    "find_customer": operations.find_customer(CONFIG, "CRM-17").unwrap(),
    "delete_customer": operations.delete_customer(CONFIG, "c_id").unwrap(),
}
"""Every operation."""

ODD_PATH_IDS = (
    "",
    ".",
    "..",
    "%2e",
    "%2E%2e",
    "a%2Fb",
    "%5C",
    "a/b",
    "/",
    "\\",
    "a?b",
    "a#b",
    "a\rb",
    "a\nb",
    "\x00",
    "\x1f",
    "\x7f",
    "\ud800",
    "a\udfff",
)
"""Ids that would leave their segment of a path, or that no path can bear."""


def raised(make: Callable[[], object]) -> InvalidValue:
    """The error of a value that can't be made."""
    with pytest.raises(InvalidValue) as caught:
        make()
    return caught.value


def paths(error: object) -> list[str]:
    """Where the problems of an error are."""
    assert isinstance(error, InvalidValue)
    return [problem.path for problem in error.problems]


def no_json_cases() -> dict[str, Any]:
    """What has no one clear JSON form."""
    cyclic: dict[str, Any] = {}
    cyclic["parts"] = [{"whole": cyclic}, {"whole": cyclic}]
    return {"bytes": b"x", "set": {1}, "nan": float("nan"), "cycle": cyclic, "object": object(), "complex": 1j}
