"""The window drawn as the sheet: letters and headers, a bar under each, row numbers, cells."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from rich.control import Control
from rich.segment import ControlType, Segment
from rich.style import Style

from glaze_cli.engine.events import TargetColumn
from glaze_cli.model import TaskStatus, column_letters
from glaze_cli.ui.board import CellEvent, Window
from glaze_cli.ui.cell_look import SHOWN, SPINNER, cell_look, runs
from glaze_cli.ui.layout import GUTTER, Layout
from glaze_cli.ui.strip import BAD, BOLD, DIM, GOOD, PLAIN, Strip, bar, block, cut
from glaze_cli.ui.tally import Tally
from glaze_cli.ui.text import fit, inert

FILLED, MISSED, FAILED = Segment("━", GOOD), Segment("┅", DIM), Segment("┅", BAD)
"""What bars are made of: a value; none found, or nobody asked; failed."""

_SURE = frozenset(map(chr, range(0x20, 0x7F))).union("·–✗…▰▱", SPINNER)
"""Characters that are one column wide in every terminal."""

_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""Letters of scripts that are written from right to left."""

_Key = tuple[Layout, tuple[TargetColumn, ...]]
_Row = tuple[str, tuple[CellEvent | None, ...]]


class SheetView:
    """Draws windows. Rows that have not changed since the last frame are not worked out again."""

    def __init__(self) -> None:
        self._key: _Key | None = None
        self._drawn: dict[int, tuple[_Row, Strip]] = {}

    def head(self, window: Window, layout: Layout) -> Strip:
        """`D Email   E Phone`."""
        heads = [f"{column_letters(c.column)} {inert(c.header, SHOWN)}" for c in window.columns]
        return _line("", BOLD, "", [Segment(head, BOLD) for head in heads], layout)

    def bars(self, window: Window, layout: Layout, tally: Tally) -> Strip:
        """Under each header, how much of its column has ended, and how."""
        strip = [Segment(" " * (GUTTER + (layout.about + 1 if layout.about else 0)))]
        for column in window.columns:
            counts = tally.columns.get(column.column, Counter())
            strip.append(Segment(" "))
            strip += bar(pieces(counts), tally.column_total(column.column), layout.cell)
        return strip

    def rows(self, window: Window, layout: Layout, tick: int) -> list[Strip]:
        """The rows in sight."""
        key = (layout, window.columns)
        known = self._drawn if key == self._key else {}
        self._key, self._drawn = key, {}
        strips = []
        for number, about, cells in zip(window.rows, window.about, window.cells, strict=True):
            row = (about, cells)
            drawn = known.get(number)
            strip = drawn[1] if drawn is not None and drawn[0] == row else None
            busy = any(map(runs, cells))
            if strip is None or busy:
                looks = [cell_look(cell, tick, layout.cell) for cell in cells]
                strip = _line(str(number), PLAIN if busy else DIM, about, looks, layout)
            self._drawn[number] = (row, strip)
            strips.append(strip)
        return strips

    def filled(self, window: Window, layout: Layout, tally: Tally) -> Strip:
        """Under each column: how many of the cells that ended hold a value now."""
        shares = []
        for column in window.columns:
            counts = tally.columns.get(column.column)
            done, ended = (counts[TaskStatus.DONE], counts.total()) if counts else (0, 0)
            shares.append(Segment(_share(done, ended, layout.cell), DIM))
        return _line("filled", DIM, "", shares, layout)

    def pages(self, window: Window, layout: Layout, tally: Tally) -> Strip:
        """All columns of the job in one line, an upright bar each; those in sight are bright."""
        columns = tally.job.columns if tally.job else ()
        if not columns:
            return []
        first, last = (column_letters(columns[end].column) for end in (0, -1))
        strip = [Segment("columns".rjust(GUTTER), DIM), Segment(f" {first} ", DIM)]
        room = max(1, layout.width - GUTTER - len(first) - len(last) - 3)
        step = -(-len(columns) // room)
        for place in range(0, len(columns), step):
            column = columns[place].column
            ended = tally.columns[column].total() if column in tally.columns else 0
            total = tally.column_total(column)
            seen = window.first_column <= place < window.first_column + len(window.columns)
            strip.append(Segment(block(ended / total if total else 0.0), GOOD if seen else DIM))
        return [*strip, Segment(f" {last}", DIM)]


def _share(done: int, ended: int, width: int) -> str:
    """`12 of 30`, `40% of 123,456`, `40%`: what fits."""
    percent = f"{100 * done // ended}%" if ended else ""
    for words in (f"{done:,} of {ended:,}", f"{percent} of {ended:,}"):
        if len(words) <= width:
            return words
    return percent


@lru_cache(maxsize=1_000)
def _fence(column: int, leftward: bool) -> Segment:
    """What keeps a cell to itself: the next one starts in its own column, however wide the terminal takes
    some characters to be; and text from right to left does not take its neighbour along (by a mark of ours
    that shows nothing).
    """
    move = Control((ControlType.CURSOR_MOVE_TO_COLUMN, column)).segment
    return Segment(("\u200e" if leftward else "") + move.text, None, move.control)


def pieces(counts: Counter[TaskStatus]) -> list[tuple[float, Segment]]:
    """What a bar is made of."""
    return [
        (counts[TaskStatus.DONE], FILLED),
        (counts[TaskStatus.NOT_FOUND] + counts[TaskStatus.SKIPPED], MISSED),
        (counts[TaskStatus.FAILED], FAILED),
    ]


def _line(label: str, style: Style, about: str, cells: list[Segment], layout: Layout) -> Strip:
    """A line of the sheet, its cells cut and padded to their columns; neighbours alike are one segment."""
    texts = [(label.rjust(GUTTER), style)]
    if layout.about:
        texts.append((" " + fit(inert(about, SHOWN), layout.about), PLAIN))
    texts += [(" " + fit(cell.text, layout.cell), cell.style or PLAIN) for cell in cells]
    strip: Strip = []
    widths = [GUTTER, *([layout.about + 1] if layout.about else []), *([layout.cell + 1] * len(cells))]
    at = 0
    for (text, look), width in zip(texts, widths, strict=True):
        at += width
        if strip and strip[-1].style is look and not strip[-1].control:
            strip[-1] = Segment(strip[-1].text + text, look)
        else:
            strip.append(Segment(text, look))
        if not text.isascii() and not _SURE.issuperset(text):
            strip.append(_fence(at, _LEFTWARD.search(text) is not None))
    return cut(strip, layout.width)
