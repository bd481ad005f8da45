"""How long a cell may take; the clock stands still while it waits for its turn."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self


class Patience:
    """A time limit, as an async context: TimeoutError when it is used up.

    Waiting because a service allows only so many calls a minute is no fault of the cell's, and does not
    count.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timeout = asyncio.timeout(seconds)
        self._left: float | None = None
        self._pauses = 0

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._timeout.__aexit__(kind, error, trace)

    def pause(self) -> None:
        """Stop the clock; every pause has its `resume`."""
        self._pauses += 1
        when = self._timeout.when()
        if self._pauses == 1 and when is not None and not self._timeout.expired():
            self._left = when - asyncio.get_running_loop().time()
            self._timeout.reschedule(None)

    def resume(self) -> None:
        """Let it run on."""
        self._pauses -= 1
        if self._pauses == 0 and self._left is not None:
            self._timeout.reschedule(asyncio.get_running_loop().time() + self._left)
            self._left = None
