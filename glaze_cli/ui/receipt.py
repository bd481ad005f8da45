"""The receipt of one cell shown to people: what became of it, what was read, who was asked, each call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from glaze_cli.ui.document import Document, amount, money, parts
from glaze_cli.ui.receipt_facts import facts
from glaze_cli.ui.receipt_steps import SHOWN_CHARACTERS, call_line, confidence, head, step_lines
from glaze_cli.ui.text import inert

Part = Mapping[str, Any]

_STATUS_STYLES = {"done": "green", "failed": "red", "not_found": "yellow"}


def print_receipt(console: Console, document: Document, raw: bool = False) -> None:
    """The document of `glaze why --json`. `raw`: the answers whole, not the first lines of each."""
    if not document.get("asked", True):
        _print_unasked(console, document)
        return
    status = str(document.get("status") or "–")
    file = PurePath(str(document.get("file") or "–")).name
    title = f'{inert(document.get("cell"))} "{inert(document.get("column"), 60)}" of {inert(file)}: '
    console.print(Text.assemble(title, (status.replace("_", " "), _STATUS_STYLES.get(status, ""))))
    grid = _grid()
    for label, text in facts(document):
        grid.add_row(label, Text(text))
    console.print(grid)
    _print_inputs(console, parts(document, "inputs"))
    if steps := parts(document, "steps"):
        console.print(Text("\nTried, in this order"))
    for number, step in enumerate(steps, 1):
        _print_lines(console, f"{number}  {head(step)}", step_lines(step, document, raw))
    if others := parts(document, "otherCalls"):
        console.print(Text("\nOther calls that were made for this cell: given up, or of an earlier try"))
        _print_lines(console, "", (f"{inert(call.get('provider'))}: {call_line(call)}" for call in others))


def _print_unasked(console: Console, document: Document) -> None:
    cell = inert(document.get("cell"))
    console.print(Text(f"No job has asked about {cell}. {inert(document.get('because'))}"))
    if document.get("now") is not None:
        console.print(Text(f'It holds "{inert(document["now"], SHOWN_CHARACTERS)}" now.'))


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right", style="dim", no_wrap=True, min_width=10)
    grid.add_column(overflow="fold")
    return grid


def _print_lines(console: Console, head: str, lines: Iterable[str]) -> None:
    """The head, and what belongs to it below."""
    console.print(Text(head))
    for line in lines:
        text = line.lstrip()
        console.print(Padding(Text(text), (0, 0, 0, 5 + len(line) - len(text)), expand=False))


def _print_inputs(console: Console, inputs: Sequence[Part]) -> None:
    """Those that were read for certain, then those that could be."""
    for read, title in ((True, "Read from the row"), (False, "In the row, for providers to read")):
        if chosen := [part for part in inputs if bool(part.get("read")) is read]:
            console.print(Text(f"\n{title}"))
            grid = _grid()
            for part in chosen:
                grid.add_row(inert(part.get("header"), 30), Text("\n".join(_input(part, 0))))
            console.print(grid)


def _input(part: Part, depth: int) -> Iterator[str]:
    """Its text, and how it was found, where a job found it."""
    name = f"{inert(part.get('header'), 30)}: " if depth else ""
    yield f"{'  ' * depth}{name}{inert(part.get('text'), SHOWN_CHARACTERS)}"
    if found := part.get("found"):
        told = f"{inert(found.get('provider') or '–')} ({inert(found.get('source') or '–')}"
        cost = f", {money(found['cost'])}" if amount(found.get("cost")) else ""
        told += f"{confidence(found, ', ')}{cost})"
        if found.get("earlierJob"):
            told += f" in job {inert(found.get('jobId') or '–')}"
        yield f"{'  ' * depth}  {inert(found.get('cell'))}, found by {told}"
        for inner in parts(found, "inputs"):
            if inner.get("read"):
                yield from _input(inner, depth + 1)
