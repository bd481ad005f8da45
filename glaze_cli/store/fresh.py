"""A fresh store: all tables at once, from schema.sql.

It is what the migrations come to (a test holds that), without importing them: sqlite-utils costs 0.1 s, and a
whole second where pandas is installed, since it imports that too.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

SCHEMA = Path(__file__).with_name("schema.sql")


def make_tables(connection: sqlite3.Connection) -> None:
    """All or nothing; nothing where another process was quicker. Raises sqlite3.Error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            for statement in SCHEMA.read_text(encoding="utf-8").split(";\n"):
                connection.execute(statement)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
