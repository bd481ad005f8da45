"""The real program in a real terminal: the grid while it works, the summary when it is done."""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from pathlib import Path

import pyte
import pytest

PATIENCE_S = 60.0

GRID = (
    *("leads.csv", "B Email", "C Phone", "D City", "      2 Company 0", "person-", "▰▰▱▱ free", "━"),
    *("of 27 cells", "cells/s", "spent $0.00", "mock"),
)
"""What is on the screen while cells are being filled in."""


class Terminal:
    """A pseudo-terminal of that size with the program in it, and what a person would see there."""

    def __init__(self, width: int, height: int, arguments: list[str]) -> None:
        self.screen = pyte.Screen(width, height)
        self._end, inner = os.openpty()
        self.resize(width, height)
        self._stream = pyte.ByteStream(self.screen)
        hidden = ("COLUMNS", "LINES", "NO_COLOR")
        clean = {name: value for name, value in os.environ.items() if name not in hidden}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "glaze_cli", *arguments],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env={**clean, "TERM": "xterm-256color"},
        )
        os.close(inner)

    def resize(self, width: int, height: int) -> None:
        """As a person draws the window's corner."""
        self.screen.resize(height, width)
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def until(self, seen: Callable[[str], bool]) -> str:
        """The first screen of which that is true."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if seen(text := self.text):
                return text
            if not self._read():
                break
        raise AssertionError(f"never seen; at last the screen was:\n{self.text}")

    def finish(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            pass
        os.close(self._end)
        return self.process.wait(PATIENCE_S)

    @property
    def text(self) -> str:
        """The screen's lines."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def _read(self) -> bool:
        ready = wait([self._end], PATIENCE_S)  # select() knows no descriptor above 1,023
        try:
            sent = os.read(self._end, 65_536) if ready else b""
        except OSError:  # the program is gone
            return False
        self._stream.feed(sent)
        return bool(sent)


def sheet(folder: Path, rows: int) -> Path:
    """So many companies, nothing else known."""
    path = folder / "leads.csv"
    lines = [f"Company {number} GmbH,,," for number in range(rows)]
    path.write_text("\n".join(["Company,Email,Phone,City", *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("width", "height"), [(80, 24), (200, 50)])
def test_a_person_watches_the_sheet_being_filled_in(width: int, height: int, tmp_path: Path) -> None:
    """Letters, headers, row numbers, companies, bars, values and cells being asked, also after the window was
    made smaller; at the end only the summary is left, with what to do next.
    """
    arguments = ["enrich", str(sheet(tmp_path, 9)), "-r", "B2:D10", "--provider", "mock", "--yes"]
    mocked = ["--mock-latency", "0.3", "--concurrency", "3", "--store", str(tmp_path / "glaze.db")]
    terminal = Terminal(width, height, [*arguments, *mocked])
    terminal.until(lambda text: all(part in text for part in GRID))
    terminal.resize(width - 20, height - 4)
    terminal.until(lambda text: "mock" in text and max(map(len, text.split("\n"))) == width - 20)
    assert terminal.finish() == 0
    end = terminal.text
    assert "▰" not in end and "cells/s" not in end, end
    for part in ("completed", "27", "written to", "glaze undo"):
        assert part in end, end
    assert not terminal.screen.cursor.hidden
    assert pyte.modes.DECAWM in terminal.screen.mode
