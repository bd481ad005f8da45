"""A CSV or TSV file as a book with one sheet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from glaze_cli.errors import SelectionError, SheetError, SheetRefused
from glaze_cli.model import CellRef, Change, Scalar
from glaze_cli.sheets.base import CellProblem, Extent, SheetRow, WriteOptions, WriteReport
from glaze_cli.sheets.csv import read
from glaze_cli.sheets.csv.defuse import defused, runs
from glaze_cli.sheets.csv.dialect import Dialect, detect_dialect
from glaze_cli.sheets.csv.encoding import SAMPLE, Encoding, Units, detect_encoding
from glaze_cli.sheets.csv.records import Grammar
from glaze_cli.sheets.csv.splice import Edit, Splice
from glaze_cli.sheets.kinds import refuse_target
from glaze_cli.sheets.save import replacing, unchanged
from glaze_cli.sheets.seen import as_seen

if TYPE_CHECKING:
    from glaze_cli.model import CellRange

NO_LOG = "A CSV has no sheet for a log; --annotate adds columns with source, confidence and date instead."


class CsvSheet:
    """The one sheet of a CSV. Row n is record n."""

    name = ""

    def __init__(self, path: Path, encoding: Encoding, dialect: Dialect) -> None:
        self._source = path, encoding, dialect

    @cached_property
    def measured(self) -> read.Measured:
        """How many records there are, and where the content ends. Reads the whole file once."""
        return read.measure(*self._source)

    def extent(self) -> Extent:
        """Where the content ends."""
        return self.measured.extent

    def rows(
        self, first: int = 1, last: int | None = None, columns: Collection[int] | None = None
    ) -> Iterator[SheetRow]:
        """Rows first..last that hold something; all their columns, whichever are asked for."""
        return read.rows(*self._source, first, last)

    def values(self, cells: Iterable[CellRef]) -> Mapping[CellRef, Scalar | None]:
        """What these cells hold, as text; None where they are empty or missing."""
        found: dict[CellRef, Scalar | None] = dict.fromkeys(cells)
        by_row: dict[int, list[CellRef]] = {}
        for cell in found:
            by_row.setdefault(cell.row, []).append(cell)
        if by_row:
            for row in self.rows(min(by_row), max(by_row)):
                for cell in by_row.get(row.number, ()):
                    found[cell] = row.text(cell.column)
        return found


class CsvBook:
    """A CSV file: its encoding and dialect are found once, when it is opened."""

    sheet_names = ("",)

    def __init__(self, path: Path, encoding: Encoding, dialect: Dialect) -> None:
        self.path = path
        self.encoding = encoding
        self.dialect = dialect
        self._sheet = CsvSheet(path, encoding, dialect)

    @classmethod
    def open(cls, path: Path, delimiter: str | None = None, encoding: str | None = None) -> CsvBook:
        """Find out how the file is written; what is named is not doubted. Raises SheetError."""
        delimiter = _one_character(delimiter)
        found = detect_encoding(path, encoding)
        with path.open("rb") as handle:
            handle.seek(len(found.bom))
            sample = handle.read(SAMPLE).decode(found.name, "replace")
        if path.stat().st_size > SAMPLE:  # what follows the last line end is cut
            sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
        likely = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
        return cls(path, found, detect_dialect(sample, delimiter, likely))

    @property
    def format(self) -> str:
        """`tsv` when the fields are told apart by tabs."""
        return "tsv" if self.dialect.delimiter == "\t" else "csv"

    @property
    def notices(self) -> tuple[str, ...]:
        """What was guessed about the file."""
        guesses = (self.encoding.notice, self.dialect.notice)
        return tuple(f"{self.path.name}: {notice}" for notice in guesses if notice)

    def sheet(self, name: str | None = None) -> CsvSheet:
        """The one sheet. Raises SelectionError for any name but ""."""
        if name:
            raise SelectionError(
                f"{self.path.name} is a CSV, which has no sheet named {name}; leave --sheet out."
            )
        return self._sheet

    def named_range(self, name: str) -> CellRange | None:
        """None: a CSV has no names."""
        return None

    def check(self, cells: Iterable[CellRef], options: WriteOptions) -> Iterator[CellProblem]:
        """Cells below the last record. Raises SheetRefused when no edit can keep the other bytes, or for a
        log, which has no sheet to go to."""
        if options.log is not None:
            raise SheetRefused(NO_LOG)
        units = Units(self.encoding, self._marks)
        with self.path.open("rb") as source:
            reader = units.open(source)
            while not units.bytewise and reader.read(SAMPLE):
                pass  # reading refuses what would not come back as it was
        last = self._sheet.measured.records
        for cell in cells:
            if cell.row > last:
                yield CellProblem(cell, f"{cell} is below the last record of {self.path.name} ({last}).")

    def unfit(self, change: Change) -> str | None:
        """Text that the file's encoding, or its lack of quotes, has no way to write."""
        text = as_seen(change.new)
        try:
            text.encode(self.encoding.name)
        except UnicodeEncodeError as error:
            lost = text[error.start : error.end]
            return f"{change.cell} cannot hold {lost!r}: the file's encoding, {self.encoding.name}, lacks it."
        if not self.dialect.quote and any(mark in text for mark in (self.dialect.delimiter, "\r", "\n")):
            return f"{change.cell} cannot hold a delimiter or a line end: the file has no quotes."
        return None

    def write(self, changes: Iterable[Change], target: Path, options: WriteOptions) -> WriteReport:
        """Splice the changes into the file's bytes and put the result at `target`. Streams both."""
        refuse_target(self.path, self.format, target)
        units = Units(self.encoding, self._marks)
        splice = Splice(Grammar(self.dialect), units, options.added_columns, options.removed_columns)
        edits = Edits(changes, options.raw)
        with replacing(target) as out, unchanged(self.path) as source:
            out.write(source.read(len(self.encoding.bom)))
            splice.run(source, out, edits)
        unlogged = (NO_LOG,) if options.log is not None else ()
        return WriteReport(splice.written, edits.defused, unlogged)

    @property
    def _marks(self) -> str:
        return f"{self.dialect.delimiter}{self.dialect.quote}{self.dialect.escape}\r\n"


class Edits:
    """Changes as texts, defused unless they are to be written raw."""

    def __init__(self, changes: Iterable[Change], raw: bool) -> None:
        self._changes = changes
        self._raw = raw
        self.defused = 0

    def __iter__(self) -> Iterator[Edit]:
        for change in self._changes:
            text = change.new
            if not isinstance(text, str):
                text = as_seen(text)
            elif not self._raw and runs(text):
                text = defused(text)
                self.defused += 1
            yield change.cell, text


def _one_character(delimiter: str | None) -> str | None:
    """What the user typed after --delimiter; a tab may be spelled out. Raises SheetError."""
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in "\"'\r\n\\\0"):
        raise SheetError(f"--delimiter {delimiter!r} is not one character, as in --delimiter ';' or tab.")
    return delimiter
