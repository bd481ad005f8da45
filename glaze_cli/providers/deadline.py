"""Bounds how long calls may take, and how long a server may say nothing: one timer for all of them."""

from __future__ import annotations

import asyncio
import math
from types import TracebackType

_TICK_S = 0.001  # the loop's timers are no finer


class Watch:
    """Looks after the calls of one door. A timer each would take a tenth of a call's time, and none is late
    in the end: so it looks when the first could be late, and then again when the next could."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._looks_at = math.inf
        self._running: set[Deadline] = set()

    def deadline(self, whole_s: float, silence_s: float) -> Deadline:
        """Bounds of one call: what is done within `with` takes at most `whole_s` seconds, and lasts at most
        `silence_s` after a `listen`."""
        return Deadline(self, whole_s, silence_s)

    def close(self) -> None:
        """Look no more, where nothing is running."""
        if self._timer is not None and not self._running:
            self._timer.cancel()
            self._timer, self._looks_at = None, math.inf

    def add(self, deadline: Deadline, loop: asyncio.AbstractEventLoop, due: float) -> None:
        """Watch a call that cannot be late before `due`."""
        if loop is not self._loop:  # a new run: whatever ran in the last one is over, and so is its timer
            self._loop, self._timer, self._looks_at = loop, None, math.inf
            self._running.clear()
        self._running.add(deadline)
        if due < self._looks_at:
            self._look_at(loop, due)

    def drop(self, deadline: Deadline) -> None:
        """It is over."""
        self._running.discard(deadline)

    def _look_at(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._looks_at, self._timer = due, loop.call_at(due, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        if loop is not self._loop:
            return
        self._looks_at, self._timer = math.inf, None
        now = loop.time()
        for late in [deadline for deadline in self._running if deadline.due <= now + _TICK_S]:
            self._running.discard(late)
            late.run_out()
        if self._running:
            self._look_at(loop, min(deadline.not_before(now) for deadline in self._running))


class Deadline:
    """Of one call; `with` it, TimeoutError is raised when it is late.

    As with `asyncio.timeout`, whoever else cancels the task gets a CancelledError as ever: only the
    cancelling that this has asked for is taken back.
    """

    __slots__ = ("_cancelling", "_ends", "_loop", "_over", "_silent_from", "_task", "_watch", "silence_s")
    _cancelling: int
    _loop: asyncio.AbstractEventLoop
    _task: asyncio.Task[object]

    def __init__(self, watch: Watch, whole_s: float, silence_s: float) -> None:
        self._watch = watch
        self._ends = whole_s  # a moment once it has begun
        self.silence_s = silence_s
        self._silent_from = math.inf
        self._over = False

    def __enter__(self) -> None:
        self._loop = loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        if task is None:
            raise RuntimeError("a deadline needs a task that it can end")
        self._task = task
        self._cancelling = task.cancelling()
        now = loop.time()
        self._ends += now
        due = now + self.silence_s  # `not_before`, of which this is what a beginning comes to
        self._watch.add(self, loop, due if due < self._ends else self._ends)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watch.drop(self)
        # Always taken back, whatever the work ended in: a cancelling left standing would end other work.
        if self._over and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error

    @property
    def due(self) -> float:
        """When it is late, if nothing more is heard: a time of the loop."""
        return min(self._ends, self._silent_from + self.silence_s)

    def not_before(self, now: float) -> float:
        """A moment before which it is not late: who begins to listen after now hears a silence later."""
        return min(self._ends, min(now, self._silent_from) + self.silence_s)

    def listen(self) -> None:
        """From now on the other side has to say something, or something more."""
        self._silent_from = self._loop.time()

    def hush(self) -> None:
        """It need not say anything."""
        self._silent_from = math.inf

    def run_out(self) -> None:
        """It is late."""
        self._over = True
        self._task.cancel()
