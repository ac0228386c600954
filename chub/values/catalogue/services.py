"""Services: what a customer subscribes to, such as a newsletter or a contract."""

from datetime import datetime

from attrs import frozen

from chub.values.base import WireValue
from chub.values.catalogue.properties import EventProperties


@frozen(kw_only=True, repr=False)
class Subscription(WireValue):
    """A customer's subscription to a service.

    `subscriber_id` is the service's own id of the subscriber; the service runs from `start_date` to `end_date`.
    """

    subscriber_id: str | None = None
    service_id: str | None = None
    service_name: str | None = None
    service_type: str | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None


@frozen(kw_only=True, repr=False)
class ServiceSubscribed(Subscription, EventProperties):
    """A customer subscribed to a service.

    >>> ServiceSubscribed(service_id="news", service_name="Newsletter")
    ServiceSubscribed(service_id='news', service_name='Newsletter')
    """


@frozen(kw_only=True, repr=False)
class ServiceUnsubscribed(Subscription, EventProperties):
    """A customer gave up a service.

    >>> ServiceUnsubscribed(service_id="news")
    ServiceUnsubscribed(service_id='news')
    """
