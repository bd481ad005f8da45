"""Whether a change still fits the file: what a cell holds now, against what it held and is to hold."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from glaze_cli.errors import InputError
from glaze_cli.model import CellRef, Change, Scalar
from glaze_cli.model.states import Captioned
from glaze_cli.sheets.base import Book, Sheet, SheetRow
from glaze_cli.sheets.csv.defuse import defused, runs
from glaze_cli.sheets.seen import as_seen

_MOMENT = re.compile(r"\A(\d{4}-\d\d-\d\d)T(\d\d:)")


class Standing(Captioned):
    """What may be done with a change."""

    APPLICABLE = "applicable", "the cell holds what it held when it was read"
    ALREADY = "already", "the cell holds the new value already"
    CONFLICT = "conflict", "the cell was changed since; it is left as it is"
    UNCHECKED = "unchecked", "what the cell held is not known, so nothing is compared"

    @property
    def writes(self) -> bool:
        """Whether the change is to be written."""
        return self in (Standing.APPLICABLE, Standing.UNCHECKED)


@dataclass(frozen=True, slots=True)
class Compared:
    """A change and the cell it is for."""

    change: Change
    standing: Standing
    now: str | None
    """What the cell holds now, as a person sees it; None: it is empty."""


def compare(book: Book, changes: Iterable[Change]) -> Iterator[Compared]:
    """Compare changes, ordered by sheet and row, with what their cells hold; each sheet is read once.

    The same order comes out. Raises SelectionError for a sheet that is not there.
    """
    for name, group in itertools.groupby(changes, key=lambda change: change.cell.sheet):
        yield from _compare_sheet(book.sheet(name or None), group)


def addressed(book: Book, changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes with each sheet's real name ("" is the first sheet, case is mended), in order.

    Raises SelectionError for a sheet that is not there, InputError for a cell that is named twice by it.
    """
    names: dict[str, str] = {}
    cells: dict[CellRef, Change] = {}
    for change in changes:
        sheet = change.cell.sheet
        if sheet not in names:
            names[sheet] = book.sheet(sheet or None).name
        cell = change.cell._replace(sheet=names[sheet])
        if cell in cells:
            raise InputError(f"The patch sets {cell} twice; name each cell once.")
        cells[cell] = replace(change, cell=cell)
    return tuple(cells[cell] for cell in sorted(cells))


def reverse(change: Change) -> Change:
    """The change that takes this one back; comparing it tells whether the cell was touched since.

    Raises InputError when what the cell held before is not known.
    """
    if not change.old_known:
        raise InputError(f"What {change.cell} held before is not known, so it cannot be restored.")
    new = change.new.isoformat() if isinstance(change.new, date) else change.new
    return Change(change.cell, new=change.old, old=new)


def same(seen: str | None, value: Scalar | date | None) -> bool:
    """Whether a cell that shows `seen` holds `value`: 42, 42.0 and "42" are one, and so are None and ""."""
    if seen == value:  # nearly every cell
        return True
    shown, text = _plain(seen or ""), _plain(as_seen(value))
    if shown == text or (runs(text) and shown == defused(text)):
        return True
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return float(shown) == value  # 501 under the format 00000 shows as 00501
    except ValueError:
        return False


def _compare_sheet(sheet: Sheet, changes: Iterable[Change]) -> Iterator[Compared]:
    rows: Iterator[SheetRow] | None = None
    row: SheetRow | None = None
    for change in changes:
        if rows is None:
            rows = sheet.rows(change.cell.row)
            row = next(rows, None)
        while row is not None and row.number < change.cell.row:
            row = next(rows, None)
        here = row is not None and row.number == change.cell.row
        now = row.text(change.cell.column) if row is not None and here else None
        yield Compared(change, _standing(change, now), now)


def _standing(change: Change, now: str | None) -> Standing:
    if same(now, change.new):
        return Standing.ALREADY
    if not change.old_known:
        return Standing.UNCHECKED
    return Standing.APPLICABLE if same(now, change.old) else Standing.CONFLICT


def _plain(text: str) -> str:
    """One kind of line end, one joint of day and clock: formats and files turn one into another."""
    return _MOMENT.sub(r"\1 \2", text.replace("\r\n", "\n").replace("\r", "\n"))
