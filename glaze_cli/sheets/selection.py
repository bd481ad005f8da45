"""Which cells are to be filled: a range, headers, or both, settled against a sheet as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from glaze_cli.errors import SelectionError
from glaze_cli.sheets.base import Book
from glaze_cli.sheets.ground import Ground, Span
from glaze_cli.sheets.headers import Headers

if TYPE_CHECKING:
    from glaze_cli.sheets.part import Part


@dataclass(frozen=True, slots=True)
class SelectionRequest:
    """What the user asked for: a range, headers, or headers in the rows of a range."""

    range: str | None = None
    columns: tuple[str, ...] = ()
    """Headers; one that the sheet does not have is added at the right."""
    sheet: str | None = None
    header_row: int = 1


@dataclass(frozen=True, slots=True)
class TargetColumn:
    """One column with cells to fill."""

    column: int
    header: str
    spans: tuple[Span, ...]
    """Sorted and disjoint; at least one."""
    named: bool = True
    """False where the user did not choose this very column (`2:40`): leave it out if nobody can fill it."""
    added: bool = False
    """The sheet does not have it yet: its header is to be written too."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Cells of one sheet, below its header row. Rows that are empty throughout are counted in the spans."""

    sheet: str
    headers: Headers
    """As the sheet has them now: without the added columns."""
    targets: tuple[TargetColumn, ...]
    """By column, each once; at least one."""
    range_text: str
    """For people: `B2:D40`, `Email, Phone`, `Email in 2:40`."""

    @property
    def spans(self) -> tuple[Span, ...]:
        """The rows in which any column is selected; sorted and disjoint."""
        return merged(span for target in self.targets for span in target.spans)

    @property
    def added_columns(self) -> tuple[int, ...]:
        """The columns that the sheet does not have yet."""
        return tuple(target.column for target in self.targets if target.added)


def select(book: Book, request: SelectionRequest) -> Selection:
    """Settle a request against a book. Raises SelectionError, one sentence, when it cannot be met."""
    if request.range is None and not request.columns:
        raise SelectionError(
            "Nothing is selected; give --range B2:D40, or --columns with the headers to fill."
        )
    if request.header_row < 1:
        raise SelectionError(f"--header-row {request.header_row} is no row; rows count from 1.")
    parts = [] if request.range is None else _parts(book, request.range)
    ground = Ground.of(book, _one_sheet(book, parts, request.sheet), request.header_row)
    spans = [ground.span(part) for part in parts]
    if request.columns:
        rows = merged(spans or [ground.all_rows()])
        targets = [TargetColumn(*found, rows) for found in ground.named_columns(request.columns)]
        targets += [TargetColumn(*new, rows, added=True) for new in ground.new_columns(request.columns)]
    else:
        targets = [
            TargetColumn(column, ground.headers.text(column), (span,), part.chosen)
            for part, span in zip(parts, spans, strict=True)
            for column in ground.part_columns(part)
        ]
    return Selection(ground.sheet.name, ground.headers, _by_column(targets), _describe(request))


def _parts(book: Book, range_: str) -> list[Part]:
    from glaze_cli.sheets.part import parts_of  # what reads a range is loaded where one was typed

    return parts_of(book, range_)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in any order, overlapping or not, into sorted and disjoint ones."""
    result: list[Span] = []
    for first, last in sorted(spans):
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return tuple(result)


def _one_sheet(book: Book, parts: list[Part], option: str | None) -> str | None:
    """The sheet that everything named lies on; None: the book's first."""
    names: dict[str, None] = {}
    for name in (*(part.area.sheet for part in parts), option):
        if name is not None:
            names[book.sheet(name).name] = None
    if len(names) > 1:
        first, second, *_ = names
        raise SelectionError(
            f"The selection names two sheets, {first} and {second}; run Glaze once for each."
        )
    return next(iter(names), None)


def _by_column(targets: Iterable[TargetColumn]) -> tuple[TargetColumn, ...]:
    """Each column once, with the rows of all its parts."""
    columns: dict[int, TargetColumn] = {}
    for target in targets:
        known = columns.setdefault(target.column, target)
        spans = merged((*known.spans, *target.spans))
        columns[target.column] = replace(known, spans=spans, named=known.named or target.named)
    return tuple(columns[number] for number in sorted(columns))


def _describe(request: SelectionRequest) -> str:
    columns = ", ".join(request.columns)
    if not columns:
        return (request.range or "").strip()
    return columns if request.range is None else f"{columns} in {request.range.strip()}"
