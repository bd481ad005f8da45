"""A sheet as a selection needs it: its headers, and where its rows and columns end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from glaze_cli.errors import SelectionError
from glaze_cli.model import column_letters
from glaze_cli.model.cells import MAX_COLUMN
from glaze_cli.sheets.base import Book, Sheet
from glaze_cli.sheets.headers import Headers

if TYPE_CHECKING:
    from glaze_cli.sheets.part import Part

Span = tuple[int, int]
"""First and last row, both included."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One sheet and its headers. Where the data ends is looked up only if it matters: a full scan."""

    sheet: Sheet
    headers: Headers
    title: str
    """What the sheet is called in a sentence: its file, or its name."""

    @classmethod
    def of(cls, book: Book, name: str | None, header_row: int) -> Ground:
        """Read the headers. Raises SelectionError when the sheet has none in that row."""
        sheet = book.sheet(name)
        ground = cls(sheet, Headers.of(sheet, header_row), sheet.name or book.path.name)
        if not ground.headers.texts:
            raise SelectionError(ground._no_headers())
        return ground

    def all_rows(self) -> Span:
        """From below the header row to the end of the data. Raises SelectionError when there is none."""
        first, last = self.headers.row + 1, self.sheet.extent().last_row
        if last < first:
            raise SelectionError(f"{self.title} has no rows below its header row {self.headers.row}.")
        return first, last

    def span(self, part: Part) -> Span:
        """The rows of a part. Raises SelectionError when they reach the header row or past the data."""
        area, top = part.area, self.headers.row + 1
        if part.by_name:
            return self._cut(part)
        if area.first_row is None:
            return self.all_rows()
        if area.first_row < top:
            raise SelectionError(self._on_headers(part))
        last = area.last_row or area.first_row
        if not self._reaches(last):
            raise SelectionError(self._past_the_data(part))
        return area.first_row, last if area.last_row else self.all_rows()[1]

    def part_columns(self, part: Part) -> Iterator[int]:
        """The columns of a part that have headers. Raises SelectionError for a chosen one that has none."""
        end = len(self.headers.texts)
        first, last = part.area.first_column or 1, part.area.last_column or end
        if (last > end and not part.by_name) or first > end:
            raise SelectionError(self._past_the_headers(part, first))
        found = False
        for column in range(first, min(last, end) + 1):
            if self.headers.text(column):
                found = True
                yield column
            elif part.chosen:
                raise SelectionError(
                    f"{part.text} holds column {column_letters(column)}, which has no header: write one in "
                    f"{self.headers.cell(column)}, or add a column with --columns NAME."
                )
        if not found:
            raise SelectionError(f"{part.text} covers no column with a header in row {self.headers.row}.")

    def named_columns(self, names: Sequence[str]) -> Iterator[tuple[int, str]]:
        """(column, header) of those the sheet has. Raises SelectionError where a name is several columns'."""
        for name in names:
            column = self.headers.find(name)
            if column is not None:
                yield column, self.headers.text(column)

    def new_columns(self, names: Sequence[str]) -> Iterator[tuple[int, str]]:
        """(column, header) of those to be added, right of everything the sheet holds, in the order given."""
        new: dict[str, str] = {}
        for name in names:
            if not self.headers.called(name):
                new.setdefault(name.strip().casefold(), name.strip())
        if "" in new:
            raise SelectionError("--columns holds an empty name; write it like --columns 'Email,Phone'.")
        if not new:
            return
        end = max(self.sheet.extent().last_column, len(self.headers.texts))
        if end + len(new) > MAX_COLUMN:
            raise SelectionError(f"{self.title} has no room for new columns: its last column is in use.")
        yield from enumerate(new.values(), end + 1)

    def _cut(self, part: Part) -> Span:
        """What a name covers of the rows with data."""
        top, last = self.headers.row + 1, part.area.last_row
        first = max(part.area.first_row or top, top)
        if last is None or not self._reaches(last):
            last = self.all_rows()[1]
        if last < first:
            raise SelectionError(f"{part.text} covers no row of {self.title} that holds data.")
        return first, last

    def _reaches(self, row: int) -> bool:
        """Whether there is content in that row or below; reads no further than the first such row."""
        return next(self.sheet.rows(row), None) is not None

    def _no_headers(self) -> str:
        row, end = self.headers.row, self.sheet.extent().last_row
        if end == 0:
            return f"{self.title} is empty; there is nothing to fill."
        if row > end:
            return f"--header-row {row} is beyond the data of {self.title}, which ends at row {end}."
        return (
            f"Row {row} of {self.title} is empty, so no column has a header; name the row with --header-row."
        )

    def _on_headers(self, part: Part) -> str:
        area, row = part.area, self.headers.row
        if area.last_row is not None and area.last_row < row:
            return f"{part.text} is above the header row {row}; the data begins at row {row + 1}."
        begin = f"{column_letters(area.first_column)}{row + 1}" if area.first_column else f"row {row + 1}"
        return f"{part.text} covers the header row {row}; begin at {begin}."

    def _past_the_data(self, part: Part) -> str:
        area, end = part.area, self.all_rows()[1]
        if area.last_row is None or (area.first_row or 0) > end:
            return f"{part.text} is beyond the data, which ends at row {end}."
        use = str(replace(area, last_row=end))
        if area.last_column is not None:
            use += f" or {replace(area, last_row=None)}"
        return f"{part.text} ends at row {area.last_row}, but the data ends at row {end}; use {use}."

    def _past_the_headers(self, part: Part, first: int) -> str:
        end = len(self.headers.texts)
        header = f"the last header is {self.headers.texts[-1].strip()} in {self.headers.cell(end)}"
        if first > end:
            return f"{part.text} is beyond the headers: {header}; add a column with --columns NAME."
        use = replace(part.area, last_column=end)
        return (
            f"{part.text} is wider than the headers: {header}; use {use}, or --columns NAME to add a column."
        )
