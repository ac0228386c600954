"""Support: the tickets of customers who ask for help."""

from collections.abc import Sequence

from attrs import frozen

from chub.values.base import WireValue
from chub.values.catalogue.properties import EventProperties


@frozen(kw_only=True, repr=False)
class Ticket(WireValue):
    """A request for help.

    `category` is the path of categories that it is sorted under, `text` what was written this time.
    """

    ticket_id: str | None = None
    category: Sequence[str] | None = None
    subject: str | None = None
    text: str | None = None


@frozen(kw_only=True, repr=False)
class OpenedTicket(Ticket, EventProperties):
    """A customer asked for help.

    >>> OpenedTicket(ticket_id="t-1", subject="A broken bottle")
    OpenedTicket(ticket_id='t-1', subject='A broken bottle')
    """


@frozen(kw_only=True, repr=False)
class RepliedTicket(Ticket, EventProperties):
    """A customer was sent an answer to his ticket.

    >>> RepliedTicket(ticket_id="t-1", text="Another is on its way.")
    RepliedTicket(ticket_id='t-1', text='Another is on its way.')
    """


@frozen(kw_only=True, repr=False)
class ClosedTicket(Ticket, EventProperties):
    """A customer's ticket was closed.

    >>> ClosedTicket(ticket_id="t-1")
    ClosedTicket(ticket_id='t-1')
    """
