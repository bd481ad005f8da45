"""What a cell shows: how far down the waterfall it is, or what came of it."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style

from glaze_cli.engine.events import CellFinished, CellStarted
from glaze_cli.model import TaskStatus, Tier
from glaze_cli.ui.board import CellEvent
from glaze_cli.ui.strip import BAD, DIM, PLAIN
from glaze_cli.ui.text import inert

SHOWN = 200
"""Characters of a value that are looked at: no column of a terminal is wider."""

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

TIER_STYLES = {
    Tier.CACHE: Style.parse("cyan"),
    Tier.FREE: Style.parse("green"),
    Tier.CHEAP: Style.parse("yellow"),
    Tier.PREMIUM: Style.parse("magenta"),
}
SKIPPED = Style.parse("dim italic")

_BARS = {tier: f"{'▰' * (tier.rank + 1)}{'▱' * (3 - tier.rank)} {tier}" for tier in Tier}


def runs(event: CellEvent | None) -> bool:
    """Whether the cell is being asked about, so that it looks different in every frame."""
    return event is not None and not isinstance(event, CellFinished)


def cell_look(event: CellEvent | None, tick: int, width: int) -> Segment:
    """What a cell shows after its last event, before it is cut to its column of that width.

    `·`: not asked yet, or nothing to ask.
    """
    if event is None:
        return Segment("·", DIM)
    if isinstance(event, CellFinished):
        return _end(event)
    spin = SPINNER[tick % len(SPINNER)]
    if isinstance(event, CellStarted):
        return Segment(f"{spin} ▱▱▱▱", DIM)
    words = f"{spin} {_BARS[event.tier]}"
    return Segment(words if len(words) <= width else words[:6], TIER_STYLES[event.tier])


def _end(event: CellFinished) -> Segment:
    reason = inert(event.reason or "", SHOWN).replace("_", " ")
    match event.status:
        case TaskStatus.DONE:
            value = "" if event.value is None else event.value
            return Segment(inert(value, SHOWN), TIER_STYLES[event.tier] if event.tier else PLAIN)
        case TaskStatus.NOT_FOUND:
            return Segment("–", DIM)
        case TaskStatus.FAILED:
            return Segment(f"✗ {reason}", BAD)
        case TaskStatus.SKIPPED:
            return Segment(f"skipped {reason}", SKIPPED)
        case _:
            return Segment(f"· {reason}", DIM)  # it waits again: for money, or for `glaze resume`
