"""What is purged is gone for good; what it cost, and all the rest, stays."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from glaze_cli.errors import StoreError
from glaze_cli.model import Field, Found, Lookup, Micros
from glaze_cli.store.answers import put_answer
from glaze_cli.store.connect import connect
from glaze_cli.store.costs import Cost, read_costs
from glaze_cli.store.create import create_job
from glaze_cli.store.purge import Kept, Scope, find_old, moment_before, purge
from glaze_cli.store.space import empty_log, give_back, space
from tests.store.fakes import NOON, new_job

OLD = "2026-05-31T23:59:59.999Z"
CUT = "2026-08-01T00:00:00.000Z"
MARKER = "Annegret Zwiebelstein"
TABLES = (
    *("tables", "columns", "rows", "enrichment_jobs", "cell_enrichment_tasks"),
    *("job_counts", "job_providers", "answers", "attempts"),
)

ATTEMPT = """
INSERT INTO attempts (job_id, provider, tier, lookup_key, idempotency_key, status, detail, reserved, billed,
    opened_at, task_id, handle) VALUES (?, ?, 'cheap', ?, 'k', ?, ?, 10000, ?, ?, 1, ?)
"""
PROVIDER = """
INSERT INTO job_providers (job_id, provider, tier, calls, hits, misses, errors, cache_hits, saved)
VALUES (?, ?, 'cheap', 9, 4, 3, 2, 1, 70000)
"""
END = """
UPDATE enrichment_jobs SET status = 'completed', done_tasks = 2, written_at = created_at, error = ?
WHERE id = ?
"""

Call = tuple[str, str, int | None, str]
"""(provider, status, billed, opened at)"""
CALLS: Sequence[Call] = (
    ("hunter", "settled", 10_000, OLD),
    ("hunter", "settled", 0, "2026-06-01T00:00:00.000Z"),
    ("hunter", "refused", 3_000, OLD),
    ("hunter", "refused", None, OLD),
    ("hunter", "unknown", None, OLD),
    ("gleif", "settled", 0, OLD),
)


def job_of(
    connection: sqlite3.Connection,
    job_id: str,
    at: str = OLD,
    calls: Sequence[Call] = CALLS,
    text: str = MARKER,
    sheet: str = "Leads",
    rows: int = 3,
) -> None:
    """A job that has ended and was written: its text is in every place that can hold some of a sheet."""
    create_job(connection, new_job(job_id, rows=rows, sheet=sheet), lambda: at)
    tasks = "(SELECT row_id FROM cell_enrichment_tasks WHERE job_id = ?)"
    connection.execute(f"UPDATE rows SET data = ? WHERE id IN {tasks}", (json.dumps({"N": text}), job_id))
    connection.execute(
        "UPDATE cell_enrichment_tasks SET result = ?, old = ?, error = ? WHERE job_id = ?",
        (*[json.dumps(text * 40)] * 3, job_id),
    )
    connection.execute(END, (text, job_id))
    for number, (provider, status, billed, opened) in enumerate(calls):
        values = (job_id, provider, f"{job_id}-{number}", status, text, billed, opened, None)
        connection.execute(ATTEMPT, values)
    for provider in {call[0] for call in calls}:
        connection.execute(PROVIDER, (job_id, provider))
    connection.execute("INSERT INTO job_counts VALUES (?, 'failed', ?, 1)", (job_id, text))


def answer_of(connection: sqlite3.Connection, key: str, at: str, text: str = MARKER) -> None:
    """A remembered answer under that key."""
    lookup = Lookup.about("hunter", "1", {Field("company"): text})
    put_answer(connection, lookup, Found({Field("email"): text}, 0.9), Micros(10_000), at)
    connection.execute("UPDATE answers SET key = ? WHERE key = ?", (key, lookup.key))


def two_jobs(path: Path | str = ":memory:") -> sqlite3.Connection:
    """An old job and a new one on two sheets, each with an answer of its own."""
    connection = connect(path)
    job_of(connection, "old", rows=300)
    answer_of(connection, "old-0", OLD)
    job_of(connection, "new", NOON, text="stays", sheet="Other")
    answer_of(connection, "new-0", NOON, text="stays")
    return connection


def contents(connection: sqlite3.Connection) -> Mapping[str, list[tuple[object, ...]]]:
    """All that the tables hold."""
    return {name: [tuple(row) for row in connection.execute(f"SELECT * FROM {name}")] for name in TABLES}


def names(connection: sqlite3.Connection, table: str, column: str = "id") -> set[object]:
    """The values of a column."""
    return {row[0] for row in connection.execute(f"SELECT {column} FROM {table}")}


def free(_: object) -> bool:
    """No process works on any job."""
    return True


def raw(path: Path) -> bytes:
    """Every byte of the store, its write-ahead log and its shared memory."""
    files = [path.with_name(path.name + end) for end in ("", "-wal", "-shm")]
    return b"".join(file.read_bytes() for file in files if file.exists())


@pytest.mark.parametrize("rewrite", [True, False], ids=["rewritten", "a job runs"])
def test_no_byte_of_it_is_left(tmp_path: Path, rewrite: bool) -> None:
    """Text of a purged job is in no file of the open store, also where the file is not written anew."""
    path = tmp_path / "glaze.db"
    connection = two_jobs(path)
    connection.execute("PRAGMA secure_delete = OFF")  # as it is in most builds of SQLite
    assert MARKER.encode() in raw(path)
    purge(connection, Scope(CUT), free)
    if rewrite:
        give_back(connection)
        assert space(connection).free == 0
    assert empty_log(connection)
    assert MARKER.encode() not in raw(path)
    assert b"stays" in raw(path)


def test_what_is_younger_stays_as_it_was() -> None:
    """Every row of another job is as it was, and nothing of the old one is left in any table."""
    alone = connect(":memory:")
    job_of(alone, "new", NOON, text="stays", sheet="Other")
    answer_of(alone, "new-0", NOON, text="stays")
    connection = two_jobs()
    before = contents(connection)
    gone = purge(connection, Scope(CUT), free)
    after = contents(connection)
    assert ([job.id for job in gone.jobs], gone.tasks, gone.calls, gone.answers) == (["old"], 600, 6, 1)
    assert {name: len(rows) for name, rows in after.items()} == {
        name: len(rows) for name, rows in contents(alone).items()
    }
    for name, rows in after.items():
        assert set(rows) <= set(before[name])
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1


@pytest.mark.parametrize("group", [1, 10_000], ids=["one by one", "together"])
def test_what_it_cost_stays(group: int) -> None:
    """`glaze cost` is the same before and after, by provider and by month, also after a second purge."""
    connection = connect(":memory:")
    job_of(connection, "first")
    job_of(connection, "again")
    job_of(connection, "second", "2026-06-30T10:00:00.000Z")
    job_of(connection, "third", NOON)

    def costs() -> dict[str, dict[object, Cost]]:
        spending = read_costs(connection)
        by = {"provider": "provider", "month": "month"}
        return {name: {g.name[key]: g.cost for g in spending.groups(name)} for name, key in by.items()}

    before = costs()
    assert len(before["month"]) == 3
    assert len(purge(connection, Scope(CUT), free, group=group).jobs) == 3
    assert costs() == before
    purge(connection, Scope(job="third"), free)
    assert costs() == before
    assert list(connection.execute("SELECT * FROM attempts")) == []


def test_past_costs_count_what_the_ledger_said() -> None:
    """Calls by the month they were made in, a lost reply with its worst price; the rest by the job's."""
    connection = connect(":memory:")
    job_of(connection, "job", "2026-06-30T10:00:00.000Z")
    purge(connection, Scope(CUT), free)
    rows = connection.execute("SELECT * FROM past_costs ORDER BY month, provider").fetchall()
    counted = [(row["month"], row["provider"], row["calls"], row["spent"], row["unknown"]) for row in rows]
    assert counted == [
        ("2026-05", "gleif", 1, 0, 0),
        ("2026-05", "hunter", 4, 23_000, 10_000),
        ("2026-06", "gleif", 0, 0, 0),
        ("2026-06", "hunter", 1, 0, 0),
    ]
    assert [row["unknown_calls"] for row in rows] == [0, 1, 0, 0]
    assert [(row["hits"], row["saved"]) for row in rows] == [(0, 0), (0, 0), (4, 70_000), (4, 70_000)]
    assert {row["tier"] for row in rows} == {"cheap"}


