"""What a report says of a job's cells, counted in one pass over them; only the table keeps cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from glaze_cli.model import TaskStatus, Tier
from glaze_cli.ui.document import amount
from glaze_cli.ui.pages.steps import ProviderPart, read_steps
from glaze_cli.ui.text import inert

MOST_CELLS = 20_000
"""Cells of the table; a page with all cells of a large sheet opens in no browser."""
MOST_NAMES = 200
"""Columns and providers that are told one by one."""
EXAMPLES = 3
NAME = 80
"""Characters of a name that are shown: of a column, a provider, a source."""
LONG = 500
"""Characters of a value or sentence that are shown."""

Cell = Mapping[str, Any]
"""A cell of store.reporting.report_cells; any part of it may be missing."""
Line = tuple[str, str, str, str, float | None, str, str, float, str]
"""A cell of the table: cell, column, status, value, confidence, source, provider, dollars, why."""


@dataclass(slots=True)
class Trouble:
    """Cells that ended for one reason."""

    status: str
    reason: str
    cells: int = 0
    examples: list[tuple[str, str, str]] = field(default_factory=list)
    """(cell, column, sentence), the first few."""

    @property
    def told(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """The examples by their sentence, so that it is said once: the cells and columns it is about."""
        places: dict[str, list[tuple[str, str]]] = {}
        for cell, column, sentence in self.examples:
            places.setdefault(sentence, []).append((cell, column))
        return places


@dataclass(slots=True)
class Facts:
    """All that was counted. No text in it is longer than LONG or can act; none is markup."""

    cells: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """By status."""
    columns: dict[str, Counter[str]] = field(default_factory=dict)
    """Name → cells by status, in the sheet's order."""
    names: dict[str, str] = field(default_factory=dict)
    """Letters of a column → its name: the header, with the letters where another column has the same."""
    sources: Counter[str] = field(default_factory=Counter)
    """Values by what served them: a tier, or the name of a provider whose values are synthetic."""
    parts: dict[str, ProviderPart] = field(default_factory=dict)
    confidence: list[int] = field(default_factory=lambda: [0] * 10)
    """Values by tenths of confidence; 1.0 is in the last."""
    troubles: dict[tuple[str, str], Trouble] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    @property
    def providers(self) -> Sequence[ProviderPart]:
        """In the order of the waterfall: by tier, then those first that were reached by more cells."""
        return sorted(self.parts.values(), key=lambda part: (part.rank, -part.cells, part.name))

    @property
    def failures(self) -> Sequence[Trouble]:
        """The most frequent first."""
        return self._troubles(TaskStatus.FAILED)

    @property
    def skips(self) -> Sequence[Trouble]:
        """Why cells were skipped, the most frequent first."""
        return self._troubles(TaskStatus.SKIPPED)

    def tiers(self) -> Mapping[str, int]:
        """Values by tier, in the order of the waterfall; other sources after them."""
        known = {str(tier): self.sources[tier] for tier in Tier}
        return known | {name: self.sources[name] for name in self.sources if name not in known}

    def _troubles(self, status: str) -> Sequence[Trouble]:
        found = [trouble for trouble in self.troubles.values() if trouble.status == status]
        return sorted(found, key=lambda trouble: (-trouble.cells, trouble.reason))


def count(cells: Iterable[Cell], most: int = MOST_CELLS) -> Facts:
    """One pass over all cells; the first `most` become lines of the table."""
    facts = Facts()
    for cell in cells:
        _add(facts, cell, facts.cells < most)
        facts.cells += 1
    return facts


def filled(counts: Counter[str]) -> float:
    """The share of cells that hold a value now, 0..1."""
    total = counts.total()
    return counts[TaskStatus.DONE] / total if total else 0.0


def _add(facts: Facts, cell: Cell, keep: bool) -> None:
    line = _line(facts, cell)
    name, column, status = line[:3]
    if column not in facts.columns and len(facts.columns) >= MOST_NAMES:
        column = "(other columns)"
    facts.counts[status] += 1
    facts.columns.setdefault(column, Counter())[status] += 1
    read_steps(facts.parts, cell, MOST_NAMES)
    if status == TaskStatus.DONE:
        if line[5] in facts.sources or len(facts.sources) < MOST_NAMES:
            facts.sources[line[5]] += 1
        if line[4] is not None:
            facts.confidence[min(9, max(0, int(line[4] * 10 + 1e-9)))] += 1
    elif status in (TaskStatus.FAILED, TaskStatus.SKIPPED):
        reason = inert(cell.get("reason") or "unknown", LONG)
        if (status, reason) not in facts.troubles and len(facts.troubles) >= MOST_NAMES:
            reason = "other"
        trouble = facts.troubles.setdefault((status, reason), Trouble(status, reason))
        trouble.cells += 1
        if len(trouble.examples) < EXAMPLES:
            trouble.examples.append((name, column, inert(cell.get("error") or "", LONG)))
    if keep:
        facts.lines.append(line)


def _column(facts: Facts, place: str, cell: Cell) -> str:
    letters = place.rstrip("0123456789")
    if letters not in facts.names:
        header = inert(cell.get("column") or "", NAME) or "(no header)"
        facts.names[letters] = f"{header} ({letters})" if header in facts.names.values() else header
    return facts.names[letters]


def _line(facts: Facts, cell: Cell) -> Line:
    record = _mapping(cell.get("record"))
    metadata = _mapping(record.get("metadata"))
    sentence = inert(cell.get("error") or "", LONG)
    reason = inert(cell.get("reason") or "", LONG).replace("_", " ")
    value = record.get("value")
    confidence = record.get("confidence")
    place = inert(cell.get("cell") or "", NAME)
    return (
        place,
        _column(facts, place, cell),
        inert(cell.get("status") or "", NAME),
        "" if value is None else inert(value, LONG),
        float(confidence) if isinstance(confidence, int | float) and 0 <= confidence <= 1 else None,
        inert(record.get("source") or "", NAME),
        inert(metadata.get("provider") or "", NAME),
        (amount(metadata.get("cost")) or 0) / 1_000_000,
        ": ".join(text for text in (reason, sentence) if text),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
