"""An older store is upgraded when it is opened, with all that is in it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from glaze_cli.errors import StoreError
from glaze_cli.model import JobStatus
from glaze_cli.store.connect import VERSION, connect
from glaze_cli.store.fresh import SCHEMA
from glaze_cli.store.jobs import get_job
from glaze_cli.store.migrations import MIGRATIONS, migrate
from glaze_cli.store.migrations.write_schema import schema
from tests.store.fakes import NOON

OLDER = range(1, VERSION)

# What version 1 could hold: a finished job, and one whose process is gone; calls in each state.
FILLED = f"""
INSERT INTO tables VALUES (1, '/x/leads.xlsx', 'Leads', 'xlsx', '{NOON}');
INSERT INTO columns VALUES (1, 1, 2, 'Email', 'email', 0), (2, 1, 3, 'Phone', NULL, 1);
INSERT INTO rows VALUES (1, 1, 2, '{{"Company": "Acme"}}', 'done', 0.9, '{NOON}', '{NOON}'),
    (2, 1, 2, '{{"Company": "Acme"}}', 'running', NULL, NULL, '{NOON}');
INSERT INTO enrichment_jobs (id, table_id, status, total_tasks, done_tasks, created_at, completed_at, range,
    request, file_sha256, cap, spent, written_to, written_at)
VALUES ('finished', 1, 'completed', 2, 1, '{NOON}', '{NOON}', 'B2:C2', '{{"seed": 1}}', 'ab', 500000, 20000,
    '/x/leads.xlsx', '{NOON}');
INSERT INTO enrichment_jobs (id, table_id, status, total_tasks, created_at, started_at, range, reserved,
    unknown, unknown_calls, owner)
VALUES ('broken', 1, 'running', 1, '{NOON}', '{NOON}', 'B2', 10000, 10000, 1, 'nowhere:1');
INSERT INTO cell_enrichment_tasks (id, table_id, row_id, column_id, job_id, status, result, created_at)
VALUES (1, 1, 1, 1, 'finished', 'done', '{{"value": "info@acme.example"}}', '{NOON}'),
    (2, 1, 1, 2, 'finished', 'not_found', '{{}}', '{NOON}'),
    (3, 1, 2, 1, 'broken', 'running', NULL, '{NOON}');
INSERT INTO job_counts VALUES ('finished', 'done', '', 1), ('finished', 'not_found', '', 1);
INSERT INTO job_providers VALUES ('finished', 'hunter', 'cheap', 2, 1, 1, 0, 3, 20000),
    ('broken', 'hunter', 'cheap', 1, 0, 0, 0, 0, 10000);
INSERT INTO answers VALUES ('k1', 'hunter', '1', '{{}}', 'email', 1, '{{"values": {{}}}}', 0.9, '[]', 10000,
    '{NOON}');
INSERT INTO attempts (id, job_id, provider, tier, lookup_key, idempotency_key, status, reserved, billed,
    opened_at)
VALUES (1, 'finished', 'hunter', 'cheap', 'k1', 'i1', 'settled', 10000, 10000, '{NOON}'),
    (2, 'finished', 'hunter', 'cheap', 'k2', 'i2', 'refused', 10000, 0, '{NOON}'),
    (3, 'broken', 'hunter', 'cheap', 'k3', 'i3', 'unknown', 10000, NULL, '{NOON}'),
    (4, 'broken', 'hunter', 'cheap', 'k4', 'i4', 'open', 10000, NULL, '{NOON}');
"""
FILLED_2 = """
UPDATE attempts SET handle = 'task-7' WHERE id = 4;
INSERT INTO provider_pace VALUES ('hunter', 5.0, 0.5, 1, 2);
INSERT INTO provider_slots VALUES (1, 'hunter', 7.0);
INSERT INTO provider_places VALUES (1, 'hunter', 'nowhere:1', 9.0);
"""

NEW_IN: Mapping[int, Mapping[str, Mapping[str, Any]]] = {
    2: {"attempts": {"handle": None}},
    3: {
        "enrichment_jobs": {
            **dict.fromkeys(("lease_until", "target", "stop", "exit_code", "log", "selected", "filled")),
            "repeated_calls": 0,
        },
        "job_providers": {"reserved": 0, "saved": 0},  # and `spent`, which has a test of its own
        "attempts": {"task_id": None, "repeats": None},
    },
}
"""Version → table → its new columns and what they hold in rows that were there before."""


def old_store(path: Path, version: int, filled: bool = True) -> Path:
    """A store as that version of Glaze left it."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    for migration in MIGRATIONS[:version]:
        migration(Database(connection))
    connection.execute(f"PRAGMA user_version = {version}")
    if filled:
        connection.executescript(FILLED + (FILLED_2 if version > 1 else ""))
    connection.close()
    return path


