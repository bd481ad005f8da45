"""How long a cell may take; the clock stands still while it waits for its turn."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from glaze_cli.store.alarm import Alarm

if TYPE_CHECKING:
    from glaze_cli.engine.descent import Descent


class Left(Exception):
    """The worker's cell was given up while it carried a call, which is over now: another took its place."""


class Patience:
    """A time limit, as a context that is entered once a cell: TimeoutError when it is used up.

    Waiting because a service allows only so many calls a minute is no fault of the cell's, and does not
    count. A worker has one for all its cells, one after the other. While it carries a call, the call goes on
    when the time is up, and the worker with it: it has left its cell then.
    """

    __slots__ = (
        "_cancelling",
        "_leave",
        "_paused_at",
        "_pauses",
        "_rang",
        "_timekeeper",
        "carries",
        "end",
        "left",
        "task",
        "way",
    )

    def __init__(self, timekeeper: Timekeeper, leave: Callable[[], None]) -> None:
        """`leave` is called when the worker of this task leaves its cell: somebody has to end that."""
        task = asyncio.current_task(timekeeper.loop)
        assert task is not None
        self.task: asyncio.Task[Any] = task
        self.way: Descent | None = None
        """Of the cell under way."""
        self.carries = False
        """Whether its worker carries a call."""
        self.left = False
        """Whether it has left its cell. For good: this was its last."""
        self._leave = leave
        self._timekeeper = timekeeper
        self._cancelling = 0
        self._pauses = 0
        self._paused_at = 0.0
        self._rang = False
        self.end = math.inf
        """When the time is up, by the loop's clock, if no more pauses come."""

    def __enter__(self) -> Self:
        self._pauses, self._rang = 0, False
        self.end = self._timekeeper.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end = math.inf
        if self._rang and self.task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error  # as asyncio.timeout has it

    @property
    def seconds(self) -> float:
        """How long it is, for one cell."""
        return self._timekeeper.seconds

    @property
    def paused(self) -> bool:
        """Whether its clock stands still."""
        return self._pauses > 0

    def pause(self) -> None:
        """Stop the clock; every pause has its `resume`."""
        self._pauses += 1
        if self._pauses == 1:
            self._paused_at = self._timekeeper.now()

    def resume(self) -> None:
        """Let it run on."""
        self._pauses -= 1
        if self._pauses == 0:
            self.end += self._timekeeper.now() - self._paused_at
            self._timekeeper.ring_by(self.end)

    def ring(self) -> None:
        """The time is up."""
        if self.carries:
            self.leave()
            self._leave()
            return
        self._rang = True
        self._cancelling = self.task.cancelling()
        self.task.cancel()

    def leave(self) -> None:
        """Nothing more is done for the cell; the call that is carried goes on."""
        self.left = True
        self._timekeeper.forget(self)


class Timekeeper:
    """Rings for all cells of a run, each of which has the same time: one timer, not one a cell."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.loop = asyncio.get_running_loop()
        self._of_workers: list[Patience] = []
        self._alarm = Alarm(self._ring)

    def patience(self, leave: Callable[[], None]) -> Patience:
        """For the cells of the task that calls this; `leave` as `Patience` has it."""
        patience = Patience(self, leave)
        self._of_workers.append(patience)
        return patience

    def forget(self, patience: Patience) -> None:
        """Ring no more for that one."""
        self._of_workers.remove(patience)

    def now(self) -> float:
        """By the loop's clock."""
        return self.loop.time()

    def begin(self) -> float:
        """A cell begins; when its time will be up."""
        end = self.loop.time() + self.seconds
        if not self._alarm.is_set:  # else it rings sooner, and is set anew then
            self._alarm.by(end)
        return end

    def ring_by(self, end: float) -> None:
        """Look at that time at the latest."""
        self._alarm.by(end)

    def _ring(self) -> None:
        late = self.loop.time() + 1e-3  # a timer may ring a little early
        running = [patience for patience in self._of_workers if not patience.paused]
        for patience in running:
            if patience.end <= late:
                patience.end = math.inf
                patience.ring()
        end = min((patience.end for patience in running), default=math.inf)
        if end < math.inf:
            self._alarm.by(end)
