"""Which cells of a workbook cannot be written safely, told before anything is asked or paid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRef
from glaze_cli.sheets.base import CellProblem, WriteOptions
from glaze_cli.sheets.limits import Limits
from glaze_cli.sheets.xlsx import encoding
from glaze_cli.sheets.xlsx.hazards import Hazards
from glaze_cli.sheets.xlsx.logsheet import find_log, refuse_protected
from glaze_cli.sheets.xlsx.looks import Looks
from glaze_cli.sheets.xlsx.outline import Outline, guarded
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.pivots import pivots
from glaze_cli.sheets.xlsx.ranges import Targets
from glaze_cli.sheets.xlsx.scan import Head, Row, Scan, Tail, cells
from glaze_cli.sheets.xlsx.tables import tables
from glaze_cli.sheets.xlsx.tabs import Tabs
from glaze_cli.sheets.xlsx.tags import blanked
from glaze_cli.sheets.xlsx.workbook import SheetPart, Workbook

_DOCTYPES = tuple("<!DOCTYPE".encode(codec) for codec in ("utf-8", "utf-16-le", "utf-16-be"))


def check_cells(
    path: Path, targets: Iterable[CellRef], options: WriteOptions, limits: Limits | None = None
) -> Iterator[CellProblem]:
    """The problems of those cells, ordered by sheet, row, column.

    Raises SheetRefused when the whole file cannot be edited: encrypted, signed, damaged, over a limit, a
    document type, rows out of order, a sheet that is not there, no place for the log that is asked for.
    """
    by_sheet: dict[str, list[CellRef]] = {}
    for target in targets:
        by_sheet.setdefault(target.sheet, []).append(target)
    with Package.open(path, limits or Limits()) as package:
        refuse_whole(package)
        workbook = Workbook.read(package)
        looks = Looks.read(package, workbook.styles)
        if options.log is not None:
            found = find_log(package, workbook, Tabs.read(package, workbook.part), by_sheet)
            if found is not None and not options.force:
                refuse_protected(package, found.sheet)
        for name in sorted(by_sheet):
            sheet = sheet_part(workbook, path, name)
            hazards = hazards_of(package, sheet, by_sheet[name])
            outline = _watch(package, sheet, hazards)
            yield from hazards.problems(outline, looks, options)


def refuse_whole(package: Package) -> None:
    """Raise SheetRefused for a file that is digitally signed, or hides a document type in some part."""
    if package.signed:
        raise SheetRefused(
            f"{package.path} is digitally signed, and any edit would break the signature; remove it in your"
            " spreadsheet program first."
        )
    for name in package.names:
        if name.lower().endswith((".xml", ".rels", ".vml")) and _has_doctype(package, name):
            raise SheetRefused(
                f"{package.path} declares a document type (DTD) in {name}, which can hide an entity bomb;"
                " save it again in a spreadsheet program."
            )


def _has_doctype(package: Package, name: str) -> bool:
    try:
        start = blanked(next(package.stream(name), b""))
    except SheetRefused:
        return False  # damaged: it is only copied, unless it is needed, and then it is refused there
    return any(doctype in start for doctype in _DOCTYPES)


def sheet_part(workbook: Workbook, path: Path, name: str) -> SheetPart:
    """The worksheet of that name. Raises SheetRefused with the names there are."""
    found = next((sheet for sheet in workbook.sheets if sheet.name == name), None)
    if found is None:
        there = ", ".join(sheet.name for sheet in workbook.sheets)
        raise SheetRefused(f"{path} has no worksheet {name!r}; it has {there}.")
    return found


def hazards_of(package: Package, sheet: SheetPart, targets: Iterable[CellRef]) -> Hazards:
    """What to watch on that sheet, its tables and pivot tables already known."""
    near = (package, sheet.name, sheet.part)
    return Hazards(Targets(targets), tables(*near), pivots(*near))


def _watch(package: Package, sheet: SheetPart, hazards: Hazards) -> Outline:
    """Stream the sheet past `hazards`; what stands around its rows."""
    place = f"The sheet {sheet.name}"
    outline = Outline(sheet.name)
    codec, chunks = encoding.of_part(package.stream(sheet.part), place)
    text = guarded(encoding.to_utf8(chunks, codec, place), sheet.name)
    for piece in Scan(text, place, hazards.targets.rows):
        if isinstance(piece, Head):
            names = piece.names
            outline.feed(piece.data)
        elif isinstance(piece, Tail):
            outline.feed(piece.data)
        else:
            hazards.arrays(piece.seen, names)
            if isinstance(piece, Row):
                hazards.row(piece, list(cells(piece, names, place)), names, outline)
    outline.feed(b"", final=True)
    return outline
