"""307 workbooks made by nobody here: each is read as two other readers read it, or refused with a reason."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine

from glaze_cli.errors import SheetError
from glaze_cli.model import CellRef, Scalar
from glaze_cli.sheets.xlsx.book import XlsxBook

CORPUS = Path(__file__).parents[3] / ".." / "shared" / "corpus"
FILES = json.loads((CORPUS / "xlsx.json").read_text()) if CORPUS.is_dir() else []
EDITABLE = [entry["file"] for entry in FILES if entry["edits"] is not None]
UNEDITABLE = [entry["file"] for entry in FILES if entry["edits"] is None]
REFUSED = {  # file: what its sentence has to say
    "xlsx/poi__2e74ac32__duplicate-filename-case-insensitive.xlsx": "twice",
    "xlsx/poi__e64abc61__poc-shared-strings.xlsx": "row 0",
    "xlsx/poi__16515d70__rfuzz-testcase-minimized-POIXSSFFuzzer-5937385319563264.xlsx": "Bad CRC-32",
}
COMPARED = 500_000
"""Bytes of a file up to which it is compared: the other readers are slow, or take much memory."""

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FILES, reason="../shared/corpus is not on this machine"),
]
Cells = dict[tuple[int, int], Any]


def theirs(path: Path) -> Mapping[str, Cells]:
    """By sheet, the cells that calamine and openpyxl agree on; nothing where one of them cannot read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, data_only=True)
        other = python_calamine.CalamineWorkbook.from_path(str(path))
    except Exception:  # whatever they raise, there is nothing to compare
        return {}
    both = {}
    for sheet in book.worksheets:
        if not sheet._cells or sheet.max_row * sheet.max_column > COMPARED:
            continue
        cells = {place: cell.value for place, cell in sheet._cells.items() if cell.value not in (None, "")}
        try:
            rows = other.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        except python_calamine.CalamineError:
            continue
        seen = {(r, c): value for r, row in enumerate(rows, 1) for c, value in enumerate(row, 1)}
        both[sheet.title] = {place: value for place, value in cells.items() if _agree(value, seen.get(place))}
    return both


def _agree(one: Any, other: Any) -> bool:
    if isinstance(one, datetime) and not isinstance(other, datetime):
        one = one.date()
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def same(expected: Any, text: str | None, value: Scalar | None) -> bool:
    """Whether our reading says the same; a date is compared by what is seen of it."""
    if isinstance(expected, date | timedelta) and text is not None and "-" not in text:
        return ":" in text  # only its time is shown
    if isinstance(expected, timedelta):
        return isinstance(value, float) and value < 0  # Excel shows ####
    if isinstance(expected, date):
        return text is not None and expected.isoformat().startswith(text[:10])
    if isinstance(expected, time):
        return text is not None and (
            text.startswith(str(expected)[:8]) or text in ("1900-01-00", "1904-01-01")
        )
    if isinstance(expected, str) and "_x" in expected:
        return value != ""  # they leave escapes as they are
    return value == expected


@pytest.mark.parametrize("name", EDITABLE)
def test_a_real_workbook_is_read_as_others_read_it(name: str) -> None:
    """Where two readers agree on a cell, so do we; nothing but a refusal is ever raised."""
    path = CORPUS / name
    if name in REFUSED:
        with pytest.raises(SheetError, match=REFUSED[name]):
            read(path)
        return
    ours_by_sheet = read(path)
    differ = []
    for title, cells in theirs(path).items() if path.stat().st_size < COMPARED else ():
        texts = ours_by_sheet[title]
        values = XlsxBook.open(path).sheet(title).values(CellRef(title, *place) for place in cells)
        for place, expected in cells.items():
            ours = texts.get(place), values[CellRef(title, *place)]
            if not same(expected, *ours):
                differ.append((title, place, expected, ours))
    assert not differ


@pytest.mark.parametrize("name", UNEDITABLE)
def test_a_workbook_that_cannot_be_edited_is_refused(name: str) -> None:
    """When it is opened, before anything is asked or paid, with a sentence that names the file."""
    with pytest.raises(SheetError) as caught:
        XlsxBook.open(CORPUS / name)
    assert Path(name).name in str(caught.value) and str(caught.value).endswith(".")


def read(path: Path) -> Mapping[str, Cells]:
    """The text of every cell of every sheet; the extent is that of the rows."""
    book, texts = XlsxBook.open(path), {}
    for name in book.sheet_names:
        sheet = book.sheet(name)
        rows = list(sheet.rows())
        extent = sheet.extent()
        assert extent.last_row == max((row.number for row in rows), default=0)
        assert extent.last_column == max((len(row.cells) for row in rows), default=0)
        texts[name] = {(row.number, c): text for row in rows for c, text in enumerate(row.cells, 1)}
    return texts
