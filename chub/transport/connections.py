"""Connections: opened for a config, kept while they are idle, found again by where they lead.

The table of idle connections is the only state of the library.  A forked child starts with an empty one, for two
processes can't share a connection.
"""

import os
import ssl
from base64 import b64encode
from collections import OrderedDict
from math import inf
from threading import Lock
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from urllib3.connection import ProxyConfig
from urllib3.util import parse_url

from chub.errors import InvalidValue
from chub.settings import Config
from chub.transport.answers import Wait
from chub.transport.dialling import Connection, PlainConnection, TlsConnection

MAX_PLACES = 16
"""So many places keep connections; the one not used for the longest is closed first."""

MAX_IDLE = 64
"""So many idle connections are kept for a place."""

Place = tuple[str, str | None, str | None, ssl.SSLContext | None]
"""Where connections lead: base URL, proxy, CA file, TLS context."""


def place_of(config: Config) -> Place:
    """Say where the connections of a config lead."""
    return config.base_url, config.proxy, config.ca_file, config.ssl_context


class IdleConnections:
    """The idle connections to one place, the last used first; safe to use from several threads."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._lock = Lock()
        self._idle: list[tuple[Connection, float]] = []  # each with when it was last answered
        self._closed = False
        self._tls: ssl.SSLContext | None = None

    def take(self, since: float = -inf) -> Connection | None:
        """Take a connection that the server hasn't closed, and that was answered since then; older ones are closed."""
        while True:
            with self._lock:
                connection, answered = self._idle.pop() if self._idle else (None, inf)
            if connection is None or (answered >= since and connection.is_connected):
                return connection
            connection.close()

    def give_back(self, connection: Connection, now: float) -> None:
        """Keep a connection that was answered just now, unless it is closed or there are enough."""
        with self._lock:
            kept = not self._closed and not connection.is_closed and len(self._idle) < MAX_IDLE
            if kept:
                self._idle.append((connection, now))
        if not kept:
            connection.close()

    def new(self, wait: Wait) -> Connection:
        """Make a connection that isn't open yet; raises `InvalidValue` where the CA file can't be used.

        `wait` gives the seconds that connecting may still take, and raises `TimeoutError` where there are none.
        """
        base_url, proxy, _, _ = self._place
        target = urlsplit(base_url)
        if proxy is None:
            return self._made(target.scheme, target.hostname or "", target.port, wait)
        return self._tunnelled(proxy, target.scheme, target.hostname or "", target.port, wait)

    def _made(self, scheme: str, host: str, port: int | None, wait: Wait, **more: Any) -> Connection:
        if scheme == "https":
            return TlsConnection(host, port, timeout=wait(), ssl_context=self.tls(), wait=wait, **more)
        return PlainConnection(host, port, timeout=wait(), wait=wait, **more)

    def _tunnelled(self, proxy: str, scheme: str, host: str, port: int | None, wait: Wait) -> Connection:
        """Make a connection through the proxy's CONNECT, so that the proxy never sees the token."""
        url = parse_url(proxy)
        way = url.scheme or "http"
        tls = ProxyConfig(self.tls() if way == "https" else None, False, None, None)
        made = self._made(scheme, url.host or "", url.port or _PORTS[way], wait, proxy=url, proxy_config=tls)
        made.set_tunnel(host, port or _PORTS[scheme], headers=_proxy_headers(url.auth), scheme=way)
        return made

    def tls(self) -> ssl.SSLContext:
        """Give the one TLS context of this place; reading the authorities is dear, so it is done once."""
        _, _, ca_file, given = self._place
        with self._lock:
            if self._tls is None:
                self._tls = given or _default_tls(ca_file)
            return self._tls

    def abandon(self) -> None:
        """Close what a fork has brought along; its lock may be held by a thread that doesn't exist here."""
        for connection, _ in self._idle:
            connection.close()

    def close(self) -> None:
        """Close what is idle; what is in use is closed when it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection, _ in idle:
            connection.close()


_PORTS = {"http": 80, "https": 443}


def _proxy_headers(user_info: str | None) -> dict[str, str]:
    """Give the credentials in the form of RFC 7617, in UTF-8."""
    if not user_info:
        return {}
    return {"Proxy-Authorization": f"Basic {b64encode(unquote_to_bytes(user_info)).decode()}"}


def _default_tls(ca_file: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError:
        fault = "no certificate in it"
    except OSError as error:
        fault = error.strerror or type(error).__name__
    raise InvalidValue.of("ca_file", f"{ca_file}: {fault}")


class _Table:
    """The idle connections of every place."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.places: OrderedDict[Place, IdleConnections] = OrderedDict()


_tables = [_Table()]


def _start_anew() -> None:
    """Forget the parent's connections in a child; to close a socket here leaves the parent's open."""
    inherited = _tables[0]
    _tables[:] = [_Table()]
    for idle in inherited.places.values():
        idle.abandon()


os.register_at_fork(after_in_child=_start_anew)


def connections_of(config: Config) -> IdleConnections:
    """Find the idle connections that lead where this config does."""
    table, place = _tables[0], place_of(config)
    with table.lock:
        found = table.places.get(place)
        if found is None:
            found = table.places[place] = IdleConnections(place)
        table.places.move_to_end(place)
        dropped = table.places.popitem(last=False)[1] if len(table.places) > MAX_PLACES else None
    if dropped is not None:
        dropped.close()
    return found


def disconnect(config: Config) -> None:
    """Close the idle connections that lead where this config does; the next call opens a new one.

    >>> from chub.settings import config
    >>> disconnect(config(workspace_id="w", token="demo"))
    """
    table = _tables[0]
    with table.lock:
        dropped = table.places.pop(place_of(config), None)
    if dropped is not None:
        dropped.close()
