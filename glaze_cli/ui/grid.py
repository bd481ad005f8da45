"""The live grid: the selection drawn as the sheet, while it is being filled in."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console, Group
from rich.control import Control
from rich.live import Live
from rich.segment import ControlType

from glaze_cli.engine.events import Event
from glaze_cli.ui.board import Board
from glaze_cli.ui.frame import FURNITURE, Sheet, columns_that_fit, title, totals
from glaze_cli.ui.tally import Clock

FRAMES_PER_SECOND = 10


class LiveGrid:
    """A listener that draws on a thread of its own; a context manager that clears its drawing at the end.

    Nothing is drawn when an event comes: each frame looks at the board, and only at the cells in sight.
    """

    def __init__(self, console: Console, clock: Clock = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._board = Board(clock)
        self._size = console.size
        self._live = Live(
            console=console,
            get_renderable=self.frame,
            refresh_per_second=FRAMES_PER_SECOND,
            transient=True,
            redirect_stdout=False,  # data belongs there, and a program may be reading it
            vertical_overflow="crop",
        )

    def __enter__(self) -> LiveGrid:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def on_event(self, event: Event) -> None:
        """Put it on the board."""
        self._board.on_event(event)

    def frame(self) -> Group:
        """The screen as it is now; one line shorter than the terminal, so that nothing ever scrolls."""
        size = self._console.size
        if size != self._size:
            self._size = size
            # The terminal has wrapped the old frame its own way: going back over it line by line
            # would leave pieces behind.
            self._console.control(Control(ControlType.HOME, ControlType.CLEAR))
        fitting = columns_that_fit(size.width)
        with self._board.lock:
            tally = self._board.tally
            window = self._board.window(rows=max(1, size.height - 1 - FURNITURE), columns=fitting)
            hidden = len(tally.job.columns) - fitting if tally.job else 0
            below = totals(tally, window.above)
            head = title(tally, hidden)
        return Group(head, Sheet(window, int(self._clock() * FRAMES_PER_SECOND)), *below)
