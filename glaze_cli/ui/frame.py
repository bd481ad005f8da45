"""One frame of the live grid: the window of the sheet, and the job's totals around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.console import COLOR_SYSTEMS, Console, ConsoleOptions, RenderResult
from rich.segment import ControlType, Segment

from glaze_cli.engine.events import JobStarted
from glaze_cli.ui import totals
from glaze_cli.ui.board import Board
from glaze_cli.ui.layout import Layout, Wanted, lay_out
from glaze_cli.ui.sheet_view import SheetView
from glaze_cli.ui.strip import DIM, Strip, cut

_RAW = [(ControlType.CARRIAGE_RETURN,)]
"""Tells rich to send a segment's text as it is; which control it names does not matter."""

# While a frame is sent, a line that comes out too long is cut by the terminal, not wrapped: what a terminal
# thinks of a character's width, or a window made smaller in this moment, cannot push the frame apart.
_NO_WRAP, _WRAP = Segment("\x1b[?7l", None, _RAW), Segment("\x1b[?7h", None, _RAW)


class Frame:
    """Strips as a rich renderable: one line each."""

    def __init__(self, strips: Sequence[Strip]) -> None:
        """`strips`: each as wide as the terminal at most; the last is where the cursor stays."""
        self.strips = strips

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """For a terminal the lines are made into what is sent here: rich would measure and cut every piece of
        them again, at twice the cost of the whole frame.
        """
        paint = _painter(console) if console.is_terminal and not console.legacy_windows else None
        yield _NO_WRAP
        for number, strip in enumerate(self.strips, start=1):
            if paint is None:
                yield from strip
            else:
                yield Segment("".join(map(paint, strip)), None, _RAW)
            if number == len(self.strips):
                yield _WRAP
            yield Segment.line()


def _painter(console: Console) -> Callable[[Segment], str]:
    """Makes segments into text for that console, in the colours that it has."""
    system = COLOR_SYSTEMS[console.color_system] if console.color_system else None
    plain = console.no_color

    def paint(segment: Segment) -> str:
        text, style, control = segment
        if control or not style:
            return text
        return (style.without_color if plain else style).render(text, color_system=system)

    return paint


def compose(board: Board, view: SheetView, width: int, height: int, tick: int) -> Frame:
    """The board as it is now, for a terminal of that size. Hold the board's lock."""
    tally = board.tally
    job = tally.job
    if job is None:
        return Frame([[Segment("Preparing…", DIM)]])
    asked = sum(1 for part in tally.providers.values() if part.asked)
    gone = any(part.dropped for part in tally.providers.values())
    layout = lay_out(width, height, Wanted(len(job.columns), len(job.rows), board.told, asked, gone))
    return Frame(_lines(board, job, view, layout, tick))


def _lines(board: Board, job: JobStarted, view: SheetView, layout: Layout, tick: int) -> list[Strip]:
    """In the order of the screen; the last line is empty."""
    tally, width = board.tally, layout.width
    window = board.window(layout.rows, layout.columns)

    def shown(lines: Iterable[tuple[str, list[Strip]]]) -> list[Strip]:
        wanted = (strip for part, strips in lines if part in layout.parts for strip in strips if strip)
        return [cut(strip, width) for strip in wanted]

    head = shown(
        [
            ("title", [totals.title(tally, job, window, width)]),
            ("heads", [view.head(window, layout)]),
            ("bars", [view.bars(window, layout, tally)]),
        ]
    )
    below = shown(
        [
            ("filled", [view.filled(window, layout, tally)]),
            ("pages", [view.pages(window, layout, tally)]),
            ("overall", [totals.overall(tally, width)]),
            ("outcome", [totals.ends(tally)]),
            ("tiers", [totals.tiers(tally)]),
            ("money", [totals.money(tally, width)]),
            ("providers", totals.providers(tally, width, layout.providers)),
            ("above", [totals.above(window)]),
            ("dropped", [totals.dropped(tally)]),
        ]
    )
    return [*head, *view.rows(window, layout, tick), *below, []]
