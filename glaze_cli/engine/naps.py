"""Waits that a stop ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from glaze_cli.engine.retry import Sleep
from glaze_cli.errors import Stopped


class Naps:
    """Sleeps for a run: whoever waits for its turn has asked nothing yet, and need not when the run stops."""

    def __init__(self, sleep: Sleep, stop: asyncio.Event) -> None:
        self._sleep = sleep
        self._stop = stop

    def check(self) -> None:
        """Raise Stopped when the run is stopping."""
        if self._stop.is_set():
            raise Stopped("The run was stopped before it was asked.")

    async def __call__(self, seconds: float) -> None:
        """Sleep so long. Raises Stopped as soon as the run stops."""
        await self._first(self._sleep(seconds))

    async def until(self, event: asyncio.Event) -> None:
        """Wait for it. Raises Stopped as soon as the run stops."""
        await self._first(event.wait())

    async def _first(self, awaited: Awaitable[object]) -> None:
        waiting = asyncio.ensure_future(awaited)
        stopping = asyncio.ensure_future(self._stop.wait())
        try:
            self.check()
            await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            stopping.cancel()
            await asyncio.gather(waiting, stopping, return_exceptions=True)
        self.check()
