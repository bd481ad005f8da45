"""One cell: cache, free, cheap, premium; the first acceptable answer wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from glaze_cli.engine.events import Event, TierEntered
from glaze_cli.engine.flight import Asked, Asker
from glaze_cli.engine.lookups import Lookups
from glaze_cli.engine.outcomes import local_answer
from glaze_cli.engine.patience import Patience, Timekeeper
from glaze_cli.engine.plan import ColumnPlan
from glaze_cli.engine.rows import RowUnderWay
from glaze_cli.errors import BudgetReached, NotAsked, ProviderError, ProviderUnusable
from glaze_cli.fields.catalog import as_cell_value
from glaze_cli.model import (
    CellRef,
    FailReason,
    Found,
    Micros,
    NotFound,
    Scalar,
    SkipReason,
    TaskStatus,
    Tier,
    usd,
)
from glaze_cli.providers.base import Provider
from glaze_cli.store.tasks import Usage

Hear = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class CellLimits:
    """What one cell may take."""

    time: Timekeeper
    cost: Micros | None = None
    """Most that its calls may cost together; None: no cap of its own."""


class Ending(NamedTuple):
    """How a cell ended; `status` QUEUED means: only the spending cap (reason `budget`) or a stop stands in
    its way."""

    status: TaskStatus
    trail: tuple[dict[str, Any], ...]
    """Each provider tried, in order: the receipt's `attempts`."""
    usage: tuple[Usage, ...] = ()
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
    cost: int = 0
    """Micros: all calls of this cell, those that found nothing included."""
    calls: int = 0


class _Descent:
    """What has happened on the way down."""

    __slots__ = ("calls", "cost", "failure", "key", "not_asked", "read", "trail", "usage")

    def __init__(self) -> None:
        self.trail: list[dict[str, Any]] = []
        self.usage: list[Usage] = []
        self.failure: ProviderError | None = None
        self.not_asked: NotAsked | None = None
        self.cost = self.calls = 0
        self.key: str | None = None
        """Of the lookup that is asked: calls and answers are found by it; None where there are none."""
        self.read: tuple[str, ...] | None = None
        """The fields that the lookup is made of; None where an earlier cell of the row asked."""

    def note(self, provider: Provider, asked: Asked, outcome: str, detail: str, **more: Any) -> None:
        """One step of the receipt, and what it adds to the provider's counters."""
        said, cached, joined, calls, cost, at, saved = asked
        self.cost += cost
        self.calls += calls
        step: dict[str, Any] = {"provider": provider.name, "tier": str(provider.tier), "outcome": outcome}
        if self.key is not None:
            step["key"] = self.key
        if self.read is not None:
            step["read"] = self.read
        step["detail"], step["calls"], step["cost"] = detail, calls, usd(cost)
        step.update(more)
        if cached or joined:
            step["from"] = "cache" if cached else "another cell's call"
        if at:
            step["answered"] = at
        self.trail.append(step)
        hit = calls > 0 and isinstance(said, Found)
        miss = calls > 0 and isinstance(said, NotFound)
        error = calls > 0 and isinstance(said, ProviderError)
        counts = (calls, int(hit), int(miss), int(error), int(cached or joined), cost, saved)
        self.usage.append(Usage(provider.name, provider.tier, *counts))

    def end(self, status: TaskStatus, **more: Any) -> Ending:
        """The cell's ending, with all that led to it."""
        trail, usage = tuple(self.trail), tuple(self.usage)
        return Ending(status, trail, usage, cost=self.cost, calls=self.calls, **more)


async def fill(
    column: ColumnPlan,
    row: RowUnderWay,
    lookups: Lookups,
    limits: CellLimits,
    cell: CellRef,
    hear: Hear,
) -> Ending:
    """Send one empty cell down its waterfall, within its limits: after so many seconds it failed by timeout.

    A call that is in flight by then goes on, and its answer is kept for the next time.
    """
    way = _Descent()
    try:
        with limits.time.patience() as patience:
            return await _descend(way, column, row, lookups, patience, cell, hear, limits.cost)
    except TimeoutError:
        late = f"took longer than {limits.time.seconds:g} s"
        return way.end(TaskStatus.FAILED, reason=FailReason.TIMEOUT, error=late)


