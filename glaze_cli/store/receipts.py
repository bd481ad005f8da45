"""Receipts: all that the store knows of one cell, as one document.

What an older Glaze did not note is left out, or None; nothing here is guessed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glaze_cli.model import CellRef, custom_field, usd
from glaze_cli.store.jobs import Job

DEPTH = 5
"""How far the receipts of a cell's inputs are followed; each is told once."""

MOST_CALLS = 50
"""Calls with one question that are told, the latest: a question that is refreshed each night has many."""

# The sheets of a file: those that were read from it, then those whose values were written into it.
TABLES = """
SELECT id, sheet FROM tables WHERE path = :path
UNION SELECT t.id, t.sheet FROM tables t JOIN enrichment_jobs j ON j.table_id = t.id
WHERE :path IN (j.written_to, j.target) AND NOT EXISTS (SELECT 1 FROM tables WHERE path = :path) ORDER BY 1
"""

# A cell of a job with its row and column.
_CELL = """
SELECT t.*, t.result AS record, c.position, c.header, c.field, r.number, r.data, s.sheet
FROM cell_enrichment_tasks t JOIN columns c ON c.id = t.column_id JOIN rows r ON r.id = t.row_id
JOIN tables s ON s.id = r.table_id JOIN enrichment_jobs j ON j.id = t.job_id
"""

# What jobs asked about that cell of the sheet, the latest first.
ASKED = f"""
{_CELL} WHERE r.table_id = ? AND r.number = ? AND c.position = ? ORDER BY j.created_at DESC, t.id DESC
"""

# All that the job asked about the row; each job has rows of its own.
ROW = f"{_CELL} WHERE t.row_id = ? ORDER BY t.id"

# How the row was read by that job, where it asked about another of its cells.
READ_ROW = """
SELECT r.data FROM rows r JOIN cell_enrichment_tasks t ON t.row_id = r.id
WHERE r.table_id = ? AND r.number = ? AND t.job_id = ? LIMIT 1
"""

KEPT = "SELECT * FROM answers WHERE key = ?"

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


@dataclass(frozen=True, slots=True)
class AskedCell:
    """One cell of one job."""

    id: int
    job_id: str
    row_id: int
    header: str
    field: str | None
    status: str
    reason: str | None
    error: str | None
    started_at: str | None
    completed_at: str | None
    ref: CellRef
    old: object
    """What it held when it was read."""
    record: Mapping[str, Any]
    """Empty while it has none; one that is queued again keeps that of its last try."""
    data: Mapping[str, str]
    """Header → text: its row as it was read."""

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> AskedCell:
        """From a row of ASKED or ROW."""
        values: dict[str, Any] = {name: row[name] for name in cls.__slots__ if name != "ref"}
        values["old"] = None if row["old"] is None else json.loads(row["old"])
        values |= {name: json.loads(row[name] or "{}") for name in ("record", "data")}
        return cls(**values, ref=CellRef(row["sheet"], row["number"], row["position"]))

    @property
    def metadata(self) -> Mapping[str, Any]:
        """Of its record."""
        return self.record.get("metadata") or {}

    @property
    def ended_at(self) -> str:
        """When its record was made; "" while it has none."""
        return self.completed_at or self.record.get("timestamp") or ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the job read its sheet, as far as it is known now."""

    fields: Mapping[str, str]
    """Header → field."""
    inputs: Sequence[str]
    """Headers that the job's providers read."""
    minimum: float | None = None
    """Least confidence that is acceptable for the cell."""


def tables_of(connection: sqlite3.Connection, path: str) -> dict[str, int]:
    """Tab → table, of the sheets of that file (absolute) that the store knows, in the order it met them."""
    return {sheet: number for number, sheet in connection.execute(TABLES, {"path": path})}


def asked_cells(connection: sqlite3.Connection, table_id: int, row: int, column: int) -> list[AskedCell]:
    """What jobs asked about a cell of a sheet, the latest first."""
    return [AskedCell.from_row(found) for found in connection.execute(ASKED, (table_id, row, column))]


