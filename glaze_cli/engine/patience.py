"""How long a cell may take; the clock stands still while it waits for its turn."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self


class Patience:
    """A time limit, as an async context: TimeoutError when it is used up.

    Waiting because a service allows only so many calls a minute is no fault of the cell's, and does not
    count. One timer serves the whole time: when it rings too early, it is set anew for what is left, so that
    the many short waits cost nothing.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timeout = asyncio.timeout(None)
        self._loop = asyncio.get_running_loop()
        self._end = 0.0
        """When the time is up, by the loop's clock, if no more pauses come."""
        self._timer: asyncio.TimerHandle | None = None
        self._pauses = 0
        self._paused_at = 0.0
        self._rang = False
        """The timer rang during a pause."""

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        self._end = self._loop.time() + self._seconds
        self._timer = self._loop.call_at(self._end, self._ring)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        await self._timeout.__aexit__(kind, error, trace)

    def pause(self) -> None:
        """Stop the clock; every pause has its `resume`."""
        self._pauses += 1
        if self._pauses == 1:
            self._paused_at = self._loop.time()

    def resume(self) -> None:
        """Let it run on."""
        self._pauses -= 1
        if self._pauses == 0:
            self._end += self._loop.time() - self._paused_at
            if self._rang:
                self._rang = False
                self._ring()

    def _ring(self) -> None:
        if self._pauses:
            self._rang = True
        elif self._loop.time() >= self._end - 1e-3:  # a timer may ring a little early
            self._timeout.reschedule(self._loop.time())
        else:
            self._timer = self._loop.call_at(self._end, self._ring)
