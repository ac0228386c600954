"""A filled payload of every event type, written by hand: it becomes its class, and is written as it was."""

import copy
import pickle
import re

import attrs
import pytest

import chub
from chub.values.catalogue import ROOMS, properties_class

AT = "2026-03-08T10:18:17.250Z"
LATER = "2026-12-31T23:00:00.000Z"

NAMED = {
    "id": "p-1",
    "sku": "w-1",
    "name": "Barolo",
    "category": ["wines", "red"],
    "classifications": [{"key": "season", "value": "autumn"}],
    "shortDescription": "A red wine",
    "linkUrl": "https://www.example.com/barolo",
    "imageUrl": "https://www.example.com/barolo.png",
    "price": 40,
}
PACKAGED = {**NAMED, "vendor": "Cantina", "weight": 1.3, "itemQuantity": 0.75}
MEASURED = {**PACKAGED, "unitOfMeasure": "l"}
LINE = {
    "type": "sale",
    "orderLineId": 1,
    "quantity": 2,
    "subtotal": 80,
    "discount": 0.5,
    "tax": 14.5,
    "coupon": "SPRING",
    "extended": {"corked": False},
}
AMOUNT = {
    "total": 80,
    "revenue": 60.25,
    "shipping": 5,
    "tax": 14.5,
    "discount": 0.5,
    "local": {"currency": "CHF", "exchangeRate": 0.96},
}
REWARD = {"rewardAmount": 50, "rewardTypeId": "pt", "rewardType": "points", "rewardDescription": "for the order"}
LIST = {"subscriberId": "sub-1", "listId": "l-1", "listName": "News"}
MAILING = {
    **LIST,
    "campaignId": "c-1",
    "campaignName": "Spring",
    "campaignSubject": "New wines",
    "campaignTags": ["wine"],
    "mailDomain": "example.com",
    "userdbId": 12,
    "recipient": "ada@example.com",
    "sendImmediateId": "si-1",
}
OUTCOME = {**MAILING, "channel": "EMAIL", "isMobile": 1, "isTablet": 0, "isWirelessDevice": 1}
GATHERING = {
    "eventId": "g-1",
    "eventName": "Tasting",
    "eventType": "tasting",
    "eventDate": LATER,
    "eventLocation": {
        "id": "loc-1",
        "name": "The cellar",
        "type": "ROOM",
        "address": {
            "street": "Via Roma 1",
            "city": "Alba",
            "country": "IT",
            "province": "CN",
            "region": "Piemonte",
            "zip": "12051",
            "geo": {"lat": 44.7, "lon": 8.03},
        },
    },
}
HOST = {
    "firstName": "Ada",
    "lastName": "Byron",
    "title": "Dr",
    "contacts": {"email": "ada@example.com", "phone": "+39 0173", "mobilePhone": "+39 333"},
}
DELIVERY = {"id": "d-1", "name": "Letter", "description": "by post"}
COUPON = {
    "code": "SPRING",
    "type": "discount",
    "status": "granted",
    "category": ["wines"],
    "totalAmount": 20,
    "redeemedAmount": 5,
    "remainingAmount": 15,
    "startValidityDate": AT,
    "redeemDate": LATER,
    "redemptionDate": LATER,
    "campaignId": "c-1",
    "campaignName": "Spring",
    "campaignDescription": "New wines",
    "deliveryChannel": DELIVERY,
    "deliveryMedium": DELIVERY,
}
CONTENT = {
    "type": "CONTENT",
    "subType": "offer",
    "name": "Barolo",
    "description": "A red wine",
    "url": "https://www.example.com/offer",
    "imgUrl": "https://www.example.com/offer.png",
    "price": 40,
    "currency": "EUR",
    "tags": ["wine"],
    "products": [{**PACKAGED, "extraProperties": {"year": 2019}}],
}
WEB_ADDRESS = {
    "url": "https://www.example.com/wines?q=red",
    "path": "/wines",
    "search": "?q=red",
    "referer": "https://www.example.com/",
    "title": "Wines",
}
TICKET = {"ticketId": "t-1", "category": ["delivery", "damage"], "subject": "A broken bottle", "text": "It leaks."}
SERVICE = {
    "subscriberId": "sub-1",
    "serviceId": "club",
    "serviceName": "Wine club",
    "serviceType": "membership",
    "startDate": AT,
    "endDate": LATER,
}

