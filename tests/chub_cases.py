"""Values with everything filled, their JSON as it stands on the wire, and what tells the problems of a wrong one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

import chub
from chub.errors import InvalidValue
from chub.values.base import WireValue
from chub.wire import operations

ROME = timezone(timedelta(hours=2))
EIGHT = datetime(2026, 3, 8, 8, 18, 17, 123000, tzinfo=UTC)
EIGHT_TEXT = "2026-03-08T08:18:17.123Z"
TEN_IN_ROME = datetime(2026, 3, 8, 10, 18, 17, 123987, tzinfo=ROME)
"""The same instant as EIGHT, before it is normalised."""

CONFIG = chub.config(workspace_id="w", node_id="n", token="demo")
NO_NODE = chub.config(workspace_id="w", token="demo")

GEO = chub.Geo(lat=45.5, lon=-9, unlisted={"alt": 122})
GEO_JSON = {"lat": 45.5, "lon": -9, "alt": 122}
CONTACTS = chub.Contacts(email="ada@example.com", mobile_phone="+39 1", phone="+39 2", unlisted={"fax": None})
CONTACTS_JSON = {"email": "ada@example.com", "mobilePhone": "+39 1", "phone": "+39 2", "fax": None}

CLIENT = chub.Client(
    user_agent="browser/1",
    ip="192.0.2.7",
    localization=chub.Localization(
        city="Milano", country="Italy", region="Lombardia", province="MI", zip="20100", geo=GEO, unlisted={"floor": 3}
    ),
    unlisted={"os": "x"},
)
CLIENT_JSON = {
    "userAgent": "browser/1",
    "ip": "192.0.2.7",
    "localization": {
        "city": "Milano",
        "country": "Italy",
        "region": "Lombardia",
        "province": "MI",
        "zip": "20100",
        "geo": GEO_JSON,
        "floor": 3,
    },
    "os": "x",
}
USER = chub.User(
    id="u", external_id="e", username="ada", first_name="Ada", last_name="L", contacts=CONTACTS, unlisted={"vip": True}
)
USER_JSON = {
    "id": "u",
    "externalId": "e",
    "username": "ada",
    "firstName": "Ada",
    "lastName": "L",
    "contacts": CONTACTS_JSON,
    "vip": True,
}
DEVICE = chub.Device(
    bundle_identifier="b",
    version_number="1",
    build_number="2",
    identifier_for_vendor="i",
    system_version="17",
    model="m",
    device_vendor="v",
    locale="it_IT",
    language="it",
)
DEVICE_JSON = {
    "bundleIdentifier": "b",
    "versionNumber": "1",
    "buildNumber": "2",
    "identifierForVendor": "i",
    "systemVersion": "17",
    "model": "m",
    "deviceVendor": "v",
    "locale": "it_IT",
    "language": "it",
}
STORE = chub.Store(
    id="s",
    name="Duomo",
    type="FREE-STANDING",
    street="Via 1",
    city="Milano",
    country="Italy",
    province="MI",
    region="Lombardia",
    zip="20100",
    geo=GEO,
    website="https://example.com",
)
STORE_JSON = {
    "id": "s",
    "name": "Duomo",
    "type": "FREE-STANDING",
    "street": "Via 1",
    "city": "Milano",
    "country": "Italy",
    "province": "MI",
    "region": "Lombardia",
    "zip": "20100",
    "geo": GEO_JSON,
    "website": "https://example.com",
}
ASSISTANT = chub.SalesAssistant(id="a", first_name="Al", last_name="B", contacts=CONTACTS)
ASSISTANT_JSON = {"id": "a", "firstName": "Al", "lastName": "B", "contacts": CONTACTS_JSON}
TRACKING = chub.Tracking(
    utm_source="s", utm_medium="m", utm_term="t", utm_content="c", utm_campaign="p", unlisted={"gclid": "g"}
)
TRACKING_JSON = {
    "ga": {
        "utm_source": "s",
        "utm_medium": "m",
        "utm_term": "t",
        "utm_content": "c",
        "utm_campaign": "p",
        "gclid": "g",
    }
}

PARTS: dict[str, tuple[WireValue, dict[str, Any]]] = {
    "client": (CLIENT, CLIENT_JSON),
    "user": (USER, USER_JSON),
    "device": (DEVICE, DEVICE_JSON),
    "store": (STORE, STORE_JSON),
    "sales_assistant": (ASSISTANT, ASSISTANT_JSON),
}
PARTS_OF = {
    "CONTACT_CENTER": ("client", "user"),
    "WEB": ("client", "user"),
    "MOBILE": ("client", "user", "device"),
    "ECOMMERCE": ("client", "user", "store"),
    "RETAIL": ("client", "user", "store", "sales_assistant"),
    "IOT": ("client", "user"),
    "SOCIAL": ("client", "user"),
    "DIGITAL_CAMPAIGN": ("client", "user"),
    "OTHER": ("client", "user"),
}
"""What each context's information may hold."""


def info_of(context: str) -> chub.ContextInfo:
    """Everything that goes with a context."""
    given: dict[str, Any] = {part: PARTS[part][0] for part in PARTS_OF[context]}
    return chub.ContextInfo(**given, unlisted={"odd": [1]})


