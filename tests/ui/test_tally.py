"""The totals of a job."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
from glaze_cli.store.tasks import Usage
from glaze_cli.ui.speed import speed
from glaze_cli.ui.tally import Tally, duration, outcome


class Clock:
    """Time that moves when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def started(total: int = 100, ended: int = 0, cap: Micros | None = None) -> JobStarted:
    """A job of one column."""
    return JobStarted("j1", "leads.csv", "", "D2:D101", (), tuple(range(2, 102)), total, ended, cap)


def test_every_end_is_counted_under_its_own_name() -> None:
    """Not found, failed and skipped are three different things, and only a found value counts as filled."""
    tally = Tally(Clock())
    tally.on_event(started())
    for row, status in enumerate((*TaskStatus,) * 2, start=2):
        if status.ended:
            cell = CellRef("", row, 4)
            tally.on_event(CellStarted(cell))
            tally.on_event(TierEntered(cell, Tier.CHEAP, "hunter"))
            usage = (Usage("hunter", Tier.CHEAP, calls=1, cost=Micros(9_000)),)
            tally.on_event(CellFinished(cell, status, "x", Tier.CHEAP, "hunter", None, Micros(10_000), usage))
    assert outcome(tally.counts) == "2 done, 2 not found, 2 failed, 2 skipped"
    assert tally.columns[4] == tally.counts
    hunter = tally.providers["hunter"]
    assert (hunter.asked, hunter.filled, hunter.calls, hunter.cost) == (8, 2, 8, 72_000)
    assert hunter.rate == 0.25
    assert tally.tiers == {Tier.CHEAP: 2}
    assert tally.money == "spent $0.08"


def test_the_speed_is_that_of_the_last_half_minute() -> None:
    """A slow start does not make the time left look longer than it is, nor a stop make it look shorter."""
    clock = Clock()
    tally = Tally(clock)
    tally.on_event(started(total=1000))
    for second in range(60):
        clock.now = 100.0 + second
        for _ in range(1 if second < 30 else 10):
            tally.on_event(CellFinished(CellRef("", 2, 4), TaskStatus.DONE, "x"))
    clock.now = 159.9
    assert tally.rate == pytest.approx(10.0)
    assert [speed(rate) for rate in (0.25, 99.94, 1420.7)] == ["0.2 cells/s", "99.9 cells/s", "1,421 cells/s"]
    assert tally.seconds_left == pytest.approx((1000 - 330) / 10)
    clock.now = 300.0
    assert tally.rate == 0
    assert tally.seconds_left is None


def test_a_resumed_job_counts_what_ended_before_but_not_its_cost() -> None:
    """The bar goes on where it stood, and the money says that it is of this run."""
    tally = Tally(Clock())
    tally.on_event(started(total=100, ended=40, cap=Micros(5_000_000)))
    tally.on_event(CellFinished(CellRef("", 2, 4), TaskStatus.DONE, "x", cost=Micros(500_000)))
    assert (tally.ended, tally.total) == (41, 100)
    assert tally.money == "spent $0.50 in this run, cap $5.00"


def test_what_earlier_runs_cost_counts_where_it_is_told() -> None:
    """The cap is the job's, so the money shown against it is that of all its runs."""
    tally = Tally(Clock())
    job = started(ended=40, cap=Micros(5_000_000))
    tally.on_event(replace(job, spent=Micros(3_500_000)))
    tally.on_event(CellFinished(CellRef("", 2, 4), TaskStatus.DONE, "x", cost=Micros(500_000)))
    assert tally.money == "spent $4.00 of at most $5.00"
    assert tally.share_of_cap == pytest.approx(0.8)
    tally.on_event(JobFinished("j1", JobStatus.PAUSED, None, None, Micros(4_900_000)))
    assert tally.money == "spent $4.90 of at most $5.00"


def test_a_cell_that_waits_again_has_not_ended() -> None:
    """A spending cap stood in its way: it is counted nowhere, but what it cost on its way is."""
    tally = Tally(Clock())
    tally.on_event(started())
    cell = CellRef("", 2, 4)
    tally.on_event(CellStarted(cell))
    tally.on_event(CellFinished(cell, TaskStatus.QUEUED, reason="budget", cost=Micros(10_000)))
    assert (tally.ended, tally.counts.total(), tally.money) == (0, 0, "spent $0.01")


@pytest.mark.parametrize(
    ("total", "begun", "expected"),
    [
        (200, {}, [100, 100]),  # every row has both: exact at once
        (200, {4: 10, 5: 3}, [100, 100]),
        (100, {4: 100, 5: 0}, [100, 0]),  # one column was filled before: exact at the end
        (150, {4: 50, 5: 25}, [100, 50]),  # in between as it has been so far
    ],
)
def test_a_column_knows_how_many_cells_it_has(total: int, begun: dict[int, int], expected: list[int]) -> None:
    """Without counting the store's millions: from the job's total, and from what was begun."""
    tally = Tally(Clock())
    columns = (TargetColumn(4, "Email"), TargetColumn(5, "Phone"))
    tally.on_event(replace(started(total), columns=columns))
    for column, number in begun.items():
        for row in range(number):
            tally.on_event(CellStarted(CellRef("", row + 2, column)))
    assert [tally.column_total(column) for column in (4, 5)] == pytest.approx(expected, abs=1)


def test_a_dropped_provider_keeps_its_reason() -> None:
    """Also one that was never asked."""
    tally = Tally(Clock())
    tally.on_event(ProviderDropped("hunter", "Set HUNTER_API_KEY."))
    assert tally.providers["hunter"].dropped == "Set HUNTER_API_KEY."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),  # never "60 s"
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
    ],
)
def test_a_duration_is_as_exact_as_people_need(seconds: float, words: str) -> None:
    """Seconds, then minutes, then hours."""
    assert duration(seconds) == words
