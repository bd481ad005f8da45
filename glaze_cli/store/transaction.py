"""A transaction that is all or nothing, and turns SQLite's errors into ours."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from glaze_cli.errors import StoreError


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """BEGIN IMMEDIATE, so that two writers wait for each other instead of failing halfway.

    Rolls back on any exception. Raises StoreError when SQLite cannot go on (disk full, locked, corrupt).
    """
    try:
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
