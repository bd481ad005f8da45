"""The live grid: the selection drawn as the sheet, while it is being filled in."""

from __future__ import annotations

import contextlib
import time
from types import TracebackType

from rich.console import Console
from rich.control import Control
from rich.live import Live
from rich.segment import ControlType

from glaze_cli.engine.events import Event
from glaze_cli.ui.board import Board
from glaze_cli.ui.frame import Frame, compose
from glaze_cli.ui.painter import FRAMES_PER_SECOND, Painter
from glaze_cli.ui.sheet_view import SheetView
from glaze_cli.ui.speed import Clock


class LiveGrid:
    """A listener that draws on a thread of its own; a context manager that clears its drawing at the end.

    Nothing is drawn when an event comes: each frame looks at the board, and only at the cells in sight.
    """

    def __init__(self, console: Console, clock: Clock = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._board = Board(clock)
        self._view = SheetView()
        self._size = console.size
        self._live = Live(
            console=console,
            get_renderable=self.frame,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,  # data belongs there, and a program may be reading it
            vertical_overflow="crop",
        )
        self._painter = Painter(self.draw)

    def __enter__(self) -> LiveGrid:
        self._live.start()
        self._painter.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._painter.stop()
        with contextlib.suppress(OSError):  # the terminal is gone: the work matters more
            self._live.stop()

    def on_event(self, event: Event) -> None:
        """Put it on the board."""
        self._board.on_event(event)

    def draw(self) -> None:
        """Draw a frame now."""
        self._live.refresh()

    def frame(self) -> Frame:
        """The screen as it is now; one line shorter than the terminal, so that nothing ever scrolls."""
        size = self._console.size
        if size != self._size:
            self._size = size
            # The terminal has wrapped the old frame its own way: going back over it line by line
            # would leave pieces behind.
            self._console.control(Control(ControlType.HOME, ControlType.CLEAR))
        tick = int(self._clock() * FRAMES_PER_SECOND)
        with self._board.lock:
            self._board.catch_up()
            return compose(self._board, self._view, size.width, size.height, tick)
