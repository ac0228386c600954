"""A client without a socket: what chub's own client would make of each fault, had it come over one.

An answer that a fault has formed is read byte for byte by the standard library's reader, so that nothing here has to
know which form breaks what.  Of a pause only the length counts, beside what the deadline leaves: nobody waits for it.
"""

import io
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, frozen

from chub.http import Request, Response
from chub.sandbox.faults import Drop, Reply
from chub.sandbox.flow import Flow, draft
from chub.sandbox.hub import Hub
from chub.sandbox.play import play

if TYPE_CHECKING:
    from http.client import HTTPResponse

LARGEST_BODY: Final = 16 * 1024 * 1024
_PIECE: Final = 64 * 1024


@frozen(kw_only=True)
class Lost:
    """The client has no answer that it can use; `sent` says whether a byte of the request left it."""

    reason: str
    sent: bool = True
    status: int | None = None
    unreadable: bool = False
    """An answer came, and another would be like it."""


# The reasons are those that the client has over a socket.
_CLOSED: Final = Lost(reason="remote end closed connection without response")
_RESET: Final = Lost(reason="connection reset by peer")
_NOISE: Final = Lost(reason="the answer breaks HTTP (BadStatusLine)")
_TIMED_OUT: Final = Lost(reason="timed out")
_REFUSED: Final = Lost(reason="connection refused", sent=False)


def exchange(hub: Hub, request: Request, left: Callable[[], float]) -> Response | Lost:
    """Let the hub answer as its script says; `left` gives the seconds after which the client gives up."""
    if hub.closed:
        return _REFUSED
    fault = hub.script.take(request)
    sent = play(hub, request, fault, lambda: hub.answer(request))
    if sent is None:
        return _dropped(fault, left()) if isinstance(fault, Drop) else _REFUSED
    latency = hub.workspace.options.latency
    if latency:
        if latency >= left():
            return _TIMED_OUT
        time.sleep(latency)
    return _read(request, fault, sent, left()) if isinstance(fault, Reply) and fault.forms else sent


def _dropped(drop: Drop, left: float) -> Lost:
    stall = _TIMED_OUT if drop.seconds >= left else _CLOSED
    return {"close": _CLOSED, "reset": _RESET, "stall": stall, "noise": _NOISE}[drop.by]


class _Arriving(io.RawIOBase):
    """The bytes of a flow, for so many seconds of its pauses."""

    def __init__(self, flow: Flow, seconds: float) -> None:
        self._flow = flow
        self._seconds = seconds
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._rest:
            piece = next(self._flow, None)
            if piece is None:
                return 0
            self._take(piece)
        taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def _take(self, piece: bytes | float) -> None:
        if isinstance(piece, bytes):
            self._rest = piece
            return
        self._seconds -= piece
        if self._seconds < 0:
            raise TimeoutError

    def makefile(self, _: str) -> io.BufferedReader:
        """Be what the standard library's reader takes for a socket."""
        return io.BufferedReader(self)


def _read(request: Request, reply: Reply, sent: Response, seconds: float) -> Response | Lost:
    # Imported late: most sandboxes need no reader, and it takes longer to load than they do.
    from http.client import HTTPException, HTTPResponse

    flow = draft(sent, reply.forms, keeps=True, with_body=request.method != "HEAD").flow()
    answer = HTTPResponse(_Arriving(flow, seconds), method=request.method)  # type: ignore[arg-type]
    try:
        _begin(answer)
    except (OSError, HTTPException) as error:
        return _lost(error)
    try:
        body, fault = _body(answer)
    except (OSError, HTTPException) as error:
        body, fault = b"", Lost(reason=f"its body was cut: {_lost(error).reason}")
    if fault is not None and answer.status < 300 and request.method == "GET":
        return evolve(fault, status=answer.status)
    headers = tuple((name.lower(), value) for name, value in answer.getheaders())
    return Response(status=answer.status, reason=answer.reason, headers=headers, body=body)


def _begin(answer: "HTTPResponse") -> None:
    """Read the status and the headers; the standard library passes over no interim answer but 100."""
    answer.begin()
    while 100 <= answer.status < 200:
        answer.headers = None  # type: ignore[assignment]  # so that it has not begun
        answer.begin()


def _body(answer: "HTTPResponse") -> tuple[bytes, Lost | None]:
    from http.client import IncompleteRead

    coding = answer.getheader("content-encoding", "identity")
    if coding.strip().lower() != "identity":
        return b"", Lost(reason=f"it came with the content coding {coding!r}, unasked", unreadable=True)
    body = bytearray()
    while len(body) <= LARGEST_BODY and (piece := answer.read(_PIECE)):
        body += piece
    if len(body) > LARGEST_BODY:
        return b"", Lost(reason=f"its body is over {LARGEST_BODY // 2**20} MiB", unreadable=True)
    if answer.length:
        # Read in pieces, a body that ends too early raises nothing by itself.
        raise IncompleteRead(b"", answer.length)
    return bytes(body), None


def _lost(error: Exception) -> Lost:
    return (
        _TIMED_OUT
        if isinstance(error, TimeoutError)
        else Lost(reason=f"the answer breaks HTTP ({type(error).__name__})")
    )
