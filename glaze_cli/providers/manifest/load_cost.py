"""Reads what a call costs."""

from __future__ import annotations

from glaze_cli.model import to_micros
from glaze_cli.providers.manifest.load_expr import load_expr_if
from glaze_cli.providers.manifest.schema import ChargeOn, Cost
from glaze_cli.providers.manifest.section import Section

_DOLLARS = "an amount in dollars"


def load_cost(section: Section) -> Cost:
    """The `cost`. Raises ManifestError."""
    by = {kind: to_micros(section.number(kind, _DOLLARS)) for kind in ChargeOn if section.has(kind)}
    cost = Cost(
        price=to_micros(section.number("usd", _DOLLARS, 0)),
        charge_on=section.choices("charge_on", ChargeOn, [ChargeOn.HIT]),
        by=by,
        actual=load_expr_if(section, "actual"),
        unit=to_micros(section.number("unit_usd", _DOLLARS, 1)),
    )
    if cost.actual is not None and not section.has("usd") and not by:
        section.refuse(None, "`usd` is missing: what a call costs at most, to be reserved before it")
    section.close()
    return cost
