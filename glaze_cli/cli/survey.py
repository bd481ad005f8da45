"""What a sheet is seen to hold: headers that were understood, columns to fill, who would be asked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from glaze_cli.cli.request import EnrichRequest
from glaze_cli.cli.settings_text import Column, Doubt, Step, Wanted, can_be_named
from glaze_cli.cli.wiring import ProviderSet, provider_set
from glaze_cli.engine.events import TargetColumn
from glaze_cli.engine.plan import ColumnPlan, header_fields, plan_columns
from glaze_cli.fields.catalog import field_infos
from glaze_cli.fields.headers import recognise, recognise_all
from glaze_cli.model import Field, column_letters
from glaze_cli.model.settings import Settings
from glaze_cli.providers.base import Provider
from glaze_cli.sheets.base import Sheet, SheetRow
from glaze_cli.sheets.headers import Headers

MOST_ROWS = 10_000
"""Rows that are looked at for empty cells."""
MOST_DOUBTS = 50
SAMPLE = 20
"""Cells of a column whose looks are compared."""

_LOOKS = {
    "linkedin": re.compile(r"(https?://)?([\w-]+\.)?linkedin\.com/\S+", re.IGNORECASE),
    "email": re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    "website": re.compile(r"(https?://|www\.)\S+", re.IGNORECASE),
    "phone": re.compile(r"\+\d[\d ()./-]{6,}"),
}
"""What cells look like that can be hardly anything else, under a header that is not understood."""


@dataclass(frozen=True)
class Survey:
    """One sheet, as it was looked at once."""

    headers: Headers
    rows: int
    """Rows that hold something, of the first MOST_ROWS."""
    empty: Mapping[int, int]
    """Column → empty cells in those rows."""
    samples: Mapping[int, Sequence[str]]
    """Column → the first cells that hold something."""
    found: ProviderSet
    settings: Settings
    path: str

    @classmethod
    def of(cls, sheet: Sheet, headers: Headers, settings: Settings, path: str) -> Survey:
        """Look at the rows below the header row. Asks nobody. Raises ManifestError, ConfigError."""
        columns = [column for column, text in enumerate(headers.texts, 1) if text]
        empty, samples = dict.fromkeys(columns, 0), {column: list[str]() for column in columns}
        rows = 0
        for row in islice(sheet.rows(headers.row + 1), MOST_ROWS):
            rows += 1
            _count(row, empty, samples)
        return cls(headers, rows, empty, samples, provider_set(settings), settings, path)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """What each header means, A first."""
        return header_fields(self.headers.texts, self.settings)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Those with empty cells, or with no row yet, that somebody could fill; each header once."""
        return tuple(self._column(plan) for plan in sorted(self._plans, key=lambda plan: plan.column))

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Headers that were not understood, or only by the columns beside them; the first MOST_DOUBTS."""
        return tuple(islice(self._doubts(), MOST_DOUBTS))

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """The providers with a use for a key, of those that could be asked about the columns."""
        names = dict.fromkeys(step.name for column in self.columns for step in column.steps)
        return tuple(self._wanted(name) for name in names if name in self.found.keys)

    def ready_range(self) -> str:
        """The columns that can be filled now, as a range: `F2:H,J2:J`; "" where there is none."""
        ready = [c.letters for c in self.columns if not all(step.lacks for step in c.steps)]
        numbers = [n for n in range(1, len(self.headers.texts) + 1) if column_letters(n) in ready]
        blocks: list[list[int]] = []
        for number in numbers:
            if blocks and blocks[-1][-1] == number - 1:
                blocks[-1].append(number)
            else:
                blocks.append([number])
        row = self.headers.row + 1
        return ",".join(f"{column_letters(b[0])}{row}:{column_letters(b[-1])}" for b in blocks)

    @cached_property
    def _plans(self) -> tuple[ColumnPlan, ...]:
        named = dict[str, TargetColumn]()
        for column, empty in self.empty.items():
            if empty or not self.rows:
                header = self.headers.text(column)
                named.setdefault(header, TargetColumn(column, header))
        return plan_columns(self.headers.texts, list(named.values()), self._at_hand, self.settings, (), ())

    @cached_property
    def _at_hand(self) -> list[Provider]:
        """Those that a run would ask, and those that it would, did they not lack something."""
        request = EnrichRequest(self.path)
        able = (*self.found.chosen(request), *self.found.unready_for(request))
        names = {provider.name for provider in able}
        return [provider for name, provider in self.found.found.items() if name in names]

    def _column(self, plan: ColumnPlan) -> Column:
        steps = tuple(Step(p.name, str(p.tier), p.lacks) for p in plan.waterfall)
        texts = [text for text in self.headers.texts if text and text != plan.target.header]
        other = next((text for text in texts if can_be_named(text)), "")
        letters, empty = column_letters(plan.column), self.empty[plan.column]
        return Column(letters, plan.target.header, plan.field, empty, steps, other)

    def _doubts(self) -> Iterator[Doubt]:
        seen = set[str]()
        for column, (text, field) in enumerate(
            zip(self.headers.texts, recognise_all(self.headers.texts), strict=True), 1
        ):
            if not text or text in seen:
                continue
            seen.add(text)
            if field is None:
                yield self._guess(column, text)
            elif field != recognise(text):
                yield Doubt(text, field, "read so because of the columns beside it")

    def _guess(self, column: int, text: str) -> Doubt:
        sample = self.samples[column]
        for field, looks in _LOOKS.items():
            if sample and all(looks.fullmatch(cell) for cell in sample):
                return Doubt(text, field, "its cells look so")
        folded = text.strip().casefold() if len(text) < 40 else ""  # what is longer is no typing error
        close = difflib.get_close_matches(folded, _spellings(), 1, cutoff=0.85)
        if close:
            return Doubt(text, _spellings()[close[0]], "a typing error?")
        return Doubt(text)

    def _wanted(self, name: str) -> Wanted:
        provider, key = self.found.found[name], self.found.keys[name]
        state = provider.lacks or ("set" if key.secret else "not needed, but it allows more")
        return Wanted(name, key.name, state, provider.about.price)


def _count(row: SheetRow, empty: dict[int, int], samples: Mapping[int, list[str]]) -> None:
    for column in empty:
        text = row.text(column)
        if text is None:
            empty[column] += 1
        elif len(samples[column]) < SAMPLE:
            samples[column].append(text.strip()[:200])


def _spellings() -> dict[str, Field]:
    """The ways in which each field is written in a header."""
    return {
        text.casefold(): info.name
        for info in field_infos().values()
        for text in (info.name, info.caption, *info.synonyms)
    }
