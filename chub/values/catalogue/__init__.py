"""The event types that chub knows, one frozen class each, in rooms by domain; types are an open set all the same.

A room is imported when one of its names is first asked for.
"""

from functools import cache
from importlib import import_module

from chub.values.catalogue.properties import Custom, EventProperties
from chub.values.naming import type_name

ROOMS: dict[str, tuple[str, ...]] = {
    "commerce": ("CompletedOrder",),
    "services": ("ServiceSubscribed",),
    "web": ("ViewedPage",),
}
"""The classes of each room, by the name of its module."""

_ROOM_OF_TYPE = {type_name(name): (room, name) for room, names in ROOMS.items() for name in names}


@cache
def properties_class(event_type: str) -> type[EventProperties] | None:
    """Give the class of a known event type; None for any other.

    >>> properties_class("viewedPage").__name__
    'ViewedPage'
    >>> properties_class("sawUnicorn") is None
    True
    """
    if event_type not in _ROOM_OF_TYPE:
        return None
    room, name = _ROOM_OF_TYPE[event_type]
    found: type[EventProperties] = getattr(import_module(f"{__name__}.{room}"), name)
    return found


__all__ = ["ROOMS", "Custom", "EventProperties", "properties_class"]
