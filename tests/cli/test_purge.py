"""`glaze purge`: asked before, told after, and nothing that is still of use goes."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import Any

import pytest

from glaze_cli.cli.alive import this_process
from glaze_cli.store.clock import utc_now
from glaze_cli.store.connect import connect
from glaze_cli.store.create import create_job
from glaze_cli.store.purge import Scope, purge
from tests.cli.program import Program
from tests.store.fakes import new_job

OLD = "2026-05-31T12:00:00.000Z"
MARKER = "Annegret Zwiebelstein"


END = """
UPDATE enrichment_jobs SET status = 'completed', written_at = created_at, done_tasks = 80, error = ?
WHERE id = ?
"""
ATTEMPT = """
INSERT INTO attempts (job_id, provider, tier, lookup_key, status, reserved, billed, opened_at)
VALUES (?1, 'hunter', 'cheap', ?1, 'settled', 10000, 10000, ?2)
"""
ANSWER = """
INSERT INTO answers (key, provider, version, found, answer, created_at) VALUES (?, 'hunter', '1', 1, ?, ?)
"""


def filled(glaze: Program) -> None:
    """An old job with a paid call and an answer, and one of today."""
    connection = connect(glaze.store)
    for job_id, at, text in (("old12345", OLD, MARKER), ("new12345", utc_now(), "")):
        create_job(connection, new_job(job_id, rows=40, sheet=job_id), lambda at=at: at)
        connection.execute(END, (text or None, job_id))
        connection.execute(ATTEMPT, (job_id, at))
        connection.execute(ANSWER, (job_id, text, at))
    connection.close()


def change(glaze: Program, sql: str, *values: object) -> None:
    """Change something in the store."""
    connection = connect(glaze.store)
    connection.execute(sql, values)
    connection.close()


def jobs(glaze: Program) -> list[str]:
    """The jobs that are there."""
    return sorted(job["jobId"] for job in glaze("jobs", "--json").json)


def spent(glaze: Program) -> Any:
    """What `glaze cost` says, by provider and month."""
    document = glaze("cost", "--json").json
    return document["total"], document["byMonth"], document["byProvider"]


def test_what_is_old_goes_for_good(glaze: Program) -> None:
    """The old job and its answer leave no byte behind; what they cost is still told."""
    filled(glaze)
    before = spent(glaze)
    ran = glaze("purge", "--older-than", "90d", "--yes", "--json")
    assert ran.code == 0, ran.err
    document = ran.json
    assert (document["jobs"], document["kept"], document["dryRun"]) == (["old12345"], [], False)
    assert (document["cells"], document["calls"], document["answers"]) == (80, 1, 1)
    assert document["rewritten"] is True
    assert jobs(glaze) == ["new12345"]
    assert spent(glaze) == before
    assert "Deleted for good: 1 job with 80 cells and 1 call, 1 remembered answer." in ran.err
    files = [path for path in glaze.folder.iterdir() if path.name.startswith("glaze.db")]
    assert all(MARKER.encode() not in path.read_bytes() for path in files)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--older-than", "90d"), "say --yes"),  # a script
        ((), "--older-than 90d, or --job"),
        (("--older-than", "soon", "--yes"), '--older-than must be a time such as "30d"'),
        (("--job", "x", "--yes"), "no job x"),
        (("--job", "", "--yes"), "No job is named"),
    ],
)
def test_it_goes_only_when_told_clearly(glaze: Program, arguments: tuple[str, ...], words: str) -> None:
    """Wrong usage is one sentence and exit code 2, nothing is asked, and the store is as it was."""
    filled(glaze)
    before = glaze.store.read_bytes()
    ran = glaze("purge", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert glaze.store.read_bytes() == before


def test_a_dry_run_touches_nothing(glaze: Program) -> None:
    """It says what would go, and needs no --yes."""
    filled(glaze)
    before = glaze.store.read_bytes()
    ran = glaze("purge", "--older-than", "90d", "--dry-run", "--json")
    assert (ran.code, ran.json["jobs"], ran.json["dryRun"], ran.json["bytesFreed"]) == (
        0,
        ["old12345"],
        True,
        0,
    )
    assert "To be deleted" in ran.err and "Deleted" not in ran.err
    assert glaze.store.read_bytes() == before


@pytest.mark.parametrize(("answer", "left"), [("y", ["new12345"]), ("n", ["new12345", "old12345"])])
def test_a_person_is_asked(glaze: Program, answer: str, left: list[str]) -> None:
    """At a terminal it shows what would go, and waits for a yes."""
    filled(glaze)
    here, there = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "glaze_cli", "purge", "--older-than", "90d", "--store", str(glaze.store)],
        stdin=there,
        stdout=subprocess.PIPE,
        stderr=there,
        env={**os.environ, "COLUMNS": "200"},
    )
    os.close(there)
    os.write(here, f"{answer}\n".encode())
    assert process.wait(30) == 0
    shown = os.read(here, 10_000).decode()
    os.close(here)
    assert "1 job with 80 cells" in shown and "[y/N]" in shown
    assert jobs(glaze) == left
    assert process.stdout is not None and process.stdout.read().strip() == b""


def test_a_running_job_is_kept(glaze: Program) -> None:
    """Whatever its age, while its process lives; a dead one's job goes."""
    filled(glaze)
    running = "UPDATE enrichment_jobs SET status = 'running', owner = ? WHERE id = 'old12345'"
    change(glaze, running, this_process())
    ran = glaze("purge", "--older-than", "90d", "--yes", "--json")
    assert ran.json["kept"] == [{"jobId": "old12345", "reason": "busy"}]
    assert "Kept 1 job (not ended): old12345." in ran.err
    change(glaze, running, this_process().rpartition(":")[0].rpartition(":")[0] + ":999999999:1")
    assert glaze("purge", "--older-than", "90d", "--yes", "--json").json["jobs"] == ["old12345"]


