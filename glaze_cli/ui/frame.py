"""One frame of the live grid: the window of the sheet, and the job's totals below it."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.progress_bar import ProgressBar
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from glaze_cli.model import CellRef, TaskStatus, Tier, column_letters
from glaze_cli.ui.board import CellView, Window
from glaze_cli.ui.tally import Tally, duration, outcome
from glaze_cli.ui.text import fit, inert

FURNITURE = 10
"""Lines around the rows at most: title, headers, shares, bar, ends, tiers, providers, above, dropped, and an
empty one, where the terminal puts what is typed (`^C`) without scrolling the frame away."""

GUTTER = 7
"""Columns of the terminal for a row's number: 1048576 fits."""

NARROWEST, WIDEST = 11, 40
"""Columns of the terminal for a column of the sheet."""

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

TIER_COLOURS = {Tier.CACHE: "cyan", Tier.FREE: "green", Tier.CHEAP: "yellow", Tier.PREMIUM: "magenta"}
_TIERS = {tier: Style.parse(colour) for tier, colour in TIER_COLOURS.items()}
_PLAIN, _DIM, _BOLD = Style.null(), Style(dim=True), Style(bold=True)
_FAILED, _SKIPPED = Style.parse("red"), Style.parse("dim italic")


def columns_that_fit(width: int) -> int:
    """How many columns of the sheet a terminal of that width shows; at least one."""
    return max(1, (width - GUTTER) // (NARROWEST + 1))


def cell_look(view: CellView | None, tick: int) -> tuple[str, Style]:
    """What a cell shows, before it is cut to its column. `·`: not asked yet, or nothing to ask."""
    if view is None or view.status is TaskStatus.QUEUED:
        return "·", _DIM
    text = inert(view.text)
    match view.status:
        case TaskStatus.RUNNING:
            return _progress(view.tier, SPINNER[tick % len(SPINNER)])
        case TaskStatus.DONE:
            return text, _TIERS[view.tier] if view.tier else _PLAIN
        case TaskStatus.NOT_FOUND:
            return "–", _DIM
        case TaskStatus.FAILED:
            return f"✗ {text.replace('_', ' ')}", _FAILED
        case _:
            return f"skipped {text.replace('_', ' ')}", _SKIPPED


def _progress(tier: Tier | None, spin: str) -> tuple[str, Style]:
    """How far down the waterfall: `⠹ ▰▰▱▱ free`."""
    if tier is None:
        return f"{spin} ▱▱▱▱", _DIM
    return f"{spin} {'▰' * (tier.rank + 1)}{'▱' * (3 - tier.rank)} {tier}", _TIERS[tier]


class Sheet:
    """The window drawn as the sheet: letters and headers, row numbers, cells, what each column has."""

    def __init__(self, window: Window, tick: int) -> None:
        self._window = window
        self._tick = tick

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Segments, one a cell: a tenth of the work of a rich Table, ten times a second."""
        window = self._window
        room = (options.max_width - GUTTER) // max(1, len(window.columns)) - 1
        width = max(1, min(WIDEST, room))
        heads = [f"{column_letters(column.column)} {inert(column.header)}" for column in window.columns]
        yield from self._line("", [(head, _BOLD) for head in heads], width)
        for number, cells in zip(window.rows, window.cells, strict=True):
            yield from self._line(str(number), [cell_look(cell, self._tick) for cell in cells], width)
        shares = [f"{counts[TaskStatus.DONE]:,} of {counts.total():,}" for counts in window.counts]
        yield from self._line("filled", [(share, _DIM) for share in shares], width)

    def _line(self, label: str, cells: list[tuple[str, Style]], width: int) -> RenderResult:
        yield Segment(label.rjust(GUTTER), _DIM)
        for text, style in cells:
            yield Segment(" ")
            yield Segment(fit(text, width), style)
        yield Segment.line()


def title(tally: Tally, hidden_columns: int) -> Text:
    """The file and the range, and how many columns the terminal is too narrow for."""
    if tally.job is None:
        return Text("Preparing…", style="dim")
    place = f"{tally.job.sheet}!{tally.job.range}" if tally.job.sheet else tally.job.range
    text = _one_line(inert(tally.job.file), "bold").append(f"  {inert(place)}", "dim")
    return text.append(f"  and {hidden_columns} more columns", "dim") if hidden_columns > 0 else text


def totals(tally: Tally, above: tuple[CellRef, ...]) -> list[Table | Text]:
    """The lines below the sheet: at most FURNITURE less the three that belong to the sheet."""
    lines: list[Table | Text] = [_bar(tally), _one_line(f"{outcome(tally.counts)}; {tally.money}")]
    tiers = _one_line("")
    for tier, colour in TIER_COLOURS.items():
        tiers.append(f"{tier} {tally.tiers[tier]:,}   ", colour)
    lines.append(tiers)
    if tally.providers:
        lines.append(_one_line(f"filled of asked: {' · '.join(_provider_parts(tally))}", "dim"))
    if above:
        names = ", ".join(cell.a1 for cell in above)
        lines.append(_one_line(f"still running above: {names}", "dim"))
    dropped = [(name, part.dropped) for name, part in tally.providers.items() if part.dropped]
    if dropped:
        name, why = dropped[-1]
        others = f" (and {len(dropped) - 1} more)" if len(dropped) > 1 else ""
        lines.append(_one_line(f"{inert(name)} is not asked any more{others}: {inert(why)}", "yellow"))
    return [*lines, Text()]


def _provider_parts(tally: Tally) -> list[str]:
    """`hunter 12 of 30`: cells filled of cells it was asked about; the busiest first."""
    busiest = sorted(tally.providers.items(), key=lambda item: -item[1].asked)
    return [f"{inert(name)} {part.filled:,} of {part.asked:,}" for name, part in busiest if part.asked]


def _bar(tally: Tally) -> Table:
    left = tally.seconds_left
    words = f"{tally.ended:,} of {tally.total:,} cells   {tally.rate:.1f} cells/s"
    words += f"   {duration(left)} left" if left is not None else ""
    grid = Table.grid(padding=(0, 2), expand=True)
    grid.add_column(ratio=1)
    grid.add_column(no_wrap=True)
    grid.add_row(ProgressBar(total=max(1, tally.total), completed=tally.ended), Text(words))
    return grid


def _one_line(text: str, style: str = "") -> Text:
    return Text(text, style=style, no_wrap=True, overflow="ellipsis")
