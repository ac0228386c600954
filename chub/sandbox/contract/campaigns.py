"""Event types of campaigns: what was sent to a customer, and what became of it."""

from typing import Final

from chub.sandbox.contract.commerce import PRODUCT

_LIST: Final = "subscriberId listId listName"
_MAILING: Final = (
    f"{_LIST} campaignId campaignName campaignSubject campaignTags:[text] mailDomain userdbId:int recipient"
    " sendImmediateId"
)
_OUTCOME: Final = f"{_MAILING} channel:oldChannel isWirelessDevice:int isMobile:int isTablet:int"
_PRICED: Final = (
    PRODUCT.replace("id ", "id! ", 1)
    .replace("price:num", "price:num>=0")
    .replace("weight:num?", "weight:num>=0?")
    .replace("itemQuantity:num?", "itemQuantity:num>=0?")
)

SHAPES: Final = {
    # Instant messages came later, and not to every type.
    "oldChannel": "= SMS EMAIL PUSH FAX",
    "channel": "= SMS EMAIL PUSH FAX IM",
    "contentKind": "= CONTENT IMG OTHER",
    "content": "type!:contentKind subType name description url imgUrl price:num>=0 currency:currency tags:[text]"
    " products:[sentProduct]",
    "sentProduct": f"{_PRICED} extraProperties:object ...",
}

TYPES: Final = {
    "campaignBlacklisted": _OUTCOME,
    "campaignBounced": _OUTCOME,
    "campaignLinkClicked": f"{_OUTCOME} linkUrl linkId linkTags:[text]",
    "campaignMarkedSpam": _OUTCOME,
    "campaignOpened": _OUTCOME,
    "campaignOptinRequested": f"{_LIST} channel:channel channelType invitationChannel:channel invitationChannelType",
    "campaignSent": f"{_MAILING} channel:channel channelType contents:[content]",
    "campaignSubscribed": f"{_LIST} channel:channel channelType",
    "campaignUnsubscribed": f"{_MAILING} channel:channel channelType",
}

PASSIVE: Final = frozenset({"campaignSent", "campaignBounced", "campaignBlacklisted", "campaignOptinRequested"})
