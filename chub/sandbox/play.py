"""One request and what strikes it: the hub handles it or doesn't, and the ledger says so before anything is sent."""

from collections.abc import Callable

from chub.http import Request, Response
from chub.sandbox.faults import Drop, Fault, Refuse, Reply
from chub.sandbox.hub import Hub


def play(hub: Hub, request: Request, fault: Fault | None, answer: Callable[[], Response]) -> Response | None:
    """Write the request in the ledger and give what is to be sent, None for nothing.

    `answer` lets the hub handle the request; it is called only if it comes to that.
    """
    own = answer() if _commits(fault) else None
    sent = own if fault is None else _sent(fault, own)
    committed = own is not None and 200 <= own.status < 300
    status = None if sent is None else sent.status
    hub.book.write(request.method, request.path, _is_received(fault), committed, status, fault)
    return sent


def _commits(fault: Fault | None) -> bool:
    if isinstance(fault, Reply):
        return fault.commit
    return fault is None or (isinstance(fault, Drop) and fault.after == "commit")


def _sent(fault: Fault, own: Response | None) -> Response | None:
    return None if isinstance(fault, Refuse | Drop) else fault.answer or own


def _is_received(fault: Fault | None) -> bool:
    return not (isinstance(fault, Refuse) or (isinstance(fault, Drop) and fault.after == "connect"))


def note_unread(hub: Hub, fault: Drop) -> None:
    """Write in the ledger a request that was struck before it was read."""
    hub.book.write("", "", False, False, None, fault)


def note_broken(hub: Hub, status: int) -> None:
    """Write in the ledger what was no request, and what it was answered with."""
    hub.book.write("", "", False, False, status, None)