def test_unwritten_values_are_kept_until_told(glaze: Program) -> None:
    """It says how to write them, and how to let them go."""
    filled(glaze)
    change(glaze, "UPDATE enrichment_jobs SET written_at = NULL WHERE id = 'old12345'")
    ran = glaze("purge", "--older-than", "90d", "--yes")
    assert ran.code == 0
    assert "`glaze apply JOB` writes them; --unwritten deletes them all the same." in ran.err
    assert jobs(glaze) == ["new12345", "old12345"]
    glaze("purge", "--older-than", "90d", "--yes", "--unwritten")
    assert jobs(glaze) == ["new12345"]


def test_one_job_is_named_by_its_beginning(glaze: Program) -> None:
    """With its own answers, whatever its age; but not when it is younger than what was said."""
    filled(glaze)
    ran = glaze("purge", "--job", "new", "--older-than", "1d", "--yes")
    assert (ran.code, "Nothing is to be deleted, older than" in ran.err) == (0, True)
    assert glaze("purge", "--job", "new", "--yes", "--json").json["answers"] == 1
    assert jobs(glaze) == ["old12345"]


def test_copies_of_a_damaged_store_are_named(glaze: Program) -> None:
    """They hold the same, and only their owner can say that they are of no more use."""
    filled(glaze)
    copy = glaze.folder / "glaze.db.corrupt-12345678"
    copy.write_bytes(b"")
    assert f"{copy} is a copy of a damaged store" in glaze("purge", "--older-than", "90d", "--yes").err


def test_a_purge_that_was_cut_short_is_finished(glaze: Program) -> None:
    """Space that nothing uses is given back, though nothing more is old; then there is nothing to do."""
    filled(glaze)
    connection = connect(glaze.store)
    purge(connection, Scope(job="old12345"), lambda job: True)
    connection.close()
    ran = glaze("purge", "--older-than", "90d", "--yes", "--json")
    assert ran.json["bytesFreed"] > 0
    assert glaze("purge", "--older-than", "90d", "--yes", "--json").json["rewritten"] is False


def test_a_log_that_is_being_read_is_said(glaze: Program) -> None:
    """What it may hold is gone after the next purge, though nothing more is old then."""
    filled(glaze)
    reader = connect(glaze.store)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM rows").fetchone()
    log = glaze.store.with_name("glaze.db-wal")
    ran = glaze("purge", "--older-than", "90d", "--yes")
    assert (ran.code, f"{log} could not be emptied" in ran.err) == (0, True)
    assert MARKER.encode() in glaze.store.read_bytes() + log.read_bytes()
    reader.execute("COMMIT")
    assert glaze("purge", "--older-than", "90d", "--yes").err.startswith("Nothing is to be deleted")
    assert MARKER.encode() not in glaze.store.read_bytes() + log.read_bytes()
    reader.close()


def test_looking_makes_no_store(glaze: Program) -> None:
    """Where there is none, there is nothing to purge."""
    ran = glaze("purge", "--older-than", "90d", "--yes", "--json")
    assert (ran.code, ran.json["jobs"], ran.err) == (0, [], "No job yet.\n")
    assert glaze("purge", "--job", "x", "--yes").code == 2
    assert not glaze.store.exists()


def test_a_damaged_store_is_reported(glaze: Program) -> None:
    """By every command, with exit code 2 and the way out; never made anew."""
    filled(glaze)
    content = glaze.store.read_bytes()
    glaze.store.write_bytes(b"garbled header!!" + content[16:])
    for command in (("status",), ("purge", "--older-than", "90d", "--yes"), ("cost",)):
        ran = glaze(*command)
        assert ran.code == 2
        assert "is damaged" in ran.err and ".recover" in ran.err and "Traceback" not in ran.err
    assert glaze.store.read_bytes() == b"garbled header!!" + content[16:]
    assert len(list(glaze.folder.glob("*.corrupt-*"))) == 1
