"""The commands `sessions new`, `sessions attach` and `customers find`."""

from typing import Any

from chub import api
from chub.cli.connection import config_of
from chub.cli.outcomes import NOT_FOUND, OK, needed
from chub.cli.output import Teller, emit
from chub.values.customers import SessionLink
from chub.wire.encoding import encode


def new_session(options: Any) -> int:  # noqa: ARG001 - every command takes the options
    """Write a new session id; the hub isn't asked."""
    print(api.new_session_id().value)
    return OK


def attach_session(options: Any) -> int:
    """Attach a session to a customer, and write it."""
    link = SessionLink(options.customer_id, options.session_id)
    emit(encode(needed(api.add_session(config_of(options), link))))
    return OK


def find_customer(options: Any) -> int:
    """Write the customer who has an external id."""
    found = needed(api.find_customer(config_of(options), options.external_id))
    if found is None:
        Teller("customers find").say(f"no customer has the external id {options.external_id!r}")
        return NOT_FOUND
    emit(encode(found))
    return OK
