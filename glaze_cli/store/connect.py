"""Opening the store: pragmas, version, file mode."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from glaze_cli.errors import StoreError

VERSION = 2
"""How many migrations this Glaze knows; kept here so that an up-to-date store opens without importing
them (sqlite-utils costs 0.1 s). A test holds it equal to their number."""

BUSY_SECONDS = 30.0


def connect(path: Path | str) -> sqlite3.Connection:
    """Open the store, making or upgrading it where needed. Rows come as sqlite3.Row.

    The file is readable by its owner only: it holds what people's sheets hold. Transactions are explicit
    (isolation_level None). `synchronous` is FULL: a committed answer was paid for, and group commit makes
    surviving a power cut cost next to nothing. Raises StoreError.
    """
    try:
        if path != ":memory:":
            place = Path(path)
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            place.touch(mode=0o600)
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        _prepare(connection, path)
    except (sqlite3.DatabaseError, OSError) as error:
        raise StoreError(f"The store {path} cannot be opened: {error}. Nothing was changed in it.") from error
    return connection


def _prepare(connection: sqlite3.Connection, path: Path | str) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise StoreError(
            f"The store {path} was made by a newer Glaze (version {version}, this one knows {VERSION}); "
            "upgrade Glaze, or name another store with --store."
        )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    if version < VERSION:
        from glaze_cli.store.migrations import migrate

        migrate(connection)
