"""What was spent, shown to people: one line a group, the total, and what is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from glaze_cli.model import dollars
from glaze_cli.ui.document import amount, money
from glaze_cli.ui.text import inert

Part = Mapping[str, Any]
"""A group of `glaze cost --json`: what names it, then its amounts."""

MOST = 100
"""Groups that are shown one by one, the dearest; a year of cron is thousands of jobs."""

_HEADS: Mapping[str, tuple[str, ...]] = {
    "provider": ("Provider",),
    "month": ("Month",),
    "job": ("Job", "Sheet"),
    "sheet": ("Sheet",),
    "column": ("Column", "Sheet"),
}
_KEYS = {"Provider": "provider", "Month": "month", "Job": "jobId", "Column": "column"}
_SUMS = ("calls", "unknownCalls")
_MONEY = ("spent", "unknown", "saved")


def print_costs(console: Console, total: Part, parts: Sequence[Part], by: str) -> None:
    """The groups in the order given, then the total; no savings by column, where they are not known."""
    heads = _HEADS[by]
    saved = by != "column"
    table = Table(box=None, pad_edge=False, header_style="dim")
    for head in heads:
        whole = head in ("Job", "Month")  # people copy them
        table.add_column(head, no_wrap=whole, overflow="fold", min_width=None if whole else 12)
    for name in ("Calls", "Spent", "Unknown (calls)", *(("Saved",) if saved else ())):
        table.add_column(name, no_wrap=True, justify="right")
    blanks = [""] * (len(heads) - 1)
    for part in parts[:MOST]:
        table.add_row(*(Text(inert(_name(head, heads, part))) for head in heads), *_amounts(part, saved))
    if rest := parts[MOST:]:
        table.add_row(f"({len(rest):,} more)", *blanks, *_amounts(_together(rest), saved))
    table.add_row("Total", *blanks, *_amounts(total, saved), style="bold")
    console.print(table)
    if amount(total.get("reserved")):
        held = f"Reserved, not in the total: {money(total['reserved'])} for calls without an outcome yet."
        console.print(Text(held))


def _name(head: str, heads: Sequence[str], part: Part) -> object:
    """A cell of the columns that name a group; words of ours in brackets."""
    if part.get("purged"):
        return "(purged jobs)" if head == heads[0] else ""
    if head == "Sheet":
        return f"{part['file']} {part['sheet']}".strip()
    name = part[_KEYS[head]]
    return "(not known)" if name is None else name


def _together(parts: Sequence[Part]) -> Part:
    """Their sums, to the millionth."""
    sums: dict[str, Any] = {key: sum(part[key] for part in parts) for key in _SUMS}
    for key in _MONEY:
        sums[key] = dollars(sum(amount(part.get(key)) or 0 for part in parts))
    return sums


def _amounts(part: Part, saved: bool) -> list[str]:
    """The cells of the columns of numbers, in their order."""
    unknown = f"{money(part['unknown'])} ({part['unknownCalls']:,})"
    return [f"{part['calls']:,}", money(part["spent"]), unknown, *([money(part["saved"])] if saved else [])]
