"""The values that a job found, and where they go: all that writing them back reads of its records."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from glaze_cli.model import Scalar
from glaze_cli.store.json_text import decode
from glaze_cli.store.tasks import column_positions


class FoundValue(NamedTuple):
    """What one cell is to hold. A plain tuple: a job may find a million."""

    row: int
    column: int
    """1 = A."""
    value: Scalar
    old: Scalar | None
    """What the cell held when it was read."""


# Every value a job found, by row in the order of the file: rows were stored in it, and the index has it.
VALUES = """
SELECT r.number, t.column_id, t.result, t.old FROM cell_enrichment_tasks t JOIN rows r ON r.id = t.row_id
WHERE t.job_id = ? AND t.status = 'done' ORDER BY t.row_id, t.id
"""

_TEXT = re.compile(r'\{"value": ?"([^"\\]*)"')
"""How a record begins whose value is text without an escape, as nearly all do: it need not be read whole.
Whoever writes a record writes no name twice, so the first value is the value."""


def found_values(connection: sqlite3.Connection, job_id: str) -> Iterator[FoundValue]:
    """Every value the job found, ordered by row and column of the sheet as it was read."""
    positions = column_positions(connection, job_id)
    cursor = connection.cursor()
    cursor.row_factory = None  # plain tuples: no names are looked up
    make = tuple.__new__  # what FoundValue(...) does in the end, in a third of its time
    found = (
        make(
            FoundValue, (number, positions[column], _value(result), None if old is None else json.loads(old))
        )
        for number, column, result, old in cursor.execute(VALUES, (job_id,))
    )
    if len(positions) == 1:
        yield from found
        return
    for _, cells in groupby(found, key=itemgetter(0)):
        yield from sorted(cells, key=itemgetter(1))


def _value(record: str) -> Scalar:
    match = _TEXT.match(record)
    value: Scalar = decode(record)["value"] if match is None else match[1]
    return value
