"""An embedded ContactHub over SQLite, for tests, demonstrations and work without the real one.

`open()` answers in process, `serve()` over HTTP on loopback; the same requests get the same answers both ways.  It
speaks raw JSON and states the hub's contract for itself: it shares no code with the client's values or codec.
"""

import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from os import PathLike
from typing import Final, Self, TypeVar, Unpack

from attrs import evolve
from returns.result import Failure, Result, Success

from chub.errors import BadResponse, ChubError, InvalidValue, NotSent, Problem, Unconfirmed
from chub.http import Deadline, Request, Response, wire_headers
from chub.sandbox.bad_options import BadOptions
from chub.sandbox.fault_text import parse_faults
from chub.sandbox.fault_words import (
    break_tls,
    chunked,
    close_unread,
    closing,
    commit_then_close,
    commit_then_reset,
    commit_then_stall,
    cut,
    drip,
    endless_body,
    false_length,
    garbage,
    gzip_bomb,
    header_flood,
    interim,
    ok,
    read_then_close,
    read_then_reset,
    read_then_stall,
    refuse,
    reset_unread,
    status,
)
from chub.sandbox.faults import Drop, Fault, Refuse, Reply
from chub.sandbox.hub import Hub
from chub.sandbox.in_process import Lost, exchange
from chub.sandbox.ledger import Entry, Ledger
from chub.sandbox.options import HubOptions, Options, fault_problems
from chub.sandbox.script import Faults, Script
from chub.sandbox.server import Server
from chub.settings import Config, config

__all__ = [
    "Drop",
    "Entry",
    "Fault",
    "Faults",
    "HubOptions",
    "Ledger",
    "Refuse",
    "Reply",
    "Sandbox",
    "ServedSandbox",
    "break_tls",
    "chunked",
    "close_unread",
    "closing",
    "commit_then_close",
    "commit_then_reset",
    "commit_then_stall",
    "cut",
    "drip",
    "endless_body",
    "false_length",
    "garbage",
    "gzip_bomb",
    "header_flood",
    "interim",
    "ok",
    "open",
    "parse_faults",
    "read_then_close",
    "read_then_reset",
    "read_then_stall",
    "refuse",
    "reset_unread",
    "serve",
    "status",
]

A = TypeVar("A")

# No host can have this name (RFC 6761): a config that lost its transport reaches nobody.
_NOWHERE: Final = "https://sandbox.invalid/hub/v1"


class _InProcess:
    """The transport that hands requests to a hub of this process; it may be called from several threads."""

    __slots__ = ("_hub",)

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def __repr__(self) -> str:
        return f"<in-process sandbox of workspace {self._hub.workspace.workspace_id!r}>"

    def __call__(self, request: Request, deadline: Deadline) -> Result[Response, ChubError]:
        try:
            headers = wire_headers(request)
        except InvalidValue as error:
            return Failure(error)
        came = exchange(self._hub, evolve(request, headers=headers, token=None), deadline.left)
        return Failure(_error(request, came)) if isinstance(came, Lost) else Success(came)


def _error(request: Request, lost: Lost) -> ChubError:
    """Say of an answer that was lost what chub's own transport says."""
    method, template, reason = request.method, request.template, lost.reason
    if not lost.sent:
        return NotSent(method=method, template=template, reason=reason, transient=True)
    if lost.unreadable:
        return BadResponse(method=method, template=template, reason=reason, status=lost.status)
    return Unconfirmed(method=method, template=template, reason=reason, status=lost.status)


class Sandbox:
    """A hub that is open: a context manager, closed at its end."""

    def __init__(self, hub: Hub, settings: Config) -> None:
        self._hub = hub
        self.config = settings
        """What chub's functions take to talk to this hub."""

    @property
    def workspace_id(self) -> str:
        """The one workspace that there is."""
        return self._hub.workspace.workspace_id

    @property
    def node_id(self) -> str:
        """The node of `config`; the workspace may have others."""
        return self._hub.workspace.node_id

    @property
    def token(self) -> str:
        """The token that lets requests in."""
        return self._hub.workspace.token

    @property
    def base_url(self) -> str:
        """Where the hub's paths begin; in process a name that nobody can have."""
        return self.config.base_url

    @property
    def ledger(self) -> Ledger:
        """The requests that came so far and what became of each; those of `handle` are not among them."""
        return self._hub.book.read()

    def script(self, faults: Faults) -> None:
        """Play these faults from the next request on, in place of those that were still to come.

        >>> with open() as hub:
        ...     hub.script([commit_then_close(), status(503, retry_after=2), None])
        """
        InvalidValue.check(_as_problems(fault_problems(faults)))
        self._hub.script.follow(faults)

    @contextmanager
    def down(self) -> Iterator[None]:
        """Refuse all connections as long as this context lasts, and close those that are kept; the script waits.

        >>> with open() as hub, hub.down():
        ...     type(hub.config.transport(Request(method="GET", path="/", template=""), Deadline(at=9e9)).failure())
        <class 'chub.errors.NotSent'>
        """
        outages = self._outages()
        outages.begin_outage()
        try:
            yield
        finally:
            outages.end_outage()

    def _outages(self) -> Script | Server:
        return self._hub.script

    def handle(self, request: Request) -> Response:
        """Answer a raw request, its path below `base_url`; past the script, so that a test can look at what is kept."""
        return self._hub.answer(request)

    def close(self) -> None:
        """Close the hub; doing it twice does nothing more."""
        self._hub.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.base_url!r}, workspace_id={self.workspace_id!r})"


