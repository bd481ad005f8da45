"""The plan of a dry run, on a screen: a table where there is room, lines where there is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from glaze_cli.cli.provider_words import wrapped
from glaze_cli.model import dollars, to_micros
from glaze_cli.ui.text import inert

if TYPE_CHECKING:
    from rich.table import Table

_ROOM = 70
"""Columns of a screen that a table needs, so that no name in it is cut."""


def print_plan(document: dict[str, Any], costs: Sequence[str]) -> None:
    """Who is asked for each column, what each reads, what leaves this machine, for how much.

    `costs`: sentences about the whole run.
    """
    from glaze_cli.cli.show import out_console

    console = out_console()
    if console.width < _ROOM:
        for line in _lines(document, console.width):
            console.print(line, markup=False, soft_wrap=True)
    else:
        console.print(_table(document))
    for line in [*_prices(document), *costs]:
        for part in wrapped(line, console.width, 0, 2):
            console.print(part, markup=False, soft_wrap=True)


def _table(document: dict[str, Any]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table("Column", "Is", "Provider", "Tier", "Reads", "Leaves this machine", title="Dry run")
    for column in table.columns:
        column.overflow = "fold"
    for column in document["columns"]:
        first = (Text(_name(column)), Text(_meaning(column)))
        for number, step in enumerate(column["waterfall"]):
            reads, leaves = (Text(inert(", ".join(step[key])) or "–") for key in ("reads", "leaves"))
            table.add_row(*(first if number == 0 else ("", "")), *_who(column, step), reads, leaves)
    return table


def _lines(document: dict[str, Any], width: int) -> Iterator[str]:
    for column in document["columns"]:
        yield from wrapped(f"{_name(column)}: {_meaning(column)}", width, 0, 4)
        for step in column["waterfall"]:
            yield from wrapped(", ".join(_who(column, step)), width, 2, 4)
            yield from wrapped(inert(f"reads {', '.join(step['reads']) or 'nothing'}"), width, 4, 6)
            if step["leaves"]:
                yield from wrapped(inert(f"sends {', '.join(step['leaves'])}"), width, 4, 6)


def _prices(document: dict[str, Any]) -> Iterator[str]:
    """What each publishes, where that says more than its tier."""
    steps = [step for column in document["columns"] for step in column["waterfall"]]
    prices = {step["provider"]: step["price"] for step in steps if step["price"]}
    tiers = {step["provider"]: step["tier"] for step in steps}
    for name, price in prices.items():
        if price.lower() != tiers[name]:
            yield inert(f"Price of {name}, as published: {price}")


def _name(column: dict[str, Any]) -> str:
    return inert(f"{column['column']} {column['header']}{' (new)' if column['added'] else ''}")


def _meaning(column: dict[str, Any]) -> str:
    field = column["field"].removeprefix("header:")
    return inert("prompt" if column["prompt"] else field)


def _who(column: dict[str, Any], step: dict[str, Any]) -> tuple[str, str]:
    """Name, and `cheap, up to $0.03 a row`; what a model asks grows with the cells."""
    if not step["mostUsd"]:
        return step["provider"], step["tier"]
    most = dollars(to_micros(str(step["mostUsd"])))
    return step["provider"], f"{step['tier']}, {'about' if column['prompt'] else 'up to'} {most} a row"
