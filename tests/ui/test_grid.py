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
from glaze_cli.ui.grid import LiveGrid

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
    """Letters, headers, row numbers; waiting, running in its tier, found, not found, failed, skipped."""
    console = screen()
    grid = grid_of(
        4,
        console,
        CellStarted(at(2, 4)),
        TierEntered(at(2, 4), Tier.FREE, "gleif"),
        CellFinished(at(2, 4), TaskStatus.DONE, "ann@example.com", Tier.FREE, "gleif"),
        CellFinished(at(2, 5), TaskStatus.NOT_FOUND),
        CellFinished(at(2, 6), TaskStatus.DONE, "株式会社日本", Tier.CHEAP, "hunter", cost=Micros(10_000)),
        CellFinished(at(3, 4), TaskStatus.FAILED, reason="provider_error"),
        CellFinished(at(3, 5), TaskStatus.SKIPPED, reason="condition"),
        CellStarted(at(3, 6)),
        CellStarted(at(4, 4)),
        TierEntered(at(4, 4), Tier.CHEAP, "hunter"),
        ProviderDropped("hunter", "Set HUNTER_API_KEY."),
    )
    assert shown(grid, console) == [
        "leads.xlsx  Q3!D2:F9",
        "        D Email                 E Phone                 F 会社名",
        "      2 ann@example.com         –                       株式会社日本",
        "      3 ✗ provider error        skipped condition       ⠋ ▱▱▱▱",
        "      4 ⠋ ▰▰▰▱ cheap            ·                       ·",
        "      5 ·                       ·                       ·",
        " filled 1 of 2                  0 of 2                  1 of 1",
        "━━━━━━━━━━━━━━━━                         5 of 12 cells   0.5 cells/s   14 s left",
        "2 done, 1 not found, 1 failed, 1 skipped; spent $0.01 of at most $1.00",
        "cache 0   free 1   cheap 1   premium 0",
        "filled of asked: gleif 1 of 1 · hunter 1 of 1",
        "hunter is not asked any more: Set HUNTER_API_KEY.",
        "",
    ]


@pytest.mark.parametrize(("width", "height"), [(80, 24), (200, 50), (40, 12), (20, 5)])
def test_a_frame_never_outgrows_the_terminal(width: int, height: int) -> None:
    """Not a line too wide, and one line free below; columns that do not fit are counted."""
    console = screen(width, height)
    headers = tuple(f"Header {index} 会社名" for index in range(30))
    straggler = [CellStarted(at(2, 33)), TierEntered(at(2, 33), Tier.CHEAP, "hunter")]
    dropped = ProviderDropped("hunter", "Set it. " * 50)
    grid = grid_of(500, console, *worked(400, 29), *straggler, dropped, columns=headers)
    lines = shown(grid, console)
    assert max(map(cell_len, lines)) <= width
    assert len(lines) < max(height, 12)
    assert ("more columns" in lines[0]) == (width >= 80)
    assert "still running above: AG2"[: width - 1] in "\n".join(lines)


def test_the_window_follows_the_work() -> None:
    """The rows where work began last are in sight, with what comes next; slow ones above are named."""
    console = screen()
    grid = grid_of(1000, console, CellStarted(at(3, 4)), CellStarted(at(500, 4)))
    lines = shown(grid, console)
    numbers = [int(line.split()[0]) for line in lines if line.split() and line.split()[0].isdigit()][:13]
    assert numbers == list(range(490, 503))
    assert "still running above: D3" in lines


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b[2J\x1b[31mred",  # clears the screen
        "\x1b]8;;http://evil.test\x1b\\link\x1b]8;;\x1b\\",  # a link that lies
        "\u202egnp.exe",  # turns the line around
        "[bold]not markup[/bold]",  # rich's own language
        "a\nb\r\x07",  # moves the cursor
        "x" * 1_000_000,
        "é" + "\u0301" * 1000,  # a tower of accents
    ],
)
def test_hostile_text_is_inert(hostile: str) -> None:
    """In a value, a header, a file's name, a provider's name and sentence: nothing of it acts."""
    console = screen(terminal=False)
    grid = LiveGrid(console, clock=lambda: 1.0)
    grid.on_event(JobStarted("j", hostile, hostile, hostile, (TargetColumn(4, hostile),), (2, 3), 2))
    grid.on_event(TierEntered(at(2, 4), Tier.FREE, hostile))
    grid.on_event(CellFinished(at(2, 4), TaskStatus.DONE, hostile, Tier.FREE, hostile))
    grid.on_event(CellFinished(at(3, 4), TaskStatus.FAILED, reason=hostile))
    grid.on_event(ProviderDropped(hostile, hostile))
    lines = shown(grid, console)
    assert not set("\x1b\x07\r\u202e") & set("".join(lines))
    assert len(lines) == 11
    assert max(map(cell_len, lines)) <= 80


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
    assert "\x1b[32mvalue" in capture.get()
    plain = Console(file=io.StringIO(), width=80, height=24, force_terminal=True, no_color=True)
    with plain.capture() as capture:
        plain.print(grid_of(1, plain, *worked(1)).frame())
    assert "32m" not in capture.get()


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
