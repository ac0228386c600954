"""Campaigns: messages that are sent to customers, what becomes of them, and who wants them.

The hub knows instant messages only where a message is sent or asked for, not where its outcome is told; hence the two
enumerations of channels.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from attrs import field, frozen

from chub.values.base import WireValue
from chub.values.catalogue.properties import EventProperties
from chub.values.catalogue.shapes import MoneyFromZero, PackagedProduct
from chub.values.currencies import Currency
from chub.values.enums import WireEnum
from chub.values.schema import Range


class CampaignChannel(WireEnum):
    """By what a message reaches a customer; IM is any instant messenger."""

    SMS = "SMS"
    EMAIL = "EMAIL"
    PUSH = "PUSH"
    FAX = "FAX"
    IM = "IM"


class OutcomeChannel(WireEnum):
    """By what a message went whose outcome is told."""

    SMS = "SMS"
    EMAIL = "EMAIL"
    PUSH = "PUSH"
    FAX = "FAX"


class CampaignContentType(WireEnum):
    """What a part of a message is: a content of its own, an image, or something else."""

    CONTENT = "CONTENT"
    IMG = "IMG"
    OTHER = "OTHER"


@frozen(kw_only=True, repr=False)
class MailingList(WireValue):
    """A list of recipients, and a recipient's place in it.

    `subscriber_id` is the customer's key in the list.
    """

    subscriber_id: str | None = None
    list_id: str | None = None
    list_name: str | None = None


@frozen(kw_only=True, repr=False)
class Mailing(MailingList):
    """A campaign's message to one recipient of a list.

    `recipient` is the address or number it goes to, `userdb_id` the sending platform's number of its database of
    recipients, `send_immediate_id` that platform's key of a single message sent at once.
    """

    campaign_id: str | None = None
    campaign_name: str | None = None
    campaign_subject: str | None = None
    campaign_tags: Sequence[str] | None = None
    mail_domain: str | None = None
    userdb_id: int | None = None
    recipient: str | None = None
    send_immediate_id: str | None = None


@frozen(kw_only=True, repr=False)
class Outcome(Mailing):
    """What became of a campaign's message.

    `is_mobile`, `is_tablet` and `is_wireless_device` tell of the recipient's device; they are numbers on the wire,
    1 for yes and 0 for no.
    """

    channel: OutcomeChannel | str | None = None
    is_mobile: int | None = None
    is_tablet: int | None = None
    is_wireless_device: int | None = None


@frozen(kw_only=True, repr=False)
class CampaignProduct(PackagedProduct):
    """A product that a message shows."""

    id: str = field()  # required: it takes no default from its base
    price: MoneyFromZero | None = None
    weight: Annotated[float, Range(0)] | None = None
    item_quantity: Annotated[float, Range(0)] | None = None
    extra_properties: Mapping[str, Any] | None = None


@frozen(kw_only=True, repr=False)
class CampaignContent(WireValue):
    """A part of a message, such as an offer or a picture.

    `sub_type` is the sender's own, within `type`; `price` is in `currency`.

    >>> CampaignContent(type="IMG", img_url="https://www.example.com/spring.png")
    CampaignContent(type=CampaignContentType.IMG, img_url='https://www.example.com/spring.png')
    """

    type: CampaignContentType | str
    sub_type: str | None = None
    name: str | None = None
    description: str | None = None
    url: str | None = None
    img_url: str | None = None
    price: MoneyFromZero | None = None
    currency: Currency | None = None
    tags: Sequence[str] | None = None
    products: Sequence[CampaignProduct] | None = None


@frozen(kw_only=True, repr=False)
class CampaignSent(Mailing, EventProperties):
    """A campaign's message was sent to a customer.

    `channel_type` is the sender's own, within `channel`.

    >>> CampaignSent(campaign_id="spring", channel="EMAIL", recipient="ada@example.com")
    CampaignSent(campaign_id='spring', recipient='ada@example.com', channel=CampaignChannel.EMAIL)
    """

    channel: CampaignChannel | str | None = None
    channel_type: str | None = None
    contents: Sequence[CampaignContent] | None = None


@frozen(kw_only=True, repr=False)
class CampaignOpened(Outcome, EventProperties):
    """A customer opened a campaign's message.

    >>> CampaignOpened(campaign_id="spring", is_mobile=1)
    CampaignOpened(campaign_id='spring', is_mobile=1)
    """


@frozen(kw_only=True, repr=False)
class CampaignLinkClicked(Outcome, EventProperties):
    """A customer followed a link of a campaign's message.

    >>> CampaignLinkClicked(campaign_id="spring", link_url="https://www.example.com/")
    CampaignLinkClicked(campaign_id='spring', link_url='https://www.example.com/')
    """

    link_id: str | None = None
    link_url: str | None = None
    link_tags: Sequence[str] | None = None


@frozen(kw_only=True, repr=False)
class CampaignBounced(Outcome, EventProperties):
    """A campaign's message could not be delivered and came back.

    >>> CampaignBounced(campaign_id="spring", mail_domain="example.com")
    CampaignBounced(campaign_id='spring', mail_domain='example.com')
    """


@frozen(kw_only=True, repr=False)
class CampaignMarkedSpam(Outcome, EventProperties):
    """A customer marked a campaign's message as spam.

    >>> CampaignMarkedSpam(campaign_id="spring")
    CampaignMarkedSpam(campaign_id='spring')
    """


@frozen(kw_only=True, repr=False)
class CampaignBlacklisted(Outcome, EventProperties):
    """A campaign's message was held back: its recipient is on the list of those who get none.

    >>> CampaignBlacklisted(campaign_id="spring")
    CampaignBlacklisted(campaign_id='spring')
    """


@frozen(kw_only=True, repr=False)
class CampaignOptinRequested(MailingList, EventProperties):
    """A customer was asked to confirm a subscription to a list.

    `channel` is what the list's messages go by, `invitation_channel` what the question went by.

    >>> CampaignOptinRequested(list_id="news", channel="SMS", invitation_channel="EMAIL").invitation_channel
    CampaignChannel.EMAIL
    """

    channel: CampaignChannel | str | None = None
    channel_type: str | None = None
    invitation_channel: CampaignChannel | str | None = None
    invitation_channel_type: str | None = None


@frozen(kw_only=True, repr=False)
class CampaignSubscribed(MailingList, EventProperties):
    """A customer subscribed to a list.

    >>> CampaignSubscribed(list_id="news", channel="EMAIL")
    CampaignSubscribed(list_id='news', channel=CampaignChannel.EMAIL)
    """

    channel: CampaignChannel | str | None = None
    channel_type: str | None = None


@frozen(kw_only=True, repr=False)
class CampaignUnsubscribed(Mailing, EventProperties):
    """A customer left a list.

    The campaign is the one whose message made him leave.

    >>> CampaignUnsubscribed(list_id="news", campaign_id="spring")
    CampaignUnsubscribed(list_id='news', campaign_id='spring')
    """

    channel: CampaignChannel | str | None = None
    channel_type: str | None = None
