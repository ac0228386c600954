"""The workspace that a hub plays: its ids, its store, its clock; and a call, which is what a handler answers."""

# ruff: noqa: S608 - statements are made of this room's own words; what came from outside is bound.

import json
from os import PathLike
from typing import Any, Final

from attrs import frozen

from chub.http import Request
from chub.sandbox import contract
from chub.sandbox.answers import Refused
from chub.sandbox.notation import Schema
from chub.sandbox.options import Options
from chub.sandbox.schema import violations
from chub.sandbox.store import Store, key
from chub.sandbox.text import now_of, read_json, write_ascii

_DEFAULTS: Final = {
    "workspace_id": "sandbox-workspace",
    "node_id": "sandbox-node",
    "token": "sandbox-token",
    "nodes": (),
}
# A counter that starts anew on a file that is old may give many ids that are taken.
_DRAWS: Final = 1_000_000


class Workspace:
    """One workspace over one store.  Its methods belong into a transaction of the store."""

    def __init__(self, database: str | PathLike[str], options: Options) -> None:
        self.options = options
        self.store = Store(database)
        try:
            with self.store.transaction(writes=True):
                known = self._remembered()
        except BaseException:
            self.store.close()
            raise
        self.workspace_id: str = known["workspace_id"]
        self.node_id: str = known["node_id"]
        self.token: str = known["token"]
        self.nodes = frozenset([self.node_id, *known["nodes"]])

    def _remembered(self) -> dict[str, Any]:
        known = {}
        for name, default in _DEFAULTS.items():
            known[name] = getattr(self.options, name) or self.recall(name) or default
            self.remember(name, known[name])
        return known

    def recall(self, name: str) -> Any:
        """Give a fact that the database remembers of the workspace, or None."""
        row = self.store.row("SELECT value FROM meta WHERE name = ?", (name,))
        return None if row is None else json.loads(row[0])

    def remember(self, name: str, value: Any) -> None:
        """Keep a fact about the workspace in the database."""
        self.store.change("REPLACE INTO meta VALUES (?, ?)", (name, write_ascii(value)))

    def now(self) -> int:
        """The time, in milliseconds since 1970."""
        return now_of(self.options.clock)

    def new_id(self, table: str) -> str:
        """Draw an id that no row of this table has."""
        for _ in range(_DRAWS):
            drawn = self.options.ids()
            if self.store.row(f"SELECT 1 FROM {table} WHERE id = ?", (key(drawn),)) is None:
                return drawn
        raise ValueError("the sandbox's ids must give a new text each time")

    def type_schema(self, event_type: str) -> Schema | None:
        """Give the schema of an event type's properties, None for one that was opened; KeyError for an unknown type."""
        if event_type in self.options.types:
            return self.options.types[event_type]
        return contract.type_schema(event_type)

    def require_node(self, node_id: str) -> None:
        """Refuse a node that this workspace doesn't have."""
        if node_id not in self.nodes:
            raise Refused(404, "Node not found")


@frozen
class Call:
    """A request that has found its handler: with the ids of its path, at one instant."""

    workspace: Workspace
    request: Request
    ids: tuple[str, ...]
    now: int

    @property
    def store(self) -> Store:
        """The workspace's store."""
        return self.workspace.store

    def body(self) -> Any:
        """Read the body as JSON, or refuse it."""
        try:
            return read_json(self.request.body or b"")
        except ValueError:
            raise Refused(400, "Malformed JSON") from None

    def valid_body(self, schema_name: str) -> dict[str, Any]:
        """Read a body that fits one of the contract's envelopes, or refuse it."""
        body = self.body()
        Refused.unless_valid(violations(contract.envelope_schema(schema_name), body))
        return dict(body)
