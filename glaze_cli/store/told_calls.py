"""Calls as a receipt tells them: a cell's own, and those of others with the same question."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from glaze_cli.model import CellRef, usd
from glaze_cli.store.asked import AskedCell

MOST_CALLS = 50
"""Calls with one question that are told, the latest: a question that is refreshed each night has many."""

# Calls with the cell that asked first, where that was noted and still is there; amounts in Micros.
_CALL = """
SELECT a.id, a.job_id, a.task_id, a.provider, a.lookup_key, a.status, a.outcome, a.detail, a.reserved,
    a.billed, a.opened_at, a.closed_at, a.repeats, a.handle, r.number, c.position, s.sheet
FROM attempts a LEFT JOIN cell_enrichment_tasks t ON t.id = a.task_id AND t.job_id = a.job_id
LEFT JOIN rows r ON r.id = t.row_id LEFT JOIN columns c ON c.id = t.column_id
LEFT JOIN tables s ON s.id = r.table_id
"""
OWN_CALLS = f"{_CALL} WHERE a.task_id = ? AND a.job_id = ? ORDER BY a.id"
SAME_QUESTION = f"{_CALL} WHERE a.lookup_key = ? AND a.provider = ? ORDER BY a.id DESC LIMIT ?"


def own_calls(connection: sqlite3.Connection, cell: AskedCell) -> list[sqlite3.Row]:
    """The calls that were made for the cell, in all its tries."""
    return connection.execute(OWN_CALLS, (cell.id, cell.job_id)).fetchall()


def same_question(connection: sqlite3.Connection, key: str | None, provider: object) -> list[sqlite3.Row]:
    """The latest MOST_CALLS calls that asked the provider that question, in their order."""
    return connection.execute(SAME_QUESTION, (key, provider, MOST_CALLS)).fetchall()[::-1]


def told_call(row: sqlite3.Row, cell: AskedCell) -> dict[str, Any]:
    """A line of the ledger. `later`: made after the cell had ended; `earlier`: its own, of an earlier try."""
    asker = None if row["number"] is None else CellRef(row["sheet"], row["number"], row["position"])
    own = (row["task_id"], row["job_id"]) == (cell.id, cell.job_id)
    told = {name: row[name] for name in ("id", "provider", "status", "outcome", "detail", "repeats")}
    return told | {
        "jobId": row["job_id"],
        "cell": None if asker is None else str(asker),
        "own": own,
        "earlier": own and bool(cell.started_at) and row["opened_at"] < str(cell.started_at),
        "later": bool(cell.completed_at) and row["opened_at"] > str(cell.completed_at),
        "reserved": usd(row["reserved"]),
        "billed": None if row["billed"] is None else usd(row["billed"]),
        "openedAt": row["opened_at"],
        "closedAt": row["closed_at"],
        "fetchable": row["status"] == "open" and row["handle"] is not None,
    }


def sums(calls: Sequence[sqlite3.Row]) -> dict[str, Any]:
    """What the calls cost together; a lost reply counts with the most that it can have cost. Dollars."""
    lost = [call["reserved"] for call in calls if call["status"] == "unknown"]
    billed = sum(call["billed"] or 0 for call in calls if call["status"] != "unknown")
    return {
        "calls": len(calls),
        "spent": usd(billed + sum(lost)),
        "unknown": usd(sum(lost)),
        "unknownCalls": len(lost),
        "repeatedCalls": sum(call["repeats"] is not None for call in calls),
        "reserved": usd(sum(call["reserved"] for call in calls if call["status"] == "open")),
    }
