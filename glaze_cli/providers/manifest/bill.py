"""What one answer was billed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from glaze_cli.model import Micros, to_micros
from glaze_cli.providers.manifest.schema import ChargeOn, Cost


def bill(cost: Cost, kind: ChargeOn, document: Mapping[str, Any]) -> Micros:
    """The service's own figure where it gives one; else the price, if it charges for such answers.

    An error is never billed unless the terms say so, whatever figure comes with it.
    """
    if cost.free or (kind is ChargeOn.ERROR and not cost.charges(kind)):
        return Micros(0)
    actual = actual_cost(cost, document)
    return cost.of(kind) if actual is None else actual


def actual_cost(cost: Cost, document: Mapping[str, Any]) -> Micros | None:
    """The service's own figure; None where it gives none, or nonsense."""
    units = _units(cost.actual.of(document)) if cost.actual is not None else None
    return None if units is None else to_micros(units * cost.unit / 1_000_000)


def shared_bills(
    cost: Cost, kinds: Sequence[ChargeOn], documents: Sequence[Mapping[str, Any]]
) -> list[Micros]:
    """What each row of one call was billed; their sum is what the call was billed.

    A figure that stands in the headers is the whole call's: the rows that are billed share it.
    """
    if cost.actual is None or not cost.actual.reads <= {"headers", "status"}:
        return [bill(cost, kind, document) for kind, document in zip(kinds, documents, strict=True)]
    whole = actual_cost(cost, documents[0])
    if whole is None:
        return [cost.of(kind) for kind in kinds]
    bills = [Micros(0)] * len(kinds)
    sharing = [number for number, kind in enumerate(kinds) if cost.charges(kind)]
    sharing = sharing or [number for number, kind in enumerate(kinds) if kind is not ChargeOn.ERROR]
    if not sharing:
        return bills
    part, rest = divmod(whole, len(sharing))
    for place, number in enumerate(sharing):
        bills[number] = Micros(part + (place < rest))
    return bills


def _units(figure: object) -> Decimal | None:
    if isinstance(figure, bool) or not isinstance(figure, str | int | float):
        return None
    try:
        units = Decimal(str(figure))
    except InvalidOperation:
        return None
    return units if units.is_finite() and 0 <= units < 1_000_000 else None
