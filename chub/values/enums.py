"""The enumerations that stand around an event; those of its properties stand beside the classes that use them."""

from enum import StrEnum


class WireEnum(StrEnum):
    """A text of a known set, shown as it is written in code."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


class Context(WireEnum):
    """Where an event happened.

    >>> Context("WEB")
    Context.WEB
    """

    CONTACT_CENTER = "CONTACT_CENTER"
    WEB = "WEB"
    MOBILE = "MOBILE"
    ECOMMERCE = "ECOMMERCE"
    RETAIL = "RETAIL"
    IOT = "IOT"
    SOCIAL = "SOCIAL"
    DIGITAL_CAMPAIGN = "DIGITAL_CAMPAIGN"
    OTHER = "OTHER"


class Mode(WireEnum):
    """Who acted: ACTIVE, the customer made the event; PASSIVE, he received it."""

    ACTIVE = "ACTIVE"
    PASSIVE = "PASSIVE"