def read_row(connection: sqlite3.Connection, job: Job, row: int) -> dict[str, str] | None:
    """Header → text: how the job read that row; None where it asked about none of its cells."""
    found = connection.execute(READ_ROW, (job.table_id, row, job.id)).fetchone()
    return None if found is None else json.loads(found["data"] or "{}")


def receipt(connection: sqlite3.Connection, cell: AskedCell, reading: Reading) -> dict[str, Any]:
    """The cell's story as JSON: `glaze why --json`. Amounts are dollars."""
    return _Teller(connection, cell, reading).receipt(cell)


_Doc = dict[str, Any]
_STEP = ("provider", "tier", "outcome", "detail", "confidence", "value", "cost", "calls", "from")


class _Teller:
    """Reads one row of one job."""

    def __init__(self, connection: sqlite3.Connection, cell: AskedCell, reading: Reading) -> None:
        self._connection = connection
        self._reading = reading
        self._row = [AskedCell.from_row(row) for row in connection.execute(ROW, (cell.row_id,))]
        self._calls: dict[int, list[sqlite3.Row]] = {}
        self._told: set[int] = set()

    def receipt(self, cell: AskedCell) -> _Doc:
        steps, own = self._steps(cell), self._own(cell)
        told = {call["id"] for step in steps for call in step["ledger"]}
        return {
            **_ending(cell),
            "column": cell.header,
            **{name: getattr(cell, name) for name in ("field", "status", "reason", "error", "old")},
            "minConfidence": self._reading.minimum,
            "citations": list(cell.metadata.get("citations") or ()),
            "startedAt": cell.started_at,
            "completedAt": cell.completed_at,
            "inputs": self._inputs(cell, steps, DEPTH),
            "steps": steps,
            "otherCalls": [_call(row, cell) for row in own if row["id"] not in told],
            "ledger": _sums(own),
        }

    def _own(self, cell: AskedCell) -> list[sqlite3.Row]:
        """The calls that were made for it, in all its tries."""
        if cell.id not in self._calls:
            self._calls[cell.id] = self._connection.execute(OWN_CALLS, (cell.id, cell.job_id)).fetchall()
        return self._calls[cell.id]

    def _steps(self, cell: AskedCell) -> list[dict[str, Any]]:
        return [self._step(cell, step) for step in cell.metadata.get("attempts") or ()]

    def _step(self, cell: AskedCell, step: Mapping[str, Any]) -> dict[str, Any]:
        key, outcome = self._key(cell, step), step.get("outcome")
        kept = self._connection.execute(KEPT, (key,)).fetchone()
        same = (key, step.get("provider"), MOST_CALLS)
        calls = [_call(row, cell) for row in self._connection.execute(SAME_QUESTION, same)][::-1]
        return {name: step.get(name) for name in _STEP} | {
            "reason": _reason(cell, step, calls) if outcome in ("failed", "dropped") else None,
            "answeredAt": step.get("answered"),
            "inputs": None if kept is None else json.loads(kept["inputs"] or "{}"),
            "answer": _answer(kept, cell) if outcome in ("hit", "miss", "too_weak") else None,
            "ledger": calls,
        }

    def _key(self, cell: AskedCell, step: Mapping[str, Any]) -> str | None:
        """Of the question that the step came to; a job of an older Glaze noted it only in the ledger."""
        if step.get("key"):
            return str(step["key"])
        # What was answered about another cell of the row was asked by that one.
        known = step.get("from")
        for one in [one for one in self._row if one.id != cell.id] if known else [cell]:
            steps = [s for s in one.metadata.get("attempts") or () if s.get("provider") == step["provider"]]
            found = [s["key"] for s in steps if s.get("key") and s.get("confidence") is not None]
            if not found and known != "cache":
                found = [c["lookup_key"] for c in self._own(one) if c["provider"] == step["provider"]]
            if found:
                return str(found[-1])
        return None

    def _inputs(self, cell: AskedCell, steps: Sequence[_Doc], depth: int) -> list[_Doc]:
        """What was read of the row: for certain, as the questions asked tell; else what could be read."""
        read = {field for step in steps for field in step["inputs"] or ()}
        unsure = any(step["inputs"] is None for step in steps)
        before = {one.header: one for one in self._row if _was_before(one, cell)}
        inputs, seen = [], set()
        for header in dict.fromkeys((*self._reading.fields, *cell.data, *before)):
            found = before.get(header)
            field = self._reading.fields.get(header) or (found.field if found else None)
            text = found.record.get("value") if found else cell.data.get(header)
            certain = bool({field, custom_field(header)} & read) and field not in seen
            could = found or header in self._reading.inputs or not self._reading.inputs
            if text is None or not (certain or (unsure and could and header != cell.header)):
                continue
            if certain:
                seen.add(field)  # of headers that mean the same, the leftmost filled one is read
            told = {"header": header, "field": field, "text": text, "read": certain}
            inputs.append(told | {"found": self._short(found, depth) if found else None})
        return inputs

    def _short(self, cell: AskedCell, depth: int) -> dict[str, Any]:
        """The receipt of an input in short, with its own inputs. Each ended before the one that read it
        began; whatever the clock did, each is told once."""
        deeper = depth > 1 and cell.id not in self._told
        self._told.add(cell.id)
        return _ending(cell) | {"inputs": self._inputs(cell, self._steps(cell), depth - 1) if deeper else []}


