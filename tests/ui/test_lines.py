"""Progress without a terminal."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys

import pytest

from glaze_cli.engine.events import (
    CellFinished,
    CellStarted,
    JobFinished,
    JobStarted,
    ProviderDropped,
    TargetColumn,
)
from glaze_cli.model import CellRef, JobStatus, Micros, TaskStatus
from glaze_cli.ui.lines import SILENCE_S, PlainLines, closing


class Left(io.StringIO):
    """A reader that has left."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def job(columns: int = 2) -> JobStarted:
    """Ten cells of a sheet."""
    targets = tuple(TargetColumn(4 + index, f"H{index}") for index in range(columns))
    return JobStarted("j1", "leads.xlsx", "Q3", "D2:E6", targets, (2, 3, 4, 5, 6), 10, cap=Micros(5_000_000))


def done(row: int) -> CellFinished:
    """One value, for a cent."""
    return CellFinished(CellRef("Q3", row, 4), TaskStatus.DONE, "x", cost=Micros(10_000))


def test_a_whole_run() -> None:
    """A line at the start, one every few seconds, one for a dropped provider, one at the end."""
    now = 0.0
    out = io.StringIO()
    lines = PlainLines(out, clock=lambda: now, every=5.0)
    lines.on_event(job())
    for row in range(2, 6):
        now += 2.0
        lines.on_event(done(row))
    lines.on_event(ProviderDropped("hunter", "Set \x1b[31mHUNTER_API_KEY."))
    lines.on_event(JobFinished("j1", JobStatus.COMPLETED, "1 task failed", "out.xlsx"))
    assert out.getvalue().splitlines() == [
        "Job j1 asks about 10 cells of leads.xlsx (Q3!D2:E6): H0, H1.",
        "3 of 10 cells ended (3 done, 0 not found, 0 failed, 0 skipped); 0.5 cells/s, about 14 s left; "
        "spent $0.03 of at most $5.00",
        "hunter is not asked any more: Set ·HUNTER_API_KEY.",
        "Job j1 completed after 8 s: 4 done, 0 not found, 0 failed, 0 skipped; "
        "spent $0.04 of at most $5.00. 1 task failed. Written to out.xlsx.",
    ]


def test_a_long_wait_is_told_too() -> None:
    """Slow providers make no events: a line every minute says what is being asked."""
    now = 0.0
    out = io.StringIO()

    async def wait() -> None:
        nonlocal now
        lines = PlainLines(out, clock=lambda: now, every=0.01)
        lines.on_event(job())
        lines.on_event(CellStarted(CellRef("Q3", 2, 4)))
        await asyncio.sleep(0.05)
        now = SILENCE_S + 1
        await asyncio.sleep(0.05)
        lines.on_event(JobFinished("j1", JobStatus.INTERRUPTED, None, None))
        now *= 10
        await asyncio.sleep(0.05)

    asyncio.run(wait())
    assert out.getvalue().splitlines()[1:] == [
        "0 of 10 cells ended (0 done, 0 not found, 0 failed, 0 skipped); 1 being asked, none ended lately; "
        "0.0 cells/s; spent $0.00 of at most $5.00",
        "Job j1 interrupted after 1 min 1 s: 0 done, 0 not found, 0 failed, 0 skipped; "
        "spent $0.00 of at most $5.00. No file was written.",
    ]


def test_many_columns_are_not_all_named() -> None:
    """The first line stays a line."""
    out = io.StringIO()
    PlainLines(out).on_event(job(columns=9))
    assert (
        out.getvalue()
        == "Job j1 asks about 10 cells of leads.xlsx (Q3!D2:E6): H0, H1, H2, H3, H4, H5, 3 more.\n"
    )


def test_a_reader_that_leaves_does_not_end_the_job() -> None:
    """`glaze enrich … 2>&1 | head -1` goes on quietly."""
    lines = PlainLines(Left(), every=0.0)
    lines.on_event(job())
    lines.on_event(done(2))


@pytest.mark.parametrize("module", ["glaze_cli.ui.lines", "glaze_cli.ui.stream", "glaze_cli.ui.text"])
def test_rich_is_not_loaded_where_nothing_is_drawn(module: str) -> None:
    """A run in cron does not pay for the screen."""
    code = f"import sys, {module}; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_end_says_why_and_what_next() -> None:
    """Reasons by number, then the next steps, each a line."""
    document = {"reasons": {"failed": {"timeout": 1200}}, "nextSteps": ["glaze resume j1"]}
    assert list(closing(document)) == [
        "failed: 1,200 timeout: took longer than allowed",
        "next: glaze resume j1",
    ]
    assert list(closing({})) == []
    known = {"providers": [{"id": "hunter", "cacheHits": 3}, {"id": "gleif", "cacheHits": 1_200}]}
    assert list(closing(known)) == ["from cache: 1,203 answers"]
