"""The SQLite database of a hub: its tables, and one connection.  Its user lets in one thread at a time.

Texts that come from outside may be any Unicode, lone surrogates too, which SQLite's TEXT can't hold: as keys they are
kept in BLOBs (`key`), and inside JSON documents they are escaped.
"""

# ruff: noqa: S608 - statements are made of this room's own words; what came from outside is bound.

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from os import PathLike
from typing import Any, Final

from chub.sandbox.bad_options import BadOptions

_APPLICATION: Final = 0x63687562
_VERSION: Final = 1

# An event belongs to a node: that of its bring-back, else its customer's.  `mode` is its own, else its type's.
_TABLES: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE customers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, node BLOB NOT NULL, external_id BLOB,
    registered_at INTEGER NOT NULL, document TEXT NOT NULL
);
CREATE INDEX customers_external ON customers (node, external_id);
CREATE TABLE matches (customer_id BLOB NOT NULL, node BLOB NOT NULL, property TEXT NOT NULL, value TEXT NOT NULL);
CREATE INDEX matches_value ON matches (node, property, value);
CREATE INDEX matches_customer ON matches (customer_id);
CREATE TABLE sessions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, customer_id BLOB NOT NULL,
    node BLOB NOT NULL, value BLOB NOT NULL, UNIQUE (node, value)
);
CREATE INDEX sessions_customer ON sessions (customer_id);
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, customer_id BLOB,
    back_type TEXT, back_value BLOB, node BLOB NOT NULL, type BLOB NOT NULL, context TEXT NOT NULL, mode TEXT NOT NULL,
    date INTEGER NOT NULL, registered_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, document TEXT NOT NULL
);
CREATE INDEX events_date ON events (date, seq);
CREATE INDEX events_customer ON events (customer_id, date, seq);
CREATE INDEX events_back ON events (node, back_type, back_value);
"""


def key(text: str) -> bytes:
    """Give a text as the bytes that stand for it in a key column."""
    return text.encode("utf-8", "surrogatepass")


def text_of(stored: bytes) -> str:
    """Give back the text of a key column."""
    return stored.decode("utf-8", "surrogatepass")


class Store:
    """A hub's database: a file that is made if need be, or `:memory:`."""

    def __init__(self, database: str | PathLike[str]) -> None:
        # Several processes may hold the same file: wait for one another rather than fail.
        try:
            self._connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False, timeout=30.0)
        except sqlite3.Error as error:
            raise BadOptions([("database", f"{database}: {error}")]) from None
        try:
            self._prepare(str(database))
        except sqlite3.Error as error:
            self._connection.close()
            raise BadOptions([("database", f"{database}: {error}")]) from None
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self, database: str) -> None:
        with self.transaction(writes=True):
            ((version,),) = self.rows("PRAGMA user_version")
            ((application,),) = self.rows("PRAGMA application_id")
            ((tables,),) = self.rows("SELECT COUNT(*) FROM sqlite_master")
            if tables == version == application == 0:
                self._create()
            elif (application, version) != (_APPLICATION, _VERSION):
                raise ValueError(f"{database} is a database, but not one of this sandbox")
        self.rows("PRAGMA journal_mode = WAL")
        self.rows("PRAGMA synchronous = NORMAL")

    def _create(self) -> None:
        for statement in _TABLES.split(";\n"):
            self.rows(statement)
        self.rows(f"PRAGMA application_id = {_APPLICATION}")
        self.rows(f"PRAGMA user_version = {_VERSION}")

    def close(self) -> None:
        """Close the database; whatever was answered is kept."""
        self._connection.close()

    @contextmanager
    def transaction(self, *, writes: bool) -> Iterator[None]:
        """Do all that follows as one, or, where an exception leaves it, nothing of it."""
        self._connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def rows(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Run a statement and give all its rows."""
        return self._connection.execute(statement, values).fetchall()

    def row(self, statement: str, values: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        """Run a statement and give its first row, if it has one."""
        row: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
        return row

    def count(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """Run a statement that counts."""
        ((number,),) = self.rows(statement, values)
        return int(number)

    def change(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """Run a statement that changes rows, and tell how many."""
        return self._connection.execute(statement, values).rowcount

    def insert(self, table: str, values: Mapping[str, Any]) -> None:
        """Add a row to a table."""
        marks = ", ".join("?" * len(values))
        self._connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))
