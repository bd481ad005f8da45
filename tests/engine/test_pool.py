"""The workers: late cells, calls that outlive them, stops."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from glaze_cli.engine.runner import Run, run_job
from glaze_cli.errors import LookupFailed, StoreError, Throttled
from glaze_cli.model import Lookup
from glaze_cli.model.settings import RunSettings
from glaze_cli.store.jobs import Job
from tests.engine.fakes import Fake, make_run

ROWS = [{"Company": f"c{number}"} for number in range(4)]


def states(run: Run) -> list[str]:
    """Of the job's cells, in order."""
    rows = run.reader.execute("SELECT status, reason FROM cell_enrichment_tasks ORDER BY id")
    return [row["reason"] or row["status"] for row in rows]


def answers(run: Run) -> int:
    """How many are remembered."""
    count: int = run.reader.execute("SELECT count(*) FROM answers").fetchone()[0]
    return count


def late(company: str, seconds: float) -> Fake:
    """A provider that takes so long about one company, and no time about the others."""

    async def reply(lookup: Lookup) -> str:
        await asyncio.sleep(seconds if lookup["company"] == company else 0)
        return f"{lookup['company']}.com"

    return Fake(reply=reply)


def run(made: Run, stop: asyncio.Event | None = None) -> Job:
    """To its end."""

    async def go() -> Job:
        return await run_job(made, stop or asyncio.Event())

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("grace", "kept"),
    [
        (5, 4),  # the answer to the late call came, and is the next run's
        (0, 3),  # it was given up as well, at the end
    ],
)
def test_a_late_call_outlives_its_cell(grace: float, kept: int) -> None:
    """The only worker's first cell fails by timeout, the next are asked meanwhile, and the call goes on."""
    settings = RunSettings(concurrency=1, cell_timeout=0.1, grace=grace)
    made = make_run(ROWS, [late("c0", 0.5)], settings=settings)
    assert run(made).failed_tasks == 1
    assert states(made) == ["timeout", "done", "done", "done"]
    assert answers(made) == kept


def test_many_late_calls_leave_as_many_workers() -> None:
    """Each late cell's place in the pool is taken by one worker, not by two: never more calls than workers
    that are still at their cells."""
    at_once, most = 0, 0

    async def reply(_lookup: Lookup) -> str:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.3)
        at_once -= 1
        return "x.com"

    settings = RunSettings(concurrency=2, cell_timeout=0.1, grace=5)
    made = make_run(ROWS, [Fake(reply=reply)], settings=settings)
    run(made)
    assert states(made) == ["timeout"] * 4
    assert most == 4  # two at their cells, two that were left
    assert answers(made) == 4


def test_who_joined_a_late_call_gets_its_answer() -> None:
    """Its first cell gave up; the cell that came later to the same question had time left."""
    rows = [{"Company": "c0"}, {"Company": "c1"}, {"Company": "c0"}]

    async def reply(lookup: Lookup) -> str:
        await asyncio.sleep(0.25 if lookup["company"] == "c0" else 0.1)
        return "x.com"

    provider = Fake(reply=reply)
    settings = RunSettings(concurrency=2, cell_timeout=0.2, grace=5)
    made = make_run(rows, [provider], settings=settings)
    run(made)
    assert states(made) == ["timeout", "done", "done"]
    assert len(provider.calls) == 2


def test_a_late_call_that_is_throttled_is_made_again() -> None:
    """As it would be for a cell that waits; who joined it gets the answer, too."""
    rows = [{"Company": "c0"}, {"Company": "c1"}, {"Company": "c0"}]

    async def reply(lookup: Lookup) -> str:
        first = len([call for call in provider.calls if call["company"] == "c0"]) == 1
        await asyncio.sleep(0.25 if lookup["company"] == "c0" and first else 0.1)
        if lookup["company"] == "c0" and first:
            raise Throttled("later")
        return "x.com"

    provider = Fake(reply=reply)
    settings = RunSettings(concurrency=2, cell_timeout=0.2, grace=5, wait_min=0, wait_max=0)
    made = make_run(rows, [provider], settings=settings)
    run(made)
    assert states(made)[:2] == ["timeout", "done"]
    assert (len(provider.calls), answers(made)) == (3, 2)


def test_after_a_stop_calls_under_way_are_kept() -> None:
    """The cell is queued again when the grace is over, and the answer that came after that is remembered."""
    stop = asyncio.Event()

    async def reply(_lookup: Lookup) -> str:
        stop.set()
        await asyncio.sleep(0.3)
        return "x.com"

    provider = Fake(reply=reply)
    made = make_run(ROWS, [provider], settings=RunSettings(concurrency=1, grace=0.2))
    run(made, stop)
    assert states(made) == ["queued"] * 4
    assert (len(provider.calls), answers(made)) == (1, 1)


def test_a_late_call_that_fails_is_the_cells_no_more() -> None:
    """What it raises when nobody waits any more changes nothing."""

    async def reply(lookup: Lookup) -> str:
        await asyncio.sleep(0.3 if lookup["company"] == "c0" else 0)
        if lookup["company"] == "c0":
            raise LookupFailed("broken")
        return "x.com"

    settings = RunSettings(concurrency=1, cell_timeout=0.1, grace=5)
    made = make_run(ROWS, [Fake(reply=reply)], settings=settings)
    assert run(made).done_tasks == 3
    assert states(made) == ["timeout", "done", "done", "done"]


def test_a_store_that_breaks_ends_the_run() -> None:
    """All workers go home long before the slow call is over, and what broke is raised."""
    broken = False

    async def reply(lookup: Lookup) -> str:
        nonlocal broken
        await asyncio.sleep(60 if lookup["company"] == "c0" else 0.1)
        broken = True
        return "x.com"

    made = make_run(ROWS, [Fake(reply=reply)], settings=RunSettings(concurrency=2, grace=60))
    made.writer.set_authorizer(lambda *_: sqlite3.SQLITE_DENY if broken else sqlite3.SQLITE_OK)

    async def go() -> None:
        working = asyncio.create_task(run_job(made, asyncio.Event()))
        ended, _ = await asyncio.wait({working}, timeout=30)
        assert ended
        await working

    with pytest.raises(StoreError):
        asyncio.run(go())
