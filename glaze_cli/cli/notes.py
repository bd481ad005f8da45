"""Where values come from, told in the sheet: in columns at the right of it (`--annotate`), or as rows of a
sheet of its own (`--log-sheet`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glaze_cli.engine.events import TargetColumn
from glaze_cli.model import CellRef, Scalar, to_micros
from glaze_cli.model.states import Captioned
from glaze_cli.sheets.log import LogEntry
from glaze_cli.store.tasks import DoneTask


class NoteKind(Captioned):
    """What a note tells; the word stands behind the header of the column that it is about."""

    SOURCE = "source", "who had the value, and through which tier"
    CONFIDENCE = "confidence", "0..1"
    DATE = "date", "when it was found, as a day"


@dataclass(frozen=True, slots=True)
class NoteColumn:
    """A column that holds notes about another one."""

    column: int
    header: str
    about: int
    kind: NoteKind
    added: bool
    """The sheet did not have it."""

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> NoteColumn:
        """Back from `dataclasses.asdict`."""
        return cls(**{**document, "kind": NoteKind(document["kind"])})


def plan_notes(headers: Sequence[str], targets: Sequence[TargetColumn]) -> tuple[NoteColumn, ...]:
    """Where the notes about the targets go: columns of that name, else new ones behind all others.

    `headers`: of the sheet as it is, without the targets that are added.
    """
    known = {header: column for column, header in reversed(list(enumerate(headers, 1)))}
    free = max([len(headers), *(target.column for target in targets)]) + 1
    notes = []
    for target in targets:
        for kind in NoteKind:
            header = f"{target.header} {kind}"
            column = known.get(header)
            notes.append(NoteColumn(column or free, header, target.column, kind, column is None))
            free += column is None
    return tuple(notes)


def notes_on(
    notes: Sequence[NoteColumn], column: int, record: Mapping[str, Any]
) -> Iterator[tuple[int, Scalar]]:
    """(column, what it is to hold) of the notes about a value; `record`: its whole record."""
    for note in notes:
        if note.about == column:
            yield note.column, _text(note.kind, record)


def log_entry(task: DoneTask, cell: CellRef) -> LogEntry:
    """The row of the log about a value; `cell`: where it stands now."""
    record = task.record
    return LogEntry(
        cell,
        task.header,
        task.value,
        record["source"],
        record["metadata"]["provider"],
        float(record["confidence"]),
        to_micros(str(record["metadata"]["cost"])),
        str(record["timestamp"])[:19].replace("T", " "),
    )


def _text(kind: NoteKind, record: Mapping[str, Any]) -> Scalar:
    if kind is NoteKind.CONFIDENCE:
        return float(record["confidence"])
    if kind is NoteKind.DATE:
        return str(record["timestamp"])[:10]
    provider, source = record["metadata"]["provider"], record["source"]
    return provider if provider == source else f"{provider} ({source})"