def test_what_a_crash_left_open_may_have_been_billed() -> None:
    """A call of a dead process without an outcome counts with its worst price, as after `resume`."""
    connection = connect(":memory:")
    job_of(connection, "job", calls=[("hunter", "open", None, OLD)])
    purge(connection, Scope(CUT), free)
    row = connection.execute("SELECT calls, spent, unknown, unknown_calls FROM past_costs").fetchone()
    assert tuple(row) == (1, 10_000, 10_000, 1)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE enrichment_jobs SET owner = 'somebody'", Kept.BUSY),
        ("UPDATE attempts SET status = 'open', handle = 'h' WHERE id = 1", Kept.FETCHABLE),
        ("UPDATE enrichment_jobs SET written_at = NULL", Kept.UNWRITTEN),
        ("UPDATE enrichment_jobs SET completed_at = '2027-01-01'", Kept.UNWRITTEN),  # resumed since
        ("UPDATE enrichment_jobs SET written_at = NULL, done_tasks = 0", None),
        ("UPDATE attempts SET handle = 'h'", None),  # it was fetched
    ],
)
def test_what_is_still_of_use_is_kept(change: str, why: Kept | None) -> None:
    """A job at work, an answer to be fetched and values to be written stay, and it is said why."""
    connection = connect(":memory:")
    job_of(connection, "job")
    connection.execute(change)
    before = contents(connection)
    for found in (
        find_old(connection, Scope(CUT), lambda job: job.owner is None),
        purge(connection, Scope(CUT), lambda job: job.owner is None),
    ):
        assert [(job.id, reason) for job, reason in found.kept] == ([("job", why)] if why else [])
        assert [job.id for job in found.jobs] == ([] if why else ["job"])
    assert (contents(connection) == before) is (why is not None)


