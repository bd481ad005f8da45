"""A look at the store: many reads in one, and never older than our own last commit."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from glaze_cli.store.connect import connect
from glaze_cli.store.create import create_job
from glaze_cli.store.snapshot import HOLDS_S, Snapshot
from glaze_cli.store.writer import Writer
from tests.store.fakes import new_job

NUMBER = "SELECT number FROM rows WHERE id = 1"


def number(connection: sqlite3.Connection) -> int:
    """What the first row's number is there."""
    return int(connection.execute(NUMBER).fetchone()[0])


def change(to: int) -> str:
    """A statement that changes it."""
    return f"UPDATE rows SET number = {to} WHERE id = 1"


def test_it_shows_what_was_committed_before(tmp_path: Path) -> None:
    """Each commit of our own is seen by the next look; that of another process a moment later."""
    path = tmp_path / "store.db"
    reader, ours, theirs = connect(path), connect(path), connect(path)
    job = create_job(ours, new_job())

    async def go() -> list[int]:
        writer = Writer(ours, job.id)
        snapshot = Snapshot(reader, writer)
        seen = [number(snapshot.look())]
        for to in (10, 11):
            await writer.do(lambda store: store.execute(change(to)).rowcount)  # noqa: B023
            seen.append(number(snapshot.look()))
        await asyncio.to_thread(theirs.execute, change(12))
        seen.append(number(snapshot.look()))
        await asyncio.sleep(2 * HOLDS_S)
        seen.append(number(snapshot.look()))
        snapshot.end()
        assert not reader.in_transaction
        await writer.close()
        return seen

    assert asyncio.run(go()) == [2, 10, 11, 11, 12]


def test_a_look_ends_by_itself(tmp_path: Path) -> None:
    """Otherwise a job that waits would keep the log of the store from being folded in."""
    path = tmp_path / "store.db"
    reader, ours = connect(path), connect(path)
    job = create_job(ours, new_job())

    async def go() -> None:
        writer = Writer(ours, job.id)
        snapshot = Snapshot(reader, writer)
        snapshot.look()
        assert reader.in_transaction
        await asyncio.sleep(2 * HOLDS_S)
        assert not reader.in_transaction
        await writer.close()

    asyncio.run(go())


def test_it_shows_what_was_just_committed_though_it_was_looked_at_meanwhile(tmp_path: Path) -> None:
    """A look that began while a transaction was under way ends with its commit."""
    path = tmp_path / "store.db"
    reader, ours = connect(path), connect(path)
    job = create_job(ours, new_job())

    async def go() -> list[int]:
        writer = Writer(ours, job.id)
        snapshot = Snapshot(reader, writer)

        def work(store: sqlite3.Connection) -> int:
            store.execute(change(10))
            return number(snapshot.look())

        seen = [await writer.do(work), number(snapshot.look())]
        snapshot.end()
        await writer.close()
        return seen

    assert asyncio.run(go()) == [2, 10]