class ServedSandbox(Sandbox):
    """A hub that is open and answers over HTTP."""

    def __init__(self, hub: Hub, settings: Config, server: Server) -> None:
        super().__init__(hub, settings)
        self._server = server

    @property
    def connections(self) -> int:
        """How many TCP connections were accepted so far."""
        return self._server.connections

    def script(self, faults: Faults) -> None:
        """Play these faults from the next request on, in place of those that were still to come."""
        super().script(faults)
        self._server.foresee()

    def _outages(self) -> Script | Server:
        return self._server

    @property
    def is_serving(self) -> bool:
        """Whether it is this hub that answers: it was neither closed nor replaced."""
        return self._server.serves(self._hub)

    def replace(self, **options: Unpack[HubOptions]) -> "ServedSandbox":
        """Open another, empty hub on the same port, and close this one with its connections, script and outages.

        With another `workspace_id` and `token`, whoever still calls the one before changes nothing in it.

        >>> with serve() as hub, hub.replace(workspace_id="w") as other:
        ...     hub.base_url == other.base_url, hub.is_serving, other.is_serving
        (True, False, True)
        """
        if not self.is_serving:
            raise InvalidValue.of("hub", "it was closed or replaced before")
        hub = _opened(":memory:", options)
        self._server.hand_over(hub)
        super().close()
        return ServedSandbox(hub, _config(hub, self.base_url, None, self.config.ca_file), self._server)

    def close(self) -> None:
        """Stop the server, after the requests at hand, and close the hub; one that was replaced leaves the server."""
        if self.is_serving:
            self._server.stop()
        super().close()


def open(database: str | PathLike[str] = ":memory:", **options: Unpack[HubOptions]) -> Sandbox:
    """Open a hub that answers in process: no socket, no thread.

    `database` is a file, made if need be, or `:memory:`.  `HubOptions` tells of the options; `InvalidValue` is raised
    where they are wrong.

    >>> with open(workspace_id="w") as hub:
    ...     hub.handle(Request(method="GET", path="/workspaces/w/events", template="")).status
    401
    """
    hub = _opened(database, options)
    with ExitStack() as undo:
        undo.callback(hub.close)
        sandbox = Sandbox(hub, _config(hub, _NOWHERE, _InProcess(hub)))
        undo.pop_all()
    return sandbox


def serve(
    port: int = 0,
    host: str = "127.0.0.1",
    database: str | PathLike[str] = ":memory:",
    tls: ssl.SSLContext | None = None,
    ca_file: str | None = None,
    **options: Unpack[HubOptions],
) -> ServedSandbox:
    """Open a hub that answers over HTTP/1.1, by default on a free port of loopback.

    With a server's context as `tls` it is https://localhost; `ca_file`, the authority of its certificate, goes into
    `config`.

    >>> with serve() as hub:
    ...     hub.base_url.startswith("http://127.0.0.1:"), hub.connections
    (True, 0)
    """
    InvalidValue.check(_tls_problems(tls))
    hub = _opened(database, options)
    with ExitStack() as undo:
        undo.callback(hub.close)
        server = _checked(lambda: Server(hub, host, port, tls))
        undo.callback(server.stop)
        served = ServedSandbox(hub, _config(hub, server.base_url, None, ca_file), server)
        undo.pop_all()
    return served


def _opened(database: str | PathLike[str], options: HubOptions) -> Hub:
    return _checked(lambda: Hub(database, Options(**options)))


def _checked(make: Callable[[], A]) -> A:
    try:
        return make()
    except BadOptions as bad:
        raise InvalidValue(_as_problems(bad.problems)) from None


def _tls_problems(tls: object) -> Iterator[Problem]:
    if tls is not None and (not isinstance(tls, ssl.SSLContext) or tls.protocol == ssl.PROTOCOL_TLS_CLIENT):
        yield Problem(path="tls", message="a server's context is needed, as ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)")


def _as_problems(problems: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    return (Problem(path=name, message=message) for name, message in problems)


def _config(hub: Hub, base_url: str, transport: _InProcess | None, ca_file: str | None = None) -> Config:
    known = hub.workspace
    return config(
        workspace_id=known.workspace_id,
        node_id=known.node_id,
        token=known.token,
        base_url=base_url,
        ca_file=ca_file,
        transport=transport,
    )
