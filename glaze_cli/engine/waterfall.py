"""One cell: cache, free, cheap, premium; the first acceptable answer wins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from glaze_cli.engine.descent import Descent
from glaze_cli.engine.events import Event, TierEntered
from glaze_cli.engine.flight import Asked, Asker
from glaze_cli.engine.lookups import Lookups
from glaze_cli.engine.outcomes import local_answer
from glaze_cli.engine.patience import Patience
from glaze_cli.engine.step import Step
from glaze_cli.errors import BudgetReached, NotAsked, ProviderError, ProviderUnusable
from glaze_cli.fields.catalog import as_cell_value
from glaze_cli.model import (
    FailReason,
    Found,
    Micros,
    NotFound,
    SkipReason,
    TaskStatus,
    Tier,
)
from glaze_cli.store.results import TaskStart
from glaze_cli.store.writer import Writer

Hear = Callable[[Event], None]


class Waterfall:
    """One for a run. `cell_cap`: most that a cell's calls may cost together; None: no cap of its own.

    `hear` is told which provider is asked.
    """

    def __init__(self, lookups: Lookups, cell_cap: Micros | None, writer: Writer, hear: Hear) -> None:
        self._lookups = lookups
        self._cap = cell_cap
        self._writer = writer
        self._hear = hear

    async def fill(self, way: Descent, patience: Patience) -> None:
        """Send one empty cell down, within its limits: after so many seconds it failed by timeout.

        A call that is in flight by then goes on, and its answer is kept for the next time. Raises Left where
        it is this worker that carries it.
        """
        try:
            with patience:
                await self._descend(way, patience)
        except TimeoutError:
            way.run_late(patience.seconds)

    async def _descend(self, way: Descent, patience: Patience) -> None:
        column, row = way.column, way.row
        if column.when is not None and not column.when.holds(row.row.data):
            way.end(TaskStatus.SKIPPED, SkipReason.CONDITION, f"{column.when.text} does not hold")
            return
        for step in column.steps:
            lookup = row.lookup(step)
            if lookup is None:
                continue
            if way.cell is not None:
                self._hear(TierEntered(way.cell, step.tier, step.name))
            asked, key = row.answered(step, column.field), None
            read = lookup.names if asked is None else None
            if asked is None and step.local:
                asked = await local_answer(step.provider, lookup)
            elif asked is None:
                key = lookup.key
                answer = self._lookups.ask(step.provider, lookup, self._asker(way, patience))
                asked = answer if isinstance(answer, Asked) else await self._wait(way, answer)
            if isinstance(asked.outcome, Found):
                row.answers[step.name] = asked
            if _judge(way, step, asked, (key, read)):
                return
        _nothing(way)

    async def _wait(self, way: Descent, answer: Awaitable[Asked]) -> Asked:
        """It takes a while: the cell may be shown as running."""
        self._writer.start(TaskStart(way.task_id, way.row.row.id, way.began))
        return await answer

    def _asker(self, way: Descent, patience: Patience) -> Asker:
        allowance = None if self._cap is None else Micros(self._cap - way.cost)
        return Asker(way.task_id, way.row.row.id, patience, way.column.max_age, allowance)


def _judge(way: Descent, step: Step, asked: Asked, about: tuple[str | None, tuple[str, ...] | None]) -> bool:
    """Whether the cell ends with this answer; else a note of why not."""
    column, outcome = way.column, asked.outcome
    if not isinstance(outcome, Found):
        return _judge_none(way, step, asked, about)
    value = outcome.values.get(column.field)
    if value is None or value == "":
        way.note(step, asked, about, "miss", f"the answer holds no {column.field}")
        return False
    given = {"confidence": outcome.confidence, "least": column.min_confidence}
    if outcome.confidence < column.min_confidence:
        detail = f"confidence {outcome.confidence:.2f} is under {column.min_confidence:.2f}"
        way.note(step, asked, about, "too_weak", detail, {"value": value, **given})
        return False
    way.note(step, asked, about, "hit", "", given)
    way.value = as_cell_value(column.field, value)
    way.confidence = outcome.confidence
    way.tier = Tier.CACHE if asked.cached else step.tier
    way.source = step.name if step.provider.synthetic else str(way.tier)
    way.provider = step.name
    way.citations = outcome.citations
    way.end(TaskStatus.DONE)
    return True


def _judge_none(
    way: Descent, step: Step, asked: Asked, about: tuple[str | None, tuple[str, ...] | None]
) -> bool:
    """Of what is no answer with values, only one ends the cell: that it may not be asked about at all."""
    outcome = asked.outcome
    if isinstance(outcome, NotFound):
        way.note(step, asked, about, "miss", outcome.detail)
    elif isinstance(outcome, NotAsked):
        way.not_asked = outcome
        way.note(step, asked, about, "not_asked", str(outcome))
    elif isinstance(outcome, ProviderError) and outcome.reason == SkipReason.OPTED_OUT:
        way.note(step, asked, about, "opted_out", str(outcome))
        way.end(TaskStatus.SKIPPED, SkipReason.OPTED_OUT, str(outcome))
        return True
    elif isinstance(outcome, ProviderError):
        way.failure = outcome
        dropped = isinstance(outcome, ProviderUnusable)
        way.note(step, asked, about, "dropped" if dropped else "failed", str(outcome))
    return False


def _nothing(way: Descent) -> None:
    """Not found, failed, skipped and over the cap are different words."""
    if way.not_asked is not None:
        reason = FailReason.BUDGET if isinstance(way.not_asked, BudgetReached) else None
        way.end(TaskStatus.QUEUED, reason, str(way.not_asked))
    elif way.failure is not None:
        way.end(TaskStatus.FAILED, way.failure.reason, str(way.failure))
    elif not way.trail:
        missing = "the row lacks what a provider needs to be asked"
        way.end(TaskStatus.SKIPPED, SkipReason.MISSING_INPUT, missing)
    else:
        why = dict.fromkeys(f"{step['provider']}: {step['detail']}" for step in way.trail if step["detail"])
        way.end(TaskStatus.NOT_FOUND, error="; ".join(why) or None)
