"""Which charts a report has, and what each of them shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glaze_cli.model import TaskStatus, dollars, to_micros
from glaze_cli.ui.document import amount
from glaze_cli.ui.pages.charts import Chart, Drawing, lying, standing
from glaze_cli.ui.pages.facts import Facts, filled
from glaze_cli.ui.pages.steps import STEPS
from glaze_cli.ui.text import inert

Part = Mapping[str, Any]


def draw(facts: Facts, costs: Mapping[str, Sequence[Part]], latency: Sequence[Part]) -> dict[str, Drawing]:
    """By name; a chart that would be empty is left out."""
    drawn = {
        "fill": _fill(facts),
        "waterfall": _waterfall(facts),
        "confidence": _confidence(facts),
        "latency": _latency(latency),
        "provider_costs": _costs("by provider", costs["byProvider"], saved=True),
        "column_costs": _costs("by column", costs["byColumn"], saved=False),
    }
    return {name: drawing for name, drawing in drawn.items() if drawing}


def _fill(facts: Facts) -> Drawing | None:
    if not facts.columns:
        return None
    labels = [f"{_cut(name)} {filled(counts):.0%}" for name, counts in facts.columns.items()]
    ends = (TaskStatus.DONE, TaskStatus.NOT_FOUND, TaskStatus.FAILED, TaskStatus.SKIPPED)
    series = {
        status.replace("_", " "): [counts[status] for counts in facts.columns.values()] for status in ends
    }
    left = [counts.total() - sum(counts[status] for status in ends) for counts in facts.columns.values()]
    return lying(Chart("Cells by column", "outcome", labels, series | ({"left": left} if any(left) else {})))


def _waterfall(facts: Facts) -> Drawing | None:
    parts = facts.providers
    if not parts:
        return None
    series = {words: [part.steps[name] for part in parts] for name, words in STEPS.items()}
    labels = [f"{_cut(part.name)}, {part.tier}" for part in parts]
    return lying(Chart("What each provider did for cells", "waterfall", labels, series))


def _confidence(facts: Facts) -> Drawing | None:
    if not any(facts.confidence):
        return None
    labels = [f"{tenth / 10:.1f}" for tenth in range(10)]
    return standing(Chart("Values by confidence", "single", labels, {"values": facts.confidence}))


def _latency(latency: Sequence[Part]) -> Drawing | None:
    if not latency:
        return None
    labels = [_cut(inert(part["provider"])) for part in latency]
    series = {"median": [part["median"] for part in latency], "95 of 100 within": [p["p95"] for p in latency]}
    return lying(
        Chart("Seconds a call took", "pair", labels, series, lambda number: f"{number:,.4g} s"), stacked=False
    )


def _costs(by: str, parts: Sequence[Part], saved: bool) -> Drawing | None:
    """What may have been billed is a part of what was spent, so the bars show both apart."""
    paid = [part for part in parts if amount(part["spent"]) or amount(part.get("saved"))]
    if not paid:
        return None
    unknown = [amount(part["unknown"]) or 0 for part in paid]
    spent = [(amount(part["spent"]) or 0) - lost for part, lost in zip(paid, unknown, strict=True)]
    series = {"billed": spent, "may be billed": unknown}
    if saved:
        series["saved"] = [amount(part["saved"]) or 0 for part in paid]
    labels = [_cut(inert(part["name"] or "(not known)")) for part in paid]
    exact = {name: [micros / 1_000_000 for micros in each] for name, each in series.items()}
    return lying(Chart(f"Dollars {by}", "cost", labels, exact, _dollars))


def _dollars(number: float) -> str:
    return dollars(to_micros(f"{number:.6f}"))


def _cut(name: str) -> str:
    return name if len(name) <= 16 else f"{name[:15]}…"