def test_values_that_were_never_written_go_when_told() -> None:
    """`--unwritten`, and only that."""
    connection = connect(":memory:")
    job_of(connection, "job")
    connection.execute("UPDATE enrichment_jobs SET written_at = NULL")
    assert purge(connection, Scope(CUT, unwritten=True), free).kept == []
    assert names(connection, "enrichment_jobs") == set()


def test_a_job_that_is_named_goes_with_its_own_answers() -> None:
    """Whatever its age; the answers that other jobs paid for stay, unless the named job is kept."""
    connection = two_jobs()
    for wanted, left in (("new", {"old-0"}), ("old", set())):
        connection.execute("UPDATE enrichment_jobs SET owner = 'somebody'")
        assert purge(connection, Scope(job=wanted), lambda job: job.owner is None).answers == 0
        connection.execute("UPDATE enrichment_jobs SET owner = NULL")
        assert purge(connection, Scope(job=wanted), free).answers == 1
        assert names(connection, "answers", "key") == left


def test_old_answers_go_without_a_job() -> None:
    """The cache ages by itself; what was made at that very moment stays, job or answer."""
    connection = connect(":memory:")
    job_of(connection, "edge", CUT)
    answer_of(connection, "a", OLD)
    answer_of(connection, "b", CUT, "younger")
    assert purge(connection, Scope(CUT), free).answers == 1
    assert names(connection, "answers", "key") == {"b"}
    assert names(connection, "enrichment_jobs") == {"edge"}


