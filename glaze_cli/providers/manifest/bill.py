"""What one answer was billed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from glaze_cli.model import Micros, to_micros
from glaze_cli.providers.manifest.schema import ChargeOn, Cost


def bill(cost: Cost, kind: ChargeOn, document: Mapping[str, Any]) -> Micros:
    """The service's own figure where it gives one; else the price, if it charges for such answers.

    An error is never billed unless the terms say so, whatever figure comes with it.
    """
    if kind is ChargeOn.ERROR and kind not in cost.charge_on:
        return Micros(0)
    actual = _units(cost.actual.of(document)) if cost.actual is not None else None
    if actual is not None:
        return to_micros(actual * cost.unit / 1_000_000)
    return cost.price if kind in cost.charge_on else Micros(0)


def _units(figure: object) -> Decimal | None:
    if isinstance(figure, bool) or not isinstance(figure, str | int | float):
        return None
    try:
        units = Decimal(str(figure))
    except InvalidOperation:
        return None
    return units if units.is_finite() and 0 <= units < 1_000_000 else None
