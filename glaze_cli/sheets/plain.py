"""A new file that holds values alone, as CSV or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from glaze_cli.errors import SheetError, SheetRefused
from glaze_cli.sheets.csv.defuse import defused, runs
from glaze_cli.sheets.save import replacing
from glaze_cli.sheets.seen import as_seen


def write_plain(rows: Iterable[list[Any]], name: str, target: Path, raw: bool) -> int:
    """Write the rows ("" is an empty cell) by the target's suffix. Returns how many texts were defused; in
    an XLSX none, since text stays text there. Raises SheetError, SheetRefused or WriteFailed."""
    if target.suffix.lower() == ".xlsx":
        _write_xlsx(rows, name, target)
        return 0
    return _write_csv(rows, target, raw)


def _write_csv(rows: Iterable[list[Any]], target: Path, raw: bool) -> int:
    count = 0
    with replacing(target) as out:
        text = io.TextIOWrapper(out, "utf-8", newline="")
        writer = csv.writer(text, delimiter="\t" if target.suffix.lower() == ".tsv" else ",")
        for row in rows:
            unsafe = [not raw and isinstance(value, str) and runs(value) for value in row]
            count += sum(unsafe)
            writer.writerow(
                defused(value) if bad else as_seen(value) for value, bad in zip(row, unsafe, strict=True)
            )
        text.flush()
        text.detach()  # the file is closed by `replacing`
    return count


def _write_xlsx(rows: Iterable[list[Any]], name: str, target: Path) -> None:
    try:
        from openpyxl import Workbook  # type: ignore[import-untyped]
        from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
        from openpyxl.utils.exceptions import IllegalCharacterError  # type: ignore[import-untyped]
    except ImportError:
        raise SheetError(f"Writing {target} needs openpyxl: pip install openpyxl, or name a .csv.") from None
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(name[:31])
    for number, row in enumerate(rows, 1):
        cells = []
        for value in row:
            try:
                cell = WriteOnlyCell(sheet, None if value == "" else value)
            except IllegalCharacterError:
                raise SheetRefused(
                    f"A text in row {number} holds a control character, which an .xlsx cannot; write a .csv."
                ) from None
            if isinstance(value, str):
                cell.data_type = "s"  # text that begins with = is not a formula
            cells.append(cell)
        sheet.append(cells)
    with replacing(target) as out:
        workbook.save(out)
