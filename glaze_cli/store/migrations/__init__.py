"""The schema, as functions that each take the store one version up. Never edit one that was released."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from sqlite_utils import Database

from glaze_cli.store.migrations.first import first_schema
from glaze_cli.store.migrations.leases import leases_and_repeats
from glaze_cli.store.migrations.pace import pace_and_handles

MIGRATIONS: tuple[Callable[[Database], None], ...] = (first_schema, pace_and_handles, leases_and_repeats)
"""In order; a store's `user_version` is how many of them it has seen."""


def migrate(connection: sqlite3.Connection) -> None:
    """Take the store to the newest version, each step with its own record in one transaction."""
    db = Database(connection)
    for number, migration in enumerate(MIGRATIONS, start=1):
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            seen = connection.execute("PRAGMA user_version").fetchone()[0]
            if seen < number:  # another process may have been quicker
                migration(db)
                connection.execute(f"PRAGMA user_version = {number}")
