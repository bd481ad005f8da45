"""The job document as every report shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glaze_cli.model import TaskStatus, dollars
from glaze_cli.ui.document import Document, amount, money
from glaze_cli.ui.text import inert

_COUNTS = {
    TaskStatus.DONE: "doneTasks",
    TaskStatus.NOT_FOUND: "notFoundTasks",
    TaskStatus.FAILED: "failedTasks",
    TaskStatus.SKIPPED: "skippedTasks",
}


@dataclass(frozen=True, slots=True)
class JobView:
    """The parts of a job document that every report shows."""

    job: str
    status: str
    place: str
    """`leads.xlsx D2:H40`."""
    total: int
    counts: Counter[TaskStatus]
    """Only of cells that ended."""
    progress: float
    """0..100."""
    cost: str
    error: str


def view(document: Document) -> JobView:
    """Read it."""
    where = f"{document['sheet']}!" if document.get("sheet") else ""
    return JobView(
        job=inert(document.get("jobId") or "–"),
        status=inert(document.get("status") or "–"),
        place=inert(f"{document.get('file') or ''} {where}{document.get('range') or ''}").strip(),
        total=int(document.get("totalTasks") or 0),
        counts=Counter({status: int(document.get(key) or 0) for status, key in _COUNTS.items()}),
        progress=float(document.get("progress") or 0),
        cost=_cost(document.get("cost") or {}),
        error=inert(document.get("error") or ""),
    )


def _cost(cost: Mapping[str, Any]) -> str:
    """`$0.12 of at most $5.00, $0.01 reserved`; what lost replies may have cost counts as spent."""
    text = dollars(amount(cost.get("spent")) or 0)
    if cost.get("cap") is not None:
        text += f" of at most {money(cost['cap'])}"
    if reserved := amount(cost.get("reserved")):
        text += f", {dollars(reserved)} reserved"
    return text
