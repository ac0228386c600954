"""The hub's answers about customers: what events need of them."""

# ruff: noqa: S608 - statements are made of this room's own words; what came from outside is bound.

from typing import Any, Final
from urllib.parse import quote

from chub.http import Response
from chub.sandbox import customer_rows, sessions
from chub.sandbox.answers import BASE_PATH, Refused, answer, empty
from chub.sandbox.pages import PAGE, Reader, page, read_query, text, window
from chub.sandbox.schema import Violation
from chub.sandbox.store import key
from chub.sandbox.workspace import Call


def _unsupported(_: str) -> str:
    # To ignore it would be to give customers that were not asked for.
    raise ValueError("is not supported by the sandbox")


_SHOWN: Final = "id, registered_at, document"
_FILTERS: Final[dict[str, Reader]] = {"nodeId": text, "externalId": text, "query": _unsupported, **PAGE}


def _customer(call: Call, customer_id: str) -> dict[str, Any]:
    row = call.store.row(f"SELECT {_SHOWN} FROM customers WHERE id = ?", (key(customer_id),))
    if row is None:
        raise Refused(404, "Customer not found")
    return customer_rows.shown(row)


def add_customer(call: Call) -> Response:
    """Make a customer, and attach a session to it where the query names one."""
    session_value = read_query(call.request, {"sessionId": text})["sessionId"]
    body = call.valid_body("CUSTOMER")
    call.workspace.require_node(body["nodeId"])
    found = customer_rows.match(call, body)
    if found is not None:
        raise Refused(409, "Conflict with exiting customer ID", data={"customer": _reference(call, found)})
    customer_id = customer_rows.create(call, body)
    if session_value is not None:
        sessions.attach(call, customer_id, session_value)
    return answer(201, _customer(call, customer_id))


def _reference(call: Call, customer_id: str) -> dict[str, str]:
    # Without a host, so that a hub in process and one behind a socket give the same.
    workspace_id = quote(call.workspace.workspace_id, safe="", errors="surrogatepass")
    path = f"{BASE_PATH}/workspaces/{workspace_id}/customers/{quote(customer_id, safe='', errors='surrogatepass')}"
    return {"id": customer_id, "href": path}


def get_customer(call: Call) -> Response:
    """Give one customer."""
    return answer(200, _customer(call, call.ids[0]))


def list_customers(call: Call) -> Response:
    """Give a page of a node's customers, the oldest first, or of those among them with an external id."""
    query = read_query(call.request, _FILTERS)
    if query["nodeId"] is None:
        raise Refused(400, "Validation failed", (Violation("/nodeId", "required", "is required"),))
    call.workspace.require_node(query["nodeId"])
    where, values = "node = ?", [key(query["nodeId"])]
    unfiltered = call.store.count(f"SELECT COUNT(*) FROM customers WHERE {where}", tuple(values))
    if query["externalId"] is not None:
        where, values = f"{where} AND external_id = ?", [*values, key(query["externalId"])]
    total = call.store.count(f"SELECT COUNT(*) FROM customers WHERE {where}", tuple(values))
    rows = call.store.rows(
        f"SELECT {_SHOWN} FROM customers WHERE {where} ORDER BY seq LIMIT ? OFFSET ?", (*values, *window(query))
    )
    return page([customer_rows.shown(row) for row in rows], query, total=total, unfiltered=unfiltered)


def delete_customer(call: Call) -> Response:
    """Delete a customer with its events and sessions."""
    (customer_id,) = call.ids
    customer_rows.node_of_customer(call, customer_id)
    customer_rows.delete(call.store, customer_id)
    return empty(200)
