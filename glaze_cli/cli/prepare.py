"""From a request to a job: select cells, plan their columns, and stream the rows that have empty ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from glaze_cli.cli.hints import could_fill, said, strange_columns
from glaze_cli.cli.request import EnrichRequest, KeptRequest
from glaze_cli.cli.wiring import provider_set
from glaze_cli.engine.events import TargetColumn
from glaze_cli.engine.plan import ColumnPlan, header_fields, plan_columns
from glaze_cli.errors import SelectionError, SheetRefused, WriteFailed
from glaze_cli.model import ANY, CellRef, Field
from glaze_cli.model.settings import Settings
from glaze_cli.providers.base import Provider
from glaze_cli.sheets.base import Book, CellProblem, Sheet, SheetRow
from glaze_cli.sheets.kinds import refuse_target
from glaze_cli.sheets.save import refuse_busy
from glaze_cli.sheets.selection import Selection, SelectionRequest, select
from glaze_cli.sheets.where import matching_rows
from glaze_cli.store.jobs import NewColumn, NewJob, NewRow


@dataclass
class Counts:
    """Cells of the selection, counted as its rows stream by."""

    rows: int = 0
    selected: int = 0
    filled: int = 0
    """Hold a value already, and are left as they are."""
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
    lacking: Mapping[str, str] = field(default_factory=dict)
    """By name, what providers lack that could fill a selected column."""

    @property
    def kept(self) -> KeptRequest:
        """What the store keeps, to resume with."""
        targets = tuple(sorted((plan.target for plan in self.columns), key=lambda target: target.column))
        headers = self.selection.headers
        return KeptRequest(self.request, headers.texts, headers.row, targets, self._inputs())

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
        )

    def new_rows(self, counts: Counts) -> Iterator[NewRow]:
        """The rows with cells to ask about, in order, counted on the way; at most --limit of them."""
        for row in self._selected_rows():
            if counts.rows == self.request.limit:
                return
            cells = self._cells(row, counts)
            if not cells:
                continue
            counts.rows += 1
            counts.asked += len(cells)
            yield NewRow(row.number, row_data(self.selection.headers.texts, row), self._with_old(row, cells))

    def _cells(self, row: SheetRow, counts: Counts) -> list[int]:
        cells = []
        for target in self.selection.targets:
            if all(plan.column != target.column for plan in self.columns):
                continue
            if not any(first <= row.number <= last for first, last in target.spans):
                continue
            counts.selected += 1
            if row.text(target.column) is not None and not self.request.overwrite:
                counts.filled += 1
            elif CellRef(self.selection.sheet, row.number, target.column) in self.problems:
                counts.unsafe += 1
            else:
                cells.append(target.column)
        return cells

    def _with_old(self, row: SheetRow, cells: Sequence[int]) -> tuple[tuple[int, str | None], ...]:
        return tuple((column, row.text(column)) for column in cells)

    def _selected_rows(self) -> Iterator[SheetRow]:
        for first, last in self.selection.spans:
            for row in self.sheet.rows(first, last):
                if self.matching is None or row.number in self.matching:
                    yield row


def prepare(request: EnrichRequest) -> Prepared:
    """Everything before the first call. Raises InputError; nothing is changed or spent."""
    settings = request.settings()
    book = request.open()
    _refuse_output(request, book)
    wanted = SelectionRequest(request.range, request.columns, request.sheet, request.header_row)
    selection = select(book, wanted)
    if request.prompt is not None:
        request = _with_prompt(request, selection)
        settings = request.settings()
    sheet = book.sheet(selection.sheet or None)
    providers = provider_set(settings)
    lacking = could_fill(providers, request, settings, selection)
    chosen = providers.chosen(request)
    columns, left_out = _plan(selection, chosen, settings, request, lacking, providers.found)
    matching = None
    if request.where is not None:
        matching = frozenset(matching_rows(sheet, selection, request.where))
        if not matching:
            raise SelectionError(f"No row of {selection.range_text} meets --where {request.where}.")
    headers = [*selection.headers.texts, *(target.header for target in selection.targets)]
    prepared = Prepared(
        request,
        settings,
        book,
        sheet,
        selection,
        columns,
        left_out,
        matching=matching,
        notes=tuple(strange_columns(settings, headers)),
        lacking=lacking,
    )
    return _checked(prepared)


def _with_prompt(request: EnrichRequest, selection: Selection) -> EnrichRequest:
    """The request with the column that --prompt is about. Raises SelectionError when there are more."""
    headers = [target.header for target in selection.targets]
    if not (request.prompt or "").strip():
        raise SelectionError('--prompt must be a question with headers in braces: "What does {Company} do?"')
    if len(headers) != 1:
        raise SelectionError(
            f"--prompt is about one column, and {selection.range_text} has {len(headers)}: "
            f"{', '.join(headers[:5])}{' ...' if len(headers) > 5 else ''}."
        )
    return replace(request, prompt_header=headers[0])


def _refuse_output(request: EnrichRequest, book: Book) -> None:
    """Before anything is asked: a place that cannot be written, or a name that would belie the bytes."""
    target = Path(request.output or request.path)
    if request.write:
        refuse_target(book.path, book.format, target)
    if request.output:
        try:
            refuse_busy(target)
        except WriteFailed as error:
            raise SheetRefused(str(error)) from error


def _plan(
    selection: Selection,
    providers: tuple[Provider, ...],
    settings: Settings,
    request: EnrichRequest,
    lacking: Mapping[str, str],
    known: Collection[str],
) -> tuple[tuple[ColumnPlan, ...], tuple[TargetColumn, ...]]:
    """Plans of the columns that can be filled; a column the user named must be."""
    targets = [TargetColumn(t.column, t.header, t.added) for t in selection.targets]
    chosen = {t.column for t in selection.targets if t.named}
    headers = selection.headers
    try:
        plans = plan_columns(
            headers.texts,
            targets,
            providers,
            settings,
            request.providers,
            chosen,
            request.overwrite,
            known,
        )
    except SelectionError as error:
        close = [(t.header, headers.close_to(t.header)) for t in targets if t.added]
        hints = [f' Did you mean "{near[0]}" by "{header}"?' for header, near in close if near]
        if lacking:
            hints.append(f" Could be asked: {said(lacking)}.")
        raise SelectionError(f"{error}{''.join(hints)}") from error
    planned = {plan.column for plan in plans}
    if not plans:
        raise SelectionError(
            f"Nobody can fill a column of {selection.range_text}; `glaze columns` shows what can be filled."
        )
    return plans, tuple(target for target in targets if target.column not in planned)


def _checked(prepared: Prepared) -> Prepared:
    """With the cells that cannot be written safely; refused when none is left."""
    counts = Counts()
    cells = (
        CellRef(prepared.selection.sheet, row.number, column)
        for row in prepared.new_rows(counts)
        for column, _ in row.cells
    )
    found = list(prepared.book.check(cells, prepared.request.write_options(prepared.selection.added_columns)))
    problems = {problem.cell: problem for problem in found if problem.fatal}
    warnings = tuple(problem for problem in found if not problem.fatal)
    counts.unsafe, counts.asked = len(problems), counts.asked - len(problems)
    if problems and not counts.asked:
        first = next(iter(problems.values()))
        raise SelectionError(f"No cell of {prepared.selection.range_text} can be written. {first.sentence}")
    return Prepared(**{**vars(prepared), "problems": problems, "warnings": warnings, "counts": counts})


def row_data(headers: Sequence[str], row: SheetRow) -> dict[str, str]:
    """Header → text of the cells that hold something; of equal headers the leftmost filled one counts."""
    data: dict[str, str] = {}
    for header, text in zip(headers, row.cells, strict=False):
        if header and text is not None and header not in data:
            data[header] = text
    return data


def fields_by_header(
    headers: Sequence[str], targets: Sequence[TargetColumn], settings: Settings
) -> dict[str, Field]:
    """What each header of the rows' data means, the sheet's leftmost first."""
    texts = [*headers, *(target.header for target in targets if target.added)]
    fields: dict[str, Field] = {}
    for header, meaning in zip(texts, header_fields(texts, settings), strict=True):
        if header:
            fields.setdefault(header, meaning)
    return fields
