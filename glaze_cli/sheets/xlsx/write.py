"""Write changes into a workbook: its sheets spliced, what follows from that, all else copied as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain, groupby
from pathlib import Path
from zipfile import ZIP_DEFLATED

from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRef, Change
from glaze_cli.sheets.base import WriteOptions, WriteReport
from glaze_cli.sheets.limits import Limits
from glaze_cli.sheets.log import NAME, LogRows
from glaze_cli.sheets.save import replacing, unchanged
from glaze_cli.sheets.xlsx import encoding
from glaze_cli.sheets.xlsx.cellxml import unfit
from glaze_cli.sheets.xlsx.check import hazards_of, refuse_whole, sheet_part
from glaze_cli.sheets.xlsx.documents import Documents
from glaze_cli.sheets.xlsx.followup import recalculated, without_formulas
from glaze_cli.sheets.xlsx.logpart import LogPart
from glaze_cli.sheets.xlsx.logsheet import Places, find_log, stays
from glaze_cli.sheets.xlsx.looks import Looks
from glaze_cli.sheets.xlsx.outline import guarded
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.scan import Scan
from glaze_cli.sheets.xlsx.splice import Splice
from glaze_cli.sheets.xlsx.tables import grown, new_columns, tables
from glaze_cli.sheets.xlsx.tabs import Tabs
from glaze_cli.sheets.xlsx.workbook import SheetPart, Workbook
from glaze_cli.sheets.xlsx.zipcopy import Packed, copy_zip, methods, packed


def write_changes(
    path: Path,
    changes: Iterable[Change],
    target: Path,
    options: WriteOptions,
    limits: Limits | None = None,
) -> WriteReport:
    """Put the changes (in any order; each cell once) into `path`'s bytes, as `target`.

    Raises SheetRefused when the file or one of the cells cannot be written safely, or a value fits in no
    cell; WriteFailed when the operating system says no. `target` is then as it was.
    """
    wanted = sorted(changes, key=_place)
    for change in wanted:
        why = unfit(change.new)
        if why is not None:
            raise SheetRefused(f"{change.cell} cannot hold its new value: {why}. Leave that cell out.")
    with (
        replacing(target) as out,
        unchanged(path) as source,
        Package.open(path, limits or Limits()) as package,
        ExitStack() as stack,
    ):
        edit = _Edit(package, options, methods(source), stack)
        for name, group in groupby(wanted, key=lambda change: change.cell.sheet):
            edit.sheet(name, list(group))
        edit.follow_up()
        copy_zip(source, out, edit.replaced, edit.dropped, edit.added)
    return WriteReport(edit.written, warnings=tuple(edit.warnings))


def _place(change: Change) -> tuple[str, int, int]:
    return change.cell.sheet, change.cell.row, change.cell.column


class _Edit:
    """The new members of one workbook, packed into temporary files that `stack` closes."""

    def __init__(
        self, package: Package, options: WriteOptions, methods: Mapping[str, int], stack: ExitStack
    ) -> None:
        refuse_whole(package)
        self.replaced: dict[str, Packed] = {}
        self.dropped: list[str] = []
        self.added: dict[str, Packed] = {}
        self.written = 0
        self.warnings: list[str] = []
        self._package = package
        self._workbook = Workbook.read(package)
        self._looks = Looks.read(package, self._workbook.styles)
        self._options = options
        self._methods = methods
        self._stack = stack
        self._lost: list[CellRef] = []
        self._documents = Documents(package)
        self._edited: set[str] = set()

    def sheet(self, name: str, changes: Sequence[Change]) -> None:
        """Splice the changes into their sheet. Raises SheetRefused as `write_changes` does."""
        sheet = sheet_part(self._workbook, self._package.path, name)
        self._edited.add(name)
        hazards = hazards_of(self._package, sheet, [change.cell for change in changes])
        splice = Splice(name, changes, self._looks, self._workbook.date1904, hazards)
        place = f"The sheet {name}"
        codec, chunks = encoding.of_part(self._package.stream(sheet.part), place)
        scan = Scan(encoding.to_utf8(chunks, codec, place), place, hazards.targets.rows)
        self._put(sheet.part, encoding.from_utf8(guarded(_joined(splice.chunks(scan)), name), codec))
        problems = hazards.problems(splice.outline, self._looks, self._options)
        fatal = [problem.sentence for problem in problems if problem.fatal]
        self.warnings += [problem.sentence for problem in problems if not problem.fatal]
        if fatal:
            more = f" ({len(fatal) - 1} more cells cannot be written either.)" if len(fatal) > 1 else ""
            raise SheetRefused(fatal[0] + more)
        self._lost += splice.editor.lost_formulas
        self.written += splice.editor.written
        self._grow_tables(sheet, {change.cell: change.new for change in changes})

    def follow_up(self) -> None:
        """What the edits ask of the workbook's other parts."""
        book = self._workbook.part
        if self._lost:
            gone = without_formulas(self._package, self._documents, book, self._lost)
            self.dropped += [self._stored(gone)] if gone else []
        if self._options.recalculate:
            self._documents.edit(book, recalculated(self._documents.read(book)))
        if self._options.log is not None:
            try:
                self._log(self._options.log)
            except SheetRefused as refusal:  # the values are worth more than their log
                self.warnings.insert(0, f"The log was not written. {refusal}")
        for part, data in self._documents.changed():
            self._put(part, [data])

    def _log(self, rows: LogRows) -> None:
        """The log sheet with those rows of their job; added where there is none."""
        package, workbook, documents = self._package, self._workbook, self._documents
        tabs = Tabs.read(package, workbook.part)
        entries = rows.entries()
        first = next(entries, None)
        if first is None:
            self._unlog(tabs, rows.job)
            return
        found = find_log(package, workbook, tabs, self._edited)
        part = LogPart(rows.job, chain((first,), entries), self._options.force)
        if found is None:
            name = tabs.free_part(package, documents)
            chunks = part.fresh(tabs.space(documents), tabs.viewed)
            self.added[name] = self._packed(chunks, ZIP_DEFLATED)
            tabs.add(documents, NAME, name)
        else:
            places = Places.of(package, workbook, found.sheet, rows.job)
            self._put(found.sheet.part, part.edited(package, found.sheet, places))
        if part.left:
            full = f"The sheet {NAME} is full: {part.left:,} values are not in it; `glaze report` tells all."
            self.warnings.insert(0, full)

    def _unlog(self, tabs: Tabs, job: str) -> None:
        """The log sheet without the job's rows; it goes with the last of all."""
        package, workbook = self._package, self._workbook
        try:
            found = find_log(package, workbook, tabs, self._edited) if tabs.called(NAME) else None
        except SheetRefused:  # somebody else's sheet: nothing of ours is in it
            return
        places = Places.of(package, workbook, found.sheet, job) if found else Places()
        if found is None or not places.own:
            return
        if places.others or stays(package, workbook, tabs, found):
            part = LogPart(job, (), self._options.force)
            self._put(found.sheet.part, part.edited(package, found.sheet, places))
        else:
            tabs.remove(self._documents, found.tab, found.sheet.part)
            self.dropped.append(self._stored(found.sheet.part))

    def _grow_tables(self, sheet: SheetPart, values: Mapping[CellRef, object]) -> None:
        added = self._options.added_columns
        for table in tables(self._package, sheet.name, sheet.part) if added else ():
            headers = new_columns(table, values, added)
            if headers:
                self._put(table.part, [grown(self._package.read(table.part), table, headers)])

    def _put(self, part: str, chunks: Iterable[bytes]) -> None:
        name = self._stored(part)
        self.replaced[name] = self._packed(chunks, self._methods[name])

    def _packed(self, chunks: Iterable[bytes], method: int) -> Packed:
        content = packed(_joined(chunks), method)
        self._stack.callback(content.content.close)
        return content

    def _stored(self, part: str) -> str:
        name = self._package.stored_name(part)
        assert name is not None  # it was read before
        return name


def _joined(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer pieces: a call for every row would cost more than the row."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > 1 << 17:
            yield b"".join(held)
            held.clear()
            size = 0
    yield b"".join(held)
