"""One timer for many moments: it rings at the earliest, and is set anew then."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable


class Alarm:
    """Calls `ring` on the running loop; times are the loop's own."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._ring_out = ring
        self._timer: asyncio.Handle | None = None
        self._at = math.inf

    @property
    def is_set(self) -> bool:
        """Whether it will ring."""
        return self._timer is not None

    def by(self, at: float) -> None:
        """Ring at that time at the latest."""
        if self._at > at:
            self.stop()
            self._timer, self._at = self._loop.call_at(at, self._ring), at

    def stop(self) -> None:
        """Do not ring."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer, self._at = None, math.inf

    def _ring(self) -> None:
        self._timer, self._at = None, math.inf
        self._ring_out()
