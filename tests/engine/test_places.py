"""Places in the store: kept from call to call while no other job is at work, and always given back."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace

from glaze_cli.engine.places import Places
from glaze_cli.model import Limits
from glaze_cli.store.connect import connect
from glaze_cli.store.pace import LEASE_S, Longest, enter
from glaze_cli.store.writer import Writer
from tests.engine.fakes import QUICK, Fake, SleptTime, make_run
from tests.engine.test_runner import run
from tests.store.fakes import store_with_job

LIMITS = Limits(concurrency=2)


def places_in(store: sqlite3.Connection) -> int:
    """How many are taken."""
    return int(store.execute("SELECT count(*) FROM provider_places").fetchone()[0])


def test_a_run_takes_no_more_places_than_calls_at_once() -> None:
    """A hundred free calls, one at a time: one place, taken once; none is left behind."""
    taken: list[int] = []

    def look(lookup: object) -> str:
        taken.append(store.execute("SELECT max(id) FROM provider_places").fetchone()[0])
        return "x.com"

    store = connect(":memory:")
    made = make_run([{"Company": f"c{n}"} for n in range(100)], [Fake(reply=look)], store=store)
    assert run(made).done_tasks == 100
    assert max(taken) <= made.settings.concurrency
    assert places_in(store) == 0


def test_where_another_job_is_at_work_each_call_gives_its_place_back() -> None:
    """With two jobs in the store no place waits for our next call."""
    seen: list[int] = []
    store = connect(":memory:")
    other = make_run([{"Company": "o"}], [Fake()], store=store, job_id="other")
    store.execute(
        "UPDATE enrichment_jobs SET status = 'running', owner = 'elsewhere' WHERE id = ?", ("other",)
    )

    def look(lookup: object) -> str:
        seen.append(places_in(store))
        return "x.com"

    rows = [{"Company": f"c{n}"} for n in range(5)]
    made = make_run(rows, [Fake(reply=look)], store=store, settings=replace(QUICK, concurrency=1))
    run(made)
    assert other.job.id == "other" and seen == [1] * 5 and places_in(store) == 0


def in_store(
    now: Callable[[], float], work: Callable[[Places, Writer, sqlite3.Connection], object]
) -> object:
    """What `work`, a coroutine function, gives, with places over a store in memory."""
    connection, job = store_with_job()

    async def go() -> object:
        writer = Writer(connection, job.id)
        places = Places(writer, now)
        result = await work(places, writer, connection)  # type: ignore[misc]
        await places.rest()
        await writer.close()
        return result

    return asyncio.run(go())


def test_after_a_long_sleep_a_place_that_was_kept_counts_no_more() -> None:
    """Others may have it by then: it is given back, and another one taken."""
    clock = SleptTime()
    now = [clock.now()]

    async def work(
        places: Places, writer: Writer, store: sqlite3.Connection
    ) -> tuple[bool, int | None, int | None]:
        assert await places.come("fake", LIMITS) is None
        longest = Longest(60, 60)
        entry = await writer.do(lambda db: enter(db, "fake", LIMITS, "here:1", now[0], longest))
        place = places.hold(entry.place)
        assert place is not None
        places.keep("fake", place)
        before = places.take_spare("fake", now[0])
        places.keep("fake", place)
        now[0] += LEASE_S + 1
        return before == place, places.take_spare("fake", now[0]), await places.come("fake", LIMITS)

    assert in_store(lambda: now[0], work) == (True, None, None)
