"""The revenue of the last full year, out of what a company reported under several names over the years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

CONCEPTS = ("Revenues", "RevenueFromContractWithCustomerExcludingAssessedTax", "SalesRevenueNet")
"""Companies changed from one to another; the first that has figures may have only old ones."""

_YEAR_DAYS = range(350, 380)


def latest_revenue(facts: Mapping[str, Any]) -> int | float | None:
    """Concept → its facts (as `companyfacts` gives them), to dollars; None where no full year is reported.

    Of several figures for the latest year, filed later counts more; where two concepts differ about it, the
    larger is the whole of which the other is a part.
    """
    years = list(_years(facts))
    if not years:
        return None
    last = max(end for end, _, _, _ in years)
    newest: dict[str, tuple[str, int | float]] = {}
    for end, concept, filed, value in years:
        if end == last and (concept not in newest or filed >= newest[concept][0]):
            newest[concept] = (filed, value)
    return max(value for _, value in newest.values())


def _years(facts: Mapping[str, Any]) -> Iterator[tuple[str, str, str, int | float]]:
    """(end, concept, filed, value) of every full year in an annual report."""
    for concept in CONCEPTS:
        body = facts.get(concept)
        units = body.get("units") if isinstance(body, dict) else None
        entries = units.get("USD") if isinstance(units, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            if not isinstance(entry, dict) or entry.get("form") not in ("10-K", "10-K/A"):
                continue
            value, start, end = entry.get("val"), entry.get("start"), entry.get("end")
            if isinstance(value, bool) or not isinstance(value, int | float) or not _full_year(start, end):
                continue
            yield str(end), concept, str(entry.get("filed", "")), value


def _full_year(start: object, end: object) -> bool:
    try:
        return (date.fromisoformat(str(end)) - date.fromisoformat(str(start))).days in _YEAR_DAYS
    except ValueError:
        return False
