"""The hub's answers about events."""

from typing import Any, Final

from chub.http import Response
from chub.sandbox import contract, event_rows
from chub.sandbox.answers import Refused, answer, empty
from chub.sandbox.customer_rows import customer_of_external_id, node_of_customer
from chub.sandbox.event_checks import posted_event_violations, put_event_violations
from chub.sandbox.event_rows import Owner
from chub.sandbox.pages import (
    PAGE,
    Reader,
    choice,
    instant,
    page,
    read_query,
    several,
    text,
    window,
)
from chub.sandbox.sessions import customer_of_session
from chub.sandbox.store import key
from chub.sandbox.workspace import Call

_FILTERS: Final[dict[str, Reader]] = {
    "customerId": text,
    "nodeId": text,
    "type": several(text),
    "context": several(choice(*contract.CONTEXTS)),
    "mode": choice("ACTIVE", "PASSIVE"),
    "dateFrom": instant,
    "dateTo": instant,
    **PAGE,
}

_FOREVER: Final = 2**62


def add_event(call: Call) -> Response:
    """Take an event; one of an unknown external id makes its customer."""
    body = call.body()
    Refused.unless_valid(posted_event_violations(call.workspace, body))
    event_id = call.workspace.new_id("events")
    date = event_rows.date_of(body, call.now)
    kept = event_rows.columns(body, _owner(call, body), date=date, updated_at=call.now)
    call.store.insert("events", {"id": key(event_id), **kept, "registered_at": call.now})
    return answer(202, {"id": event_id})


def _owner(call: Call, body: dict[str, Any]) -> Owner:
    back: dict[str, Any] | None = body.get("bringBackProperties")
    customer_id: str | None = body.get("customerId")
    if back is None:
        # The checks before leave no event without both.
        customer_id = str(customer_id)
        return Owner(customer_id=customer_id, bring_back=None, node_id=node_of_customer(call, customer_id))
    call.workspace.require_node(back["nodeId"])
    if customer_id is None:
        customer_id = _brought_back(call, back)
    else:
        node_of_customer(call, customer_id)
    return Owner(customer_id=customer_id, bring_back=back, node_id=back["nodeId"])


def _brought_back(call: Call, back: dict[str, Any]) -> str | None:
    if back["type"] == "SESSION_ID":
        return customer_of_session(call.store, back["nodeId"], back["value"])
    return customer_of_external_id(call, back["nodeId"], back["value"])


def _visible_until(call: Call) -> int:
    lag = call.workspace.options.lag
    # Without a lag an event is seen at once, even if the clock went back since.
    return call.now - lag if lag else _FOREVER


def _event(call: Call) -> dict[str, Any]:
    row = event_rows.find(call.store, call.ids[0], until=_visible_until(call))
    if row is None:
        raise Refused(404, "Event not found")
    return event_rows.shown(row)


def get_event(call: Call) -> Response:
    """Give one event, once it can be seen."""
    return answer(200, _event(call))


def put_event(call: Call) -> Response:
    """Put another event in the place of one; when it was registered stays, and its date where none is given."""
    before = _event(call)
    body = call.body()
    Refused.unless_valid(put_event_violations(call.workspace, body, before["id"]))
    date = event_rows.date_of(body, event_rows.date_of(before, call.now))
    kept = event_rows.columns(body, _owner(call, body), date=date, updated_at=call.now)
    event_rows.replace(call.store, before["id"], kept)
    return answer(202, _event(call))


def delete_event(call: Call) -> Response:
    """Delete one event that can be seen."""
    event = _event(call)
    call.store.change("DELETE FROM events WHERE id = ?", (key(event["id"]),))
    return empty(204)


def list_events(call: Call) -> Response:
    """Give a page of the events that pass every filter."""
    query = read_query(call.request, _FILTERS)
    if query["nodeId"] is not None:
        call.workspace.require_node(query["nodeId"])
    size, skip = window(query)
    until = _visible_until(call)
    elements, total = event_rows.select(call.store, query, until=until, size=size, skip=skip)
    unfiltered = call.store.count("SELECT COUNT(*) FROM events WHERE registered_at <= ?", (until,))
    return page(elements, query, total=total, unfiltered=unfiltered)
