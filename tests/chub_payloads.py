"""The parts of events with everything filled, and their JSON as it stands on the wire."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import chub
from chub.values.base import WireValue

ROME = timezone(timedelta(hours=2))
EIGHT = datetime(2026, 3, 8, 8, 18, 17, 123000, tzinfo=UTC)
EIGHT_TEXT = "2026-03-08T08:18:17.123Z"
TEN_IN_ROME = datetime(2026, 3, 8, 10, 18, 17, 123987, tzinfo=ROME)
"""The same instant as EIGHT, before it is normalised."""

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
