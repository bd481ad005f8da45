"""A job that is ready to be made: which cells it asks about, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from glaze_cli.cli.request import EnrichRequest, KeptRequest
from glaze_cli.engine.events import TargetColumn
from glaze_cli.engine.plan import ColumnPlan, header_fields
from glaze_cli.model import ANY, CellRef, Field
from glaze_cli.model.settings import Settings
from glaze_cli.sheets.base import Book, CellProblem, Sheet, SheetRow
from glaze_cli.sheets.ground import Span
from glaze_cli.sheets.selection import Selection
from glaze_cli.store.create import NewColumn, NewJob, NewRow

if TYPE_CHECKING:
    from glaze_cli.cli.notes import NoteColumn
    from glaze_cli.cli.outdated import Outdated
    from glaze_cli.cli.wiring import ProviderSet

_Planned = tuple[int, tuple[Span, ...] | None]
"""A column to be filled, and in which rows; None: in every selected one."""


Cells = tuple[tuple[int, str | None], ...]
"""Of one row, those to ask about: column, and what it holds now."""


@dataclass
class Counts:
    """Cells of the selection, counted as its rows stream by."""

    rows: int = 0
    selected: int = 0
    filled: int = 0
    """Hold a value already, and are left as they are."""
    stale: int = 0
    changed: int = 0
    """Hold a value that Glaze found, and are asked about anew."""
    unsafe: int = 0
    """Cannot be written safely."""
    asked: int = 0


@dataclass(frozen=True)
class Prepared:
    """A job that is ready to be made."""

    request: EnrichRequest
    settings: Settings
    book: Book
    sheet: Sheet
    selection: Selection
    providers: ProviderSet
    """All there are, for the run too: to read their manifests takes a while."""
    columns: tuple[ColumnPlan, ...]
    left_out: tuple[TargetColumn, ...]
    """Selected by a whole row only, and nobody can fill them."""
    problems: Mapping[CellRef, CellProblem] = field(default_factory=dict)
    """Cells that cannot be written safely."""
    warnings: tuple[CellProblem, ...] = ()
    matching: frozenset[int] | None = None
    """The rows that meet --where; None: all."""
    counts: Counts = field(default_factory=Counts)
    """Of the cells as they were when the job was prepared."""
    notes: tuple[str, ...] = ()
    """Sentences that the user should read before anything is asked."""
    outdated: Outdated | None = None
    """What tells which filled cells are asked about anew; None: none of them."""
    lacking: Mapping[str, str] = field(default_factory=dict)
    """By name, what providers lack that could fill a selected column."""

    @property
    def kept(self) -> KeptRequest:
        """What the store keeps, to resume with."""
        targets = tuple(sorted((plan.target for plan in self.columns), key=lambda target: target.column))
        headers = self.selection.headers
        return KeptRequest(self.request, headers.texts, headers.row, targets, self._inputs(), self.notes_at)

    @property
    def target(self) -> str | None:
        """The file that the job will write; None: it leaves its values in the store."""
        return (self.request.output or self.request.path) if self.request.write else None

    @property
    def notes_at(self) -> tuple[NoteColumn, ...]:
        """Where notes about the values go."""
        if not self.request.annotate:
            return ()
        from glaze_cli.cli.notes import plan_notes

        targets = sorted((plan.target for plan in self.columns), key=lambda target: target.column)
        return plan_notes(self.selection.headers.texts, targets)

    def _inputs(self) -> tuple[str, ...]:
        """The headers that the providers read, less those that the job fills itself."""
        headers = self.selection.headers.texts
        needs = [n for plan in self.columns for p in plan.waterfall for n in p.needs_for(plan.field)]
        read = frozenset[Field]().union(*needs)
        filled = {plan.target.header for plan in self.columns}
        fields = zip(headers, header_fields(headers, self.settings), strict=True)
        names = (h for h, f in fields if h and h not in filled and (f in read or ANY in read))
        return tuple(dict.fromkeys(names))

    def new_job(self, job_id: str, file_sha256: str) -> NewJob:
        """The job as the store makes it; its rows are read from the sheet as it does."""
        return NewJob(
            id=job_id,
            path=self.request.path,
            sheet=self.selection.sheet,
            format=self.book.format,
            range=self.selection.range_text,
            columns=[
                NewColumn(plan.column, plan.target.header, plan.field, plan.target.added)
                for plan in self.columns
            ],
            rows=self.new_rows(Counts()),
            request=self.kept.to_json(),
            file_sha256=file_sha256,
            cap=self.settings.run.max_cost,
            target=self.target,
            selected=self.counts.selected,
            filled=self.counts.filled,
        )

    def new_rows(self, counts: Counts) -> Iterator[NewRow]:
        """The rows with cells to ask about, in order, counted on the way; at most --limit of them."""
        data_of = data_reader(self.selection.headers.texts)
        for row, cells in self.asked(counts):
            yield NewRow(row.number, data_of(row), cells)

    def asked(self, counts: Counts) -> Iterator[tuple[SheetRow, Cells]]:
        """The same, as they stand in the sheet."""
        planned, limit = self._planned(), self.request.limit
        # In most rows all the cells are empty; then they are the same ones, which is quick to see.
        everywhere = not self.problems and all(spans is None for _, spans in planned)
        places = tuple(column - 1 for column, _ in planned) if everywhere else ()
        empty, widest = tuple((column, None) for column, _ in planned), max(places, default=0)
        held, nothing = itemgetter(*(places or (0,))), (None,) * len(places) if len(places) > 1 else None
        for row in self._selected_rows():
            if counts.rows == limit:
                return
            texts = row.cells
            if places and widest < len(texts) and held(texts) == nothing:
                cells: Cells = empty
                counts.selected += len(empty)
            elif not (cells := tuple(self._cells(row, planned, counts))):
                continue
            counts.rows += 1
            counts.asked += len(cells)
            yield row, cells

    def _planned(self) -> list[_Planned]:
        """The columns to be filled. Looked at for every row, so what is the same for all is settled here."""
        planned, everywhere = {plan.column for plan in self.columns}, self.selection.spans
        return [
            (target.column, None if target.spans == everywhere else target.spans)
            for target in self.selection.targets
            if target.column in planned
        ]

    def _cells(
        self, row: SheetRow, planned: Sequence[_Planned], counts: Counts
    ) -> list[tuple[int, str | None]]:
        """The row's cells to ask about: (column, what it holds now)."""
        cells, texts, width = [], row.cells, len(row.cells)
        for column, spans in planned:
            if spans is not None and not any(first <= row.number <= last for first, last in spans):
                continue
            counts.selected += 1
            text = texts[column - 1] if column <= width else None
            if text is not None and not self._is_asked(row, column, text, counts):
                counts.filled += 1
            elif self.problems and CellRef(self.selection.sheet, row.number, column) in self.problems:
                counts.unsafe += 1
            else:
                cells.append((column, text))
        return cells

    def _is_asked(self, row: SheetRow, column: int, text: str, counts: Counts) -> bool:
        """A filled cell is only with --overwrite, or where it is outdated."""
        if self.request.overwrite:
            return True
        if self.outdated is None:
            return False
        from glaze_cli.cli.outdated import Outdatedness

        data = row_data(self.selection.headers.texts, row)
        why = self.outdated.why(row.number, data, column, text)
        counts.stale += why is Outdatedness.STALE
        counts.changed += why is Outdatedness.CHANGED
        return why is not None

    def _selected_rows(self) -> Iterator[SheetRow]:
        for first, last in self.selection.spans:
            if self.matching is None:
                yield from self.sheet.rows(first, last)
            else:
                yield from (row for row in self.sheet.rows(first, last) if row.number in self.matching)


def data_reader(headers: Sequence[str]) -> Callable[[SheetRow], dict[str, str]]:
    """`row_data` for many rows under the same headers; where these differ, no cell gives way to another."""
    if "" in headers or len(set(headers)) < len(headers):
        return lambda row: row_data(headers, row)
    return lambda row: {
        header: text for header, text in zip(headers, row.cells, strict=False) if text is not None
    }


def row_data(headers: Sequence[str], row: SheetRow) -> dict[str, str]:
    """Header → text of the cells that hold something; of equal headers the leftmost filled one counts."""
    data: dict[str, str] = {}
    for header, text in zip(headers, row.cells, strict=False):
        if header and text is not None and header not in data:
            data[header] = text
    return data
