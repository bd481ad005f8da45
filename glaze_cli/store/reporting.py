"""What a report of a job shows beyond its document: every cell with its receipt, waiting times, money."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from glaze_cli.model import CellRef, usd
from glaze_cli.store.costs import Cost, read_costs
from glaze_cli.store.jobs import Job

# Every cell of a job with its column's header, in the order of the sheet.
CELLS = """
SELECT r.number, c.position, c.header, t.status, t.reason, t.error, t.result
FROM cell_enrichment_tasks t JOIN columns c ON c.id = t.column_id JOIN rows r ON r.id = t.row_id
WHERE t.job_id = ? ORDER BY r.number, c.position
"""

# How long answered calls took. Not those that a service worked on for a while and we came back for, nor those
# that are settled only because a later call's bill was also theirs.
SECONDS = """
SELECT provider, (julianday(closed_at) - julianday(opened_at)) * 86400.0 AS seconds FROM attempts
WHERE job_id = ? AND status = 'settled' AND outcome IN ('hit', 'miss') AND handle IS NULL
    AND closed_at IS NOT NULL ORDER BY provider, seconds
"""


def report_cells(connection: sqlite3.Connection, job: Job) -> Iterator[dict[str, Any]]:
    """Each cell as it stands, one at a time: cell (A1, without the sheet), column (header), status, reason,
    error and record (value, confidence, source, timestamp, metadata; {} before it ended)."""
    for row in connection.execute(CELLS, (job.id,)):
        yield {
            "cell": CellRef("", row["number"], row["position"]).a1,
            "column": row["header"] or "",
            "status": row["status"],
            "reason": row["reason"],
            "error": row["error"],
            "record": _record(row["result"]),
        }


def report_latency(connection: sqlite3.Connection, job: Job) -> list[dict[str, Any]]:
    """By provider, in seconds: calls, median, p95 (19 of 20 were as quick) and slowest; the slowest first."""
    found: dict[str, list[float]] = {}
    for provider, seconds in connection.execute(SECONDS, (job.id,)):
        found.setdefault(provider, []).append(max(0.0, seconds or 0.0))
    parts = [
        {
            "provider": provider,
            "calls": len(times),
            "median": round(times[(len(times) - 1) // 2], 3),
            "p95": round(times[-(-len(times) * 19 // 20) - 1], 3),
            "slowest": round(times[-1], 3),
        }
        for provider, times in found.items()
    ]
    return sorted(parts, key=lambda part: -part["median"])


def report_costs(connection: sqlite3.Connection, job: Job) -> dict[str, Any]:
    """Dollars by the ledger: `byProvider` and `byColumn`, each with calls, spent, unknown (the part of it for
    lost replies), unknownCalls and saved; by column there is no saved. Raises StoreError."""
    spending = read_costs(connection, job_id=job.id)
    return {
        "byProvider": [
            {"name": group.name["provider"], **_amounts(group.cost), "saved": usd(group.cost.saved)}
            for group in spending.groups("provider")
        ],
        "byColumn": [
            {"name": group.name["column"], **_amounts(group.cost)} for group in spending.groups("column")
        ],
    }


def _amounts(cost: Cost) -> dict[str, Any]:
    return {
        "calls": cost.calls,
        "spent": usd(cost.spent),
        "unknown": usd(cost.unknown),
        "unknownCalls": cost.unknown_calls,
    }


def _record(text: str | None) -> dict[str, Any]:
    """Anybody can write into the store; a report is made nevertheless."""
    with contextlib.suppress(ValueError):
        record = json.loads(text or "{}")
        if isinstance(record, dict):
            return record
    return {}
