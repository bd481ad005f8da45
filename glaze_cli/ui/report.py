"""A job's document shown to people: its state, its summary at the end, the latest jobs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from glaze_cli.model import TaskStatus
from glaze_cli.ui.document import Document, moment, money, money_notes, parts, reason_caption
from glaze_cli.ui.job_view import JobView, view
from glaze_cli.ui.lines import from_cache
from glaze_cli.ui.text import inert

_STATUS_STYLES = {"completed": "green", "failed": "red", "running": "cyan", "pending": "dim"}
"""The rest (paused, interrupted, cancelled) are yellow: the job can be resumed."""


_NUMBERS = frozenset(("Calls", "Hits", "Misses", "Errors", "From cache", "Confidence", "Cost"))


def print_job(console: Console, document: Document) -> None:
    """Where the job stands: counts, reasons, money, times, providers, and its cells where it has them."""
    job = view(document)
    facts = _facts(document, job)
    _fact(facts, "progress", f"{job.progress:g}%: {job.counts.total():,} of {job.total:,} cells ended")
    for key, label in (("createdAt", "created"), ("startedAt", "started"), ("completedAt", "ended")):
        _fact(facts, label, moment(document.get(key)))
    if document.get("writtenTo"):
        _fact(facts, "written to", inert(document["writtenTo"]))
    _print_parts(console, document, job, facts)
    if cells := parts(document, "cells"):
        rows = (
            [cell.get(key) for key in ("cell", "status", "reason", "value", "confidence", "source")]
            + [money(cell.get("cost"))]
            for cell in cells
        )
        console.print(_table(("Cell", "Status", "Reason", "Value", "Confidence", "Source", "Cost"), rows))
    _print_steps(console, document)


def print_summary(console: Console, document: Document, written: str | None) -> None:
    """The end of a run: what came of the cells and why, the money, where the values are, what to do next."""
    job = view(document)
    facts = _facts(document, job)
    _fact(facts, "written to", inert(written) if written else "no file was written")
    _print_parts(console, document, job, facts)
    _print_steps(console, document)


def print_jobs(console: Console, documents: Sequence[Document]) -> None:
    """One row a job, in the order given."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("Job", no_wrap=True)  # whole: people copy it
    for name in ("Status", "Done", "Not found", "Failed", "Skipped"):
        table.add_column(name, no_wrap=True, justify="left" if name == "Status" else "right")
    table.add_column("Spent", no_wrap=True, justify="right")
    table.add_column("Sheet", overflow="fold")
    for document in documents:
        job = view(document)
        counts = [f"{count:,}" for count in job.counts.values()]
        spent = money((document.get("cost") or {}).get("spent"))
        table.add_row(Text(job.job), _status(job), *counts, spent, Text(job.place))
    console.print(table)


def _facts(document: Document, job: JobView) -> Table:
    """Counts with their reasons, and the money: what every report begins with."""
    facts = Table.grid(padding=(0, 2))
    facts.add_column(justify="right", style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    hits = from_cache(document)
    reasons = document.get("reasons") or {}
    for status, count in job.counts.items():
        _fact(facts, status.replace("_", " "), f"{count:,}")
        if status is TaskStatus.DONE and hits:
            _fact(facts, "", f"{hits:,} answers from cache")
        for reason, number in (reasons.get(status) or {}).items():
            _fact(facts, "", f"{number:,} {reason_caption(reason)}")
    _fact(facts, "spent", job.cost)
    for note in money_notes(document):
        _fact(facts, "", note)
    return facts


def _fact(facts: Table, label: str, text: str) -> None:
    facts.add_row(label, Text(text))  # Text: a file's name may look like rich's markup


def _print_parts(console: Console, document: Document, job: JobView, facts: Table) -> None:
    console.print(Text.assemble(f"Job {job.job} ", _status(job), f"  {job.place}"))
    if job.error:
        console.print(Text(job.error, style="red" if job.status == "failed" else "yellow"))
    console.print(facts)
    if providers := parts(document, "providers"):
        rows = (
            [part.get(key) for key in ("id", "tier", "calls", "hits", "misses", "errors", "cacheHits")]
            + [money(part.get("cost"))]
            for part in providers
        )
        console.print()
        heads = ("Provider", "Tier", "Calls", "Hits", "Misses", "Errors", "From cache", "Cost")
        console.print(_table(heads, rows))


def _print_steps(console: Console, document: Document) -> None:
    for index, step in enumerate(document.get("nextSteps") or ()):
        console.print(Text(f"{'next: ' if index == 0 else '      '}{inert(step)}"))


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for head in heads:
        table.add_column(head, justify="right" if head in _NUMBERS else "left")
    for row in rows:
        table.add_row(*(Text(inert("" if part is None else part)) for part in row))
    return table


def _status(job: JobView) -> Text:
    return Text(job.status, style=_STATUS_STYLES.get(job.status, "yellow"))
