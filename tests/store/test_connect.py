"""Opening the store: made, upgraded, refused or reported, never silently recreated."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlite_utils

from glaze_cli.errors import StoreError
from glaze_cli.store.connect import VERSION, close_all, connect
from glaze_cli.store.create import create_job
from glaze_cli.store.migrations import MIGRATIONS
from glaze_cli.store.rescue import damage_met
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


def a_store(path: Path) -> tuple[Path, Path]:
    """A store that its process left in the middle of things; (the file, its write-ahead log)."""
    made = path.with_name("made.db")
    connection = connect(made)
    create_job(connection, new_job(rows=300))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("UPDATE rows SET number = number + 1 WHERE id = 150")
    log = path.with_name(f"{path.name}-wal")
    shutil.copyfile(made, path)
    shutil.copyfile(made.with_name("made.db-wal"), log)
    connection.close()
    return path, log


def garble(path: Path, start: int, with_what: bytes) -> None:
    """Overwrite some of it."""
    content = bytearray(path.read_bytes())
    content[start : start + len(with_what)] = with_what
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("start", "with_what"),
    [
        (0, b"garbled header!!"),
        (16, b"\x12\x34"),  # the size of a page
        (47, b"\x09"),  # the number of the format
        (0, bytes(4096)),  # the whole first page
        (100, b"\xff" * 900),  # where the schema begins
        (100, b"\xff" * 200_000),  # all but the header
    ],
)
def test_a_damaged_store_is_reported_and_copied(tmp_path: Path, start: int, with_what: bytes) -> None:
    """It is left byte for byte, its log too; the copy is its owner's only, and the sentence says all."""
    path, log = a_store(tmp_path / "my glaze.db")
    garble(path, start, with_what)
    before = path.read_bytes(), log.read_bytes()
    with pytest.raises(StoreError) as told:
        connect(path)
    assert (path.read_bytes(), log.read_bytes()) == before
    copy = tmp_path / f"my glaze.db.corrupt-{hashlib.sha256(before[0]).hexdigest()[:8]}"
    assert (copy.read_bytes(), copy.with_name(f"{copy.name}-wal").read_bytes()) == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    for words in (f"{path} is damaged", str(copy), f"sqlite3 '{path}' .recover", "--store"):
        assert words in str(told.value)


def test_a_damaged_store_is_copied_once(tmp_path: Path) -> None:
    """Each command that meets it says the same, and the disk does not fill with copies."""
    path, _ = a_store(tmp_path / "glaze.db")
    garble(path, 0, b"garbled header!!")
    with pytest.raises(StoreError, match="damaged"):
        connect(path)
    (copy,) = tmp_path.glob("*.corrupt-????????")
    copy.write_bytes(b"seen")
    with pytest.raises(StoreError, match=str(copy)):
        connect(path)
    assert copy.read_bytes() == b"seen"


def test_a_store_cut_short_is_damaged(tmp_path: Path) -> None:
    """A file that ends too early is not taken for a smaller store."""
    path = tmp_path / "glaze.db"
    connection = connect(path)
    create_job(connection, new_job(rows=300))
    connection.close()
    path.write_bytes(path.read_bytes()[:100_000])
    with pytest.raises(StoreError, match=r"damaged.*corrupt-"):
        connect(path)


def test_an_empty_store_with_a_log_is_damaged(tmp_path: Path) -> None:
    """SQLite would delete the log, and what was committed with it."""
    path, log = a_store(tmp_path / "glaze.db")
    path.write_bytes(b"")
    before = log.read_bytes()
    with pytest.raises(StoreError, match=r"empty, but glaze\.db-wal beside it is not"):
        connect(path)
    assert log.read_bytes() == before


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    """As `touch` or mktemp leave it."""
    path = tmp_path / "glaze.db"
    path.touch()
    assert connect(path).execute("SELECT count(*) FROM rows").fetchone()[0] == 0


