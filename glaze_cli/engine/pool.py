"""N workers over one schedule; a stop event ends them after the cell they have in hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from glaze_cli.engine.patience import Patience, Timekeeper
from glaze_cli.engine.rows import RowUnderWay
from glaze_cli.engine.schedule import Schedule
from glaze_cli.model.settings import RunSettings

Work = Callable[[RowUnderWay, int, Patience], Awaitable[None]]


async def run_pool(
    schedule: Schedule, work: Work, timekeeper: Timekeeper, settings: RunSettings, stop: asyncio.Event
) -> bool:
    """Work every cell, until there are none, `stop` is set, or the job's time is up (which sets it).

    Returns whether the time was up. After a stop the cells in hand get `settings.grace` seconds to end, then
    are cancelled. `work` does not raise for one cell's sake; what it does raise ends the run and is raised
    here.
    """
    at_once = range(int(settings.concurrency))
    workers = [asyncio.create_task(_worker(schedule, work, timekeeper)) for _ in at_once]
    everyone: asyncio.Future[Any] = asyncio.gather(*workers)
    stopped: asyncio.Future[Any] = asyncio.create_task(stop.wait())
    either: tuple[asyncio.Future[Any], ...] = (everyone, stopped)
    late = False
    try:
        await asyncio.wait(either, timeout=settings.job_timeout, return_when=asyncio.FIRST_COMPLETED)
        if not everyone.done():
            late = not stop.is_set()
            stop.set()
            schedule.wake()
            await asyncio.wait({everyone}, timeout=settings.grace)
    finally:
        for task in (stopped, *workers):
            task.cancel()  # nothing happens to those that ended
        results = await asyncio.gather(*workers, return_exceptions=True)
        await asyncio.gather(everyone, stopped, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return late


async def _worker(schedule: Schedule, work: Work, timekeeper: Timekeeper) -> None:
    """Take cells until there are none to be had."""
    patience = timekeeper.patience()
    while (cell := await schedule.take()) is not None:
        row, column = cell
        await work(row, column, patience)
        schedule.done(row, column)
