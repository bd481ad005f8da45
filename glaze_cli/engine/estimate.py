"""What a run would ask and cost, before it asks anything: a walk down every waterfall, without a call."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from glaze_cli.engine.freshness import is_fresh
from glaze_cli.engine.plan import ColumnPlan
from glaze_cli.engine.repeating import may_repeat
from glaze_cli.engine.rows import RowReader, RowUnderWay
from glaze_cli.fields.catalog import as_cell_value
from glaze_cli.model import ANY, Field, Found, Lookup, Micros, custom_field
from glaze_cli.providers.base import Provider
from glaze_cli.store.answers import KeptAnswer, get_answer
from glaze_cli.store.history import Record
from glaze_cli.store.scratch import Scratch, Sums
from glaze_cli.store.tasks import QueuedRow

_LENGTHY = "x" * 1_000
"""Stands for an input that is only found in the run, where a price grows with what is sent."""


@dataclass(frozen=True, slots=True)
class ProviderEstimate:
    """What one provider would be asked, and for how much."""

    provider: str
    tier: str
    lookups: int
    """Different ones, at the most."""
    minimum: Micros
    """If whoever a cell asks first has an answer."""
    expected: Micros
    """By how often each had one in this store so far, and what its calls came to cost."""
    maximum: Micros
    """If nobody has one, and each call costs its worst price."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The whole run."""

    cells: int
    remembered: int
    """Cells whose answer is in the cache."""
    providers: tuple[ProviderEstimate, ...]

    @property
    def minimum(self) -> Micros:
        """Of all providers."""
        return Micros(sum(one.minimum for one in self.providers))

    @property
    def expected(self) -> Micros:
        """Of all providers."""
        return Micros(sum(one.expected for one in self.providers))

    @property
    def maximum(self) -> Micros:
        """Of all providers: what the run cannot cost more than."""
        return Micros(sum(one.maximum for one in self.providers))


@dataclass
class Estimator:
    """Walks the rows of a job that is not made yet. `store` None: nothing is remembered."""

    columns: Sequence[ColumnPlan]
    """Feeding columns first, as planned."""
    fields: Mapping[str, Field]
    attempts: int
    """Calls that one lookup may take; those of some services are each billed."""
    records: Mapping[str, Record]
    store: sqlite3.Connection | None
    now: str
    cells: int = 0
    remembered: int = 0
    _scratch: Scratch = field(default_factory=Scratch)

    def run(self, rows: Iterable[QueuedRow]) -> Estimate:
        """The estimate. Asks nobody."""
        reader = RowReader(self.fields, {plan.column: plan for plan in self.columns})
        for row in rows:
            way = reader.begin(row)
            unsure: set[ColumnPlan] = set()
            for plan in self.columns:
                if plan.column in way.pending:
                    self.cells += 1
                    self._cell(way, plan, unsure)
        sums = {one.provider: one for one in self._scratch.sums()}
        self._scratch.close()
        known = {provider.name: provider for plan in self.columns for provider in plan.waterfall}
        estimates = [self._estimate(name, str(known[name].tier), one) for name, one in sums.items()]
        return Estimate(self.cells, self.remembered, tuple(estimates))

    def _estimate(self, name: str, tier: str, sums: Sums) -> ProviderEstimate:
        price = sums.once / sums.lookups
        usual = min(price, self.records.get(name, Record()).per_call(round(price)))
        likely = min(sums.most, round(sums.expected * usual))
        least = round(sums.least * usual / price) if price else 0
        return ProviderEstimate(
            name, tier, sums.lookups, Micros(min(least, likely)), Micros(likely), Micros(sums.most)
        )

    def _cell(self, way: RowUnderWay, plan: ColumnPlan, unsure: set[ColumnPlan]) -> None:
        """Down one waterfall. `unsure`: columns of the row that are asked, so that their values may come."""
        if plan.when is not None and not plan.when.holds(way.row.data):
            return
        reach, first = 1.0, True
        for step in plan.steps:
            provider = step.provider
            open_to_more = _may_change(provider, plan, way, unsure)
            lookup = way.lookup(step)
            if lookup is None and not open_to_more:
                continue
            if lookup is not None and not open_to_more and not provider.local:
                kept = self._kept(provider, lookup, plan)
                if kept is not None and _serves(kept, plan):
                    self.remembered += 1
                    assert isinstance(kept.answer, Found)
                    way.learn(plan, as_cell_value(plan.field, kept.answer.values[plan.field]))
                    return
                if kept is not None:
                    continue
            if not provider.local:
                self._put(way, plan, provider, None if open_to_more else lookup, first, reach)
            first = first and lookup is None
            reach *= 1 - self.records.get(provider.name, Record()).hit_rate
        unsure.add(plan)

    def _put(
        self,
        way: RowUnderWay,
        plan: ColumnPlan,
        provider: Provider,
        lookup: Lookup | None,
        first: bool,
        reach: float,
    ) -> None:
        """`lookup` None: its inputs are not all known yet, so it may be a question of its own."""
        asked = lookup or _lengthy(way, plan, provider)
        most = price = provider.price(asked)
        if provider.bills_errors or (price and may_repeat(provider, asked)):
            most = Micros(price * self.attempts)
        key = bytes.fromhex(lookup.key) if lookup else _key(way, plan, provider)
        self._scratch.put(key, provider.name, price, most, first and lookup is not None, reach)

    def _kept(self, provider: Provider, lookup: Lookup, plan: ColumnPlan) -> KeptAnswer | None:
        kept = get_answer(self.store, lookup) if self.store is not None else None
        if kept is None or not is_fresh(kept, lookup, provider.keep, plan.max_age, self.now):
            return None
        return kept


