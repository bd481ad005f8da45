"""Which provider is asked for which column, in which order, and which column has to be filled first."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from glaze_cli.engine.condition import Condition
from glaze_cli.engine.events import TargetColumn
from glaze_cli.engine.prompt import Prompt
from glaze_cli.engine.step import Step
from glaze_cli.errors import ConfigError, SelectionError
from glaze_cli.fields.headers import recognise_all
from glaze_cli.model import ANY, CellRef, Field, custom_field
from glaze_cli.model.settings import ColumnSettings, Settings
from glaze_cli.providers.base import Provider


@dataclass(frozen=True)
class ColumnPlan:
    """How one column is filled."""

    target: TargetColumn
    field: Field
    waterfall: tuple[Provider, ...]
    """Asked in this order; the first acceptable answer wins."""
    min_confidence: float
    when: Condition | None
    prompt: Prompt | None = None
    """What a language model is asked, where the column has a prompt."""
    max_age: float | None = None
    """Seconds: an answer remembered for longer is stale; None: each provider's own word counts."""
    reads_itself: bool = False
    """With --overwrite a cell's own old value is an input too (a phone number, normalised)."""
    after: frozenset[int] = frozenset()
    """Columns of this job that feed this one, so a row's cells of those end first."""

    @cached_property
    def column(self) -> int:
        """1 = A."""
        return self.target.column

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The waterfall, ready to be asked about rows."""
        return tuple(Step(provider, self.field, self.prompt) for provider in self.waterfall)


def header_fields(headers: Sequence[str], settings: Settings) -> tuple[Field, ...]:
    """What each header means: glaze.toml first, then what we recognise, else a field of its own."""
    fields = []
    for header, known in zip(headers, recognise_all(headers), strict=True):
        column = settings.columns.get(header, ColumnSettings())
        fields.append(column.field or settings.inputs.get(header) or known or custom_field(header))
    return tuple(fields)


def plan_columns(
    headers: Sequence[str],
    targets: Sequence[TargetColumn],
    providers: Sequence[Provider],
    settings: Settings,
    named: Sequence[str],
    chosen: Collection[int],
    overwrite: bool = False,
    known: Collection[str] = (),
) -> tuple[ColumnPlan, ...]:
    """A plan for each target. `named`: only these providers, in this order (`--provider`).

    A target that nobody can fill is a SelectionError when its column is `chosen`, else it is left out. With
    `overwrite` a cell's own old value is an input too (a phone number, normalised).
    ConfigError when a waterfall names a provider that there is not; `known` are the names of those that there
    are, but that this run does not ask (no key, offline, another tier).
    """
    texts = dict(enumerate(headers, 1)) | {target.column: target.header for target in targets}
    fields = dict(zip(texts, header_fields(list(texts.values()), settings), strict=True))
    there = Counter(field for column, field in fields.items() if texts[column])
    available = frozenset(there)
    plans = []
    for target in targets:
        wish = settings.columns.get(target.header, ColumnSettings())
        field = fields[target.column]
        prompt = Prompt.parse(wish.prompt, list(texts.values()), target.header) if wish.prompt else None
        alone = there[field] == 1 and not overwrite  # then no other column holds such a value
        able = [provider for provider in providers if provider.prompted == (prompt is not None)]
        order = tuple(named) or wish.waterfall
        _refuse_unknown(order, {*known, *(provider.name for provider in providers)}, target.header)
        asked = tuple(_waterfall(field, able, order))
        readable = available - {field} if alone else available
        usable = tuple(p for p in asked if _reachable(p, field, readable))
        if not usable:
            if target.column in chosen:
                raise SelectionError(_nobody(target, field, asked) if prompt is None else _no_model(target))
            continue
        minimum = wish.min_confidence
        minimum = settings.run.min_confidence if minimum is None else minimum
        when = Condition(wish.when, target.header) if wish.when else None
        max_age = wish.refresh if settings.max_age is None else settings.max_age
        plans.append(ColumnPlan(target, field, usable, minimum, when, prompt, max_age, overwrite))
    return tuple(_ordered(plans))


def gives(provider: Provider, field: Field) -> bool:
    """Whether the provider can fill that field."""
    return field in provider.gives or ANY in provider.gives


def _refuse_unknown(named: Sequence[str], known: Collection[str], header: str) -> None:
    for name in named:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]}?" if close else "`glaze providers` lists them."
            raise ConfigError(f'There is no provider {name} (asked for in column "{header}"); {hint}')


def _waterfall(field: Field, able: Sequence[Provider], order: Sequence[str]) -> list[Provider]:
    """`able`: those that answer such columns, with a prompt or without; `order`: the names, where given."""
    able = [provider for provider in able if gives(provider, field)]
    if order:
        by_name = {provider.name: provider for provider in able}
        return [by_name[name] for name in order if name in by_name]
    free_to_ask = [provider for provider in able if not provider.on_request]
    return sorted(free_to_ask, key=lambda provider: (provider.tier.rank, not provider.local))


def _reachable(provider: Provider, field: Field, available: frozenset[Field]) -> bool:
    """Whether some row of such a sheet could satisfy one of its needs."""
    return any(need <= available or ANY in need for need in provider.needs_for(field))


def _nobody(target: TargetColumn, field: Field, asked: Sequence[Provider]) -> str:
    cell = f'column {CellRef("", 1, target.column).a1[:-1]} "{target.header}"'
    if not asked:
        what = f"is read as {field}, which" if not field.startswith("header:") else "has a header that"
        return (
            f"Nobody can fill {cell}: it {what} no provider at hand gives. Say what it means in glaze.toml "
            f'([columns."{target.header}"] field = "..."), or name a provider with --provider.'
        )
    needs = "; or ".join(
        f"{provider.name} needs {' and '.join(sorted(need))}"
        for provider in asked
        for need in provider.needs_for(field)
    )
    return (
        f"Nobody can fill {cell} from what the sheet has: {needs}. `glaze columns` shows what each header is."
    )


def _no_model(target: TargetColumn) -> str:
    return (
        f'Column "{target.header}" has a prompt, and no language model is ready to be asked: '
        "`glaze providers` says which there are and what each lacks."
    )


def _ordered(plans: Sequence[ColumnPlan]) -> list[ColumnPlan]:
    """Feeding columns before fed ones; where columns feed each other in a ring, from left to right."""
    feeders = _feeders(plans)
    waiting = {plan.column: plan for plan in plans}
    done: list[ColumnPlan] = []
    while waiting:
        free = (column for column in waiting if feeders[column].isdisjoint(waiting))
        column = next(free, next(iter(waiting)))
        plan = waiting.pop(column)
        done.append(replace(plan, after=feeders[column].difference(waiting)))
    return done


def _feeders(plans: Sequence[ColumnPlan]) -> dict[int, frozenset[int]]:
    """Column → the others that fill what its providers read; by field, since there may be hundreds."""
    by_field: dict[Field, set[int]] = {}
    by_header: dict[str, set[int]] = {}
    for plan in plans:
        by_field.setdefault(plan.field, set()).add(plan.column)
        by_header.setdefault(plan.target.header, set()).add(plan.column)
    feeders = {}
    for plan in plans:
        found: set[int] = set()
        if plan.prompt is not None:
            found.update(*(by_header.get(header, ()) for header in plan.prompt.reads))
        else:
            needs = (provider.needs_for(plan.field) for provider in plan.waterfall)
            read = frozenset[Field]().union(*chain.from_iterable(needs)) - {plan.field}
            found.update(*(by_field.get(field, ()) for field in read))
        feeders[plan.column] = frozenset(found - {plan.column})
    return feeders
