"""The report as Markdown for a CI job page or a pull request comment: short, and no text in it can act.

All text from a sheet, a store or a service stands in a code span: there neither markup nor links nor mentions
are seen, also not by what GitHub and GitLab do to text after Markdown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from glaze_cli.model import JobStatus, TaskStatus
from glaze_cli.ui.document import Document, money, money_notes, reason_caption
from glaze_cli.ui.job_view import view
from glaze_cli.ui.pages.facts import Facts, Trouble, filled
from glaze_cli.ui.pages.steps import STEPS
from glaze_cli.ui.text import inert

MARK = "<!-- glaze report -->"
"""The first line, and the second of a page: what we may write over, and what a bot finds its comment by."""

MOST = 30
"""Lines of a table: a comment on GitHub holds 65,536 characters."""
LONG = 100
"""Characters of a text from outside."""

_COMMAND = re.compile(
    r"##(?=\w*\[)"
)  # `##vso[`, `##[`, `##teamcity[`: orders to a CI system, wherever they stand
_BREAKERS = str.maketrans({"`": "'", "|": "¦"})  # would end the span, or the cell of a table

_ENDS = (TaskStatus.DONE, TaskStatus.NOT_FOUND, TaskStatus.FAILED, TaskStatus.SKIPPED)

Part = Mapping[str, Any]


def summary(document: Document, facts: Facts, costs: Mapping[str, Sequence[Part]]) -> str:
    """The whole text, from what `page.render` takes."""
    return "\n".join([MARK, *_head(document, facts), *_tables(facts, costs), *_troubles(facts)]) + "\n"


def quoted(value: object) -> str:
    """Text from outside as a code span, at most LONG characters of it."""
    text = inert(value, LONG).translate(_BREAKERS)
    return f"`{_COMMAND.sub('## ', text)}`" if text else "–"


def _head(document: Document, facts: Facts) -> Iterator[str]:
    job = view(document)
    status = str(document.get("status") or "")
    words = f"{status}: {JobStatus(status).caption}" if status in list(JobStatus) else quoted(status)
    name = PurePath(str(document.get("file") or "")).name
    place = " ".join(quoted(part) for part in (name, document.get("sheet"), document.get("range")) if part)
    yield f"### Glaze: {place or 'a job'}"
    yield f"\nJob {quoted(document.get('jobId') or '')} is {words}."
    if document.get("error"):
        yield f"{quoted(document['error'])}"
    yield f"\n**{_counts(facts.counts)}** of {facts.cells:,} cells. Spent {job.cost}."
    for note in money_notes(document):
        yield f"\n{note}."


def _counts(counts: Counter[str]) -> str:
    words = [f"{counts[status]:,} {status.replace('_', ' ')}" for status in _ENDS]
    left = counts["queued"] + counts["running"]
    return ", ".join([*words, *([f"{left:,} left"] if left else [])])


def _tables(facts: Facts, costs: Mapping[str, Sequence[Part]]) -> Iterator[str]:
    columns = [
        [quoted(name), *(counts[status] for status in _ENDS), f"{filled(counts):.1%}"]
        for name, counts in facts.columns.items()
    ]
    yield from _table(("Column", "Done", "Not found", "Failed", "Skipped", "Fill rate"), columns)
    spent = {part["name"]: money(part["spent"]) for part in costs["byProvider"]}
    providers = [
        [
            quoted(part.name),
            quoted(part.tier),
            *(part.steps[step] for step in STEPS),
            spent.get(part.name, "$0.00"),
        ]
        for part in facts.providers
    ]
    heads = ("Provider", "Tier", *(words.capitalize() for words in STEPS.values()), "Spent")
    yield from _table(heads, providers)


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield _row(heads)
    yield _row([":--" if head in ("Column", "Provider", "Tier") else "--:" for head in heads])
    for row in rows[:MOST]:
        yield _row([f"{part:,}" if isinstance(part, int) else part for part in row])
    if len(rows) > MOST:
        yield f"\n{len(rows) - MOST:,} more are in the HTML report."


def _row(parts: Sequence[object]) -> str:
    return f"| {' | '.join(map(str, parts))} |"


def _troubles(facts: Facts) -> Iterator[str]:
    for title, troubles in (("Failures", facts.failures), ("Skipped", facts.skips)):
        if troubles:
            yield f"\n<details><summary>{title}: {sum(t.cells for t in troubles):,} cells</summary>\n"
            for trouble in troubles[:MOST]:
                yield from _trouble(trouble)
            yield "\n</details>"


def _trouble(trouble: Trouble) -> Iterator[str]:
    word, _, caption = reason_caption(trouble.reason).partition(": ")
    yield f"- {trouble.cells:,} × {quoted(word)}{f': {caption}' if caption else ''}"
    for sentence, places in trouble.told.items():
        cells = ", ".join(f"{quoted(cell)} {quoted(column)}" for cell, column in places)
        yield f"  - {cells}: {quoted(sentence)}"
