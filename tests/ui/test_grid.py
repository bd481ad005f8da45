"""The live grid: frames as text, and what a frame costs."""

from __future__ import annotations

import io
import sys
from types import FrameType

import pytest
from rich.cells import cell_len
from rich.console import Console

from glaze_cli.engine.events import (
    CellFinished,
    CellStarted,
    Event,
    JobStarted,
    ProviderDropped,
    TargetColumn,
    TierEntered,
)
from glaze_cli.model import CellRef, Micros, TaskStatus, Tier
from glaze_cli.store.tasks import Usage
from glaze_cli.ui.grid import LiveGrid

FREE = Micros(0)
HEADERS = ("Email", "Phone", "会社名")


def screen(width: int = 80, height: int = 24, terminal: bool = False) -> Console:
    """A console of that size, into memory."""
    return Console(
        file=io.StringIO(),
        width=width,
        height=height,
        force_terminal=terminal,
        color_system="256" if terminal else None,
    )


def grid_of(rows: int, console: Console, *events: Event, columns: tuple[str, ...] = HEADERS) -> LiveGrid:
    """A grid whose clock stands ten seconds after the start, and which has heard the events."""
    now = 0.0
    grid = LiveGrid(console, clock=lambda: now)
    targets = tuple(TargetColumn(4 + index, header) for index, header in enumerate(columns))
    numbers = tuple(range(2, rows + 2))
    grid.on_event(
        JobStarted(
            "j1", "leads.xlsx", "Q3", "D2:F9", targets, numbers, rows * len(columns), cap=Micros(10**6)
        )
    )
    now = 10.0
    for event in events:
        grid.on_event(event)
    return grid


def shown(grid: LiveGrid, console: Console) -> list[str]:
    """The frame's lines, without the blanks at their ends."""
    with console.capture() as capture:
        console.print(grid.frame())
    return [line.rstrip() for line in capture.get().splitlines()]


def at(row: int, column: int) -> CellRef:
    """A cell of the sheet."""
    return CellRef("Q3", row, column)


def found(cell: CellRef, value: str, tier: Tier, provider: str, cost: Micros = FREE) -> CellFinished:
    """A value, after one call."""
    usage = (Usage(provider, tier, calls=1, cost=cost),)
    return CellFinished(cell, TaskStatus.DONE, value, tier, provider, None, cost, usage)


def worked(rows: int, columns: int = 3) -> list[Event]:
    """Every cell of the rows started, asked and found."""
    events: list[Event] = []
    for row in range(2, rows + 2):
        for column in range(4, 4 + columns):
            cell = at(row, column)
            events += [CellStarted(cell), TierEntered(cell, Tier.FREE, "gleif")]
            events.append(CellFinished(cell, TaskStatus.DONE, "value", Tier.FREE, "gleif"))
    return events


def test_a_frame_shows_the_sheet_and_every_state_of_a_cell() -> None:
    """Letters, headers, row numbers; waiting, running in its tier, found, not found, failed, put off."""
    console = screen()
    grid = grid_of(
        4,
        console,
        CellStarted(at(2, 4)),
        TierEntered(at(2, 4), Tier.FREE, "gleif"),
        found(at(2, 4), "ann@example.com", Tier.FREE, "gleif"),
        CellFinished(at(2, 5), TaskStatus.NOT_FOUND),
        found(at(2, 6), "株式会社日本", Tier.CHEAP, "hunter", Micros(10_000)),
        CellFinished(at(3, 4), TaskStatus.FAILED, reason="provider_error"),
        CellFinished(at(3, 5), TaskStatus.SKIPPED, reason="condition"),
        CellStarted(at(3, 6)),
        CellStarted(at(4, 4)),
        TierEntered(at(4, 4), Tier.CHEAP, "hunter"),
        CellFinished(at(4, 5), TaskStatus.QUEUED, reason="budget"),
        ProviderDropped("hunter", "Set HUNTER_API_KEY."),
    )
    assert shown(grid, console) == [
        "leads.xlsx  Q3!D2:F9                                               job j1   10 s",
        "        D Email                 E Phone                 F 会社名",
        "        ━━━━━┅┅┅┅┅┅──────────── ┅┅┅┅┅┅┅┅┅┅┅──────────── ━━━━━──────────────────",
        "      2 ann@example.com         –                       株式会社日本",
        "      3 ✗ provider error        skipped condition       ⠋ ▱▱▱▱",
        "      4 ⠋ ▰▰▰▱ cheap            · budget                ·",
        "      5 ·                       ·                       ·",
        " filled 1 of 2                  0 of 2                  1 of 1",
        "━━━━━┅┅┅┅┅┅┅┅┅───────────────────── 41%  5 of 12 cells   0.5 cells/s   14 s left",
        "2 done, 1 not found, 1 failed, 1 skipped",
        "cache 0   free 1   cheap 1   premium 0",
        "spent $0.01 of at most $1.00 ────────────────────────────── 1%",
        "provider    asked   filled hit rate from cache    calls      cost",
        "gleif           1        1     100%          0        1     $0.00",
        "hunter          1        1     100%          0        1     $0.01  not asked an…",
        "hunter is not asked any more: Set HUNTER_API_KEY.",
        "",
    ]


