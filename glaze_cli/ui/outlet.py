"""Where plain text goes: a handle whose reader may leave at any time."""

from __future__ import annotations

from typing import TextIO


class Outlet:
    """Writes lines until the reader is gone (`| head`), then says nothing: the job matters more."""

    def __init__(self, out: TextIO) -> None:
        self._out: TextIO | None = out

    def line(self, text: str) -> None:
        """Write one line and flush it; nothing when the reader has left."""
        if self._out is None:
            return
        try:
            self._out.write(text + "\n")
            self._out.flush()
        except BrokenPipeError:
            self._out = None
