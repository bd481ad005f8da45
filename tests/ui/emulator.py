"""A terminal in memory: what a person would see of what was sent."""

from __future__ import annotations

import io
from threading import Lock

import pyte
from rich.console import Console


class Emulator(io.StringIO):
    """A text handle that draws what it is sent; keeps what was sent, too."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self.screen)
        self._lock = Lock()

    def write(self, text: str) -> int:
        """As a terminal behind a tty driver, which turns line feeds into new lines."""
        with self._lock:
            self._stream.feed(text.replace("\n", "\r\n"))
            return super().write(text)

    def console(self) -> Console:
        """A console that writes here; its size is the screen's at that moment."""
        return Console(
            file=self,
            width=self.screen.columns,
            height=self.screen.lines,
            force_terminal=True,
            color_system="256",
            legacy_windows=False,
            _environ={},
        )

    def resize(self, console: Console, width: int, height: int) -> None:
        """The window is made that size; what is on it stays where it fits."""
        with self._lock:
            self.screen.resize(height, width)
        console.size = (width, height)  # type: ignore[assignment]

    def lines(self) -> list[str]:
        """The lines, without the blanks at their ends and below the last one."""
        with self._lock:
            shown = [line.rstrip() for line in self.screen.display]
        while shown and not shown[-1]:
            shown.pop()
        return shown
