"""One cell: cache, free, cheap, premium; the first acceptable answer wins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from glaze_cli.engine.at_once import at_once
from glaze_cli.engine.descent import About, Descent
from glaze_cli.engine.events import Event, TierEntered
from glaze_cli.engine.flight import Asked
from glaze_cli.engine.lookups import Lookups
from glaze_cli.engine.outcomes import local_answer
from glaze_cli.engine.step import Step
from glaze_cli.errors import BudgetReached, NotAsked, ProviderError, ProviderUnusable
from glaze_cli.fields.catalog import as_cell_value
from glaze_cli.model import (
    FailReason,
    Found,
    Lookup,
    NotFound,
    SkipReason,
    TaskStatus,
    Tier,
)
from glaze_cli.store.results import TaskStart
from glaze_cli.store.writer import Writer

Hear = Callable[[Event], None]


class Halt(NamedTuple):
    """Where a cell's way down goes on once there is an answer."""

    asked: Awaitable[Asked]
    step: Step
    about: About


class Waterfall:
    """One for a run. `hear` is told which provider is asked."""

    def __init__(self, lookups: Lookups, writer: Writer, hear: Hear) -> None:
        self._lookups = lookups
        self._writer = writer
        self._hear = hear

    def begin(self, way: Descent) -> Halt | None:
        """Send one empty cell down, as far as answers are at hand; None: it has ended.

        Most cells without a network end here, and cost neither a clock nor a turn of the loop.
        """
        return self._go_on(way) if _is_wanted(way) else None

    async def end(self, way: Descent, halt: Halt) -> None:
        """The rest of the way, within the cell's limits: after so many seconds it failed by timeout.

        A call that is in flight by then goes on, and its answer is kept for the next time. Raises Left where
        it is this worker that carries it.
        """
        try:
            with way.patience:
                while not _ends(way, halt.step, await halt.asked, halt.about):
                    further = self._go_on(way)
                    if further is None:
                        return
                    halt = further
        except TimeoutError:
            way.run_late(way.patience.seconds)

    def _go_on(self, way: Descent) -> Halt | None:
        for step in way.steps:
            lookup = way.row.lookup(step)
            if lookup is None:
                continue
            asked, about = self._ask(way, step, lookup)
            if not isinstance(asked, Asked):
                return Halt(asked, step, about)
            if _ends(way, step, asked, about):
                return None
        _nothing(way)
        return None

    def _ask(self, way: Descent, step: Step, lookup: Lookup) -> tuple[Asked | Awaitable[Asked], About]:
        """The answer, or what to wait for; and what it is about."""
        if way.cell is not None:
            self._hear(TierEntered(way.cell, step.tier, step.name))
        asked = way.row.answered(step, way.column.field)
        if asked is not None:
            return asked, (None, None)
        if step.local:
            return at_once(local_answer(step.provider, lookup)), (None, lookup.names)
        answer = self._lookups.ask(step.provider, lookup, way)
        if not isinstance(answer, Asked):  # it takes a while: the cell may be shown as running
            self._writer.start(TaskStart(way.task_id, way.row_id, way.began))
        return answer, (lookup.key, lookup.names)


def _is_wanted(way: Descent) -> bool:
    """Whether its column's condition, where it has one, holds for the row; else the cell is skipped."""
    when = way.column.when
    if when is None or when.holds(way.row.row.data):
        return True
    way.end(TaskStatus.SKIPPED, SkipReason.CONDITION, f"{when.text} does not hold")
    return False


def _ends(way: Descent, step: Step, asked: Asked, about: About) -> bool:
    """Whether the cell ends with this answer; else a note of why not."""
    column, outcome = way.column, asked.outcome
    if not isinstance(outcome, Found):
        return _ends_without(way, step, asked, about)
    way.row.answers[step.name] = asked
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


def _ends_without(way: Descent, step: Step, asked: Asked, about: About) -> bool:
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
