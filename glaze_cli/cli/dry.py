"""`--dry-run`: what would be asked of whom, which column goes where; nothing is touched."""

from __future__ import annotations

from typing import Any

from glaze_cli.cli.launch import announce
from glaze_cli.cli.prepare import Prepared
from glaze_cli.cli.show import View
from glaze_cli.engine.plan import ColumnPlan, header_fields
from glaze_cli.model import ANY, column_letters


def show_plan(prepared: Prepared, view: View) -> int:
    """Print the plan; the exit code is 0, since nothing was asked."""
    announce(prepared, view)
    document = plan_document(prepared)
    if view.json:
        view.print_json(document)
    else:
        _print(document)
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
    }


def _column(prepared: Prepared, plan: ColumnPlan) -> dict[str, Any]:
    headers = prepared.selection.headers.texts
    fields = header_fields(headers, prepared.settings)
    waterfall = []
    for provider in plan.waterfall:
        read = frozenset().union(*provider.needs)
        columns = [h for h, f in zip(headers, fields, strict=True) if h and (f in read or ANY in read)]
        leaves = [] if provider.local else columns
        waterfall.append(
            {"provider": provider.name, "tier": str(provider.tier), "reads": columns, "leaves": leaves}
        )
    return {
        "column": column_letters(plan.column),
        "header": plan.target.header,
        "added": plan.target.added,
        "field": plan.field,
        "minConfidence": plan.min_confidence,
        "waterfall": waterfall,
    }


def _print(document: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    from glaze_cli.cli.show import out_console
    from glaze_cli.ui.text import inert

    table = Table("Column", "Is", "Provider", "Tier", "Reads", "Leaves this machine", title="Dry run")
    for column in document["columns"]:
        header = Text(inert(f"{column['column']} {column['header']}{' (new)' if column['added'] else ''}"))
        for number, step in enumerate(column["waterfall"]):
            reads, leaves = (Text(inert(", ".join(step[key])) or "–") for key in ("reads", "leaves"))
            first = (header, column["field"]) if number == 0 else ("", "")
            table.add_row(*first, step["provider"], step["tier"], reads, leaves)
    out_console().print(table)
