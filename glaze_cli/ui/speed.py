"""How fast a job goes, lately."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds that only grow: `time.monotonic`, or a test's own."""

LATELY_S = 30
"""The speed is that of the last half minute: what the time left depends on."""


class Speed:
    """How many cells end in a second."""

    def __init__(self) -> None:
        self._start = 0.0
        self._seconds: deque[list[int]] = deque([[-1, 0]], maxlen=LATELY_S)
        """[second, cells that ended in it], of the seconds in which any did."""

    def begin(self, now: float) -> None:
        """Time runs from here."""
        self._start = now

    def tick(self, now: float) -> None:
        """One more cell ended."""
        second = int(now - self._start)
        last = self._seconds[-1]
        if last[0] == second:
            last[1] += 1
        else:
            self._seconds.append([second, 1])

    def elapsed(self, now: float) -> float:
        """Seconds since the start."""
        return now - self._start

    def rate(self, now: float) -> float:
        """Cells per second over the last half minute, or since the start where that is less."""
        elapsed = self.elapsed(now)
        recent = sum(count for second, count in self._seconds if second > elapsed - LATELY_S)
        return recent / max(1.0, min(elapsed, LATELY_S))


def speed(rate: float) -> str:
    """`0.5 cells/s`, `1,421 cells/s`: no more digits than mean something."""
    return f"{rate:,.0f} cells/s" if rate >= 100 else f"{rate:.1f} cells/s"
