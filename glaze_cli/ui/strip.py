"""One line of a frame, as rich's segments: cheaper by far than its tables and texts, ten times a second."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from glaze_cli.ui.text import fit

Strip = list[Segment]

PLAIN, DIM, BOLD = Style.null(), Style(dim=True), Style(bold=True)
GOOD, WARN, BAD = Style.parse("green"), Style.parse("yellow"), Style.parse("red")

BLOCKS = " ▁▂▃▄▅▆▇█"


def width_of(strip: Iterable[Segment]) -> int:
    """Columns of the terminal that it takes."""
    return sum(cell_len(segment.text) for segment in strip if not segment.control)


def cut(strip: Strip, width: int) -> Strip:
    """The strip, with `…` at its end where it is wider than that."""
    if width_of(strip) <= width:
        return strip
    kept: Strip = []
    left = width
    for segment in strip:
        taken = 0 if segment.control else cell_len(segment.text)
        if taken >= left and not segment.control:
            return [*kept, Segment(fit(segment.text + "…", left) if left else "", segment.style)]
        kept.append(segment)
        left -= taken
    return kept


def bar(pieces: Sequence[tuple[float, Segment]], total: float, width: int) -> Strip:
    """A bar of so many columns: each piece as long as its share of the total, the rest thin.

    A piece's segment is one character and its style. It is full only when nothing is left.
    """
    strip: Strip = []
    amount, end = 0.0, 0
    for size, mark in pieces:
        amount += size
        upto = min(width, int(amount / total * width + 1e-9)) if total > 0 else 0
        if upto > end:
            strip.append(Segment(mark.text * (upto - end), mark.style))
            end = upto
    if end < width:
        strip.append(Segment("─" * (width - end), DIM))
    return strip


def block(share: float) -> str:
    """A small upright bar, ▁ to █, for 0..1; full only for 1."""
    return BLOCKS[1 + min(7, max(0, int(share * 7)))]
