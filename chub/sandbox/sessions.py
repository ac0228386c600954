"""The hub's answers about sessions; attaching one reconciles the events that came before it."""

from chub.http import Response
from chub.sandbox.answers import Refused, answer, empty
from chub.sandbox.customer_rows import node_of_customer
from chub.sandbox.store import Store, key, text_of
from chub.sandbox.workspace import Call


def customer_of_session(store: Store, node_id: str, value: str) -> str | None:
    """Find the customer to whom a session is attached."""
    row = store.row("SELECT customer_id FROM sessions WHERE node = ? AND value = ?", (key(node_id), key(value)))
    return None if row is None else text_of(row[0])


def attach(call: Call, customer_id: str, value: str) -> str:
    """Attach a session to a customer, and give its id; the session's events that are nobody's become the customer's."""
    node_id = node_of_customer(call, customer_id)
    holder = customer_of_session(call.store, node_id, value)
    if holder is not None:
        whose = "this customer" if holder == customer_id else "another customer"
        raise Refused(400, f"The session is already attached to {whose}")
    session_id = call.workspace.new_id("sessions")
    row = {"id": session_id, "customer_id": customer_id, "node": node_id, "value": value}
    call.store.insert("sessions", {name: key(text) for name, text in row.items()})
    call.store.change(
        "UPDATE events SET customer_id = ?, updated_at = ?"
        " WHERE node = ? AND back_type = 'SESSION_ID' AND back_value = ? AND customer_id IS NULL",
        (key(customer_id), call.now, key(node_id), key(value)),
    )
    return session_id


def add_session(call: Call) -> Response:
    """Attach a session to a customer."""
    (customer_id,) = call.ids
    node_of_customer(call, customer_id)
    value = call.valid_body("SESSION")["value"]
    return answer(201, {"id": attach(call, customer_id, value), "value": value})


def list_sessions(call: Call) -> Response:
    """Give all sessions of a customer, the oldest first."""
    (customer_id,) = call.ids
    node_of_customer(call, customer_id)
    rows = call.store.rows("SELECT id, value FROM sessions WHERE customer_id = ? ORDER BY seq", (key(customer_id),))
    return answer(200, {"elements": [{"id": text_of(row[0]), "value": text_of(row[1])} for row in rows]})


def _session_value(call: Call) -> str:
    customer_id, session_id = call.ids
    node_of_customer(call, customer_id)
    found = call.store.row(
        "SELECT value FROM sessions WHERE customer_id = ? AND id = ?", (key(customer_id), key(session_id))
    )
    if found is None:
        raise Refused(404, "Session not found")
    return text_of(found[0])


def get_session(call: Call) -> Response:
    """Give one session of a customer."""
    return answer(200, {"id": call.ids[1], "value": _session_value(call)})


def delete_session(call: Call) -> Response:
    """Detach a session; the events that it brought stay the customer's, later ones won't be."""
    _session_value(call)
    call.store.change("DELETE FROM sessions WHERE id = ?", (key(call.ids[1]),))
    return empty(200)
