"""Opens any sheet file by what it is, whatever its name says."""

from __future__ import annotations

import difflib
from itertools import islice
from pathlib import Path

from glaze_cli.errors import SheetError
from glaze_cli.sheets.base import Book
from glaze_cli.sheets.kinds import READ_ONLY, TEXTS, WORKBOOKS
from glaze_cli.sheets.limits import Limits

MOST_NAMES = 5_000
"""Of a folder's files, when one is looked for whose name is close."""
ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
OTHERS = {
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"%PDF": "a PDF; export its table as CSV",
    b"PAR1": "a Parquet file; export it as CSV",
    b"SQLite format 3": "a SQLite database; export the table as CSV",
}


def open_book(
    path: Path, *, delimiter: str | None = None, encoding: str | None = None, limits: Limits | None = None
) -> Book:
    """The book of a file. `delimiter` and `encoding` are for a CSV, `limits` for a workbook.

    Raises SheetError when there is no such file, or when it is no sheet that Glaze reads.
    """
    first, suffix = _first_bytes(path), path.suffix.lower()
    for magic, what in OTHERS.items():
        if first.startswith(magic):
            raise SheetError(f"{path} is {what}.")
    packed = first.startswith((ZIP, OLE))
    if packed and suffix in TEXTS:
        raise SheetError(f"{path} is a workbook in spite of its name; rename it to .xlsx (or .xls, .ods).")
    if suffix in READ_ONLY and not packed:
        raise SheetError(f"{path} is no workbook in spite of its name; if it is text, rename it to .csv.")
    if suffix in READ_ONLY:
        from glaze_cli.sheets.other import OtherBook

        return OtherBook.open(path)
    if packed or suffix in WORKBOOKS:  # the workbook says best what is wrong with one that is no zip file
        from glaze_cli.sheets.xlsx.book import XlsxBook

        return XlsxBook.open(path, limits or Limits())
    from glaze_cli.sheets.csv.book import CsvBook

    return CsvBook.open(path, delimiter, encoding)


def _near(path: Path) -> str:
    """The name of a sheet in that folder that may have been meant, "" when there is none."""
    known = (*TEXTS, *WORKBOOKS, *READ_ONLY)
    try:
        files = [file.name for file in islice(path.parent.iterdir(), MOST_NAMES)]
    except OSError:
        return ""
    sheets = {name.casefold(): name for name in sorted(files) if name.lower().endswith(known)}
    begun = path.name.casefold()
    same = [name for folded, name in sheets.items() if folded.rpartition(".")[0] == begun]
    longer = [name for folded, name in sheets.items() if folded.startswith(begun)]
    close = difflib.get_close_matches(path.name.casefold(), sheets, 1, cutoff=0.7)
    likely = [*same, *(longer if len(longer) == 1 else ()), *(sheets[name] for name in close)]
    return next((name for name in likely if name.isprintable()), "")


def _first_bytes(path: Path) -> bytes:
    """Enough of the file to know its kind. Raises SheetError when there is nothing to read."""
    try:
        with path.open("rb") as handle:
            first = handle.read(16)
    except FileNotFoundError:
        near = _near(path)
        hint = f"; did you mean {near}?" if near else "."
        raise SheetError(f"{path} does not exist{hint}") from None
    except IsADirectoryError:
        raise SheetError(f"{path} is a folder; name a file.") from None
    except OSError as error:
        raise SheetError(f"{path} cannot be read: {error.strerror or error}.") from error
    if not first:
        raise SheetError(f"{path} is empty; there is nothing to fill in.")
    return first
