"""What is sent and read in the benchmarks: events as a shop has them."""

import json
from typing import Any

import chub
from chub.wire.jsontext import dumps

_TYPES = ("completedOrder", "viewedPage", "serviceSubscribed", "sawUnicorn")


def one_event() -> chub.Event:
    """Give an event to send: a viewed page of a session."""
    page = chub.ViewedPage(title="Shoes", url="https://shop.example.com/shoes", page_tags=["sale", "spring"])
    tracking = chub.Tracking(utm_source="newsletter", utm_campaign="spring")
    return chub.event(page, owner=chub.SessionId("a visit"), context=chub.Context.WEB, tracking=tracking)


def page_text(size: int = 50, pages: int = 1) -> str:
    """Give a page of mixed events, one of so many pages, as the hub's JSON."""
    total = size * pages
    elements = [_element(number, _TYPES[number % len(_TYPES)]) for number in range(size)]
    page = {"size": size, "totalElements": total, "totalUnfilteredElements": total, "totalPages": pages, "number": 0}
    return json.dumps({"elements": elements, "page": page})


def _element(number: int, event_type: str) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-8000-{number:012}",
        "customerId": f"customer-{number % 7}",
        "bringBackProperties": {"type": "SESSION_ID", "value": f"visit-{number}", "nodeId": "shop"},
        "type": event_type,
        "context": "WEB",
        "date": "2026-03-08T10:18:17.123+0000",
        "properties": _properties(number)[event_type],
        "contextInfo": {"client": {"ip": "192.0.2.7", "userAgent": "agent/1", "localization": {"city": "Milano"}}},
        "tracking": {"ga": {"utm_source": "newsletter", "utm_campaign": "spring"}},
        "registeredAt": "2026-03-08T10:18:18.001+0000",
        "updatedAt": "2026-03-08T10:18:18.001+0000",
    }


def _properties(number: int) -> dict[str, dict[str, Any]]:
    product = {
        "sku": f"sku-{number}",
        "name": "Shoes",
        "price": 59.9,
        "quantity": 2,
        "category": ["shoes", "sale"],
        "classifications": [{"key": "season", "value": "summer"}],
    }
    return {
        "completedOrder": {
            "orderId": f"o-{number}",
            "paymentMethod": "paypal",
            "amount": {"total": 119.8, "tax": 21.6, "local": {"currency": "EUR", "exchangeRate": 1.0}},
            "products": [product, product],
        },
        "viewedPage": {"title": "Shoes", "url": "https://shop.example.com/shoes", "pageTags": ["sale"]},
        "serviceSubscribed": {"serviceId": "news", "startDate": "2026-03-08T10:18:17.000Z", "extended": {"a": 1}},
        "sawUnicorn": {"colour": "white", "seen": {"by": ["a", "b"]}},
    }


def ready_event() -> dict[str, Any]:
    """Give the dict of the event to send, with the node of its bring-back."""
    ready = chub.encode(one_event())
    ready["bringBackProperties"]["nodeId"] = "n"
    return ready


BODY = dumps(ready_event())
HEADERS = {"Authorization": "Bearer demo", "Content-Type": "application/json"}


def event_url(base_url: str) -> str:
    """Give the URL that events are posted to."""
    return f"{base_url}/workspaces/w/events"
