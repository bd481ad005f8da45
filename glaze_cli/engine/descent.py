"""A cell's way down its waterfall: what was tried, what it cost, and how it ended."""

from __future__ import annotations

from typing import Any

from glaze_cli.engine.flight import Asked
from glaze_cli.engine.patience import Patience
from glaze_cli.engine.plan import ColumnPlan
from glaze_cli.engine.rows import RowUnderWay
from glaze_cli.engine.step import Step
from glaze_cli.errors import NotAsked, ProviderError
from glaze_cli.model import CellRef, FailReason, Found, Micros, NotFound, Scalar, TaskStatus, Tier, usd
from glaze_cli.store.tasks import Usage

About = tuple[str | None, tuple[str, ...] | None]
"""The key of the lookup that was asked (calls and answers are found by it; None where there are none) and the
fields that it is made of (None where an earlier cell of the row asked)."""


class Descent:
    """Begins at the top, and is the cell's ending once `end` was called. Plain attributes: there is one a
    cell."""

    status: TaskStatus
    """QUEUED: only the spending cap (reason `budget`) or a stop stands in its way."""
    reason: str | None = None
    error: str | None = None
    value: Scalar | None = None
    confidence: float | None = None
    tier: Tier | None = None
    """The tier that served the value: CACHE when it was known before."""
    source: str | None = None
    """The tier's name; a provider's name where its values are synthetic."""
    provider: str | None = None
    citations: tuple[str, ...] = ()
    cost = 0
    """Micros: all calls of this cell, those that found nothing included."""
    calls = 0
    failure: ProviderError | None = None
    """The last one on the way."""
    not_asked: NotAsked | None = None

    def __init__(
        self,
        column: ColumnPlan,
        row: RowUnderWay,
        cell: CellRef | None,
        began: str,
        patience: Patience,
        cap: Micros | None,
    ) -> None:
        """`cell`: where it is; None where nobody listens. `began`: when it was taken up. `cap`: most that its
        calls may cost together; None: no cap of its own."""
        self.task_id = row.pending[column.column]  # (its row forgets it when it has ended)
        self.column = column
        self.steps = iter(column.steps)
        """Those that are still to be asked."""
        self.row = row
        self.cell = cell
        self.began = began
        self.patience = patience
        self._cap = cap
        self.trail: list[dict[str, Any]] = []
        """Each provider tried, in order: the receipt's `attempts`."""
        self.usage: list[Usage] = []

    @property
    def row_id(self) -> int:
        """Its row, by the store's number."""
        return self.row.row.id

    @property
    def max_age(self) -> float | None:
        """Seconds: an answer remembered for longer does not count."""
        return self.column.max_age

    @property
    def allowance(self) -> Micros | None:
        """Most that it may still cost; None: no cap of its own."""
        return None if self._cap is None else Micros(self._cap - self.cost)

    def note(
        self,
        step: Step,
        asked: Asked,
        about: About,
        outcome: str,
        detail: str,
        more: dict[str, Any] | None = None,
    ) -> None:
        """One step of the receipt, and what it adds to the provider's counters."""
        said, cached, joined, calls, cost, at, saved = asked
        noted: dict[str, Any] = {**step.label, "outcome": outcome}
        key, read = about
        if key is not None:
            noted["key"] = key
        if read is not None:
            noted["read"] = read
        noted["detail"], noted["calls"], noted["cost"] = detail, calls, usd(cost)
        if more:
            noted.update(more)
        if cached or joined:
            noted["from"] = "cache" if cached else "another cell's call"
        if at:
            noted["answered"] = at
        self.trail.append(noted)
        self.calls += calls
        self.cost += cost
        hits = misses = errors = 0
        if calls:
            hits, misses = int(isinstance(said, Found)), int(isinstance(said, NotFound))
            errors = int(isinstance(said, ProviderError))
        known = int(cached or joined)
        # What Usage(...) does in the end, in a third of its time: there is one a cell.
        counted = (step.name, step.tier, calls, hits, misses, errors, known, cost, saved)
        self.usage.append(tuple.__new__(Usage, counted))

    def run_late(self, seconds: float) -> None:
        """It took longer than a cell may."""
        self.end(TaskStatus.FAILED, FailReason.TIMEOUT, f"took longer than {seconds:g} s")

    def end(self, status: TaskStatus, reason: str | None = None, error: str | None = None) -> None:
        """It is over."""
        self.status, self.reason, self.error = status, reason, error
