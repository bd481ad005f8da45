"""What a cell's providers read of its row: for certain where the questions tell, else what they could."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glaze_cli.model import custom_field
from glaze_cli.store.asked import AskedCell, found_before

DEPTH = 5
"""How far the receipts of a cell's inputs are followed; each is told once."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the job read its sheet, as far as it is known now."""

    fields: Mapping[str, str]
    """Header → field."""
    inputs: Sequence[str]
    """Headers that the job's providers read."""
    minimum: float | None = None
    """Least confidence that is acceptable for the cell by the settings of now; a newer record has its own."""
    overwrite: bool = False
    """What a cell held was an input of its own answer; else it was hidden until the cell had its word."""


ReadOf = Callable[[AskedCell], tuple[frozenset[str], bool]]
"""The fields that a cell's questions were made of, and whether some question is not known."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A cell of the row that can have been an input."""

    header: str
    field: str | None
    text: object
    found: AskedCell | None
    """The cell of the same job that brought it."""


class Inputs:
    """Of the cells of one row of one job."""

    def __init__(
        self, connection: sqlite3.Connection, row: Sequence[AskedCell], reading: Reading, read_of: ReadOf
    ) -> None:
        self._connection = connection
        self._row = row
        self._reading = reading
        self._read_of = read_of
        self._told: set[int] = set()

    def of(self, cell: AskedCell, depth: int = DEPTH) -> list[dict[str, Any]]:
        """header, field, text, `read` (for certain), and `found`: the short receipt of the one that found it,
        in this job or an earlier one."""
        read, unsure = self._read_of(cell)
        sources = list(self._sources(cell))
        certain, earlier = _read(sources, read), found_before(self._connection, cell)
        inputs = []
        for source in sources:
            header = source.header
            could = source.found or header in self._reading.inputs or not self._reading.inputs
            if header not in certain and not (unsure and could and header != cell.header):
                continue
            told = {"header": header, "field": source.field, "text": source.text, "read": header in certain}
            found = (
                self._short(source.found, depth) if source.found else _found_earlier(cell, source, earlier)
            )
            inputs.append(told | {"found": found})
        return inputs

    def _sources(self, cell: AskedCell) -> Iterator[_Source]:
        """In the order of the sheet: what stood in the row, or was found in it, when the cell was asked."""
        others = {one.header: one for one in self._row if one.id != cell.id}
        fields = self._reading.fields
        for header in dict.fromkeys((*fields, *cell.data, *others)):
            other = others.get(header)
            found = other if other and other.status == "done" and other.ended_before(cell) else None
            text = found.record.get("value") if found else cell.data.get(header)
            if text is None or (found is None and self._is_hidden(header, other, cell)):
                continue
            yield _Source(header, fields.get(header) or (found.field if found else None), text, found)

    def _is_hidden(self, header: str, other: AskedCell | None, cell: AskedCell) -> bool:
        """An old value that is asked about anew is no input until it has been; its own never is."""
        if self._reading.overwrite:
            return False
        if header == cell.header:
            return cell.old is not None
        return other is not None and other.old is not None and not other.ended_before(cell)

    def _short(self, cell: AskedCell, depth: int) -> dict[str, Any]:
        """The receipt of an input in short, with its own inputs. Each ended before the one that read it
        began; whatever the clock did, each is told once."""
        deeper = depth > 1 and cell.id not in self._told
        self._told.add(cell.id)
        inputs = self.of(cell, depth - 1) if deeper else []
        return ending(cell) | {"jobId": cell.job_id, "earlierJob": False, "inputs": inputs}


def _found_earlier(cell: AskedCell, source: _Source, earlier: Sequence[AskedCell]) -> dict[str, Any] | None:
    """Who found it in an earlier job, where it is the same row for certain: all that was read of it then
    still stood in it, and the value too."""
    for one in earlier:
        if one.header == source.header:
            same = str(one.record.get("value")) == str(source.text)
            then = ((header, text) for header, text in one.data.items() if header != one.header)
            row = all(cell.data.get(header) == text for header, text in then)
            told = ending(one) | {"jobId": one.job_id, "earlierJob": True, "inputs": []}
            return told if same and row else None
    return None


def _read(sources: Sequence[_Source], read: frozenset[str]) -> frozenset[str]:
    """The headers that were read for certain: for each field what was found last, else the leftmost one."""
    found = sorted((source for source in sources if source.found), key=_when, reverse=True)
    chosen: dict[str, str] = {}
    for source in (*found, *sources):
        for name in {source.field, custom_field(source.header)} & read:
            chosen.setdefault(str(name), source.header)
    return frozenset(chosen.values())


def _when(source: _Source) -> str:
    return source.found.ended_at if source.found else ""


def ending(cell: AskedCell) -> dict[str, Any]:
    """What every receipt begins with: how the cell ended, and who served it."""
    told: dict[str, Any] = {"cell": str(cell.ref)}
    told |= {name: cell.record.get(name) for name in ("value", "confidence", "source", "timestamp")}
    return told | {name: cell.metadata.get(name) for name in ("provider", "cost")}
