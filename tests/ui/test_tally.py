"""The totals of a job."""

from __future__ import annotations

import pytest

from glaze_cli.engine.events import CellFinished, CellStarted, JobStarted, ProviderDropped, TierEntered
from glaze_cli.model import CellRef, Micros, TaskStatus, Tier
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
            tally.on_event(CellFinished(cell, status, "x", Tier.CHEAP, "hunter", cost=Micros(10_000)))
    assert outcome(tally.counts) == "2 done, 2 not found, 2 failed, 2 skipped"
    assert tally.columns[4] == tally.counts
    assert (tally.providers["hunter"].asked, tally.providers["hunter"].filled) == (8, 2)
    assert tally.tiers == {Tier.CHEAP: 2}
    assert tally.running == {}
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