@pytest.mark.parametrize(("width", "height"), [(80, 24), (200, 50), (40, 12), (20, 5), (8, 3), (2, 1)])
def test_a_frame_never_outgrows_the_terminal(width: int, height: int) -> None:
    """Not a line too wide, and one line free below; what matters most is there at any size."""
    console = screen(width, height)
    headers = tuple(f"Header {index} 会社名" for index in range(30))
    straggler = [CellStarted(at(2, 33)), TierEntered(at(2, 33), Tier.CHEAP, "hunter")]
    dropped = ProviderDropped("hunter", "Set it. " * 50)
    grid = grid_of(500, console, *worked(100, 29), *straggler, dropped, columns=headers)
    lines = shown(grid, console)
    assert max(map(cell_len, lines)) <= width
    assert len(lines) < max(height, 3)
    text = "\n".join(lines)
    assert ("still running above: AG2" in text) == (height >= 24)
    assert ("2,900 of 15,000" in text) == (width >= 20)
    assert ("of 30" in text) == (width >= 80)


def rows_in(lines: list[str]) -> list[int]:
    """The numbers of the rows in sight."""
    return [int(line.split()[0]) for line in lines if line[:7].strip().isdigit()]


def test_the_window_follows_the_work() -> None:
    """The rows where work began last are in sight, with what comes next; slow ones above are named."""
    console = screen()
    grid = grid_of(1000, console, CellStarted(at(3, 4)), CellStarted(at(500, 4)))
    lines = shown(grid, console)
    assert rows_in(lines) == list(range(491, 503))
    assert "still running above: D3" in lines


def test_many_cells_at_once_leave_room_for_what_is_found() -> None:
    """Where many rows run at once, the window stands among the first of them, but for a few slow ones."""
    console = screen()
    running = [CellStarted(at(row, column)) for row in range(102, 202) for column in (4, 5, 6)]
    lines = shown(grid_of(1000, console, *worked(100), *running), console)
    assert 127 in rows_in(lines)
    assert max(rows_in(lines)) < 140
    few = [CellStarted(at(row, column)) for row in range(102, 111) for column in (4, 5, 6)]
    assert rows_in(shown(grid_of(1000, console, *worked(100), *few), console)) == list(range(98, 110))


def test_work_beyond_the_listed_rows_is_followed() -> None:
    """A job lists its first rows only: after them, those that were started are shown."""
    console = screen()
    grid = grid_of(100, console, *worked(300), CellStarted(at(302, 4)))
    assert rows_in(shown(grid, console))[-2:] == [301, 302]


