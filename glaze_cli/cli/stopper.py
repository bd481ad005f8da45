"""Ctrl-C and SIGTERM: the first stops taking work, the second stops at once. Nothing committed is lost."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator


class Stopper:
    """Turns signals into a stop event, and knows afterwards which signal it was."""

    def __init__(self, say: Callable[[str], None], job_id: str) -> None:
        self._say = say
        self._job_id = job_id
        self.terminated = False
        """Whether SIGTERM (or a closed terminal) stopped the run, rather than Ctrl-C."""
        self.at_once = False
        """Whether a second signal came."""

    @contextlib.contextmanager
    def watching(self, stop: asyncio.Event) -> Iterator[None]:
        """Inside a running loop: until the block ends, signals go here."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        for number in numbers:
            loop.add_signal_handler(number, self._on_signal, number, stop, task)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)

    def _on_signal(self, number: int, stop: asyncio.Event, task: asyncio.Task[object] | None) -> None:
        self.terminated = self.terminated or number != signal.SIGINT
        if stop.is_set() and task is not None:
            self.at_once = True
            task.cancel()
        elif not stop.is_set():
            stop.set()
            self._say(
                "Stopping: calls in flight may finish; once more stops at once. "
                f"`glaze resume {self._job_id}` goes on later."
            )
