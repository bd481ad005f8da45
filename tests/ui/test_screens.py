"""The live grid as a person sees it: whole screens, kept as text in `screens/`.

`GLAZE_SCREENS=write pytest tests/ui/test_screens.py` writes them anew after a wanted change; look at the
difference before it is committed.
"""

from __future__ import annotations

import io
import os
import re
import unicodedata
from pathlib import Path

import pyte
import pytest
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
from glaze_cli.model import CellRef, TaskStatus, Tier
from glaze_cli.ui.grid import LiveGrid
from glaze_cli.ui.text import inert
from tests.ui.emulator import Emulator
from tests.ui.scenes import under_way

SCREENS = Path(__file__).parent / "screens"
SIZES = {"80x24": (80, 24), "200x50": (200, 50)}
JOBS = {
    6: (2, 3, 1, 200_000),
    400: (100, 4, 40, 1_700_000),
    100_000: (10_000, 10, 60, 20_000_000),
}
"""Cells → rows, columns, rows that have ended, the cap in Micros."""


class Clock:
    """Time that moves when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def drawn(emulator: Emulator, console: Console, events: list[Event], seconds: float = 14.3) -> list[str]:
    """The screen so many seconds after the job began; what ended, ended at that moment."""
    clock = Clock()
    with LiveGrid(console, clock) as grid:
        grid.on_event(events[0])
        clock.now = seconds
        for event in events[1:]:
            grid.on_event(event)
        grid.draw()
        return emulator.lines()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cells", JOBS)
def test_a_screen_is_as_it_was(size: str, cells: int) -> None:
    """Letters, headers, row numbers, a bar for each column, the values and states of cells, the totals."""
    emulator = Emulator(*SIZES[size])
    lines = drawn(emulator, emulator.console(), list(under_way(*JOBS[cells])))
    kept = SCREENS / f"{size}-{cells}.txt"
    if os.environ.get("GLAZE_SCREENS") == "write":
        kept.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lines == kept.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("size", SIZES)
def test_the_screens_show_every_state(size: str) -> None:
    """Taken, asked in each tier, found, not found, failed, skipped, waiting again, and not begun."""
    texts = [(SCREENS / f"{size}-{cells}.txt").read_text(encoding="utf-8") for cells in JOBS]
    under_way = ("▱▱▱▱", "▰▰▱▱ free", "▰▰▰▱", "▰▰▰▰")
    for state in (*under_way, "ann@", "–", "✗ timeout", "skipped", "· budget"):
        assert any(state in text for text in texts), state
    for text in texts:
        assert "━" in text and "cells/s" in text and "of at most" in text and "asked" in text
    assert "still running above: L2" in texts[2]
    assert "near the cap" in "".join(texts)


HOSTILE = {
    "colours and the cursor": "\x1b[2J\x1b[31m\x1b[10;10Hred\x1b[1A",
    "a link that lies": "\x1b]8;;http://evil.test\x1b\\link\x1b]8;;\x1b\\",
    "the window's title": "\x1b]0;owned\x07\x1b]2;owned\x1b\\x",
    "the clipboard": "\x1b]52;c;ZXZpbA==\x07x",
    "a picture": "\x1bPq#0;2;0;0;0~\x1b\\x",
    "one-byte controls": "\x9b31mred\x9d0;owned\x9c\x90q\x9c",
    "a sequence without an end": "x\x1b[38;5;",
    "another writing direction": "\u202egnp.exe\u2066x",
    "a script": "<script>alert(1)</script>",
    "rich's own language": "[bold]not markup[/bold] :smile:",
    "line ends, tabs, bells": "a\nb\r\x07\tc\x0bd\x84e",
    "a megabyte": "x" * 1_000_000,
    "a tower of accents": "e" + "\u0301" * 1000,
    "wide characters": "会社名" * 100,
    "families, flags, skins": "👨\u200d👩\u200d👧 🇩🇪🇫🇷 👍🏽 1\ufe0f\u20e3 ❤\ufe0f" * 20,
    "from right to left": "שלום עולם مرحبا",
    "another character set": "\x1b(0lqqqk\x0e",
}


def poisoned(text: str) -> list[Event]:
    """A job that holds it wherever a text can stand."""
    cells = [CellRef(text, row, 4) for row in (2, 3, 4)]
    columns = (TargetColumn(4, text), TargetColumn(5, "Phone"))
    return [
        JobStarted(text, text, text, text, columns, (2, 3, 4), 6),
        *(CellStarted(cell, text) for cell in cells),
        *(TierEntered(cell, Tier.CHEAP, text) for cell in cells),
        CellFinished(cells[0], TaskStatus.DONE, text, Tier.CHEAP, text),
        CellFinished(cells[1], TaskStatus.FAILED, reason=text),
        ProviderDropped(text, text),
    ]


@pytest.mark.parametrize("kind", HOSTILE)
def test_whatever_a_text_holds_the_screen_is_what_was_meant(kind: str) -> None:
    """In a value, header, reason, row, provider, file, sheet or job: no cursor moves, no title is set, and
    every line stands where it would without a terminal.
    """
    emulator = Emulator(80, 24)
    seen = drawn(emulator, emulator.console(), poisoned(HOSTILE[kind]))
    paper = Console(file=io.StringIO(), width=80, height=24, _environ={})
    clock = Clock()
    grid = LiveGrid(paper, clock)
    for event in poisoned(HOSTILE[kind]):
        grid.on_event(event)
        clock.now = 14.3
    with paper.capture() as capture:
        paper.print(grid.frame())
    meant = [unicodedata.normalize("NFC", line.rstrip()) for line in capture.get().rstrip().splitlines()]
    assert seen == meant
    assert (emulator.screen.title, emulator.screen.icon_name) == ("", "")
    assert not set("\x9b\x9d\x90\x07\x0e\u202e\u2066") & set(emulator.getvalue())


def test_text_from_right_to_left_keeps_to_its_cell() -> None:
    """A terminal that turns such text around is told where it ends, so that cells do not change places."""
    emulator = Emulator(80, 24)
    drawn(emulator, emulator.console(), poisoned("שלום"))
    ends = re.findall("שלום *(?:\x1b\\[0m)?(\u200e?)\x1b\\[[0-9]+G", emulator.getvalue())
    assert len(ends) >= 6
    assert set(ends) == {"\u200e"}
    assert "\u200e" not in inert("ab\u200e")


def test_a_frame_is_cut_not_wrapped_by_a_terminal_that_sees_wider_characters() -> None:
    """A terminal that gives a character more columns than we think it has still shows line under line."""
    emulator = Emulator(40, 12)
    seen = drawn(emulator, emulator.console(), poisoned("x" * 100))
    narrow = Emulator(30, 12)
    narrow.write(emulator.getvalue().rpartition("\x1b[?7h")[0])
    assert len(narrow.lines()) == len(seen)


@pytest.mark.parametrize("size", [(60, 18), (40, 12), (200, 50)], ids=str)
def test_the_window_may_change_its_size(size: tuple[int, int]) -> None:
    """The next frame is that of a window which had this size from the start."""
    events = list(under_way(*JOBS[400]))
    fresh = Emulator(*size)
    expected = drawn(fresh, fresh.console(), events)
    emulator = Emulator(80, 24)
    console, clock = emulator.console(), Clock()
    with LiveGrid(console, clock) as grid:
        grid.on_event(events[0])
        clock.now = 14.3
        for event in events[1:]:
            grid.on_event(event)
        grid.draw()
        emulator.resize(console, *size)
        grid.draw()
        assert emulator.lines() == expected
    assert emulator.lines() == []
    assert not emulator.screen.cursor.hidden
    assert pyte.modes.DECAWM in emulator.screen.mode