def _serves(kept: KeptAnswer, plan: ColumnPlan) -> bool:
    answer = kept.answer
    if not isinstance(answer, Found) or answer.values.get(plan.field) in (None, ""):
        return False
    return answer.confidence >= plan.min_confidence


def _may_change(provider: Provider, plan: ColumnPlan, way: RowUnderWay, unsure: Iterable[ColumnPlan]) -> bool:
    """Whether what the provider is asked may depend on cells that this run fills."""
    if plan.prompt is not None:
        return any(other.target.header in plan.prompt.reads for other in unsure)
    coming = {other.field for other in unsure}
    for need in provider.needs_for(plan.field):
        if ANY in need:
            return len(way.pending) > 1  # whichever cells of the row happen to end before
        if need & coming:
            return True
        if need <= way.inputs.keys():
            return False
    return False


def _key(way: RowUnderWay, plan: ColumnPlan, provider: Provider) -> bytes:
    """Of a question whose inputs are not all known yet. Where there is one way to ask it, all columns of the
    row that the provider fills share it; where there are several, each may come to ask another way."""
    needs = provider.needs_for(plan.field)
    shared = plan.prompt is None and len(needs) == 1 and ANY not in needs[0] | provider.gives
    whose = " ".join(sorted(needs[0])) if shared else str(plan.column)
    return f"{way.row.id} {provider.name} {whose}".encode()


def _lengthy(way: RowUnderWay, plan: ColumnPlan, provider: Provider) -> Lookup:
    """A lookup at least as long as what is not known yet will most likely be, for its price."""
    name, version = provider.name, provider.version
    if plan.prompt is not None:
        read = {custom_field(header): _LENGTHY for header in plan.prompt.reads}
        return Lookup.about(name, version, read | way.texts, plan.field, plan.prompt.template)
    needs = provider.needs_for(plan.field)
    wants = plan.field if ANY in provider.gives else None
    if any(ANY in need for need in needs):
        return Lookup.about(name, version, {**way.inputs, Field("other"): _LENGTHY}, wants)
    longest = max(needs, key=len)
    return Lookup.about(name, version, {need: way.inputs.get(need, _LENGTHY) for need in longest}, wants)
