"""Putting a patch into a file: what `apply` and `undo` share. What was touched since is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glaze_cli.cli.exits import Exit
from glaze_cli.cli.show import View
from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRef, Change
from glaze_cli.sheets.base import Book, WriteOptions
from glaze_cli.sheets.kinds import refuse_target

if TYPE_CHECKING:
    from glaze_cli.sheets.compare import Compared
    from glaze_cli.sheets.place import Unplaced

SHOWN = 10
"""Values not written that are named one by one; the rest are counted."""


@dataclass
class Outcome:
    """What became of a patch's changes."""

    written: int = 0
    already: int = 0
    """Cells that held the new value before."""
    defused: int = 0
    notices: list[str] = field(default_factory=list)
    conflicts: list[Compared] = field(default_factory=list)
    """Cells that were touched since they were read."""
    unplaced: list[Unplaced] = field(default_factory=list)
    """Values whose row or column is not to be found for certain."""
    unsafe: list[tuple[Change, str]] = field(default_factory=list)
    """Changes of cells that cannot be written without harm, and why."""
    failed: bool = False
    """Whether the file could not be written at all."""

    @property
    def left(self) -> int:
        """Changes that were to be written and are not in the file."""
        return len(self.conflicts) + len(self.unplaced) + len(self.unsafe)

    def left_cells(self) -> set[CellRef]:
        """The cells that were to be written, and were not for what they hold."""
        touched = {compared.change.cell for compared in self.conflicts}
        return touched | {change.cell for change, _ in self.unsafe}

    def fitting(self, book: Book, changes: Iterable[Change]) -> Iterator[Change]:
        """The changes whose values the file can hold; the others are noted."""
        for change in changes:
            why = book.unfit(change)
            if why is None:
                yield change
            else:
                self.unsafe.append((change, why))

    def sentences(self) -> Iterator[str]:
        """What the user should know, the first of each kind by name, the rest by number."""
        yield from self.notices
        if self.defused:
            yield (
                f"{self.defused} values that a spreadsheet would run were written with a leading apostrophe "
                "(--raw writes them as they are)."
            )
        for compared in self.conflicts[:SHOWN]:
            change = compared.change
            held = "was emptied" if compared.now is None else f"holds {compared.now!r} now"
            yield f"{change.cell} {held}, not {change.old!r} as before; it was left as it is."
        yield from (unplaced.sentence for unplaced in self.unplaced[:SHOWN])
        yield from (sentence for _, sentence in self.unsafe[:SHOWN])
        hidden = sum(max(0, len(left) - SHOWN) for left in (self.conflicts, self.unplaced, self.unsafe))
        if hidden:
            yield f"{hidden} more values were not written; --json lists them all."


def put(
    book: Book,
    changes: Iterable[Change],
    target: Path,
    options: WriteOptions,
    outcome: Outcome | None = None,
) -> Outcome:
    """Write the changes whose cells are as they were and can be written safely; the others are kept out.

    `outcome`: what is filled in, for a log that depends on what is kept out; known before its rows are made.
    Raises SheetRefused when no cell can be written safely, WriteFailed; then nothing is written.
    """
    from glaze_cli.sheets.compare import addressed  # a run writes into a file that is as it was read

    refuse_target(book.path, book.format, target)
    outcome = outcome or Outcome()
    wanted = addressed(book, changes)
    if any(change.old_known for change in wanted):  # else there is nothing to compare with
        wanted = tuple(_applicable(book, wanted, outcome))
    applicable = list(outcome.fitting(book, wanted))
    if not applicable and target == book.path and options.log is None:
        return outcome
    try:
        report = book.write(applicable, target, options)
    except SheetRefused:  # all of it, for the sake of some cells: leave those out
        applicable = _safe(book, applicable, outcome, options)
        report = book.write(applicable, target, options)
    outcome.written, outcome.defused = report.written, report.defused
    outcome.notices += report.warnings[:SHOWN]
    return outcome


def _applicable(book: Book, changes: Iterable[Change], outcome: Outcome) -> Iterator[Change]:
    from glaze_cli.sheets.compare import Standing, compare

    for compared in compare(book, changes):
        if compared.standing.writes:
            yield compared.change
        elif compared.standing is Standing.ALREADY:
            outcome.already += 1
        else:
            outcome.conflicts.append(compared)


def _safe(book: Book, changes: list[Change], outcome: Outcome, options: WriteOptions) -> list[Change]:
    """The changes that can be written without harm; raises SheetRefused when none can."""
    problems = book.check((change.cell for change in changes), replace(options, log=None))
    unsafe = {problem.cell: problem.sentence for problem in problems if problem.fatal}
    outcome.unsafe += [(change, unsafe[change.cell]) for change in changes if change.cell in unsafe]
    safe = [change for change in changes if change.cell not in unsafe]
    if unsafe and not safe:
        raise SheetRefused(next(iter(unsafe.values())))
    return safe


def tell(outcome: Outcome, target: Path, view: View, *, undone: bool = False) -> int:
    """Say what became of the patch, or of taking it back; the exit code."""
    cells = "1 cell" if outcome.written == 1 else f"{outcome.written:,} cells"
    deed = f"{cells} {'put back as before in' if undone else 'written to'} {target}"
    already = f"{outcome.already:,} held {'that' if undone else 'their value'} already"
    view.say(f"{deed}; {already}." if outcome.already or not outcome.written else f"{deed}.")
    for sentence in outcome.sentences():
        view.say(sentence)
    if view.json:
        document = {"file": str(target), "written": outcome.written, "already": outcome.already}
        view.print_json(document | {"defused": outcome.defused, "notWritten": not_written(outcome)})
    return Exit.NOT_PLACED if outcome.left else Exit.OK


def not_written(outcome: Outcome) -> list[dict[str, Any]]:
    """Each change that is not in the file, and why."""
    conflicts = [(c.change, "conflict", c.now) for c in outcome.conflicts]
    unplaced = [(u.change, u.sentence, None) for u in outcome.unplaced]
    unsafe = [(change, sentence, None) for change, sentence in outcome.unsafe]
    return [
        {"cell": str(change.cell), "old": change.old, "new": change.new, "why": why, "now": now}
        for change, why, now in [*conflicts, *unplaced, *unsafe]
    ]
