"""Clearing up after processes that are gone: their jobs are interrupted, their slots free."""

from __future__ import annotations

import sqlite3

from glaze_cli.cli.alive import is_there
from glaze_cli.engine.runner import recover
from glaze_cli.store.clock import utc_now
from glaze_cli.store.leases import abandon, held_jobs
from glaze_cli.store.transaction import transaction


def sweep(connection: sqlite3.Connection) -> None:
    """Free every job whose process is gone; its calls without an outcome may have been billed, and are
    called unknown from now on. Raises StoreError."""
    gone = [held for held in held_jobs(connection) if not is_there(held.owner, held.until)]
    if not gone:
        return
    with transaction(connection):
        for held in gone:
            if abandon(connection, held):
                recover(connection, held.job_id, utc_now())
