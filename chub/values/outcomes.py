"""What a write tells when it succeeds."""

from attrs import field, frozen


@frozen
class Outcome:
    """What the call took: attempts, seconds, and the id that went out as `X-Tracing-ID`; not part of equality."""

    attempts: int = field(default=1, eq=False, repr=False, kw_only=True)
    elapsed: float = field(default=0.0, eq=False, repr=False, kw_only=True)
    tracing_id: str | None = field(default=None, eq=False, repr=False, kw_only=True)

    def _repr_html_(self) -> str:
        from chub.values.cards import outcome_card

        return outcome_card(self)


@frozen
class Accepted(Outcome):
    """The hub took it in; `id` is the hub's id of it, None where it told none (old hubs answer with an empty body).

    Storing is asynchronous: an event is usually visible after some 30 seconds.

    >>> Accepted("e_id")
    Accepted(id='e_id')
    """

    id: str | None = None


@frozen(kw_only=True)
class Deleted(Outcome):
    """It is deleted; `confirmed` is False where an attempt went unanswered and the next one found it gone.

    >>> Deleted()
    Deleted(confirmed=True)
    """

    confirmed: bool = True
