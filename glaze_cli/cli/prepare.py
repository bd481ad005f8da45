"""From a request to a job that is ready to be made: cells selected, columns planned, places checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from glaze_cli.cli.hints import could_fill, said, strange_columns, target_fields
from glaze_cli.cli.prepared import Cells, Counts, Prepared
from glaze_cli.cli.request import EnrichRequest
from glaze_cli.cli.wiring import provider_set
from glaze_cli.engine.events import TargetColumn
from glaze_cli.engine.plan import ColumnPlan, header_fields, plan_columns
from glaze_cli.errors import SelectionError, SheetRefused, WriteFailed
from glaze_cli.model import CellRef, Field
from glaze_cli.model.settings import ColumnSettings, Settings
from glaze_cli.providers.base import Provider
from glaze_cli.sheets.base import Book, SheetRow
from glaze_cli.sheets.kinds import refuse_target
from glaze_cli.sheets.save import refuse_busy
from glaze_cli.sheets.selection import Selection, SelectionRequest, select
from glaze_cli.sheets.where import matching_rows
from glaze_cli.store.clock import utc_now
from glaze_cli.store.connect import connect

if TYPE_CHECKING:
    from glaze_cli.cli.outdated import Outdated


def prepare(request: EnrichRequest, store: Path | None = None) -> Prepared:
    """Everything before the first call. Raises InputError; nothing is changed or spent.

    `store`: what was found before, for cells that are asked about anew; it need not be there.
    """
    settings = request.settings()
    book = request.open()
    _refuse_output(request, book)
    wanted = SelectionRequest(request.range, request.columns, request.sheet, request.header_row)
    selection = select(book, wanted)
    if request.prompt is not None:
        request = _with_prompt(request, selection)
        settings = request.settings()
    sheet = book.sheet(selection.sheet or None)
    providers = provider_set(settings, request.seed, request.mock_latency)
    lacking = could_fill(providers, request, settings, selection)
    fields = target_fields(selection.headers.texts, selection.targets, settings)
    chosen = providers.chosen(request, fields)
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
        providers,
        columns,
        left_out,
        matching=matching,
        notes=tuple(strange_columns(settings, headers)),
        outdated=_outdated(request, settings, selection, columns, store),
        lacking=lacking,
    )
    return _checked(prepared)


def _outdated(
    request: EnrichRequest,
    settings: Settings,
    selection: Selection,
    columns: Sequence[ColumnPlan],
    store: Path | None,
) -> Outdated | None:
    """None where nothing can be outdated."""
    wishes = {plan.column: settings.columns.get(plan.target.header, ColumnSettings()) for plan in columns}
    refresh = {column: wish.refresh for column, wish in wishes.items() if wish.refresh is not None}
    if store is None or not store.exists() or not (refresh or request.changed):
        return None
    from glaze_cli.cli.outdated import Outdated  # few settings know of it

    fields = fields_by_header(selection.headers.texts, [plan.target for plan in columns], settings)
    plans = {plan.column: plan for plan in columns}
    connection = connect(store)
    return Outdated(
        connection, request.path, selection.sheet, fields, plans, refresh, request.changed, utc_now()
    )


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
    noted = [note.column for note in prepared.notes_at]
    cells = _refs(prepared.selection.sheet, prepared.asked(counts), noted)
    found = list(prepared.book.check(cells, prepared.request.write_options(tuple(prepared.kept.added))))
    problems = {problem.cell: problem for problem in found if problem.fatal}
    warnings = tuple(problem for problem in found if not problem.fatal)
    for cell, problem in problems.items():
        if cell.column in noted:
            raise SelectionError(f"--annotate has no place for its notes: {problem.sentence}")
    counts.unsafe, counts.asked = len(problems), counts.asked - len(problems)
    if problems and not counts.asked:
        first = next(iter(problems.values()))
        raise SelectionError(f"No cell of {prepared.selection.range_text} can be written. {first.sentence}")
    return Prepared(**{**vars(prepared), "problems": problems, "warnings": warnings, "counts": counts})


def _refs(sheet: str, rows: Iterable[tuple[SheetRow, Cells]], noted: Sequence[int]) -> Iterator[CellRef]:
    """The cells to be filled, and those for notes beside them, in order."""
    for row, cells in rows:
        number, columns = row.number, [column for column, _ in cells]
        for column in sorted([*columns, *noted]) if noted else columns:
            yield CellRef(sheet, number, column)


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