def rows_of(connection: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
    """Table → its rows, column by column."""
    db = Database(connection)
    return {table.name: list(table.rows) for table in db.tables}


def schema_of(connection: sqlite3.Connection) -> dict[str, Any]:
    """Every table's columns (with type, default, key), foreign keys and indexes with what they index."""

    def asked(sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.execute(sql)]

    found: dict[str, Any] = {}
    for name in Database(connection).table_names():
        indexes = asked(f"SELECT name, \"unique\", partial FROM pragma_index_list('{name}') ORDER BY name")
        found[name] = {
            "columns": sorted(row[1:] for row in asked(f"PRAGMA table_info('{name}')")),
            "foreign keys": sorted(row[2:] for row in asked(f"PRAGMA foreign_key_list('{name}')")),
            "indexes": {row: asked(f"PRAGMA index_info('{row[0]}')") for row in indexes},
        }
    sql = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
    found["indexes"] = asked(sql)
    return found


@pytest.mark.parametrize("version", OLDER)
def test_nothing_is_lost(tmp_path: Path, version: int) -> None:
    """Every row of every table is there after the upgrade; what is new in it has its default."""
    path = old_store(tmp_path / "glaze.db", version)
    before = rows_of(sqlite3.connect(path))
    connection = connect(path)
    connection.row_factory = None
    assert connection.execute("PRAGMA user_version").fetchone()[0] == VERSION
    after = rows_of(connection)
    for table, rows in before.items():
        assert rows, f"the test fills {table}"
        added = {
            k: v for new in range(version + 1, VERSION + 1) for k, v in NEW_IN[new].get(table, {}).items()
        }
        kept = [
            {name: value for name, value in row.items() if name != "spent" or table != "job_providers"}
            for row in after[table]
        ]
        assert kept == [row | added for row in rows]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("version", OLDER)
def test_a_provider_has_spent_what_its_cells_cost(tmp_path: Path, version: int) -> None:
    """Before version 3 a provider's money was counted by cells: that is what it has spent."""
    connection = connect(old_store(tmp_path / "glaze.db", version))
    rows = connection.execute("SELECT job_id, spent, cost FROM job_providers").fetchall()
    assert {row["job_id"]: (row["spent"], row["cost"]) for row in rows} == {
        "finished": (20_000, 20_000),
        "broken": (10_000, 10_000),
    }


@pytest.mark.parametrize("version", OLDER)
def test_its_jobs_are_read(tmp_path: Path, version: int) -> None:
    """A job of an older Glaze is a job of this one."""
    connection = connect(old_store(tmp_path / "glaze.db", version))
    finished, broken = get_job(connection, "finished"), get_job(connection, "broken")
    assert (finished.status, finished.cap, finished.request) == (JobStatus.COMPLETED, 500_000, {"seed": 1})
    assert (broken.status, broken.owner, broken.repeated_calls) == (JobStatus.RUNNING, "nowhere:1", 0)


@pytest.mark.parametrize("version", OLDER)
def test_an_upgraded_store_is_like_a_fresh_one(tmp_path: Path, version: int) -> None:
    """The same tables, columns, defaults, keys and indexes."""
    old = connect(old_store(tmp_path / "glaze.db", version))
    assert schema_of(old) == schema_of(connect(tmp_path / "fresh.db"))


@pytest.mark.parametrize("version", [0, *OLDER])
def test_processes_that_open_it_at_once_upgrade_it_once(tmp_path: Path, version: int) -> None:
    """One makes the steps, which could not be made twice; the others wait for it; all can work."""
    path = tmp_path / "glaze.db"
    if version:
        old_store(path, version)
    code = (
        "import sys\nfrom glaze_cli.store.connect import connect\nfrom glaze_cli.store import migrations\n"
        "print('ready', flush=True)\nsys.stdin.readline()\n"
        f"print(connect({str(path)!r}).execute('PRAGMA user_version').fetchone()[0])"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[0] for process in processes] == [f"{VERSION}\n"] * 3
    assert schema_of(sqlite3.connect(path)) == schema_of(connect(tmp_path / "fresh.db"))


def test_a_newer_store_is_left_as_it_is(tmp_path: Path) -> None:
    """It is refused in words, and no byte of it or of its write-ahead log changes."""
    path = tmp_path / "glaze.db"
    connect(path).close()
    newer = sqlite3.connect(path, isolation_level=None)
    newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    newer.execute("CREATE TABLE of_the_future (id)")
    log = tmp_path / "glaze.db-wal"
    before = path.read_bytes(), log.read_bytes()
    other = tmp_path / "copy.db"  # nobody has it open, so that its log could be folded into it
    for file, content in zip((other, tmp_path / "copy.db-wal"), before, strict=True):
        file.write_bytes(content)
    for store in (path, other):
        with pytest.raises(StoreError, match=rf"newer Glaze \(version {VERSION + 1}.*upgrade Glaze"):
            connect(store)
        assert (store.read_bytes(), store.with_name(f"{store.name}-wal").read_bytes()) == before
    assert len(before[1]) > 0


def test_a_fresh_store_is_what_the_migrations_come_to() -> None:
    """schema.sql makes the same store; `python -m glaze_cli.store.migrations.write_schema` writes it anew."""
    assert SCHEMA.read_text(encoding="utf-8") == schema()
    made = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"
    migrated = sqlite3.connect(":memory:", isolation_level=None)
    migrate(migrated)
    fresh = connect(":memory:")
    assert [tuple(row) for row in fresh.execute(made)] == migrated.execute(made).fetchall()
    assert fresh.execute("PRAGMA user_version").fetchone()[0] == VERSION