PAYLOADS = {
    "abandonedCart": {
        "orderId": "o-1",
        "abandonedCartUrl": "https://www.example.com/cart",
        "storeCode": "alba",
        "amount": AMOUNT,
        "products": [{**MEASURED, **LINE}],
    },
    "abandonedSession": {"abandonedSessionUrl": "https://www.example.com/wines", "products": [MEASURED]},
    "addedCompare": PACKAGED,
    "addedProduct": {**MEASURED, "quantity": 2},
    "addedReward": REWARD,
    "addedWishlist": PACKAGED,
    "campaignBlacklisted": OUTCOME,
    "campaignBounced": OUTCOME,
    "campaignLinkClicked": {**OUTCOME, "linkId": "li-1", "linkUrl": "https://www.example.com/", "linkTags": ["top"]},
    "campaignMarkedSpam": OUTCOME,
    "campaignOpened": OUTCOME,
    "campaignOptinRequested": {
        **LIST,
        "channel": "IM",
        "channelType": "chat",
        "invitationChannel": "SMS",
        "invitationChannelType": "text",
    },
    "campaignSent": {**MAILING, "channel": "PUSH", "channelType": "app", "contents": [CONTENT]},
    "campaignSubscribed": {**LIST, "channel": "FAX", "channelType": "old"},
    "campaignUnsubscribed": {**MAILING, "channel": "EMAIL", "channelType": "html"},
    "changedSetting": {"setting": "LANGUAGE", "oldValue": "it", "newValue": "en"},
    "clickedLink": {**WEB_ADDRESS, "linkTags": ["banner"]},
    "closedTicket": TICKET,
    "completedOrder": {
        "orderId": "o-1",
        "type": "sale-return",
        "storeCode": "alba",
        "paymentMethod": "creditcard",
        "shippingMethod": "courier",
        "amount": AMOUNT,
        "products": [{**MEASURED, **LINE}, {**MEASURED, **LINE, "type": "return"}],
    },
    "eventConfirmed": GATHERING,
    "eventDeclined": GATHERING,
    "eventEligible": GATHERING,
    "eventInvited": GATHERING,
    "eventNoShow": GATHERING,
    "eventNotInvited": GATHERING,
    "eventParticipated": {**GATHERING, "checkIn": AT, "checkOut": LATER, "host": HOST},
    "eventRegistered": GATHERING,
    "formCompiled": {"formId": "f-1", "formName": "Contact", "data": {"topic": "delivery", "answers": [1, None]}},
    "genericActiveEvent": {"name": "sawUnicorn"},
    "genericPassiveEvent": {"name": "wonRaffle"},
    "grantedCoupon": COUPON,
    "loggedIn": {},
    "loggedOut": {},
    "openedTicket": TICKET,
    "orderShipped": {
        "orderId": "o-1",
        "type": "partial",
        "carrier": "Posta",
        "trackingCode": "tr-1",
        "trackingUrl": "https://www.example.com/tr-1",
        "weight": 3.1,
        "packages": 2,
    },
    "removedCompare": PACKAGED,
    "removedProduct": {**MEASURED, "quantity": 1},
    "removedReward": REWARD,
    "removedWishlist": PACKAGED,
    "repliedTicket": TICKET,
    "reviewedProduct": {**NAMED, "rating": "4/5"},
    "searched": {"keyword": "barolo", "resultCount": 12},
    "serviceSubscribed": SERVICE,
    "serviceUnsubscribed": SERVICE,
    "viewedPage": {**WEB_ADDRESS, "pageCategories": ["wines"], "pageTags": ["red", "2019"]},
    "viewedProduct": PACKAGED,
    "viewedProductCategory": {"category": "wines"},
}

EVERY_PAYLOAD = pytest.mark.parametrize(
    ("event_type", "payload"),
    [(name, {**payload, "extraProperties": {"a": [1]}, "extended": {"b": {}}}) for name, payload in PAYLOADS.items()],
)


def fields_left_unset(value):
    """The fields that are None in a value or in one nested in it."""
    if isinstance(value, tuple):
        return [name for item in value for name in fields_left_unset(item)]
    if not attrs.has(type(value)):
        return []
    given = {item.name: getattr(value, item.name) for item in attrs.fields(type(value))}
    return [name for name, item in given.items() if item is None or fields_left_unset(item)]


def test_the_table_has_every_type():
    assert chub.event_types() == tuple(PAYLOADS)


@EVERY_PAYLOAD
def test_it_becomes_its_class_with_every_field_set(row, event_type, payload):
    properties = chub.parse_event(row(event_type, payload)).unwrap().properties
    assert properties_class(event_type) is type(properties)
    assert chub.frozen_dict({}) == properties.unlisted
    assert [] == fields_left_unset(properties)


@EVERY_PAYLOAD
def test_it_is_written_as_it_was(row, event_type, payload):
    event = chub.parse_event(row(event_type, payload)).unwrap()
    assert row(event_type, payload) == chub.encode(event)


@EVERY_PAYLOAD
def test_it_comes_back_from_a_hub_as_it_was(row, hub, event_type, payload):
    event = chub.parse_event(row(event_type, payload)).unwrap()
    recorded = hub.there_and_back(event)
    assert event.properties == recorded.properties
    assert payload == chub.encode(recorded)["properties"]


@EVERY_PAYLOAD
def test_the_value_is_one_in_every_way(row, event_type, payload):
    properties = chub.parse_event(row(event_type, payload)).unwrap().properties
    assert properties == pickle.loads(pickle.dumps(properties))
    assert properties == copy.deepcopy(properties)
    assert properties == attrs.evolve(properties)
    assert hash(properties) == hash(attrs.evolve(properties))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        properties.extended = None


@pytest.mark.parametrize("event_type", PAYLOADS)
def test_a_repr_shows_what_is_set_only(row, event_type):
    required = {"rewardAmount": 1, "rewardTypeId": "pt", "totalAmount": 1, "startValidityDate": AT}
    payload = {key: value for key, value in required.items() if key in PAYLOADS[event_type]}
    properties = chub.parse_event(row(event_type, {**payload, "extended": {"b": 1}})).unwrap().properties
    names = {item.name for item in attrs.fields(type(properties))}
    set_fields = {name for name in names if getattr(properties, name)}
    assert set_fields == names & set(re.findall(r"(\w+)=", repr(properties)))
    assert "None" not in repr(properties)


def test_a_class_of_each_type_is_a_public_name():
    names = [name for names in ROOMS.values() for name in names]
    assert sorted(names) == sorted(set(names) & set(chub.__all__))
    assert {properties_class(event_type) for event_type in PAYLOADS} == {getattr(chub, name) for name in names}
    assert sorted(PAYLOADS) == sorted(getattr(chub, name).TYPE for name in names)


def test_the_base_of_the_types_is_none_itself():
    with pytest.raises(chub.InvalidValue, match="base of the event types"):
        chub.EventProperties(extended={})
    with pytest.raises(chub.InvalidValue, match=r"types\[0\]"):
        chub.event_query(types=chub.EventProperties)