def info_json_of(context: str) -> dict[str, Any]:
    """The JSON of `info_of`."""
    wire_names = {"sales_assistant": "salesAssistant"}
    return {wire_names.get(part, part): PARTS[part][1] for part in PARTS_OF[context]} | {"odd": [1]}


SUBSCRIBED = chub.ServiceSubscribed(
    subscriber_id="s_id",
    service_id="service_id",
    service_name="serviceName",
    service_type="serviceType",
    start_date=TEN_IN_ROME,
    end_date=EIGHT,
    extra_properties={"extra": "extra", "none": None},
    extended={"own": [1, {"deep": None}]},
    unlisted={"newKey": {"a": None}},
)
SUBSCRIBED_JSON = {
    "subscriberId": "s_id",
    "serviceId": "service_id",
    "serviceName": "serviceName",
    "serviceType": "serviceType",
    "startDate": EIGHT_TEXT,
    "endDate": EIGHT_TEXT,
    "extraProperties": {"extra": "extra", "none": None},
    "extended": {"own": [1, {"deep": None}]},
    "newKey": {"a": None},
}
VIEWED = chub.ViewedPage(
    path="/",
    referer="https://example.com/",
    search="?q=1",
    title="Home",
    url="https://example.com/",
    page_categories=["a", "b"],
    page_tags=(),
    extended={},
)
VIEWED_JSON = {
    "path": "/",
    "referer": "https://example.com/",
    "search": "?q=1",
    "title": "Home",
    "url": "https://example.com/",
    "pageCategories": ["a", "b"],
    "pageTags": [],
    "extended": {},
}
ORDER = chub.CompletedOrder(
    order_id="o-1",
    type="sale-return",
    store_code="17",
    payment_method=chub.PaymentMethod.PAYPAL,
    shipping_method="air",
    amount=chub.OrderAmount(
        total=12.5,
        revenue=10,
        shipping=1,
        tax=0.5,
        discount=0,
        local=chub.LocalCurrency(currency="EUR", exchange_rate=1.1),
    ),
    products=[
        chub.OrderProduct(
            id="p",
            sku="k",
            name="n",
            type=chub.OrderLineType.SALE,
            order_line_id=1,
            category=["c"],
            classifications=[chub.Classification(key="season", value="summer", unlisted={"rank": 1})],
            vendor="v",
            short_description="d",
            link_url="l",
            image_url="i",
            price=1,
            quantity=2,
            subtotal=2,
            discount=0,
            tax=0,
            coupon="x",
            weight=0.25,
            item_quantity=1,
            unit_of_measure="kg",
            extended={"e": None},
            unlisted={"newKey": "x"},
        ),
        chub.OrderProduct(),
    ],
)
ORDER_JSON = {
    "orderId": "o-1",
    "type": "sale-return",
    "storeCode": "17",
    "paymentMethod": "paypal",
    "shippingMethod": "air",
    "amount": {
        "total": 12.5,
        "revenue": 10,
        "shipping": 1,
        "tax": 0.5,
        "discount": 0,
        "local": {"currency": "EUR", "exchangeRate": 1.1},
    },
    "products": [
        {
            "id": "p",
            "sku": "k",
            "name": "n",
            "type": "sale",
            "orderLineId": 1,
            "category": ["c"],
            "classifications": [{"key": "season", "value": "summer", "rank": 1}],
            "vendor": "v",
            "shortDescription": "d",
            "linkUrl": "l",
            "imageUrl": "i",
            "price": 1,
            "quantity": 2,
            "subtotal": 2,
            "discount": 0,
            "tax": 0,
            "coupon": "x",
            "weight": 0.25,
            "itemQuantity": 1,
            "unitOfMeasure": "kg",
            "extended": {"e": None},
            "newKey": "x",
        },
        {},
    ],
}
UNICORN = chub.Custom("sawUnicorn", {"colour": "white", "none": None, "odd \ud800": [1, 2.5, 10**40]})
UNICORN_JSON = {"colour": "white", "none": None, "odd \ud800": [1, 2.5, 10**40]}

PAYLOADS = {
    "serviceSubscribed": (SUBSCRIBED, SUBSCRIBED_JSON),
    "viewedPage": (VIEWED, VIEWED_JSON),
    "completedOrder": (ORDER, ORDER_JSON),
    "sawUnicorn": (UNICORN, UNICORN_JSON),
}
OWNERS = {
    "customer": (chub.CustomerId("c_id"), {"customerId": "c_id"}),
    "session": (chub.SessionId("a visit"), {"bringBackProperties": {"type": "SESSION_ID", "value": "a visit"}}),
    "session and node": (
        chub.SessionId("a visit", node_id="shop"),
        {"bringBackProperties": {"type": "SESSION_ID", "value": "a visit", "nodeId": "shop"}},
    ),
    "external id": (chub.ExternalId("CRM/17"), {"bringBackProperties": {"type": "EXTERNAL_ID", "value": "CRM/17"}}),
    "external id and node": (
        chub.ExternalId("\ud800", node_id="shop"),
        {"bringBackProperties": {"type": "EXTERNAL_ID", "value": "\ud800", "nodeId": "shop"}},
    ),
}

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
