"""Holds a service's published limits: so many calls at once, so many in any window of time."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from glaze_cli.model import Limits


class Gate:
    """One service's gate, for this process. `now` (seconds, monotonic) and `sleep` can be replaced."""

    def __init__(
        self,
        limits: Limits,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._places = asyncio.Semaphore(limits.concurrency)
        # The moments of the last calls of each window: when it is full, the oldest must be out of it.
        self._windows = [(window.seconds, deque[float](maxlen=window.calls)) for window in limits.windows]
        self._resume = -math.inf
        self._now = now
        self._sleep = sleep

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place for one call: waits for it, holds it until the block ends."""
        async with self._places:
            while (wait := self._wait()) > 0:  # another may have taken the place meanwhile
                await self._sleep(wait)
            for _, calls in self._windows:
                calls.append(self._now())
            yield

    def pause(self, seconds: float) -> None:
        """Let nobody through for so long: the service told one of us to wait, and meant all."""
        self._resume = max(self._resume, self._now() + seconds)

    def _wait(self) -> float:
        now = self._now()
        full = (calls[0] + span for span, calls in self._windows if len(calls) == calls.maxlen)
        return max(self._resume, *full, now) - now
