"""Ctrl-C and SIGTERM: the first stops taking work, the second stops at once. Nothing committed is lost."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glaze_cli.cli.lease import Lease


_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopper:
    """Turns signals into a stop event, and knows afterwards which signal it was."""

    def __init__(self, say: Callable[[str], None], job_id: str) -> None:
        self._say = say
        self._job_id = job_id
        self.terminated = False
        """Whether SIGTERM (or a closed terminal) stopped the run, rather than Ctrl-C."""
        self.at_once = False
        """Whether a second signal came."""
        self._seen = False
        self._terminals = _terminals()

    @contextlib.contextmanager
    def noting(self) -> Iterator[None]:
        """Between two loops a signal is kept for the next one to see; a second one stops at once."""
        before = {number: signal.signal(number, self._note) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, number: int, frame: object) -> None:
        self.terminated = self.terminated or number != signal.SIGINT
        if self._seen:
            raise KeyboardInterrupt
        self._seen = True
        if number == signal.SIGHUP:
            _leave(self._terminals)

    @contextlib.contextmanager
    def watching(self, stop: asyncio.Event, lease: Lease) -> Iterator[None]:
        """Inside a running loop: until the block ends, signals go here, and so does `glaze cancel`."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if self._seen or lease.cancelled or lease.lost:  # while no loop was running
            stop.set()

        def on_stop() -> None:
            loop.call_soon_threadsafe(self._on_lease, stop, lease)

        lease.on_stop = on_stop
        before = {number: signal.getsignal(number) for number in _SIGNALS}
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._on_signal, number, stop, task)
        try:
            yield
        finally:
            lease.on_stop = None
            for number, handler in before.items():
                loop.remove_signal_handler(number)
                signal.signal(number, handler)

    def _on_lease(self, stop: asyncio.Event, lease: Lease) -> None:
        if stop.is_set():
            return
        stop.set()
        if lease.cancelled:
            self._say(f"Cancelled: calls in flight may finish. `glaze resume {self._job_id}` goes on later.")

    def _on_signal(self, number: int, stop: asyncio.Event, task: asyncio.Task[object] | None) -> None:
        self.terminated = self.terminated or number != signal.SIGINT
        if number == signal.SIGHUP:
            _leave(self._terminals)
        if stop.is_set() and task is not None:
            self.at_once = True
            task.cancel()
        elif not stop.is_set():
            stop.set()
            self._seen = True
            self._say(
                "Stopping: calls in flight may finish; once more stops at once. "
                f"`glaze resume {self._job_id}` goes on later."
            )


def _terminals() -> list[int]:
    """Which of the standard streams are terminals; once that is gone, it does not say so any more."""
    return [number for number in (0, 1, 2) if os.isatty(number)]


def _leave(terminals: list[int]) -> None:
    """The terminal is gone: what is written to it from now on goes nowhere, instead of failing the run."""
    for number in terminals:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
