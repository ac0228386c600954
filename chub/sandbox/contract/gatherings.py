"""Event types of gatherings, the hub's `event...`: who was invited, came, or did not."""

from typing import Final

_GATHERING: Final = "eventId eventName eventDate:time eventType"
_PLACE: Final = "type:placeKind? id name address:address?"
_ANYWHERE: Final = f"{_GATHERING} eventLocation:place?"

SHAPES: Final = {
    "placeKind": "= STORE VENUE STADIUM MUSEUM HEADQUARTERS PALACE CLUB ROOM OTHER",
    "point": "lat!:num>=-90<=90 lon!:num>=-180<=180",
    "address": "street:text? city:text? country:text? province:text? region:text? zip:text? geo:point?",
    "place": f"{_PLACE} ...",
    "fixedPlace": _PLACE,
    "hostContacts": "email phone mobilePhone",
    "host": "firstName lastName title contacts:hostContacts",
}

TYPES: Final = {
    "eventConfirmed": _ANYWHERE,
    "eventDeclined": _ANYWHERE,
    "eventEligible": _ANYWHERE,
    "eventInvited": _ANYWHERE,
    "eventNoShow": _ANYWHERE,
    # Alone among them it takes no unlisted key in the location.
    "eventNotInvited": f"{_GATHERING} eventLocation:fixedPlace?",
    "eventParticipated": f"{_ANYWHERE} checkIn:time checkOut:time host:host",
    "eventRegistered": _ANYWHERE,
}

PASSIVE: Final = frozenset({"eventEligible", "eventInvited", "eventNotInvited"})
