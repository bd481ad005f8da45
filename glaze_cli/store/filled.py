"""What Glaze wrote into a row before, and from which inputs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from glaze_cli.model import Scalar

# The latest value found for that cell of the sheet, by whatever job.
LATEST = """
SELECT r.id, r.data, json_extract(t.result, '$.value') AS value
FROM rows r JOIN cell_enrichment_tasks t ON t.row_id = r.id JOIN columns c ON c.id = t.column_id
WHERE r.table_id = (SELECT id FROM tables WHERE path = ? AND sheet = ?) AND r.number = ?
    AND c.header = ? AND t.status = 'done'
ORDER BY t.id DESC LIMIT 1
"""

# All that the job found in the same row: inputs of one another.
BESIDE = """
SELECT c.header, json_extract(t.result, '$.value') AS value
FROM cell_enrichment_tasks t JOIN columns c ON c.id = t.column_id WHERE t.row_id = ? AND t.status = 'done'
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """A value that Glaze found for a cell, and its row at that time."""

    value: Scalar
    row: Mapping[str, str]
    """Header → text: as it was read, with what was found in it beside the value."""


def latest_filled(
    connection: sqlite3.Connection, path: str, sheet: str, number: int, header: str
) -> Filled | None:
    """What was last found for that row (by its number) and column; None when nothing was."""
    row = connection.execute(LATEST, (path, sheet, number, header)).fetchone()
    if row is None:
        return None
    beside = {name: str(value) for name, value in connection.execute(BESIDE, (row["id"],))}
    return Filled(row["value"], json.loads(row["data"]) | beside)
