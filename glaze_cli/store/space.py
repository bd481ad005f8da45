"""The room that the store's file takes, and giving back what a purge left: no trace of it stays."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from glaze_cli.errors import StoreError

CHECKPOINT_S = 2.0
"""How long readers are waited for; writers of other processes wait meanwhile."""


@dataclass(frozen=True, slots=True)
class Space:
    """The store's file, in bytes."""

    used: int
    free: int
    """Of pages that nothing uses: what an interrupted purge left."""


def space(connection: sqlite3.Connection) -> Space:
    """How much of the file is used."""
    size, pages, free = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_size", "page_count", "freelist_count")
    )
    return Space(size * (pages - free), size * free)


def give_back(connection: sqlite3.Connection) -> None:
    """Write the file anew without what was deleted: no trace of it is left. Other processes wait for it.

    Raises StoreError.
    """
    try:
        connection.execute("VACUUM")
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"What was purged is gone, but the store's file could not be made smaller: {error}. Nothing else "
            "was lost; make room (twice the store's size will do), then purge again."
        ) from error


def empty_log(connection: sqlite3.Connection, seconds: float = CHECKPOINT_S) -> bool:
    """Bring the write-ahead log into the file and cut it to nothing: it holds pages as they were.

    False: another process went on reading for so many seconds, or the disk is full; the log stays.
    """
    before = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")
    try:
        return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError:
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {before}")
