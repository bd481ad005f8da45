"""Each provider's part in the waterfall, from the receipts of cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from glaze_cli.model import Tier
from glaze_cli.ui.text import inert

STEPS = {
    "served": "served",
    "remembered": "from cache",
    "weak": "too weak",
    "missed": "missed",
    "failed": "failed",
}
"""What a provider did for a cell, with words for people."""

_OUTCOMES = {
    "hit": "served",
    "too_weak": "weak",
    "miss": "missed",
    "failed": "failed",
    "dropped": "failed",
}
"""Of a receipt's step; one that is not here did not answer: the cell was left, or the person opted out."""


@dataclass(slots=True)
class ProviderPart:
    """One provider's part in the job, in cells."""

    name: str
    tier: str
    steps: Counter[str] = field(default_factory=Counter)
    """By the names of STEPS."""

    @property
    def cells(self) -> int:
        """Cells whose waterfall reached it and that it had a word on."""
        return self.steps.total()

    @property
    def rank(self) -> int:
        """Where its tier stands in the waterfall; an unknown one last."""
        return Tier(self.tier).rank if self.tier in list(Tier) else len(Tier)


def read_steps(parts: dict[str, ProviderPart], cell: Mapping[str, Any], most: int) -> None:
    """Add the steps of one cell's receipt; at most so many providers are told apart."""
    record = cell.get("record")
    metadata = record.get("metadata") if isinstance(record, Mapping) else None
    steps = metadata.get("attempts") if isinstance(metadata, Mapping) else None
    for step in steps if isinstance(steps, list) else ():
        if not isinstance(step, Mapping):
            continue
        what = _OUTCOMES.get(str(step.get("outcome")))
        name = inert(step.get("provider") or "", 80)
        if what is None or not name or (name not in parts and len(parts) >= most):
            continue
        if what == "served" and step.get("from") == "cache":
            what = "remembered"
        part = parts.setdefault(name, ProviderPart(name, inert(step.get("tier") or "", 80)))
        part.steps[what] += 1