def _ending(cell: AskedCell) -> dict[str, Any]:
    """What every receipt begins with."""
    told: dict[str, Any] = {"cell": str(cell.ref)}
    told |= {name: cell.record.get(name) for name in ("value", "confidence", "source", "timestamp")}
    return told | {name: cell.metadata.get(name) for name in ("provider", "cost")}


def _reason(cell: AskedCell, step: Mapping[str, Any], calls: Sequence[_Doc]) -> str | None:
    """Why a step failed: the cell's own word where it ended with it, else the ledger's."""
    if step.get("detail") == cell.error:
        return cell.reason
    words = [call["outcome"] for call in calls if call["own"] and call["status"] in ("refused", "unknown")]
    return words[-1] if words else None


def _was_before(one: AskedCell, cell: AskedCell) -> bool:
    """Whether it was filled when the other was asked about."""
    return one.id != cell.id and one.status == "done" and "" < one.ended_at <= (cell.started_at or "")


def _call(row: sqlite3.Row, cell: AskedCell) -> dict[str, Any]:
    """A line of the ledger; `later`: made after the cell had ended."""
    asker = None if row["number"] is None else CellRef(row["sheet"], row["number"], row["position"])
    told = {name: row[name] for name in ("id", "provider", "status", "outcome", "detail", "repeats")}
    return told | {
        "jobId": row["job_id"],
        "cell": None if asker is None else str(asker),
        "own": (row["task_id"], row["job_id"]) == (cell.id, cell.job_id),
        "later": bool(cell.completed_at) and row["opened_at"] > str(cell.completed_at),
        "reserved": usd(row["reserved"]),
        "billed": None if row["billed"] is None else usd(row["billed"]),
        "openedAt": row["opened_at"],
        "closedAt": row["closed_at"],
        "fetchable": row["status"] == "open" and row["handle"] is not None,
    }


def _sums(calls: Sequence[sqlite3.Row]) -> dict[str, Any]:
    """What the cell's own calls cost; a lost reply counts with the most that it can have cost."""
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


def _answer(kept: sqlite3.Row | None, cell: AskedCell) -> dict[str, Any] | None:
    """As it is remembered; `newer`: it was given after the cell ended, in place of the one it saw."""
    if kept is None:
        return None
    return {
        "found": bool(kept["found"]),
        **json.loads(kept["answer"]),
        "confidence": kept["confidence"],
        "citations": json.loads(kept["citations"] or "[]"),
        "cost": usd(kept["cost"] or 0),
        "version": kept["version"],
        "answeredAt": kept["created_at"],
        "newer": "" < cell.ended_at < kept["created_at"],
    }