@pytest.mark.parametrize(
    ("spent", "words"),
    [
        (100_000, "spent $0.10 of at most $1.00 ━━━─────────────────────────── 10%"),
        (800_000, "spent $0.80 of at most $1.00 ━━━━━━━━━━━━━━━━━━━━━━━━────── 80%, near the cap"),
        (999_999, "spent $0.999999 of at most $1.00 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━─ 99%, near the cap"),
        (1_000_000, "spent $1.00 of at most $1.00 ━━━━━━━━━━━━━━━━━━━━━━━━━━ 100%, the cap is reached"),
    ],
)
def test_a_cap_that_is_near_is_not_to_be_missed(spent: int, words: str) -> None:
    """The bar of money is full only at the cap, and says in words that it is near."""
    console = screen()
    done = CellFinished(at(2, 4), TaskStatus.DONE, "x", Tier.CHEAP, "hunter", None, Micros(spent))
    assert words in shown(grid_of(20, console, CellStarted(at(2, 4)), done), console)


def test_providers_fit_in_one_line_beside_a_long_sheet() -> None:
    """Cells asked, filled, the hit rate, answers known already and calls; the busiest first."""
    console = screen(120)
    usage = (Usage("gleif", Tier.FREE, calls=1), Usage("hunter", Tier.CHEAP, cache_hits=1))
    events: list[Event] = []
    for row in range(2, 7):
        events += [CellStarted(at(row, 4)), TierEntered(at(row, 4), Tier.FREE, "gleif")]
    for row in (2, 3):
        events += [TierEntered(at(row, 4), Tier.CHEAP, "hunter")]
        events += [CellFinished(at(row, 4), TaskStatus.DONE, "x", Tier.CACHE, "hunter", usage=usage)]
    line = "gleif 5 asked, 0 filled (0%), 2 calls · hunter 2 asked, 2 filled (100%), 2 from cache"
    assert line in shown(grid_of(100, console, *events), console)
    short = "filled/asked: gleif 0/5 (0%) · hunter 2/2 (100%)"
    assert short in shown(grid_of(100, screen(60), *events), screen(60))


def calls_of_a_frame(rows: int) -> int:
    """How many functions are called for one frame, when the work stands in the middle of the sheet."""
    console = screen(terminal=True)
    grid = grid_of(rows, console, *worked(rows // 2))
    console.print(grid.frame())  # what is worked out once
    calls = 0

    def count(frame: FrameType, event: str, arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        console.print(grid.frame())
    finally:
        sys.setprofile(None)
    return calls


def test_a_frame_costs_the_same_at_any_size() -> None:
    """Only the cells in sight are touched: a thousand times the rows, the same number of calls."""
    assert calls_of_a_frame(33_334) <= calls_of_a_frame(40) * 1.1


def test_colours_only_where_the_console_has_them() -> None:
    """A tier has its colour; NO_COLOR is the console's to honour."""
    console = screen(terminal=True)
    with console.capture() as capture:
        console.print(grid_of(1, console, *worked(1)).frame())
    assert "\x1b[32m value" in capture.get()
    plain = Console(file=io.StringIO(), width=80, height=24, force_terminal=True, no_color=True)
    with plain.capture() as capture:
        plain.print(grid_of(1, plain, *worked(1)).frame())
    assert "32m" not in capture.get()


def test_a_job_without_cells_has_a_frame() -> None:
    """What was to be filled had been filled meanwhile."""
    console = screen()
    assert "0 of 0 cells" in "\n".join(shown(grid_of(0, console, columns=()), console))


def test_before_the_first_event_there_is_a_frame_too() -> None:
    """The grid may be drawn before the job is known."""
    console = screen()
    assert shown(LiveGrid(console), console)[0] == "Preparing…"


def test_the_drawing_is_cleared_at_the_end() -> None:
    """A summary follows: the last thing sent erases the frame's lines, and the cursor is shown again."""
    console = screen(terminal=True)
    with grid_of(2, console) as grid:
        for event in worked(2):
            grid.on_event(event)
    file = console.file
    assert isinstance(file, io.StringIO)
    sent = file.getvalue()
    assert "leads.xlsx" in sent
    assert sent.endswith("\x1b[1A\x1b[2K")
    assert "\x1b[?25h" in sent
