"""Opening the store: made, upgraded, refused or reported, never silently recreated."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
import sqlite_utils

from glaze_cli.errors import StoreError
from glaze_cli.store.connect import VERSION, connect
from glaze_cli.store.create import create_job
from glaze_cli.store.migrations import MIGRATIONS
from tests.store.fakes import new_job


def test_the_store_is_its_owners_only(tmp_path: Path) -> None:
    """It holds what sheets hold, so nobody else may read it; its folder is made."""
    path = tmp_path / "deep" / "glaze.db"
    connect(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_version_is_the_number_of_migrations() -> None:
    """The number that opening compares with is kept by hand, and held true here."""
    assert len(MIGRATIONS) == VERSION


def test_anyone_can_read_it_with_other_tools(tmp_path: Path) -> None:
    """The tables and columns that DESIGN names are there for sqlite-utils and Datasette."""
    path = tmp_path / "glaze.db"
    connection = connect(path)
    create_job(connection, new_job())
    connection.close()
    db = sqlite_utils.Database(path)
    names = {"tables", "columns", "rows", "enrichment_jobs", "cell_enrichment_tasks", "answers", "attempts"}
    assert names <= set(db.table_names())
    job = next(iter(db.query("select * from enrichment_jobs")))
    assert {"id", "table_id", "status", "total_tasks", "done_tasks", "failed_tasks"} <= job.keys()
    task = next(iter(db.query("select * from cell_enrichment_tasks")))
    assert {"row_id", "column_id", "job_id", "result", "confidence", "error", "attempts"} <= task.keys()
    row = next(iter(db.query("select * from rows")))
    assert {"table_id", "number", "data", "status", "confidence", "last_run_at"} <= row.keys()


def test_a_commit_survives_reopening(tmp_path: Path) -> None:
    """WAL, and full sync: what was committed is there for the next process."""
    path = tmp_path / "glaze.db"
    connection = connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    create_job(connection, new_job())
    again = connect(path)
    assert again.execute("SELECT total_tasks FROM enrichment_jobs").fetchone()[0] == 6


def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    """A store of a later Glaze is left alone, in words."""
    path = tmp_path / "glaze.db"
    connect(path).close()
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA user_version = {VERSION + 1}")
    raw.close()
    with pytest.raises(StoreError, match="newer Glaze"):
        connect(path)


def test_a_file_that_is_no_store_is_left_as_it_is(tmp_path: Path) -> None:
    """Pointing --store at another file by mistake does not harm it."""
    path = tmp_path / "notes.txt"
    path.write_text("my notes, long enough to be no database header at all " * 5, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="cannot be opened"):
        connect(path)
    assert path.read_bytes() == before


def test_a_broken_upgrade_leaves_the_old_version(tmp_path: Path) -> None:
    """A migration and its record are one transaction: when it fails, neither is there."""
    connection = sqlite3.connect(tmp_path / "glaze.db", isolation_level=None)
    connection.execute("CREATE TABLE rows (id)")  # in the way of the first migration, after `tables`
    with pytest.raises(sqlite3.DatabaseError):
        from glaze_cli.store.migrations import migrate

        migrate(connection)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == 0
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert tables == ["rows"]
