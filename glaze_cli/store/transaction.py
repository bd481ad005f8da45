"""A transaction that is all or nothing, and turns SQLite's errors into ours."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from glaze_cli.errors import StoreError


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection, begun: bool = False) -> Iterator[None]:
    """BEGIN IMMEDIATE, so that two writers wait for each other instead of failing halfway; unless it has
    `begun` already.

    Rolls back on any exception. Raises StoreError when SQLite cannot go on (disk full, locked, corrupt).
    """
    try:
        if not begun:
            connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if connection.in_transaction:  # SQLite may have rolled back by itself
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        from glaze_cli.store.rescue import damage_met

        raise damage_met(connection, error) or StoreError(
            f"The store could not be written: {error}. What was committed before is safe."
        ) from error


def begin_at_once(connection: sqlite3.Connection) -> bool:
    """BEGIN IMMEDIATE where no other connection is writing; whether it did. What else is wrong, whoever waits
    for its turn will be told."""
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    try:
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
    return True
