"""The events as JSON lines."""

from __future__ import annotations

import io
import json
from threading import Event as Flag

from glaze_cli.engine.events import (
    CellFinished,
    CellStarted,
    JobFinished,
    JobStarted,
    ProviderDropped,
    TargetColumn,
    TierEntered,
)
from glaze_cli.model import CellRef, JobStatus, Micros, TaskStatus, Tier
from glaze_cli.ui.stream import JsonStream

CELL = CellRef("Q3", 17, 3)
END = JobFinished("j1", JobStatus.COMPLETED, None, "leads.xlsx")


class Slow(io.StringIO):
    """A reader that waits for a person, as `| less` does."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = Flag()

    def write(self, text: str) -> int:
        assert self.go_on.wait(timeout=30)
        return super().write(text)


class Left(io.StringIO):
    """A reader that has left; counts how often it was written to."""

    writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        raise BrokenPipeError


def test_every_event_is_one_line_that_holds_all_of_it() -> None:
    """Names as in the job document, money in dollars, cells as people name them."""
    out = io.StringIO()
    stream = JsonStream(out)
    column = TargetColumn(3, "Email", added=True)
    stream.on_event(
        JobStarted("j1", "leads.xlsx", "Q3", "C2:C17", (column,), (2, 17), 2, 1, Micros(5_000_000))
    )
    stream.on_event(CellStarted(CELL))
    stream.on_event(TierEntered(CELL, Tier.CHEAP, "hunter"))
    stream.on_event(CellFinished(CELL, TaskStatus.DONE, "a@b.c", Tier.CHEAP, "hunter", cost=Micros(1500)))
    stream.on_event(ProviderDropped("hunter", "No credit."))
    stream.on_event(END)
    place = {"cell": "C17", "sheet": "Q3"}
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [
        {
            "event": "job_started",
            "jobId": "j1",
            "file": "leads.xlsx",
            "sheet": "Q3",
            "range": "C2:C17",
            "columns": [{"column": "C", "header": "Email", "added": True}],
            "totalTasks": 2,
            "endedTasks": 1,
            "cap": "5.00",
        },
        {"event": "cell_started", **place},
        {"event": "tier_entered", **place, "tier": "cheap", "provider": "hunter"},
        {
            "event": "cell_finished",
            **place,
            "status": "done",
            "value": "a@b.c",
            "source": "cheap",
            "provider": "hunter",
            "reason": None,
            "cost": "0.0015",
        },
        {"event": "provider_dropped", "provider": "hunter", "error": "No credit."},
        {
            "event": "job_finished",
            "jobId": "j1",
            "status": "completed",
            "error": None,
            "written": "leads.xlsx",
        },
    ]


def test_hostile_text_is_escaped_and_whole() -> None:
    """A stream looked at in a terminal is inert, and a program gets every character back."""
    out = io.StringIO()
    stream = JsonStream(out)
    value = "\x1b]8;;http://evil.test\x07x\u202e\x9b\n\x07" + "x" * 1_000_000
    stream.on_event(CellFinished(CELL, TaskStatus.DONE, value))
    stream.on_event(END)
    first = out.getvalue().splitlines()[0]
    assert first.isascii()
    assert first.isprintable()
    assert json.loads(first)["value"] == value


def test_a_slow_reader_does_not_hold_the_job() -> None:
    """Events are taken at once while the reader sleeps; at the end everything is written."""
    out = Slow()
    stream = JsonStream(out)
    for _ in range(1000):
        stream.on_event(CellStarted(CELL))
    assert out.getvalue() == ""
    out.go_on.set()
    stream.on_event(END)
    assert len(out.getvalue().splitlines()) == 1001


def test_a_reader_that_leaves_is_written_to_once() -> None:
    """`| head -1` ends the stream, not the job."""
    out = Left()
    stream = JsonStream(out)
    stream.on_event(CellStarted(CELL))
    stream.on_event(CellStarted(CELL))
    stream.on_event(END)
    assert out.writes == 1