def test_a_copy_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """The damage is reported all the same."""
    path, _ = a_store(tmp_path / "glaze.db")
    garble(path, 0, b"garbled header!!")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    (tmp_path / f"glaze.db.corrupt-{digest}-wal").mkdir()  # in the way
    with pytest.raises(StoreError, match=r"damaged.*could not be copied"):
        connect(path)
    assert [file.name for file in tmp_path.glob("*.corrupt-*")] == [f"glaze.db.corrupt-{digest}-wal"]


def test_damage_that_shows_later_is_told_the_same_way(tmp_path: Path) -> None:
    """A page that is read for the first time; other errors are not taken for damage."""
    path = tmp_path / "glaze.db"
    connection = connect(path)
    create_job(connection, new_job(rows=300))
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'rows'").fetchone()[0]
    connection.close()
    garble(path, (root - 1) * 4096, b"\xff" * 4096)
    connection = connect(path)
    with pytest.raises(sqlite3.DatabaseError) as met:
        connection.execute("SELECT sum(length(data)) FROM rows").fetchone()
    told = damage_met(connection, met.value)
    (copy,) = tmp_path.glob("*.corrupt-*")
    assert told is not None and f"{path} is damaged" in str(told) and str(copy) in str(told)
    with pytest.raises(sqlite3.OperationalError) as wrong:
        connection.execute("SELECT nothing FROM rows")
    assert damage_met(connection, wrong.value) is None


@pytest.mark.parametrize(
    "content",
    [
        b"my notes, long enough to be no database header at all " * 5,
        b"CREATE TABLE enrichment_jobs (id TEXT); -- a dump, as text\n" * 5,
        bytes(8192),
    ],
)
def test_a_file_that_is_no_store_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    """Pointing --store at another file by mistake does not harm it; it is not copied either."""
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    when = path.stat().st_mtime_ns
    with pytest.raises(StoreError, match="cannot be opened"):
        connect(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (content, when)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("version", [0, 2])
def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path, version: int) -> None:
    """Glaze does not move in with somebody else."""
    path = tmp_path / "places.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (id)")
    other.execute(f"PRAGMA user_version = {version}")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a store of Glaze"):
        connect(path)
    assert path.read_bytes() == before


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody can reach; pytest's own are root's only."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextlib.contextmanager
def without_rights() -> Iterator[None]:
    """As a user who may do only what a mode allows: root may do anything."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.parametrize(
    ("file", "folder"),
    [(0o444, 0o777), (0o444, 0o755), (0o000, 0o755), (0o666, 0o555), (None, 0o555)],
    ids=["file", "both", "unreadable", "folder", "new"],
)
def test_a_store_that_may_not_be_written_is_said(
    tmp_path: Path, open_folder: Path, file: int | None, folder: int
) -> None:
    """In one sentence, without a copy, and it stays as it is."""
    path = open_folder / "glaze.db"
    content = a_store(tmp_path / "glaze.db")[0].read_bytes()
    if file is not None:
        path.write_bytes(content)
        path.chmod(file)
    open_folder.chmod(folder)
    with without_rights(), pytest.raises(StoreError, match=r"may not be written.*--store"):
        connect(path)
    assert {entry.name: entry.read_bytes() for entry in open_folder.iterdir()} == (
        {} if file is None else {"glaze.db": content}
    )


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    """It is refused in words."""
    with pytest.raises(StoreError, match=str(tmp_path)):
        connect(tmp_path)


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


def test_all_can_be_closed_at_once(tmp_path: Path) -> None:
    """Then the store is one file again; those that were closed or let go before do no harm."""
    path = tmp_path / "glaze.db"
    first, second = connect(path), connect(path)
    connect(path).close()
    connect(path)
    create_job(first, new_job())
    assert (tmp_path / "glaze.db-wal").exists()
    close_all()
    for connection in (first, second):
        with pytest.raises(sqlite3.ProgrammingError):
            connection.execute("SELECT 1")
    assert [each.name for each in tmp_path.iterdir()] == ["glaze.db"]
