"""`--dry-run`: what would be asked of whom, which column goes where, for how much; nothing is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from glaze_cli.cli import estimating
from glaze_cli.cli.confirm import refuse_dearer
from glaze_cli.cli.hints import said
from glaze_cli.cli.launch import announce
from glaze_cli.cli.plan_table import print_plan
from glaze_cli.cli.prepared import Prepared
from glaze_cli.cli.show import View
from glaze_cli.engine.plan import ColumnPlan, header_fields
from glaze_cli.model import ANY, Field, Lookup, column_letters, custom_field, usd
from glaze_cli.providers.base import Provider

_TYPICAL = "x" * 40
"""Stands for a cell, where a price depends on how much is sent."""


def show_plan(prepared: Prepared, store: Path, view: View) -> int:
    """Print the plan; the exit code is 0, since nothing was asked."""
    announce(prepared, view)
    found = estimating.estimate(prepared, store)
    document = plan_document(prepared) | {"cost": estimating.document(found)}
    if prepared.lacking:
        view.say(f"Note: could be asked too: {said(prepared.lacking)}.")
    if view.json:
        view.print_json(document)
    else:
        print_plan(document, list(estimating.sentences(found, prepared.settings.run.max_cost)))
    if prepared.request.expect_cost is not None:
        refuse_dearer(found, prepared.request.expect_cost)
    return 0


def plan_document(prepared: Prepared) -> dict[str, Any]:
    """The plan as JSON: per column its waterfall, and per provider the columns it would read."""
    counts = prepared.counts
    columns = sorted(prepared.columns, key=lambda plan: plan.column)
    return {
        "file": prepared.request.path,
        "sheet": prepared.selection.sheet,
        "range": prepared.selection.range_text,
        "selected": counts.selected,
        "filled": counts.filled,
        "unsafe": counts.unsafe,
        "toAsk": counts.asked,
        "rows": counts.rows,
        "columns": [_column(prepared, plan) for plan in columns],
        "lacking": dict(prepared.lacking),
    }


def _column(prepared: Prepared, plan: ColumnPlan) -> dict[str, Any]:
    return {
        "column": column_letters(plan.column),
        "header": plan.target.header,
        "added": plan.target.added,
        "field": plan.field,
        "minConfidence": plan.min_confidence,
        "prompt": plan.prompt.template if plan.prompt else None,
        "waterfall": [_step(prepared, plan, provider) for provider in plan.waterfall],
    }


def _step(prepared: Prepared, plan: ColumnPlan, provider: Provider) -> dict[str, Any]:
    others = _others(prepared, plan)
    needs = [need for need in provider.needs_for(plan.field) if ANY in need or need <= set(others.values())]
    read = frozenset[Field]().union(*needs)
    columns = [header for header, field in others.items() if field in read or ANY in read]
    if plan.prompt is not None:
        columns = list(plan.prompt.reads)
    return {
        "provider": provider.name,
        "tier": str(provider.tier),
        "reads": columns,
        "leaves": [] if provider.local else columns,
        "price": None if provider.local else provider.about.price or None,
        "mostUsd": max(
            (usd(provider.price(lookup)) for lookup in _lookups(plan, provider, needs)), default=0.0
        ),
    }


def _others(prepared: Prepared, plan: ColumnPlan) -> dict[str, Field]:
    """Header → field of the columns that such a cell's row may be asked with; the job's own new ones too."""
    headers = dict(enumerate(prepared.selection.headers.texts, 1))
    headers |= {other.column: other.target.header for other in prepared.columns}
    fields = header_fields(list(headers.values()), prepared.settings)
    overwrite = prepared.request.overwrite
    return {
        header: field
        for (column, header), field in zip(headers.items(), fields, strict=True)
        if header and (overwrite or column != plan.column)
    }


def _lookups(plan: ColumnPlan, provider: Provider, needs: list[frozenset[Field]]) -> Iterator[Lookup]:
    """One of each kind that a row can lead to, with typical cells."""
    name, version, wants = provider.name, provider.version, plan.field
    if plan.prompt is not None:
        read = {custom_field(header): _TYPICAL for header in plan.prompt.reads}
        yield Lookup.about(name, version, read, wants, plan.prompt.template)
        return
    for need in needs:
        yield Lookup.about(
            name, version, dict.fromkeys(need, _TYPICAL), wants if ANY in provider.gives else None
        )
