"""What jobs asked about a cell: cells of the sheets that the store knows, by file, row and column."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glaze_cli.model import CellRef
from glaze_cli.store.jobs import Job

# The sheets of a file: those that were read from it, then those whose values were written into it.
TABLES = """
SELECT id, sheet FROM tables WHERE path = :path
UNION SELECT t.id, t.sheet FROM tables t JOIN enrichment_jobs j ON j.table_id = t.id
WHERE :path IN (j.written_to, j.target) AND NOT EXISTS (SELECT 1 FROM tables WHERE path = :path) ORDER BY 1
"""

# The files of all sheets, read and written, to tell which is meant by the beginning of a name.
FILES = """
SELECT path FROM tables UNION SELECT written_to FROM enrichment_jobs WHERE written_to IS NOT NULL ORDER BY 1
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

# What other jobs had found in that row of the sheet by then, the latest first.
FOUND_BEFORE = f"""
{_CELL} WHERE r.table_id = ? AND r.number = ? AND t.job_id <> ? AND t.status = 'done' AND t.completed_at <= ?
ORDER BY t.completed_at DESC, t.id DESC
"""

# How the row was read by that job, where it asked about another of its cells.
READ_ROW = """
SELECT r.data FROM rows r JOIN cell_enrichment_tasks t ON t.row_id = r.id
WHERE r.table_id = ? AND r.number = ? AND t.job_id = ? LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class AskedCell:
    """One cell of one job."""

    id: int
    job_id: str
    table_id: int
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
        """From a row of ASKED, ROW or FOUND_BEFORE."""
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

    def ended_before(self, other: AskedCell) -> bool:
        """Whether it had its word when the other one was asked about."""
        return "" < self.ended_at <= (other.started_at or "")


def tables_of(connection: sqlite3.Connection, path: str) -> dict[str, int]:
    """Tab → table, of the sheets of that file (absolute) that the store knows, in the order it met them."""
    return {sheet: number for number, sheet in connection.execute(TABLES, {"path": path})}


def files(connection: sqlite3.Connection) -> list[str]:
    """The absolute paths of the files whose sheets the store knows."""
    return [path for (path,) in connection.execute(FILES)]


def asked_cells(connection: sqlite3.Connection, table_id: int, row: int, column: int) -> list[AskedCell]:
    """What jobs asked about a cell of a sheet, the latest first."""
    return [AskedCell.from_row(found) for found in connection.execute(ASKED, (table_id, row, column))]


def row_cells(connection: sqlite3.Connection, cell: AskedCell) -> list[AskedCell]:
    """All cells that its job asked about in its row, itself among them."""
    return [AskedCell.from_row(found) for found in connection.execute(ROW, (cell.row_id,))]


def found_before(connection: sqlite3.Connection, cell: AskedCell) -> list[AskedCell]:
    """What other jobs had found in the row of that number before the cell was asked about, latest first."""
    which = (cell.table_id, cell.ref.row, cell.job_id, cell.started_at or "")
    return [AskedCell.from_row(found) for found in connection.execute(FOUND_BEFORE, which)]


def read_row(connection: sqlite3.Connection, job: Job, row: int) -> dict[str, str] | None:
    """Header → text: how the job read that row; None where it asked about none of its cells."""
    found = connection.execute(READ_ROW, (job.table_id, row, job.id)).fetchone()
    return None if found is None else json.loads(found["data"] or "{}")
