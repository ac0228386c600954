"""What a write tells when it succeeds."""

from attrs import frozen


@frozen
class Accepted:
    """The hub took it in; `id` is the hub's id of it, None where it told none (old hubs answer with an empty body).

    Storing is asynchronous: an event is usually visible after some 30 seconds.

    >>> Accepted("e_id")
    Accepted(id='e_id')
    """

    id: str | None = None


@frozen(kw_only=True)
class Deleted:
    """The hub deleted it; `confirmed` says that its answer told so."""

    confirmed: bool = True