async def _descend(
    way: _Descent,
    column: ColumnPlan,
    row: RowUnderWay,
    lookups: Lookups,
    patience: Patience,
    cell: CellRef,
    hear: Hear,
    cap: Micros | None,
) -> Ending:
    if column.when is not None and not column.when.holds(row.row.data):
        return way.end(
            TaskStatus.SKIPPED, reason=SkipReason.CONDITION, error=f"{column.when.text} does not hold"
        )
    for provider in column.waterfall:
        lookup = row.lookup(provider, column)
        if lookup is None:
            continue
        hear(TierEntered(cell, provider.tier, provider.name))
        asked = row.answered(provider, column.field)
        way.key = None if asked is not None or provider.local else lookup.key
        way.read = None if asked is not None else lookup.names
        if asked is None and provider.local:
            asked = await local_answer(provider, lookup)
        elif asked is None:
            allowance = None if cap is None else Micros(cap - way.cost)
            task_id = row.pending.get(column.column)
            asker = Asker(task_id, row.row.id, patience, column.max_age, allowance)
            asked = await lookups.ask(provider, lookup, asker)
        if isinstance(asked.outcome, Found):
            row.answers[provider.name] = asked
        if isinstance(asked.outcome, ProviderError) and asked.outcome.reason == SkipReason.OPTED_OUT:
            way.note(provider, asked, "opted_out", str(asked.outcome))
            return way.end(TaskStatus.SKIPPED, reason=SkipReason.OPTED_OUT, error=str(asked.outcome))
        ending = _judge(way, column, provider, asked)
        if ending is not None:
            return ending
    return _nothing(way)


def _judge(way: _Descent, column: ColumnPlan, provider: Provider, asked: Asked) -> Ending | None:
    """The cell's ending when this answer is good enough, else None and a note of why not."""
    outcome = asked.outcome
    if isinstance(outcome, NotFound):
        way.note(provider, asked, "miss", outcome.detail)
    elif isinstance(outcome, NotAsked):
        way.not_asked = outcome
        way.note(provider, asked, "not_asked", str(outcome))
    elif isinstance(outcome, ProviderError):
        way.failure = outcome
        way.note(
            provider, asked, "dropped" if isinstance(outcome, ProviderUnusable) else "failed", str(outcome)
        )
    elif outcome.values.get(column.field) in (None, ""):
        way.note(provider, asked, "miss", f"the answer holds no {column.field}")
    elif outcome.confidence < column.min_confidence:
        detail = f"confidence {outcome.confidence:.2f} is under {column.min_confidence:.2f}"
        refused = outcome.values[column.field]
        given = {"confidence": outcome.confidence, "least": column.min_confidence}
        way.note(provider, asked, "too_weak", detail, value=refused, **given)
    else:
        way.note(provider, asked, "hit", "", confidence=outcome.confidence, least=column.min_confidence)
        tier = Tier.CACHE if asked.cached else provider.tier
        return way.end(
            TaskStatus.DONE,
            value=as_cell_value(column.field, outcome.values[column.field]),
            confidence=outcome.confidence,
            tier=tier,
            source=provider.name if provider.synthetic else str(tier),
            provider=provider.name,
            citations=outcome.citations,
        )
    return None


def _nothing(way: _Descent) -> Ending:
    """Not found, failed, skipped and over the cap are different words."""
    if way.not_asked is not None:
        reason = FailReason.BUDGET if isinstance(way.not_asked, BudgetReached) else None
        return way.end(TaskStatus.QUEUED, reason=reason, error=str(way.not_asked))
    if way.failure is not None:
        return way.end(TaskStatus.FAILED, reason=way.failure.reason, error=str(way.failure))
    if not way.trail:
        missing = "the row lacks what a provider needs to be asked"
        return way.end(TaskStatus.SKIPPED, reason=SkipReason.MISSING_INPUT, error=missing)
    reasons = dict.fromkeys(f"{step['provider']}: {step['detail']}" for step in way.trail if step["detail"])
    return way.end(TaskStatus.NOT_FOUND, error="; ".join(reasons) or None)
