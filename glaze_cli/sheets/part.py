"""A part of a range that somebody typed, looked up in the book."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from glaze_cli.errors import SelectionError
from glaze_cli.sheets.a1 import Area, Name, parse_range
from glaze_cli.sheets.base import Book
from glaze_cli.sheets.headers import Headers


def parts_of(book: Book, range_: str) -> list[Part]:
    """The parts of a range, in the order typed. Raises SelectionError."""
    return [Part.of(book, typed) for typed in parse_range(range_)]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a range, its name (if it was one) looked up."""

    text: str
    """As it was typed, in its plain form."""
    area: Area
    chosen: bool
    """Whether the user chose these very columns: `B2:D40` and `Leads[Email]`, not `2:40` or `Leads`."""
    by_name: bool = False
    """A name may reach over the header row and past the data: nobody typed these ends, so they are cut."""

    @classmethod
    def of(cls, book: Book, typed: Area | Name) -> Part:
        """Look a name up. Raises SelectionError when the book has none such."""
        if isinstance(typed, Area):
            return cls(str(typed), typed, chosen=typed.last_column is not None)
        cells = book.named_range(typed.name)
        if cells is None:
            raise SelectionError(_unknown(book, typed))
        if typed.sheet is not None and book.sheet(typed.sheet).name != cells.sheet:
            raise SelectionError(f"{typed.name} is on the sheet {cells.sheet}, not on {typed.sheet}.")
        return cls(str(typed), Area.of(cells), chosen="[" in typed.name, by_name=True)


def _unknown(book: Book, typed: Name) -> str:
    """No such name: say what it might have been."""
    name, hint = typed.name, ""
    headers = Headers.of(book.sheet(typed.sheet), 1)
    sheets = difflib.get_close_matches(name, [sheet for sheet in book.sheet_names if sheet], n=1)
    if name.isascii() and name.isalpha() and len(name) <= 3:
        hint = f"; for the whole column write {name.upper()}:{name.upper()}"
    elif close := headers.close_to(name):
        hint = f"; for the column {close[0]} write --columns '{close[0]}'"
    elif sheets:
        hint = f"; for the sheet write --sheet '{sheets[0]}'"
    return f"{typed} is no range, defined name or table of {book.path.name}{hint}."
