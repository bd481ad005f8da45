"""The file moved under us: where a change belongs now, by its row's inputs and its column's header."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from glaze_cli.model import CellRef, Change
from glaze_cli.sheets.base import Sheet
from glaze_cli.sheets.headers import Headers

_Held = tuple[tuple[int, ...], bytes | None]
"""Which inputs a row held, and their fingerprint: a cell that was empty may have been filled since, and it
is the same row as long as it has not moved."""

_Place = int | str
"""A row's or a column's number now, or why it has none: the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A sheet as it was when its rows were read."""

    headers: Headers
    inputs: tuple[str, ...]
    """The headers whose texts tell one row from another; none of a column that was to be filled."""
    added: Mapping[int, str] = field(default_factory=dict)
    """Columns that are to be added: number → header."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A change that cannot be placed for certain."""

    change: Change
    """With its cell as it was."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Moves:
    """Where a sheet's cells are now: number then → number now, or why there is none."""

    sheet: str
    rows: Mapping[int, _Place]
    columns: Mapping[int, _Place]

    def find(self, was: CellRef) -> CellRef | None:
        """The cell now; None where that is not certain."""
        row, column = self.rows.get(was.row), self.columns.get(was.column)
        return CellRef(self.sheet, row, column) if isinstance(row, int) and isinstance(column, int) else None


@dataclass(frozen=True, slots=True)
class Placements:
    """Changes with the cells they belong to now."""

    placed: tuple[Change, ...]
    """By row and column, each cell once. What the cells hold now is not compared here."""
    unplaced: tuple[Unplaced, ...]
    added_columns: tuple[int, ...]
    """Those of `Reading.added` that the sheet still lacks, with their numbers now."""
    moves: tuple[Moves, ...] = ()
    """Asked in this order."""

    def find(self, was: CellRef) -> CellRef | None:
        """Where a cell is now; None where that is not certain. (A change of it may be unplaced all the same,
        when another one is placed there.)"""
        return next(filter(None, (moves.find(was) for moves in self.moves)), None)


def place(
    sheet: Sheet, then: Reading, rows: Iterable[tuple[int, Mapping[str, str]]], changes: Iterable[Change]
) -> Placements:
    """Find the cells of changes in a sheet that may have been sorted, cut or grown since it was read.

    `rows`: number and texts by header of each row with a change, as read. A row stays where it is while its
    number still holds its inputs; else it is the one row that holds them, if neither then nor now another
    does. Reads the sheet once; memory grows with `rows` and `changes`, not with the sheet. A change of an
    added column's header moves with the column, and is left out when the sheet has the column already.
    """
    now = Headers.of(sheet, then.headers.row)
    columns, new = _columns(sheet, then, now)
    numbers = {**_rows(sheet, then.inputs, now, rows), then.headers.row: then.headers.row}
    placed: list[Change] = []
    unplaced: list[Unplaced] = []
    for change in changes:
        row = numbers.get(change.cell.row, "its row is not known")
        column = columns.get(change.cell.column, "its column had no header")
        if isinstance(row, str) or isinstance(column, str):
            reason = column if isinstance(column, str) else row
            unplaced.append(Unplaced(change, f"{change.cell} was not placed: {reason}."))
        elif row != then.headers.row or column in new:
            placed.append(replace(change, cell=CellRef(sheet.name, row, column)))
    return Placements(
        tuple(sorted(placed, key=lambda change: (change.cell.row, change.cell.column))),
        tuple(unplaced),
        new,
        (Moves(sheet.name, numbers, columns),),
    )


def _columns(sheet: Sheet, then: Reading, now: Headers) -> tuple[dict[int, _Place], tuple[int, ...]]:
    """Where each column is now, and which are new."""
    places: dict[int, _Place] = {}
    unmoved = now.texts[: len(then.headers.texts)] == then.headers.texts
    for column, header in enumerate(then.headers.texts, 1):
        if header:
            before = 1 if unmoved else len(then.headers.called(header))
            places[column] = column if unmoved else _only(now.called(header), before, f"called {header}")
    new: list[int] = []
    for column, header in sorted(then.added.items()):
        found = now.called(header)
        if not found:
            new.append(max(sheet.extent().last_column, len(now.texts)) + 1 + len(new))
        places[column] = _only(found, 1, f"called {header}") if found else new[-1]
    return places, tuple(new)


def _rows(
    sheet: Sheet, inputs: Sequence[str], now: Headers, rows: Iterable[tuple[int, Mapping[str, str]]]
) -> dict[int, _Place]:
    """Where each row is now."""
    columns = [now.called(header) for header in inputs]
    gone = [header for header, found in zip(inputs, columns, strict=True) if not found]
    if gone:
        return {number: f"the column {gone[0]}, which told its row apart, is gone" for number, _ in rows}
    wanted: dict[bytes, list[int]] = {}
    held: dict[int, _Held] = {}
    places: dict[int, _Place] = {}
    for number, texts in rows:
        identity = _identity([texts.get(header) for header in inputs])
        if identity is None:
            places[number] = "its row had no inputs to tell it apart"
        else:
            wanted.setdefault(identity, []).append(number)
            filled = tuple(index for index, header in enumerate(inputs) if texts.get(header))
            held[number] = filled, _identity([texts[inputs[index]] for index in filled])
    found, unmoved = _find(sheet, now.row + 1, columns, wanted, held)
    for identity, numbers in wanted.items():
        here = found.get(identity, [])
        for number in numbers:
            place = number if number in here else _only(here, len(numbers), "with its inputs")
            places[number] = number if isinstance(place, str) and number in unmoved else place
    return places


def _find(
    sheet: Sheet,
    first: int,
    columns: Sequence[Sequence[int]],
    wanted: Mapping[bytes, Sequence[int]],
    held: Mapping[int, _Held],
) -> tuple[dict[bytes, list[int]], set[int]]:
    """(The rows that hold what is wanted, the rows that hold what they held), in one pass over the sheet.

    Of columns called the same the leftmost filled one counts.
    """
    found: dict[bytes, list[int]] = {}
    unmoved: set[int] = set()
    for row in sheet.rows(first, None, [column for same in columns for column in same]):
        texts = [next(filter(None, map(row.text, same)), None) for same in columns]
        identity = _identity(texts)
        if identity in wanted and identity is not None:
            found.setdefault(identity, []).append(row.number)
        elif row.number in held:
            filled, fingerprint = held[row.number]
            if _identity([texts[index] for index in filled]) == fingerprint:
                unmoved.add(row.number)
    return found, unmoved


def _identity(texts: Sequence[str | None]) -> bytes | None:
    """A fingerprint of a row's inputs, which keeps memory small; None if all are empty."""
    if not any(texts):
        return None
    return hashlib.blake2b(repr([text or None for text in texts]).encode(), digest_size=16).digest()


def _only(found: Sequence[int], before: int, what: str) -> _Place:
    """The one place there is; `before` is how many there were when it was read."""
    if not found:
        return f"nothing {what} is in the sheet any more"
    if len(found) > 1:
        return f"{len(found)} places {what} are in the sheet now"
    return found[0] if before == 1 else f"{before} places {what} were in the sheet when it was read"
