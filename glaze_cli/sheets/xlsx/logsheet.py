"""The log sheet of a workbook (see sheets/log.py): is there one, can there be, and where are rows free."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from glaze_cli.errors import SheetRefused
from glaze_cli.model.cells import MAX_ROW
from glaze_cli.sheets.log import HEADERS, JOB, NAME
from glaze_cli.sheets.xlsx import encoding
from glaze_cli.sheets.xlsx.documents import rels_of
from glaze_cli.sheets.xlsx.outline import Outline
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.scan import Head, Scan, Tail
from glaze_cli.sheets.xlsx.sheet import Meanings, XlsxSheet
from glaze_cli.sheets.xlsx.strings import SharedStrings
from glaze_cli.sheets.xlsx.styles import read_formats
from glaze_cli.sheets.xlsx.tabs import Tab, Tabs
from glaze_cli.sheets.xlsx.tags import escaped
from glaze_cli.sheets.xlsx.workbook import SheetPart, Workbook

INSTEAD = "or use --annotate, which adds columns"
PLACE = f"The sheet {NAME}"
PROTECTED = f"{PLACE} is protected; unprotect it, or use --force."


@dataclass(frozen=True, slots=True)
class FoundLog:
    """The log sheet as the file has it."""

    tab: Tab
    sheet: SheetPart


def find_log(package: Package, workbook: Workbook, tabs: Tabs, others: Collection[str]) -> FoundLog | None:
    """The sheet; None when one may be added. `others`: the sheets that are edited besides.

    Raises SheetRefused, with a sentence that says what to do, when neither can be.
    """
    path, tab = package.path, tabs.called(NAME)
    if tab is None:
        if tabs.locked:
            raise SheetRefused(
                f"The structure of {path} is protected, so that no sheet can be added for the log;"
                f" unprotect the workbook in a spreadsheet program, {INSTEAD}."
            )
        if any(near.kind == "revisionHeaders" for near in package.rels(workbook.part).values()):
            raise SheetRefused(
                f"{path} is a shared workbook that tracks its changes, so that no sheet can be added for the"
                f" log; stop sharing it, {INSTEAD}."
            )
        return None
    sheet = next((sheet for sheet in workbook.sheets if sheet.name == tab.name), None)
    if sheet is None or not _is_ours(package, workbook, sheet):
        raise SheetRefused(
            f"{path} has a sheet {tab.name} that is not a log of Glaze's, and it is left alone; rename it,"
            f" {INSTEAD}."
        )
    if tab.name in others:
        raise SheetRefused(f"The sheet {tab.name} is the log itself, which is not filled in; name another.")
    return FoundLog(tab, sheet)


def refuse_protected(package: Package, sheet: SheetPart) -> None:
    """Raise SheetRefused when the log's cells are locked."""
    outline = Outline(sheet.name)
    codec, chunks = encoding.of_part(package.stream(sheet.part), PLACE)
    for piece in Scan(encoding.to_utf8(chunks, codec, PLACE), PLACE, ()):
        if isinstance(piece, Head | Tail):
            outline.feed(piece.data)
    outline.feed(b"", final=True)
    if outline.protected:
        raise SheetRefused(PROTECTED)


def stays(package: Package, workbook: Workbook, tabs: Tabs, found: FoundLog) -> bool:
    """Whether the sheet cannot go although it is empty: somebody built upon it, or moved it."""
    own = {package.stored_name(workbook.part), package.stored_name(found.sheet.part)}
    return (
        tabs.locked
        or found.tab != tabs.every[-1]
        or found.tab.number in tabs.kept
        or package.stored_name(rels_of(found.sheet.part)) is not None
        or not any(tab.visible for tab in tabs.every[:-1])
        or any(name.scope == found.tab.name or found.tab.name in name.formula for name in workbook.names)
        or any(
            _mentions(package, part, found.tab.name)
            for part in package.names
            if part.endswith(".xml") and not part.startswith("docProps/") and part not in own
        )
    )


@dataclass(frozen=True, slots=True)
class Places:
    """Where a job's rows go: into what it frees, and gaps, then below."""

    free: Sequence[int] = ()
    """Rows above `below` that are empty, or the job's own, in order; none where the job has no rows yet."""
    below: int = 0
    """The row after the last that holds something; 0: not known, and it is that after the last there is."""
    own: bool = False
    others: bool = True
    """Whether the job, and whether anybody else, has rows in the sheet."""

    @classmethod
    def of(cls, package: Package, workbook: Workbook, sheet: SheetPart, job: str) -> Places:
        """One pass over the sheet; a quick one for a job that is new to it."""
        parts = (sheet.part, *((workbook.strings,) if workbook.strings else ()))
        if not any(_mentions(package, part, job) for part in parts):
            return cls()
        free, below = array("L"), 2
        own = others = False
        for row in _reader(package, workbook, sheet).rows(2, None, {JOB}):
            free.extend(range(below, row.number))
            below = row.number + 1
            if row.text(JOB) == job:
                free.append(row.number)
                own = True
            else:
                others = True
        return cls(free, below, own, others)

    def __iter__(self) -> Iterator[int]:
        return chain(self.free, range(self.below, MAX_ROW + 1) if self.below else ())


def _reader(package: Package, workbook: Workbook, sheet: SheetPart) -> XlsxSheet:
    strings = SharedStrings(package, workbook.strings)
    formats = read_formats(package, workbook.styles)
    return XlsxSheet(package, sheet, Meanings(package, strings, formats, workbook.date1904))


def _is_ours(package: Package, workbook: Workbook, sheet: SheetPart) -> bool:
    first = next(_reader(package, workbook, sheet).rows(1, 1), None)
    return first is not None and first.cells[: len(HEADERS)] == HEADERS


def _mentions(package: Package, part: str, text: str) -> bool:
    """Whether the text stands somewhere in the part: in a cell, in a formula. Better once too often."""
    wanted = [escaped(text), text.encode("utf-16-le"), text.encode("utf-16-be")]
    longest, before = max(map(len, wanted)), b""
    try:
        for chunk in package.stream(part):
            before += chunk
            if any(one in before for one in wanted):
                return True
            before = before[-longest:]
    except SheetRefused:  # damaged: nobody knows
        return True
    return False
