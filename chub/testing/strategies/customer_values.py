"""Strategies of customers and their sessions."""

from collections.abc import Mapping
from typing import Any, Final, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chub.testing.strategies import arguments
from chub.testing.strategies.called import as_called
from chub.testing.strategies.event_values import owners, values
from chub.testing.strategies.fields import Leaves, of_kind
from chub.testing.strategies.plain import path_ids, records
from chub.values.customers import (
    RECORDED_CUSTOMER,
    Customer,
    RecordedCustomer,
    Session,
    SessionKey,
    SessionLink,
)
from chub.values.identities import CustomerId, SessionId
from chub.values.schema import Kind, Problems, note

_TAGS: Final = records({}, dict.fromkeys(("auto", "manual"), st.lists(st.text(max_size=12), max_size=2)))


@as_called
def customers(**fields: Any) -> SearchStrategy[Customer]:
    """Draw customers that can be added; the arguments are those of `values`.

    They bear no node, so that the config's is sent, unless `node_id` draws one.

    >>> from hypothesis import find
    >>> find(customers(external_id="CRM-17"), lambda customer: True)
    Customer(external_id='CRM-17')
    """
    return values(Customer, **{"node_id": st.none(), "tags": st.none() | _TAGS, **fields})


@as_called
def recorded_customers(**fields: Any) -> SearchStrategy[RecordedCustomer]:
    """Draw customers as a hub returns them: with an id, and with what it could read of the rest.

    `fields` are strategies, or values, for some of the fields.

    >>> from hypothesis import find
    >>> find(recorded_customers(), lambda customer: True)
    RecordedCustomer(id='0')
    """
    problems: Problems = []
    for name in fields.keys() - RECORDED_CUSTOMER.keys():
        note(problems, name, "no field of RecordedCustomer")
    arguments.checked(problems)
    kinds = cast(Mapping[str, Kind], RECORDED_CUSTOMER)
    drawn = {name: of_kind(kind, Leaves(), name) for name, kind in kinds.items() if name != "unlisted"}
    given = {name: found if isinstance(found, SearchStrategy) else st.just(found) for name, found in fields.items()}
    needed = {"id": path_ids(), **given}
    optional = {name: found for name, found in drawn.items() if name not in needed}
    return records(needed, optional).map(lambda found: RecordedCustomer(**found))


@as_called
def sessions(values: SearchStrategy[str] | None = None) -> SearchStrategy[Session]:
    """Draw sessions of customers, as a hub tells them; `values` are what events bear.

    >>> from hypothesis import find
    >>> find(sessions(), lambda session: session.id is not None)
    Session(value='0', id='0')
    """
    problems: Problems = []
    found = arguments.strategy(values, "values", problems, _VISITS)
    arguments.checked(problems)
    return st.builds(Session, value=found, id=st.none() | path_ids())


_VISITS: Final[SearchStrategy[str]] = owners(SessionId).map(lambda owner: owner.value)


@as_called
def session_links() -> SearchStrategy[SessionLink]:
    """Draw a customer and the session that is his, or shall be.

    >>> from hypothesis import find
    >>> find(session_links(), lambda link: True)
    SessionLink(customer_id=CustomerId('0'), session=SessionId('0'))
    """
    return st.builds(SessionLink, owners(CustomerId), owners(SessionId))


@as_called
def session_keys() -> SearchStrategy[SessionKey]:
    """Draw a customer and the hub's own id of one of his sessions.

    >>> from hypothesis import find
    >>> find(session_keys(), lambda key: True)
    SessionKey(customer_id=CustomerId('0'), id='0')
    """
    return st.builds(SessionKey, owners(CustomerId), path_ids())
