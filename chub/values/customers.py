"""Customers and their sessions: what events need of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import attrs
from attrs import field, frozen

from chub.errors import InvalidValue
from chub.values.base import Checks, Shown, WireValue, check_fields
from chub.values.frozen_dict import EMPTY
from chub.values.identities import (
    CustomerId,
    ExternalId,
    PathId,
    SessionId,
)
from chub.values.outcomes import Outcome
from chub.values.queries import EventQuery
from chub.values.schema import Flag, Free, Instant, NotEmpty, Problems, Text, note


@frozen(kw_only=True, repr=False)
class Customer(WireValue):
    """A customer, ready to be added; made by `customer`.

    `base` is what ContactHub knows of everybody (names, contacts), `extended` what the workspace configures, `extra`
    a text of the sender's.  Without `node_id` the config's node is sent.
    """

    external_id: Annotated[str, NotEmpty()] | None = None
    node_id: Annotated[str, NotEmpty()] | None = None
    base: Mapping[str, Any] | None = None
    consents: Mapping[str, Any] | None = None
    extended: Mapping[str, Any] | None = None
    extra: str | None = None
    tags: Mapping[str, Any] | None = None
    enabled: bool | None = None


def customer(
    external_id: ExternalId | str | None = None,
    *,
    node_id: str | None = None,
    base: Mapping[str, Any] | None = None,
    consents: Mapping[str, Any] | None = None,
    extended: Mapping[str, Any] | None = None,
    extra: str | None = None,
    tags: Mapping[str, Any] | None = None,
    enabled: bool | None = None,
) -> Customer:
    """Make a customer; raises `InvalidValue` with every problem of the arguments.

    >>> customer("CRM-17", base={"contacts": {"email": "ada@example.com"}}).external_id
    'CRM-17'
    """
    key = external_id.value if isinstance(external_id, ExternalId) else external_id
    node = external_id.node_id if isinstance(external_id, ExternalId) and node_id is None else node_id
    return Customer(
        external_id=key,
        node_id=node,
        base=base,
        consents=consents,
        extended=extended,
        extra=extra,
        tags=tags,
        enabled=enabled,
    )


@frozen(kw_only=True, repr=False)
class RecordedCustomer(Shown):
    """A customer as the hub returns him; what chub has no field for, or can't read, stays in `unlisted`."""

    id: str
    external_id: str | None = None
    node_id: str | None = None
    base: Mapping[str, Any] | None = None
    consents: Mapping[str, Any] | None = None
    extended: Mapping[str, Any] | None = None
    extra: str | None = None
    tags: Mapping[str, Any] | None = None
    enabled: bool | None = None
    registered_at: datetime | None = None
    updated_at: datetime | None = None
    unlisted: Mapping[str, Any] = EMPTY

    def __attrs_post_init__(self) -> None:
        problems: Problems = []
        check_fields(self, RECORDED_CUSTOMER, problems, required=("id", "unlisted"))
        InvalidValue.check(problems)


RECORDED_CUSTOMER: Mapping[str, Checks] = {
    "id": Text(),
    "external_id": Text(),
    "node_id": Text(),
    "base": Free(),
    "consents": Free(),
    "extended": Free(),
    "extra": Text(),
    "tags": Free(),
    "enabled": Flag(),
    "registered_at": Instant(),
    "updated_at": Instant(),
    "unlisted": Free(),
}


@frozen(kw_only=True, repr=False)
class Session(Shown, Outcome):
    """A session that is attached to a customer.

    `value` is what events bear; `id` is the hub's own, by which a session is got and deleted (None where an old hub
    didn't tell it).
    """

    value: str
    id: str | None = None
    unlisted: Mapping[str, Any] = EMPTY

    def __attrs_post_init__(self) -> None:
        problems: Problems = []
        kinds: dict[str, Checks] = {"value": Text(), "id": Text(), "unlisted": Free()}
        check_fields(self, kinds, problems, required=("value", "unlisted"))
        InvalidValue.check(problems)


@frozen
class _As:
    """A value of a class of one field, which may also be given as that field's text."""

    cls: type[CustomerId] | type[SessionId]

    def check(self, value: object, path: str, problems: Problems) -> Any:
        if isinstance(value, self.cls):
            return value
        try:
            return self.cls(value)  # type: ignore[arg-type]
        except InvalidValue as error:
            return note(problems, path, error.problems[0].message)


def _customer_id(value: CustomerId | str) -> CustomerId:
    """Say to type checkers that a text is taken too; the check turns it into the id."""
    return value  # type: ignore[return-value]


def _session_id(value: SessionId | str) -> SessionId:
    return value  # type: ignore[return-value]


@frozen
class SessionLink:
    """A customer and the session that is his, or shall be.

    >>> SessionLink("c_id", "a visit")
    SessionLink(customer_id=CustomerId('c_id'), session=SessionId('a visit'))
    """

    customer_id: CustomerId = field(converter=_customer_id)
    session: SessionId = field(converter=_session_id)

    def __attrs_post_init__(self) -> None:
        problems: Problems = []
        kinds = {"customer_id": _As(CustomerId), "session": _As(SessionId)}
        check_fields(self, kinds, problems, required=tuple(kinds))
        InvalidValue.check(problems)


@frozen
class SessionKey:
    """A customer and the hub's own id of one of his sessions (`Session.id`), not its value.

    >>> SessionKey("c_id", "17")
    SessionKey(customer_id=CustomerId('c_id'), id='17')
    """

    customer_id: CustomerId = field(converter=_customer_id)
    id: str

    def __attrs_post_init__(self) -> None:
        problems: Problems = []
        kinds: dict[str, Checks] = {"customer_id": _As(CustomerId), "id": PathId()}
        check_fields(self, kinds, problems, required=tuple(kinds))
        InvalidValue.check(problems)


def customer_events(customer: RecordedCustomer | CustomerId | str, query: EventQuery | None = None) -> EventQuery:
    """Give the query of a customer's events, narrowed by `query` where one is given; pure, nothing is sent.

    >>> customer_events("c_id")
    EventQuery(customer_id='c_id')
    """
    key = customer.id if isinstance(customer, RecordedCustomer) else customer
    problems: Problems = []
    found = _As(CustomerId).check(key, "customer_id", problems)
    if not isinstance(query, EventQuery | None):
        note(problems, "query", f"made by chub.event_query(...) is needed, not {type(query).__name__}")
    InvalidValue.check(problems)
    return attrs.evolve(query or EventQuery(), customer_id=found)
