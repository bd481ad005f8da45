"""The running totals of a job: what ended how, who filled it, how fast, for how much."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
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
from glaze_cli.model import CellRef, Micros, TaskStatus, Tier, dollars

Clock = Callable[[], float]
"""Seconds that only grow: `time.monotonic`, or a test's own."""

PACE_SECONDS = 30
"""The speed is that of the last half minute: what the time left depends on."""


class Pace:
    """How many cells end in a second, lately."""

    def __init__(self) -> None:
        self._start = 0.0
        self._seconds: deque[tuple[int, int]] = deque(maxlen=PACE_SECONDS)

    def begin(self, now: float) -> None:
        """Time runs from here."""
        self._start = now

    def tick(self, now: float) -> None:
        """One more cell ended."""
        second = int(now - self._start)
        count = 0
        if self._seconds and self._seconds[-1][0] == second:
            count = self._seconds.pop()[1]
        self._seconds.append((second, count + 1))

    def elapsed(self, now: float) -> float:
        """Seconds since the start."""
        return now - self._start

    def rate(self, now: float) -> float:
        """Cells per second over the last half minute, or since the start where that is less."""
        elapsed = self.elapsed(now)
        recent = sum(count for second, count in self._seconds if second > elapsed - PACE_SECONDS)
        return recent / max(1.0, min(elapsed, PACE_SECONDS))


@dataclass(slots=True)
class ProviderTally:
    """One provider's part in the job, in cells."""

    asked: int = 0
    filled: int = 0
    dropped: str | None = None
    """Why it is not asked any more."""


class Tally:
    """Hears events and keeps totals; every event costs the same few steps, whatever the job's size."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pace = Pace()
        self.job: JobStarted | None = None
        self.finished: JobFinished | None = None
        self.counts: Counter[TaskStatus] = Counter()
        self.columns: dict[int, Counter[TaskStatus]] = {}
        self.tiers: Counter[Tier] = Counter()
        self.providers: dict[str, ProviderTally] = {}
        self.running: dict[CellRef, Tier | None] = {}
        self.spent = Micros(0)

    def on_event(self, event: Event) -> None:
        """Add it to the totals."""
        match event:
            case JobStarted():
                self.job = event
                self._pace.begin(self._clock())
            case CellStarted(cell):
                self.running[cell] = None
            case TierEntered(cell, tier, provider):
                self.running[cell] = tier
                self._provider(provider).asked += 1
            case CellFinished():
                self._end(event)
            case ProviderDropped(provider, sentence):
                self._provider(provider).dropped = sentence
            case JobFinished():
                self.finished = event

    def _provider(self, name: str) -> ProviderTally:
        return self.providers.setdefault(name, ProviderTally())

    def _end(self, event: CellFinished) -> None:
        self._pace.tick(self._clock())
        self.running.pop(event.cell, None)
        self.counts[event.status] += 1
        self.columns.setdefault(event.cell.column, Counter())[event.status] += 1
        self.spent = Micros(self.spent + event.cost)
        if event.status is TaskStatus.DONE:
            if event.tier:
                self.tiers[event.tier] += 1
            if event.provider:
                self._provider(event.provider).filled += 1

    @property
    def total(self) -> int:
        """Cells of the job."""
        return self.job.total if self.job else 0

    @property
    def ended(self) -> int:
        """Cells that have their final word, those of earlier runs included."""
        return self.counts.total() + (self.job.ended if self.job else 0)

    @property
    def elapsed(self) -> float:
        """Seconds since this run began."""
        return self._pace.elapsed(self._clock())

    @property
    def rate(self) -> float:
        """Cells per second, lately."""
        return self._pace.rate(self._clock())

    @property
    def seconds_left(self) -> float | None:
        """At the present rate; None while nothing moves."""
        rate = self.rate
        return (self.total - self.ended) / rate if rate > 0 else None

    @property
    def money(self) -> str:
        """`spent $0.12 of at most $5.00`; what earlier runs cost is only known at the end."""
        cap = self.job.cap if self.job else None
        if self.finished and self.finished.spent is not None:
            limit = f" of at most {dollars(cap)}" if cap is not None else ""
            return f"spent {dollars(self.finished.spent)}{limit}"
        earlier = " in this run" if self.job and self.job.ended else ""
        limit = f"{', cap' if earlier else ' of at most'} {dollars(cap)}" if cap is not None else ""
        return f"spent {dollars(self.spent)}{earlier}{limit}"


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
