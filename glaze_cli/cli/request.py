"""What the user asked for, in a form that the store keeps, so that `resume` goes on with the same."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glaze_cli.cli.books import open_sheet
from glaze_cli.config import (
    find_settings,
    parse_amount,
    parse_contact,
    parse_duration,
    parse_fail_on,
    parse_share,
    parse_tiers,
    with_options,
)
from glaze_cli.engine.events import TargetColumn
from glaze_cli.errors import ConfigError
from glaze_cli.model import Micros
from glaze_cli.model.settings import ColumnSettings, Settings
from glaze_cli.sheets.base import Book, WriteOptions

if TYPE_CHECKING:
    from glaze_cli.cli.notes import NoteColumn

_LISTS = ("columns", "providers", "providers_dirs", "tiers", "fail_on")


@dataclass(frozen=True)
class EnrichRequest:
    """The options of `glaze enrich`; what each means is said in cli/options.py."""

    path: str
    range: str | None = None
    columns: tuple[str, ...] = ()
    sheet: str | None = None
    header_row: int = 1
    where: str | None = None
    limit: int | None = None
    overwrite: bool = False
    providers: tuple[str, ...] = ()
    providers_dirs: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    offline: bool = False
    refresh: bool = False
    changed: bool = False
    retry_unknown: bool = False
    max_age: str | None = None
    prompt: str | None = None
    prompt_header: str | None = None
    """Whose prompt it is: the one target column, known once the selection is."""
    contact: str | None = None
    seed: int = 0
    mock_latency: float | None = None
    output: str | None = None
    write: bool = True
    config: str | None = None
    concurrency: int | None = None
    min_confidence: float | None = None
    max_cost: str | None = None
    max_cell_cost: str | None = None
    expect_cost: str | None = None
    fail_on: tuple[str, ...] = ()
    min_fill: str | None = None
    cell_timeout: float | None = None
    job_timeout: float | None = None
    delimiter: str | None = None
    encoding: str | None = None
    overwrite_formulas: bool = False
    force: bool = False
    raw: bool = False
    annotate: bool = False
    log_sheet: bool = False
    recalculate: bool = False

    @classmethod
    def from_options(cls, given: Mapping[str, Any]) -> EnrichRequest:
        """From the parameters of the command, by name; paths become absolute, so that `resume` finds them."""
        _check_ends(given)
        own = {field.name for field in dataclasses.fields(cls)}
        values = {name: value for name, value in given.items() if name in own and value is not None}
        for name in values.keys() & {"output", "config"}:
            values[name] = str(values[name].absolute())
        return cls(
            **values
            | {
                "path": str(given["sheet_path"].absolute()),
                "range": given["range_"],
                "columns": split_headers(given["columns"]),
                "providers": tuple(given["provider"] or ()),
                "providers_dirs": tuple(str(folder.absolute()) for folder in given["providers_dir"] or ()),
                "tiers": tuple(str(tier) for tier in parse_tiers("--tier", given["tier"] or ())),
                "fail_on": tuple(given["fail_on"] or ()),
                "write": not given["no_write"],
            }
        )

    def settings(self) -> Settings:
        """glaze.toml with these options over it, read once. Raises ConfigError."""
        return self._settings

    @cached_property
    def _settings(self) -> Settings:
        found = find_settings(Path(self.path), Path(self.config) if self.config else None)
        settings = with_options(
            found,
            concurrency=self.concurrency,
            min_confidence=self.min_confidence,
            max_cost=_amount("--max-cost", self.max_cost),
            max_cell_cost=_amount("--max-cell-cost", self.max_cell_cost),
            cell_timeout=self.cell_timeout,
            job_timeout=self.job_timeout,
        )
        return dataclasses.replace(
            settings,
            contact=settings.contact if self.contact is None else parse_contact("--contact", self.contact),
            max_age=self._max_age(),
            columns=self._columns(settings),
            manifests=tuple(map(Path, self.providers_dirs)),
        )

    def _max_age(self) -> float | None:
        """Seconds; 0 with --refresh."""
        if self.refresh and self.max_age is not None:
            raise ConfigError("--refresh takes no remembered answer and --max-age young ones; choose one.")
        if self.refresh:
            return 0.0
        return None if self.max_age is None else parse_duration("--max-age", self.max_age)

    def _columns(self, settings: Settings) -> Mapping[str, ColumnSettings]:
        if self.prompt is None or self.prompt_header is None:
            return settings.columns
        wish = settings.columns.get(self.prompt_header, ColumnSettings())
        asked = dataclasses.replace(wish, prompt=self.prompt)
        return {**settings.columns, self.prompt_header: asked}

    def open(self) -> Book:
        """The user's file. Raises SheetError."""
        return open_sheet(Path(self.path), self.delimiter, self.encoding, self.settings())

    def write_options(self, added_columns: Sequence[int] = ()) -> WriteOptions:
        """What may be written; the rows of a log are not known yet."""
        options = WriteOptions(
            self.overwrite_formulas, self.force, self.raw, self.recalculate, tuple(added_columns)
        )
        if not self.log_sheet:
            return options
        from glaze_cli.sheets.log import LogRows

        return dataclasses.replace(options, log=LogRows())


@dataclass(frozen=True)
class KeptRequest:
    """A job's request in the store: the options, and the sheet's headers as they were read."""

    options: EnrichRequest
    headers: tuple[str, ...]
    header_row: int
    targets: tuple[TargetColumn, ...]
    inputs: tuple[str, ...] = ()
    """Headers whose texts the providers read: a row with the same ones gets the same values."""
    notes: tuple[NoteColumn, ...] = ()
    """Where notes about the values go (`--annotate`)."""

    @property
    def added(self) -> dict[int, str]:
        """The columns that the sheet did not have: number → header, in order."""
        targets = [(target.column, target.header) for target in self.targets if target.added]
        return dict(sorted(targets + [(note.column, note.header) for note in self.notes if note.added]))

    def to_json(self) -> dict[str, Any]:
        """A JSON-able document."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> KeptRequest:
        """Back from `to_json`."""
        options = dict(document["options"])
        # A job of an earlier version has not all of them.
        options |= {name: tuple(options[name]) for name in _LISTS if name in options}
        targets = tuple(TargetColumn(**target) for target in document["targets"])
        headers, inputs = tuple(document["headers"]), tuple(document["inputs"])
        notes = _notes(document["notes"]) if document.get("notes") else ()
        return cls(EnrichRequest(**options), headers, document["header_row"], targets, inputs, notes)


def split_headers(text: str | None) -> tuple[str, ...]:
    """`Email,"Name, first"` → the headers: a CSV record, since headers may hold commas."""
    if not text:
        return ()
    headers = next(csv.reader([text], skipinitialspace=True))
    return tuple(header.strip() for header in headers if header.strip())


def _notes(documents: Sequence[Mapping[str, Any]]) -> tuple[NoteColumn, ...]:
    from glaze_cli.cli.notes import NoteColumn  # for few jobs

    return tuple(map(NoteColumn.from_json, documents))


def _amount(name: str, text: str | None) -> Micros | None:
    return None if text is None else parse_amount(name, text)


def _check_ends(given: Mapping[str, Any]) -> None:
    """What decides about the exit code at the end is read before anything is spent. Raises ConfigError."""
    parse_fail_on("--fail-on", given["fail_on"] or ())
    if given["min_fill"] is not None:
        parse_share("--min-fill", given["min_fill"])
    if given["expect_cost"] is not None:
        parse_amount("--expect-cost", given["expect_cost"])
