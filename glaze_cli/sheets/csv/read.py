"""Reading a CSV: the csv module's records as rows."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from glaze_cli.errors import SheetError
from glaze_cli.sheets.base import Extent, SheetRow
from glaze_cli.sheets.csv.dialect import Dialect
from glaze_cli.sheets.csv.encoding import Encoding

MAX_FIELD = 1 << 24
"""Characters of one field. The csv module's own limit, 131,072, is less than a cell of JSON may take."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one reading of the whole file tells."""

    records: int
    """All of them, empty ones and comments too."""
    extent: Extent


def records(path: Path, encoding: Encoding, dialect: Dialect) -> Iterator[list[str]]:
    """Every record of the file, in order. Raises SheetError where a field is beyond all measure."""
    csv.field_size_limit(MAX_FIELD)  # the module has one limit for the whole process
    with path.open("rb") as raw:
        raw.seek(len(encoding.bom))
        text = io.TextIOWrapper(raw, encoding.name, errors="replace", newline="")
        count = itertools.count(1)
        try:
            for record, _ in zip(dialect.reader(text), count, strict=False):  # counted as quick as it is read
                yield record
        except csv.Error as error:
            raise SheetError(
                f"{path}: record {next(count)} cannot be read ({error}); is a quote in it never closed?"
            ) from error


def rows(
    path: Path, encoding: Encoding, dialect: Dialect, first: int, last: int | None
) -> Iterator[SheetRow]:
    """Records first..last that hold something. Row n is record n, however many lines it takes."""
    make = tuple.__new__  # what SheetRow(...) does in the end, in a third of its time
    numbered = enumerate(records(path, encoding, dialect), 1)
    for number, record in itertools.islice(numbered, max(first - 1, 0), last):
        if any(record):
            yield make(SheetRow, (number, tuple([field or None for field in record])))


def measure(path: Path, encoding: Encoding, dialect: Dialect) -> Measured:
    """Count the records and find the last row and column that hold something."""
    number = last_row = last_column = 0
    for number, record in enumerate(records(path, encoding, dialect), 1):
        if any(record):
            last_row = number
            width = len(record)
            while width > last_column and not record[width - 1]:
                width -= 1
            last_column = max(last_column, width)
    return Measured(number, Extent(last_row, last_column))
