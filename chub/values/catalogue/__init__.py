"""The event types that chub knows, one frozen class each, in rooms by domain; types are an open set all the same.

A room is imported when one of its names is first asked for.
"""

from functools import cache
from importlib import import_module

from chub.values.catalogue.properties import Custom, EventProperties
from chub.values.naming import type_name

ROOMS: dict[str, tuple[str, ...]] = {
    "accounts": (
        "ChangedSetting",
        "LoggedIn",
        "LoggedOut",
    ),
    "campaigns": (
        "CampaignBlacklisted",
        "CampaignBounced",
        "CampaignLinkClicked",
        "CampaignMarkedSpam",
        "CampaignOpened",
        "CampaignOptinRequested",
        "CampaignSent",
        "CampaignSubscribed",
        "CampaignUnsubscribed",
    ),
    "commerce": (
        "AbandonedCart",
        "AbandonedSession",
        "AddedProduct",
        "CompletedOrder",
        "OrderShipped",
        "RemovedProduct",
    ),
    "gatherings": (
        "EventConfirmed",
        "EventDeclined",
        "EventEligible",
        "EventInvited",
        "EventNoShow",
        "EventNotInvited",
        "EventParticipated",
        "EventRegistered",
    ),
    "generic": (
        "GenericActiveEvent",
        "GenericPassiveEvent",
    ),
    "loyalty": (
        "AddedReward",
        "GrantedCoupon",
        "RemovedReward",
    ),
    "products": (
        "AddedCompare",
        "AddedWishlist",
        "RemovedCompare",
        "RemovedWishlist",
        "ReviewedProduct",
        "ViewedProduct",
        "ViewedProductCategory",
    ),
    "services": (
        "ServiceSubscribed",
        "ServiceUnsubscribed",
    ),
    "support": (
        "ClosedTicket",
        "OpenedTicket",
        "RepliedTicket",
    ),
    "web": (
        "ClickedLink",
        "FormCompiled",
        "Searched",
        "ViewedPage",
    ),
}
"""The classes of each room, by the name of its module."""

_ROOM_OF_TYPE = {type_name(name): (room, name) for room, names in ROOMS.items() for name in names}


def event_types() -> tuple[str, ...]:
    """Give the names of the event types that chub knows, in order; a workspace may have others.

    >>> event_types()[:3]
    ('abandonedCart', 'abandonedSession', 'addedCompare')
    """
    return tuple(sorted(_ROOM_OF_TYPE))


def properties_class(event_type: str) -> type[EventProperties] | None:
    """Give the class of a known event type; None for any other.

    >>> properties_class("viewedPage").__name__
    'ViewedPage'
    >>> properties_class("sawUnicorn") is None
    True
    """
    # Only known types are kept: the others come off the wire, and there is no end to them.
    return _known_class(event_type) if event_type in _ROOM_OF_TYPE else None


@cache
def _known_class(event_type: str) -> type[EventProperties]:
    room, name = _ROOM_OF_TYPE[event_type]
    found: type[EventProperties] = getattr(import_module(f"{__name__}.{room}"), name)
    return found


__all__ = ["ROOMS", "Custom", "EventProperties", "event_types", "properties_class"]
