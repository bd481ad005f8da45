"""Writes schema.sql anew, for a new migration: `python -m glaze_cli.store.migrations.write_schema`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from glaze_cli.store.migrations import MIGRATIONS, migrate

SCHEMA = Path(__file__).parents[1] / "schema.sql"


def schema() -> str:
    """What all migrations come to, as one script."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    made = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
    statements = [f"{row[0]};" for row in connection.execute(made)]
    return "\n".join([*statements, f"PRAGMA user_version = {len(MIGRATIONS)};", ""])


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8")
