"""The thread that draws: so many frames in a second, or fewer where a frame costs much."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Thread

from glaze_cli.ui.speed import Clock

FRAMES_PER_SECOND = 10

SHARE = 0.04
"""The part of a core that drawing may take: a slow machine with a huge window gets fewer frames."""

SLOWEST_S = 2.0
"""Seconds between two frames at most."""


class Painter:
    """Draws until it is told to stop, or until there is nothing left to draw on."""

    def __init__(self, draw: Callable[[], None], cpu: Clock = time.thread_time) -> None:
        """`cpu`: CPU seconds of the thread that asks."""
        self._draw = draw
        self._cpu = cpu
        self._stopped = Event()
        self._thread = Thread(target=self._paint, name="glaze-grid", daemon=True)

    def start(self) -> None:
        """Draw from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Draw no more; waits for the frame in hand."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _paint(self) -> None:
        pause = 1 / FRAMES_PER_SECOND
        while not self._stopped.wait(pause):
            began = self._cpu()
            try:
                self._draw()
            except OSError:  # the terminal is gone; the run ends in its own order
                return
            pause = pause_after(self._cpu() - began)


def pause_after(cost: float) -> float:
    """Seconds to wait after a frame that took so many CPU seconds."""
    return min(SLOWEST_S, max(1 / FRAMES_PER_SECOND, cost / SHARE))
