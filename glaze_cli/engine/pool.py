"""N workers over one schedule; a stop event ends them after the cell they have in hand."""

from __future__ import annotations

import asyncio

from glaze_cli.engine.cells import Cells
from glaze_cli.engine.descent import Descent
from glaze_cli.engine.patience import Left, Patience, Timekeeper
from glaze_cli.engine.schedule import Schedule
from glaze_cli.model.settings import RunSettings


class Pool:
    """The workers of one run."""

    def __init__(
        self,
        schedule: Schedule,
        cells: Cells,
        timekeeper: Timekeeper,
        settings: RunSettings,
        stop: asyncio.Event,
    ) -> None:
        self._schedule = schedule
        self._cells = cells
        self._timekeeper = timekeeper
        self._settings = settings
        self._stop = stop
        self._workers: dict[asyncio.Task[None], Patience | None] = {}
        """And their clocks, once they have begun."""
        self._over = asyncio.Event()
        self._error: BaseException | None = None

    async def run(self) -> bool:
        """Work every cell, until there are none, `stop` is set, or the job's time is up (which sets it).

        Returns whether the time was up. After a stop the cells in hand get `settings.grace` seconds to end,
        then they are given up; calls that are under way then go on, each in its worker's task. What a worker
        raised is raised here.
        """
        for _ in range(int(self._settings.concurrency)):
            self._begin()
        over, stopped = asyncio.create_task(self._over.wait()), asyncio.create_task(self._stop.wait())
        late = False
        try:
            either, most = (over, stopped), self._settings.job_timeout
            await asyncio.wait(either, timeout=most, return_when=asyncio.FIRST_COMPLETED)
            if not self._over.is_set():
                late = not self._stop.is_set()
                self._stop.set()
                self._schedule.wake()
                await asyncio.wait({over}, timeout=self._settings.grace)
        finally:
            over.cancel()
            stopped.cancel()
            await self._send_home()
            await asyncio.gather(over, stopped, return_exceptions=True)
        if self._error is not None:
            raise self._error
        return late

    def _begin(self, way: Descent | None = None) -> None:
        """`way`: of the cell that another worker has left."""
        worker = asyncio.create_task(self._work(way))
        self._workers[worker] = None
        worker.add_done_callback(self._ended)

    async def _work(self, left: Descent | None) -> None:
        """Take cells until there are none to be had."""
        me = asyncio.current_task()
        assert me is not None
        patience = self._timekeeper.patience(lambda: self._replace(me))
        self._workers[me] = patience
        if left is not None:
            self._cells.give_up(left, patience.seconds)
            self._schedule.done(left.row, left.column.column)
        try:
            while (cell := await self._schedule.take()) is not None:
                row, column = cell
                ending = self._cells.begin(row, column, patience)
                if ending is not None:
                    await ending
                self._schedule.done(row, column)
        except Left:
            return

    def _replace(self, worker: asyncio.Task[None]) -> None:
        """It stays with the call that it carries, and is a worker no longer: another one ends its cell, and
        takes the next."""
        patience = self._workers.pop(worker)
        assert patience is not None
        self._begin(patience.way)

    def _ended(self, worker: asyncio.Task[None]) -> None:
        error = None if worker.cancelled() else worker.exception()
        if worker not in self._workers:
            return  # it had left
        del self._workers[worker]
        self._error = self._error or error
        if self._error or not self._workers:
            self._over.set()

    async def _send_home(self) -> None:
        """Those that carry a call leave their cell, and go on with it; the others are cancelled."""
        cancelled = []
        for worker, patience in tuple(self._workers.items()):
            if patience is not None and patience.carries:
                patience.leave()
                del self._workers[worker]
            else:
                worker.cancel()
                cancelled.append(worker)
        await asyncio.gather(*cancelled, return_exceptions=True)
