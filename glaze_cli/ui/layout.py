"""What of the grid fits into a terminal: the sheet first, then what explains it."""

from __future__ import annotations

from dataclasses import dataclass

GUTTER = 7
"""Columns of the terminal for a row's number: 1048576 fits."""

NARROWEST, READABLE, WIDEST = 11, 16, 60
"""Columns of the terminal for a column of the sheet; `⠹ ▰▰▱▱ free` needs the eleven. Where not all fit even
so, and pages are turned, those in sight can be read."""

ABOUT = 24
"""Columns at most for what a row is known by."""

ROOMY = 120
"""Columns from which on there is room for that, even if not all columns of the sheet fit."""

FROM_HEIGHT = {
    "overall": 0,
    "heads": 5,
    "money": 7,
    "title": 8,
    "outcome": 9,
    "bars": 10,
    "providers": 12,
    "dropped": 14,
    "tiers": 15,
    "filled": 16,
    "above": 17,
    "pages": 18,
}
"""Part of the frame → lines that a terminal has at least where it is shown. One line each."""

TALL = 36
"""Lines from which on the providers are a table even beside a long sheet."""

PROVIDERS = 8
"""Lines of that table."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a frame is laid out."""

    width: int
    parts: frozenset[str]
    """Keys of FROM_HEIGHT."""
    rows: int
    """Rows of the sheet in sight, at most."""
    columns: int
    """Columns of the sheet in sight."""
    cell: int
    """Columns of the terminal that each of them takes."""
    about: int
    """Columns of the terminal for what a row is known by; 0: not shown."""
    providers: int
    """Lines for the providers."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What there is to show."""

    columns: int = 0
    """Of the job."""
    rows: int = 0
    """Of the job."""
    told: bool = False
    """Whether rows are known by more than their numbers."""
    providers: int = 0
    """Those that were asked."""
    dropped: bool = False
    """Whether any is not asked any more."""


def lay_out(width: int, height: int, wanted: Wanted) -> Layout:
    """For a terminal of that size, in characters.

    The frame is one line shorter than the terminal, so that nothing ever scrolls; the last of its lines is
    empty: there the terminal puts what is typed (`^C`).
    """
    columns = wanted.columns
    about = _about_width(width, columns) if wanted.told else 0
    room = width - GUTTER - (about + 1 if about else 0)
    fitting = _fitting(room, max(1, columns))
    parts = {part for part, least in FROM_HEIGHT.items() if height >= least}
    if fitting >= columns:
        parts.discard("pages")
    if not wanted.dropped:
        parts.discard("dropped")
    lines = max(1, height - 2) - len(parts)
    providers = 1
    if "providers" in parts:
        table = min(PROVIDERS - 1, wanted.providers)  # with its heads one line more than there are providers
        spare = table if height >= TALL else max(0, min(table, lines - wanted.rows))
        providers += spare
        lines -= spare
    return Layout(
        width,
        frozenset(parts),
        max(0, lines),
        fitting,
        max(1, min(WIDEST, room // fitting - 1)),
        about,
        providers,
    )


def _fitting(room: int, columns: int) -> int:
    """How many columns of the sheet are in sight."""
    narrow = room // (NARROWEST + 1)
    return columns if columns <= narrow else max(1, room // (READABLE + 1), min(3, narrow))


def _about_width(width: int, columns: int) -> int:
    """Only where it hides no column of the sheet, or in a wide terminal."""
    about = min(ABOUT, width // 5)
    needed = GUTTER + about + 1 + columns * (NARROWEST + 1)
    return about if width >= ROOMY or (width >= 60 and needed <= width) else 0
