"""The running totals of a job: what ended how, who filled it, how fast, for how much."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from glaze_cli.engine.events import (
    CellFinished,
    CellStarted,
    Event,
    JobFinished,
    JobStarted,
    ProviderDropped,
    TierEntered,
)
from glaze_cli.model import TaskStatus, Tier, dollars
from glaze_cli.ui.speed import Clock, Speed

NEAR = 0.8
"""The part of the spending cap from which on it is near."""

_QUEUED, _DONE = TaskStatus.QUEUED, TaskStatus.DONE  # an enum's members are slow to name


@dataclass(slots=True)
class ProviderTally:
    """One provider's part in the job."""

    asked: int = 0
    """Cells it was asked about."""
    filled: int = 0
    """Cells that it filled."""
    answered: int = 0
    """Cells that have ended, of those it was asked about."""
    cached: int = 0
    """Answers that were known already, so that no call was made."""
    calls: int = 0
    cost: int = 0
    """Micros."""
    dropped: str | None = None
    """Why it is not asked any more."""

    @property
    def rate(self) -> float | None:
        """Of the cells that have ended, the share that it filled; None before any has."""
        return self.filled / self.answered if self.answered else None


class Tally:
    """Hears events and keeps totals; every event costs the same few steps, whatever the job's size."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._speed = Speed()
        self.job: JobStarted | None = None
        self.finished: JobFinished | None = None
        self.counts: Counter[TaskStatus] = Counter()
        self.columns: dict[int, Counter[TaskStatus]] = {}
        self.started: Counter[int] = Counter()
        """By column: cells that a worker took."""
        self._begun = 0
        self.running = 0
        """Cells that are being asked about."""
        self.tiers: Counter[Tier] = Counter()
        self.providers: dict[str, ProviderTally] = {}
        self.spent = 0
        """Micros, of this run."""

    def on_event(self, event: Event) -> None:
        """Add it to the totals."""
        if isinstance(event, TierEntered):
            self._provider(event.provider).asked += 1
        elif isinstance(event, CellFinished):
            self._end(event)
        elif isinstance(event, CellStarted):
            self.started[event.cell.column] += 1
            self._begun += 1
            self.running += 1
        elif isinstance(event, JobStarted):
            self.job = event
            self._speed.begin(self._clock())
        elif isinstance(event, ProviderDropped):
            self._provider(event.provider).dropped = event.sentence
        else:
            self.finished = event

    def _provider(self, name: str) -> ProviderTally:
        part = self.providers.get(name)
        if part is None:
            part = self.providers[name] = ProviderTally()
        return part

    def _end(self, event: CellFinished) -> None:
        status, column = event.status, event.cell.column
        self.spent += event.cost
        self.running -= 1
        for usage in event.usage:
            part = self._provider(usage.provider)
            part.answered += 1
            part.calls += usage.calls
            part.cached += usage.cache_hits
            part.cost += usage.cost
        if status is _QUEUED:
            return
        self._speed.tick(self._clock())
        self.counts[status] += 1
        counts = self.columns.get(column)
        if counts is None:
            counts = self.columns[column] = Counter()
        counts[status] += 1
        if status is _DONE:
            if event.tier:
                self.tiers[event.tier] += 1
            if event.provider:
                self._provider(event.provider).filled += 1

    @property
    def total(self) -> int:
        """Cells of the job."""
        return self.job.total if self.job else 0

    @property
    def before(self) -> int:
        """Cells that ended in earlier runs."""
        return self.job.ended if self.job else 0

    @property
    def ended(self) -> int:
        """Cells that have their final word, those of earlier runs included."""
        return self.counts.total() + self.before

    def column_total(self, column: int) -> float:
        """Cells of a column in this run. Exact when every row of the job has every column, and at the end;
        before that, what is not begun yet is shared out as what was begun is."""
        if self.job is None:
            return 0
        begun, targets = self._begun, len(self.job.columns)
        run = self.total - self.before
        if run == len(self.job.rows) * targets:
            return len(self.job.rows)
        mine = self.started[column]
        return mine + max(0, run - begun) * (mine + 1) / (begun + targets)

    @property
    def elapsed(self) -> float:
        """Seconds since this run began."""
        return self._speed.elapsed(self._clock())

    @property
    def rate(self) -> float:
        """Cells per second, lately."""
        return self._speed.rate(self._clock())

    @property
    def seconds_left(self) -> float | None:
        """At the present rate; None while nothing moves."""
        rate = self.rate
        return (self.total - self.ended) / rate if rate > 0 else None

    @property
    def spent_in_all(self) -> int | None:
        """Micros of all runs of the job; None where what earlier runs cost is not known."""
        if self.finished and self.finished.spent is not None:
            return self.finished.spent
        if self.job and self.job.ended and self.job.spent is None:
            return None
        return self.spent + ((self.job.spent or 0) if self.job else 0)

    @property
    def share_of_cap(self) -> float | None:
        """How much of the cap is spent, 0..1; None without a cap, or where it is not known."""
        spent, cap = self.spent_in_all, self.job.cap if self.job else None
        return min(1.0, spent / cap) if cap and spent is not None else None

    @property
    def money(self) -> str:
        """`spent $0.12 of at most $5.00`; where only this run is known, it says so."""
        cap, spent = self.job.cap if self.job else None, self.spent_in_all
        if spent is None:
            limit = f", cap {dollars(cap)}" if cap is not None else ""
            return f"spent {dollars(self.spent)} in this run{limit}"
        limit = f" of at most {dollars(cap)}" if cap is not None else ""
        return f"spent {dollars(spent)}{limit}"


def outcome(counts: Counter[TaskStatus]) -> str:
    """`30 done, 10 not found, 5 failed, 0 skipped`: always all four, so that lines compare."""
    ends = (TaskStatus.DONE, TaskStatus.NOT_FOUND, TaskStatus.FAILED, TaskStatus.SKIPPED)
    return ", ".join(f"{counts[status]:,} {status.replace('_', ' ')}" for status in ends)


def duration(seconds: float) -> str:
    """`8 s`, `3 min 20 s`, `2 h 5 min`: as much as a person needs."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
