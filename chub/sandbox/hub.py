"""The hub itself, without a wire: `answer(request)` gives a `Response` for each `Request`, from any thread.

Every request is one transaction: refused or broken, it leaves nothing behind.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from hmac import compare_digest
from os import PathLike
from typing import Final
from urllib.parse import unquote

from attrs import evolve

from chub.http import Request, Response
from chub.sandbox import customer_rows, customers, events, sessions
from chub.sandbox.answers import BASE_PATH, Refused, refusal, stray
from chub.sandbox.ledger import Book, pattern_of
from chub.sandbox.options import Options
from chub.sandbox.script import Script
from chub.sandbox.workspace import Call, Workspace

Handler = Callable[[Call], Response]

# `*` stands for an id; the workspace's own comes first and is checked before any handler is called.
_ROUTES: Final[Mapping[str, Mapping[str, Handler]]] = {
    "/workspaces/*/events": {"GET": events.list_events, "POST": events.add_event},
    "/workspaces/*/events/*": {"GET": events.get_event, "PUT": events.put_event, "DELETE": events.delete_event},
    "/workspaces/*/customers": {"GET": customers.list_customers, "POST": customers.add_customer},
    "/workspaces/*/customers/*": {"GET": customers.get_customer, "DELETE": customers.delete_customer},
    "/workspaces/*/customers/*/sessions": {"GET": sessions.list_sessions, "POST": sessions.add_session},
    "/workspaces/*/customers/*/sessions/*": {"GET": sessions.get_session, "DELETE": sessions.delete_session},
}


class Hub:
    """An embedded ContactHub with one workspace."""

    def __init__(self, database: str | PathLike[str], options: Options) -> None:
        self._lock = threading.RLock()
        self.closed = False
        self.book = Book()
        """Where those who bring requests write what became of them."""
        self.script = Script(options.faults)
        """What they do to the requests before and after the hub answers."""
        self.workspace = Workspace(database, options)
        with ExitStack() as undo:
            undo.callback(self.close)
            self._follow(options.matching)
            undo.pop_all()

    def _follow(self, matching: tuple[str, ...]) -> None:
        """Match customers by these properties from now on, those of before too."""
        with self.workspace.store.transaction(writes=True):
            if self.workspace.recall("matching") != list(matching):
                customer_rows.rebuild_matches(self.workspace.store, matching)
                self.workspace.remember("matching", matching)

    def close(self) -> None:
        """Close the database, once the request at hand is answered; the hub answers no more."""
        with self._lock:
            self.closed = True
            self.workspace.store.close()

    def answer(self, request: Request) -> Response:
        """Answer a request whose path stands below the hub's base URL."""
        pattern, ids = _route(request.path)
        handlers = _ROUTES.get(pattern)
        if handlers is None or not all(ids):
            return self.stray(404, "No such path", BASE_PATH + request.path)
        handler = handlers.get(request.method)
        if handler is None:
            refused = self.stray(405, f"{request.method} is not supported here", BASE_PATH + request.path)
            return evolve(refused, headers=(*refused.headers, ("allow", ", ".join(handlers))))
        with self._lock:
            return self._answer(handler, request, ids)

    def _answer(self, handler: Handler, request: Request, ids: tuple[str, ...]) -> Response:
        try:
            self._admit(request, ids[0])
            with self.workspace.store.transaction(writes=request.method != "GET"):
                return handler(Call(self.workspace, request, ids[1:], self.workspace.now()))
        except Refused as refused:
            return refusal(refused, self.workspace.options.ids())

    def _admit(self, request: Request, workspace_id: str) -> None:
        given = next((value for name, value in request.headers if name.lower() == "authorization"), "")
        scheme, _, token = given.partition(" ")
        right = compare_digest(token.encode("utf-8", "surrogatepass"), self.workspace.token.encode())
        if scheme.lower() != "bearer" or not right:
            raise Refused(401, "Unauthorized")
        if workspace_id != self.workspace.workspace_id:
            raise Refused(403, "Forbidden")

    def stray(self, status: int, message: str, path: str) -> Response:
        """Answer what never became a request to a route."""
        with self._lock:
            return stray(status, message, path, self.workspace.now())


def _route(path: str) -> tuple[str, tuple[str, ...]]:
    """Give the form of a path with its ids as `*`, and the ids; an id that isn't UTF-8 is given as empty."""
    return pattern_of(path), tuple(map(_decoded, path.split("/")[2::2]))


def _decoded(step: str) -> str:
    try:
        return unquote(step, errors="strict")
    except UnicodeDecodeError:
        return ""