def test_a_sheet_stays_while_a_job_uses_it() -> None:
    """Its table, and of its columns those that have cells."""
    connection = connect(":memory:")
    job_of(connection, "old")
    job_of(connection, "new", NOON)
    connection.execute("DELETE FROM cell_enrichment_tasks WHERE job_id = 'new' AND column_id = 2")
    purge(connection, Scope(CUT), free)
    assert names(connection, "tables") == {1}
    assert names(connection, "columns", "header") == {"Email"}
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_call_points_at_no_call_that_is_gone() -> None:
    """Numbers are given anew: a later call must not be taken for the one that an older call repeats."""
    connection = connect(":memory:")
    job_of(connection, "new", NOON)
    job_of(connection, "old")
    connection.execute("UPDATE attempts SET repeats = 7 WHERE id = 1")
    connection.execute("UPDATE attempts SET repeats = 2 WHERE id = 3")
    purge(connection, Scope(CUT), free)
    kept = {row["id"]: row["repeats"] for row in connection.execute("SELECT * FROM attempts")}
    assert (kept[1], kept[3]) == (None, 2)


def test_logs_of_its_jobs_are_deleted(tmp_path: Path) -> None:
    """The log of a purged job goes; a file that a store merely names does not."""
    connection = connect(":memory:")
    mine, other = tmp_path / "old.log", tmp_path / "diary.txt"
    for job_id, path in (("old", mine), ("older", other)):
        path.write_text(MARKER, encoding="utf-8")
        job_of(connection, job_id)
        connection.execute("UPDATE enrichment_jobs SET log = ? WHERE id = ?", (str(path), job_id))
    purge(connection, Scope(CUT), free)
    assert (mine.exists(), other.exists()) == (False, True)


def test_a_log_that_cannot_be_deleted_keeps_its_job(tmp_path: Path) -> None:
    """Else nothing would know of it any more."""
    log = tmp_path / "old.log"
    log.mkdir()
    connection = two_jobs()
    connection.execute("UPDATE enrichment_jobs SET log = ? WHERE id = 'old'", (str(log),))
    before = contents(connection)
    with pytest.raises(StoreError, match=r"old\.log cannot be deleted"):
        purge(connection, Scope(CUT), free)
    assert contents(connection) == before


class FullDisk(sqlite3.Connection):
    """There is no room to write the store anew."""

    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:  # type: ignore[override]
        """All else works."""
        if sql == "VACUUM":
            raise sqlite3.OperationalError("database or disk is full")
        return super().execute(sql, *values)  # type: ignore[arg-type]


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """When the file cannot be written anew, that is said, and the next purge does it."""
    path = tmp_path / "glaze.db"
    two_jobs(path).close()
    full = sqlite3.connect(path, isolation_level=None, factory=FullDisk)
    full.row_factory = sqlite3.Row
    purge(full, Scope(CUT), free)
    with pytest.raises(StoreError, match=r"disk is full.*purge again"):
        give_back(full)
    assert names(full, "enrichment_jobs") == {"new"}
    full.close()
    connection = connect(path)
    assert space(connection).free > 0
    give_back(connection)
    assert space(connection).free == 0


def test_a_reader_keeps_the_log(tmp_path: Path) -> None:
    """While another process reads an older state, the log cannot be emptied, and it is said."""
    path = tmp_path / "glaze.db"
    connection, reader = two_jobs(path), connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM rows").fetchone()
    purge(connection, Scope(CUT), free)
    assert not empty_log(connection, seconds=0.05)
    reader.execute("COMMIT")
    assert empty_log(connection, seconds=0.05)


@pytest.mark.parametrize(
    ("seconds", "moment"),
    [
        (0, NOON),
        (90 * 86_400, "2026-08-25T12:00:00.000Z"),
        (1.5, "2026-11-23T11:59:58.500Z"),
        (1e15, ""),  # before the year 1: nothing is as old as that
    ],
)
def test_a_moment_is_told_as_the_store_tells_it(seconds: float, moment: str) -> None:
    """So that they compare as text."""
    assert moment_before(NOON, seconds) == moment
