"""An embedded ContactHub over SQLite, for tests, demonstrations and work without the real one.

`open()` answers in process, `serve()` over HTTP on loopback; the same requests get the same answers both ways.  It
speaks raw JSON and states the hub's contract for itself: it shares no code with the client's values or codec.
"""

from contextlib import ExitStack
from os import PathLike
from typing import Final, Self, Unpack

from attrs import evolve
from returns.result import Failure, Result, Success

from chub.errors import ChubError, InvalidValue, Problem
from chub.http import Deadline, Request, Response, wire_headers
from chub.sandbox.hub import Hub
from chub.sandbox.options import BadOptions, HubOptions, Options
from chub.sandbox.server import Server
from chub.settings import Config, config

__all__ = ["HubOptions", "Sandbox", "ServedSandbox", "open", "serve"]

# No host can have this name (RFC 6761): a config that lost its transport reaches nobody.
_NOWHERE: Final = "https://sandbox.invalid/hub/v1"


class _InProcess:
    """The transport that hands requests to a hub of this process; it may be called from several threads."""

    __slots__ = ("_hub",)

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def __repr__(self) -> str:
        return f"<in-process sandbox of workspace {self._hub.workspace.workspace_id!r}>"

    def __call__(self, request: Request, deadline: Deadline) -> Result[Response, ChubError]:  # noqa: ARG002
        try:
            headers = wire_headers(request)
        except InvalidValue as error:
            return Failure(error)
        return Success(self._hub.answer(evolve(request, headers=headers, token=None)))


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

    def handle(self, request: Request) -> Response:
        """Answer a raw request, its path below `base_url`."""
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

    def close(self) -> None:
        """Stop the server, after the requests at hand, and close the hub."""
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
    **options: Unpack[HubOptions],
) -> ServedSandbox:
    """Open a hub that answers over HTTP/1.1, by default on a free port of loopback.

    >>> with serve() as hub:
    ...     hub.base_url.startswith("http://127.0.0.1:"), hub.connections
    (True, 0)
    """
    hub = _opened(database, options)
    with ExitStack() as undo:
        undo.callback(hub.close)
        server = Server(hub, host, port)
        undo.callback(server.stop)
        served = ServedSandbox(hub, _config(hub, server.base_url, None), server)
        undo.pop_all()
    return served


def _opened(database: str | PathLike[str], options: HubOptions) -> Hub:
    try:
        checked = Options(**options)
    except BadOptions as bad:
        raise InvalidValue(Problem(path=name, message=message) for name, message in bad.problems) from None
    return Hub(database, checked)


def _config(hub: Hub, base_url: str, transport: _InProcess | None) -> Config:
    known = hub.workspace
    return config(
        workspace_id=known.workspace_id,
        node_id=known.node_id,
        token=known.token,
        base_url=base_url,
        transport=transport,
    )
