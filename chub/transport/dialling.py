"""Connections that keep within the time of a call while they are opened and while they send.

urllib3 would give the whole of it to each address of a name, and again to the headers and to the body.
"""

import socket
from contextlib import ExitStack
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection

from chub.transport.answers import Wait


class _Timed:
    """All addresses of a name share the time, and whatever is sent gets what is left of it."""

    def __init__(self, *args: Any, wait: Wait, **more: Any) -> None:
        super().__init__(*args, **more)
        self.wait = wait
        """Gives the seconds that the next step may take; of the request at hand, once the connection stands."""

    def _new_conn(self: Any) -> socket.socket:
        addresses = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        failed: OSError = OSError("the host's name leads nowhere")
        for untried, (family, kind, protocol, _, address) in zip(range(len(addresses), 0, -1), addresses, strict=True):
            # An address that is silent leaves their part to those after it.
            part = self.wait() / untried
            try:
                made = _dialled(family, kind, protocol, address, part)
            except OSError as error:
                failed = error
            else:
                return _in_time(made, self.wait)
        raise failed

    def send(self: Any, data: Any) -> None:
        """Send, within the time that is left now."""
        self.sock.settimeout(self.wait())
        self.sock.sendall(data)


def _dialled(family: int, kind: int, protocol: int, address: Any, seconds: float) -> socket.socket:
    with ExitStack() as undo:
        made = undo.enter_context(socket.socket(family, kind, protocol))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.settimeout(seconds)
        made.connect(address)
        undo.pop_all()
    return made


def _in_time(made: socket.socket, wait: Wait) -> socket.socket:
    """Give a socket the time that a TLS handshake may take as a whole; close it where none is left."""
    with ExitStack() as undo:
        undo.enter_context(made)
        made.settimeout(wait())
        undo.pop_all()
    return made


class PlainConnection(_Timed, HTTPConnection):
    """A connection without TLS."""


class TlsConnection(_Timed, HTTPSConnection):
    """A connection with TLS."""


Connection = PlainConnection | TlsConnection
