"""One connection of a server: requests are read, struck by what the script says, and answered, one after another."""

import logging
import socket
import ssl
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import TIMEOUT_MAX, Event
from typing import BinaryIO, Final, TypeVar

from chub.http import Request, Response
from chub.sandbox.answers import empty
from chub.sandbox.fault_words import status
from chub.sandbox.faults import Drop, Fault, Reply
from chub.sandbox.flow import draft
from chub.sandbox.http11 import LARGEST_BODY, Broken, Received, read_request, response_bytes
from chub.sandbox.hub import Hub
from chub.sandbox.play import note_broken, note_unread, play

T = TypeVar("T")

_LOG: Final = logging.getLogger("chub.sandbox")
_PATIENCE: Final = 1.0
_PIECE: Final = 64 * 1024
_LONGEST_WAIT: Final = 60.0
# Linger for 0 seconds: what isn't sent is thrown away, and a reset takes the place of the end.
_RESET: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
# No record of TLS begins like this, and no status line.
_NOISE: Final = b"\x00\x01\x02 this is neither TLS nor HTTP\r\n\r\n"

_FAILED: Final = empty(500)
_BROKEN: Final[Fault | None] = status(500)
# What is left of a refusal, once the request is here.
_TOO_LATE: Final = Drop(after="connect", by="reset")

# A socket's own methods, beneath those by which a TLS socket encrypts, or forgets that it did.
_RAW: Final = socket.socket


class Conversation:
    """What is said on one connection; `before_outage` is called where nobody is to be let in for some seconds."""

    def __init__(
        self,
        hub: Hub,
        connection: socket.socket,
        *,
        tls: ssl.SSLContext | None,
        ended: Event,
        before_outage: Callable[[], bool],
    ) -> None:
        self._hub = hub
        self._connection = connection
        self._tls = tls
        self._ended = ended
        self._before_outage = before_outage
        self._is_idle = False
        self._is_dismissed = False
        self.is_spoiled = False
        """Whether a fault is at work, which nobody needs to wait for."""

    def shut(self, how: int) -> None:
        """Shut one direction of the connection, or both; for other threads."""
        with suppress(OSError):
            _RAW.shutdown(self._connection, how)

    def dismiss(self) -> None:
        """End it before the next request, at once if none is at hand; for other threads."""
        self._is_dismissed = True
        if self._is_idle:
            self.shut(socket.SHUT_RDWR)

    def hold(self) -> None:
        """Answer requests until one side has enough."""
        try:
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is None or self._is_encrypted(self._tls):
                with self._connection.makefile("rb") as source:
                    while not self._ended.is_set() and self._exchange(source):
                        pass
        except OSError:
            pass  # the client went away, which is its right
        finally:
            self._connection.close()

    def _is_encrypted(self, tls: ssl.SSLContext) -> bool:
        encrypted = tls.wrap_socket(self._connection, server_side=True, do_handshake_on_connect=False)
        self._connection = encrypted
        early = self._hub.script.take_early()
        if early is not None:
            return self._drop_unread(early)
        encrypted.do_handshake()
        return True

    def _exchange(self, source: BinaryIO) -> bool:
        """Answer one request; tell whether another may follow."""
        if not self._arrives(source):
            return False
        early = self._hub.script.take_early()
        if early is not None:
            return self._drop_unread(early)
        try:
            received = read_request(source, self._connection.sendall)
        except Broken as broken:
            return self._refuse(broken)
        return received is not None and self._answer(received)

    def _arrives(self, source: BinaryIO) -> bool:
        # In this order, for whoever dismisses it asks in the other: one of the two sees what the other did.
        self._is_idle = True
        arrived = not self._is_dismissed and source.peek(1)  # type: ignore[attr-defined]
        self._is_idle = False
        return bool(arrived)

    def _refuse(self, broken: Broken) -> bool:
        refused = _safe(partial(self._hub.stray, broken.status, broken.message, broken.path), _FAILED)
        note_broken(self._hub, refused.status)
        self._connection.sendall(response_bytes(refused, keeps=False))
        self._drain()
        return False

    def _answer(self, received: Received) -> bool:
        fault = self._fault_for(received.request)
        own = partial(_safe, partial(_answer, self._hub, received), _FAILED)
        response = play(self._hub, received.request, fault, own)
        keeps = received.keeps and not self._before_outage()
        if response is None:
            return self._drop(fault if isinstance(fault, Drop) else _TOO_LATE)
        latency = self._hub.workspace.options.latency
        if latency:
            self._ended.wait(latency)
        with_body = received.request.method != "HEAD"
        if isinstance(fault, Reply):
            return self._send_formed(fault, response, keeps=keeps, with_body=with_body)
        self._connection.sendall(response_bytes(response, keeps=keeps, with_body=with_body))
        return keeps

    def _fault_for(self, request: Request) -> Fault | None:
        script = self._hub.script
        return None if script.is_over else _safe(partial(script.take, request), _BROKEN)

    def _send_formed(self, reply: Reply, response: Response, *, keeps: bool, with_body: bool) -> bool:
        self.is_spoiled = True
        drafted = draft(response, reply.forms, keeps=keeps, with_body=with_body)
        for piece in drafted.flow():
            if self._ended.wait(0 if isinstance(piece, bytes) else min(piece, TIMEOUT_MAX)):
                return False
            if isinstance(piece, bytes):
                self._connection.sendall(piece)
        self.is_spoiled = False
        return drafted.keeps

    def _drop_unread(self, fault: Drop) -> bool:
        note_unread(self._hub, fault)
        self._before_outage()
        return self._drop(fault)

    def _drop(self, drop: Drop) -> bool:
        """End the connection without an answer."""
        self.is_spoiled = True
        if drop.by == "reset":
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        elif drop.by == "stall":
            self._stall(drop.seconds)
        elif drop.by == "noise":
            _RAW.sendall(self._connection, _NOISE)
            self._drain()
        return False

    def _stall(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._ended.is_set() and (left := end - time.monotonic()) > 0:
            self._connection.settimeout(min(left, _LONGEST_WAIT))
            with suppress(TimeoutError):
                if not _RAW.recv(self._connection, _PIECE):
                    return

    def _drain(self) -> None:
        # To close with bytes unread is to reset the connection, and the client might never see the answer.
        _RAW.shutdown(self._connection, socket.SHUT_WR)
        self._connection.settimeout(_PATIENCE)
        for _ in range(LARGEST_BODY // _PIECE):
            if not _RAW.recv(self._connection, _PIECE):
                break


def _answer(hub: Hub, received: Received) -> Response:
    return hub.answer(received.request) if received.is_ours else hub.stray(404, "No such path", received.path)


def _safe(answer: Callable[[], T], otherwise: T) -> T:
    try:
        return answer()
    except Exception:
        # A clock, ids or a script of the user's that fail, or a mistake of this room's: the client must get an answer.
        _LOG.debug("a request to the sandbox failed", exc_info=True)
        return otherwise
