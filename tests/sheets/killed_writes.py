"""A process that is killed while it writes, again and again; a program of its own, started by test_kill.

    python killed_writes.py FILE SEED KILLS

Two patches are written in turn by a forked child, which is killed (SIGKILL) at a random moment; then the
file must be the old one or the new one. Prints `kills wrote damaged` as three numbers.
"""

from __future__ import annotations

import gc
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from glaze_cli.model import CellRef, Change
from glaze_cli.sheets.base import Book, WriteOptions
from glaze_cli.sheets.open import open_book

CELLS = 400


def changes(sheet: str, text: str) -> Iterator[Change]:
    """A column's worth of cells, all with the same text."""
    for row in range(2, CELLS + 2):
        yield Change(CellRef(sheet, row, 2), text)


def write_for_ever(path: Path) -> None:
    """One patch, then the other, until somebody kills us."""
    while True:
        for text in ("first", "second"):
            book = open_book(path)
            book.write(changes(book.sheet_names[0], text), path, WriteOptions())


def is_whole(path: Path) -> bool:
    """Whether the file opens and its cells all come from one write."""
    book: Book = open_book(path)
    rows = list(book.sheet().rows(2))
    texts = {row.text(2) for row in rows}
    return len(rows) == CELLS and texts in ({"old"}, {"first"}, {"second"})


def main(path: Path, seed: int, kills: int) -> None:
    """Kill that many children, and look after each."""
    moments = random.Random(seed)
    for _ in range(2):  # the first loads what it needs
        began = time.monotonic()
        book = open_book(path)
        book.write(changes(book.sheet_names[0], "first"), path, WriteOptions())
    one_write = time.monotonic() - began
    gc.freeze()  # or every child looks through all of it, and copies it
    wrote = damaged = 0
    for _ in range(kills):
        before = path.stat().st_ino
        child = os.fork()
        if child == 0:
            write_for_ever(path)
        time.sleep(moments.uniform(0, 4 * one_write))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        wrote += path.stat().st_ino != before
        damaged += not is_whole(path)
    sys.stdout.write(f"{kills} {wrote} {damaged}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
