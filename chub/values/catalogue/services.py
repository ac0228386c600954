"""Services: what a customer subscribes to, such as a newsletter or a contract."""

from datetime import datetime

from attrs import frozen

from chub.values.catalogue.properties import EventProperties


@frozen(kw_only=True, repr=False)
class ServiceSubscribed(EventProperties):
    """A customer subscribed to a service.

    `subscriber_id` is the service's own id of the subscriber; the service runs from `start_date` to `end_date`.

    >>> ServiceSubscribed(service_id="news", service_name="Newsletter")
    ServiceSubscribed(service_id='news', service_name='Newsletter')
    """

    subscriber_id: str | None = None
    service_id: str | None = None
    service_name: str | None = None
    service_type: str | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None
