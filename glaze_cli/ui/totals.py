"""What stands around the sheet: the title above it; how far the job is, its money and its providers below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from rich.segment import Segment

from glaze_cli.engine.events import JobStarted
from glaze_cli.model import column_letters, dollars
from glaze_cli.ui.board import NAMED, Window
from glaze_cli.ui.cell_look import TIER_STYLES
from glaze_cli.ui.sheet_view import pieces
from glaze_cli.ui.speed import speed
from glaze_cli.ui.strip import BAD, BOLD, DIM, GOOD, PLAIN, WARN, Strip, bar, width_of
from glaze_cli.ui.tally import NEAR, ProviderTally, Tally, duration, outcome
from glaze_cli.ui.text import fit, inert

GAP = "   "


def title(tally: Tally, job: JobStarted, window: Window, width: int) -> Strip:
    """The file, the range, which columns are in sight; at the right the job and how long it runs."""
    place = f"{job.sheet}!{job.range}" if job.sheet else job.range
    strip = [Segment(inert(PurePath(job.file).name), BOLD), Segment(f"  {inert(place)}", DIM)]
    if len(window.columns) < len(job.columns):
        first, last = (column_letters(window.columns[end].column) for end in (0, -1))
        strip.append(Segment(f"  columns {first} to {last} of {len(job.columns):,}", DIM))
    right = f"job {inert(job.job_id, 40)}{GAP}{duration(tally.elapsed)}"
    left = width - width_of(strip) - len(right)
    return [*strip, Segment(" " * left + right, DIM)] if left >= len(GAP) else strip


def overall(tally: Tally, width: int) -> Strip:
    """The bar of the whole job, cells per second, the time left."""
    words = f"{tally.ended:,} of {tally.total:,} cells"
    pace = f"{GAP}{speed(tally.rate)}"
    left = tally.seconds_left
    if tally.total and tally.ended >= tally.total:
        pace += f"{GAP}finishing"
    elif left is not None:
        pace += f"{GAP}{duration(left)} left"
    if width < 50:
        return [Segment(words + pace)]
    percent = f"{100 * tally.ended // tally.total}%" if tally.total else ""
    text = f" {percent}  {words}{pace}"
    parts = [(float(tally.before), Segment("━", DIM)), *pieces(tally.counts)]
    return [*bar(parts, tally.total, max(1, width - len(text))), Segment(text)]


def ends(tally: Tally) -> Strip:
    """`30 done, 10 not found, 5 failed, 0 skipped`."""
    return [Segment(outcome(tally.counts))]


def money(tally: Tally, width: int) -> Strip:
    """What is spent, against the cap; a cap that is near is not to be missed."""
    share = tally.share_of_cap
    if share is None:
        return [Segment(tally.money)]
    style, near = PLAIN, ""
    if share >= NEAR:
        style, near = (BAD, ", the cap is reached") if share >= 1 else (WARN, ", near the cap")
    text, percent = f"{tally.money} ", f" {int(share * 100)}%{near}"
    room = min(30, width - len(text) - len(percent))
    mark = Segment("━", GOOD if style is PLAIN else style)
    meter = bar([(share, mark)], 1.0, room) if room >= 5 else []
    return [Segment(text, style), *meter, Segment(percent.strip() if not meter else percent, style)]


def tiers(tally: Tally) -> Strip:
    """Who served the values, each tier in the colour of its values."""
    return [Segment(f"{tier} {tally.tiers[tier]:,}{GAP}", style) for tier, style in TIER_STYLES.items()]


def providers(tally: Tally, width: int, lines: int) -> list[Strip]:
    """Calls and hit rate of each, the busiest first: a table where there is room, else one line."""
    asked = [(inert(name, 40), part) for name, part in tally.providers.items() if part.asked]
    asked.sort(key=lambda item: -item[1].asked)
    if not asked:
        return []
    if lines > 1:
        return list(_table(asked, width, lines))
    parts = [f"{name} {_words(part)}" for name, part in asked]
    if len(line := " · ".join(parts)) > width:
        parts = [f"{name} {part.filled:,}/{part.asked:,} ({_percent(part)})" for name, part in asked]
        line = f"filled/asked: {' · '.join(parts)}"
    return [[Segment(line, DIM)]]


def _words(part: ProviderTally) -> str:
    """`30 asked, 12 filled (40%), 5 known already, 25 calls`."""
    words = f"{part.asked:,} asked, {part.filled:,} filled ({_percent(part)})"
    words += f", {part.cached:,} from cache" if part.cached else ""
    return words + (f", {part.calls:,} calls" if part.calls else "")


def _percent(part: ProviderTally) -> str:
    return "–" if part.rate is None else f"{int(part.rate * 100)}%"


def _table(asked: list[tuple[str, ProviderTally]], width: int, lines: int) -> Iterator[Strip]:
    """Cells it was asked about, filled by it, the rate of that; answers known already, calls, their cost."""
    name_width = min(max(8, *(len(name) for name, _ in asked)), max(8, width - 57), 24)
    heads = ("asked", "filled", "hit rate", "from cache", "calls", "cost")
    yield [Segment(fit("provider", name_width) + _numbers(heads), DIM)]
    shown = asked if len(asked) < lines else asked[: lines - 2]
    for name, part in shown:
        cells = [f"{part.asked:,}", f"{part.filled:,}", _percent(part), f"{part.cached:,}", f"{part.calls:,}"]
        gone = Segment("  not asked any more", WARN) if part.dropped else Segment("")
        yield [Segment(fit(name, name_width)), Segment(_numbers([*cells, dollars(part.cost)]), DIM), gone]
    if more := len(asked) - len(shown):
        yield [Segment(f"and {more:,} more", DIM)]


def _numbers(cells: Sequence[str]) -> str:
    """Below one another, at the right of their columns."""
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, (9, 9, 9, 11, 9, 10), strict=True))


def above(window: Window) -> Strip:
    """Slow cells whose rows are out of sight."""
    if not window.above:
        return []
    more = " and more" if len(window.above) == NAMED else ""
    names = ", ".join(cell.a1 for cell in window.above)
    return [Segment(f"still running above: {names}{more}", DIM)]


def dropped(tally: Tally) -> Strip:
    """The last provider that was dropped, and why."""
    gone = [(name, part.dropped) for name, part in tally.providers.items() if part.dropped]
    if not gone:
        return []
    name, why = gone[-1]
    others = f" (and {len(gone) - 1} more)" if len(gone) > 1 else ""
    return [Segment(f"{inert(name)} is not asked any more{others}: {inert(why)}", WARN)]
