"""Gatherings: the hub's `event...` types, an event being one that people go to, such as a fair or an opening."""

from datetime import datetime

from attrs import frozen

from chub.values.base import WireValue
from chub.values.catalogue.properties import EventProperties
from chub.values.context_info import Address, Contacts
from chub.values.enums import WireEnum


class EventLocationType(WireEnum):
    """What kind of place a gathering is held at."""

    STORE = "STORE"
    VENUE = "VENUE"
    STADIUM = "STADIUM"
    MUSEUM = "MUSEUM"
    HEADQUARTERS = "HEADQUARTERS"
    PALACE = "PALACE"
    CLUB = "CLUB"
    ROOM = "ROOM"
    OTHER = "OTHER"


@frozen(kw_only=True, repr=False)
class EventLocation(WireValue):
    """Where a gathering is held.

    >>> EventLocation(type="MUSEUM", address=Address(city="Milano"))
    EventLocation(type=EventLocationType.MUSEUM, address=Address(city='Milano'))
    """

    id: str | None = None
    name: str | None = None
    type: EventLocationType | str | None = None
    address: Address | None = None


@frozen(kw_only=True, repr=False)
class EventHost(WireValue):
    """The person who receives the guests; `title` is his in speech (Dr), or his office.

    >>> EventHost(first_name="Ada", contacts=Contacts(email="ada@example.com"))
    EventHost(first_name='Ada', contacts=Contacts(email='ada@example.com'))
    """

    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    contacts: Contacts | None = None


@frozen(kw_only=True, repr=False)
class Gathering(WireValue):
    """An event that people go to.

    `event_type` is the organiser's own kind of it, `event_date` when it begins.
    """

    event_id: str | None = None
    event_name: str | None = None
    event_type: str | None = None
    event_date: datetime | None = None
    event_location: EventLocation | None = None


@frozen(kw_only=True, repr=False)
class EventEligible(Gathering, EventProperties):
    """A customer may be invited to a gathering.

    >>> EventEligible(event_id="opening")
    EventEligible(event_id='opening')
    """


@frozen(kw_only=True, repr=False)
class EventInvited(Gathering, EventProperties):
    """A customer was invited to a gathering.

    >>> EventInvited(event_id="opening", event_name="The new store")
    EventInvited(event_id='opening', event_name='The new store')
    """


@frozen(kw_only=True, repr=False)
class EventNotInvited(Gathering, EventProperties):
    """A customer was not invited to a gathering that he might have been invited to.

    Its location takes no unlisted key, unlike that of the other gatherings.

    >>> EventNotInvited(event_id="opening")
    EventNotInvited(event_id='opening')
    """


@frozen(kw_only=True, repr=False)
class EventConfirmed(Gathering, EventProperties):
    """A customer said that he will come to a gathering.

    >>> EventConfirmed(event_id="opening")
    EventConfirmed(event_id='opening')
    """


@frozen(kw_only=True, repr=False)
class EventDeclined(Gathering, EventProperties):
    """A customer said that he won't come to a gathering.

    >>> EventDeclined(event_id="opening")
    EventDeclined(event_id='opening')
    """


@frozen(kw_only=True, repr=False)
class EventRegistered(Gathering, EventProperties):
    """A customer put himself down for a gathering.

    >>> EventRegistered(event_id="opening")
    EventRegistered(event_id='opening')
    """


@frozen(kw_only=True, repr=False)
class EventParticipated(Gathering, EventProperties):
    """A customer came to a gathering, from `check_in` to `check_out`.

    >>> EventParticipated(event_id="opening", host=EventHost(last_name="Byron"))
    EventParticipated(event_id='opening', host=EventHost(last_name='Byron'))
    """

    check_in: datetime | None = None
    check_out: datetime | None = None
    host: EventHost | None = None


@frozen(kw_only=True, repr=False)
class EventNoShow(Gathering, EventProperties):
    """A customer was expected at a gathering and did not come.

    >>> EventNoShow(event_id="opening")
    EventNoShow(event_id='opening')
    """
