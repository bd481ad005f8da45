"""Money is integer millionths of a US dollar, so that sums are exact and caps are sharp."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import NewType

Micros = NewType("Micros", int)
"""Millionths of a dollar: 10_000 is one cent."""


def to_micros(usd: str | int | Decimal) -> Micros:
    """Dollars to Micros, rounded up: a price is never understated. Raises ValueError if not an amount."""
    try:
        exact = Decimal(usd) * 1_000_000
        return Micros(int(exact.to_integral_value(rounding="ROUND_CEILING")))
    except (InvalidOperation, ValueError, OverflowError):
        raise ValueError(f"not an amount in dollars: {usd!r}") from None


def dollars(amount: Micros | int) -> str:
    """Micros as people write dollars: at least cents, and no digit lost: `$0.50`, `$0.0015`."""
    exact = Decimal(amount) / 1_000_000
    text = f"{abs(exact):.6f}".rstrip("0")
    whole, _, fraction = text.partition(".")
    return f"{'-' if amount < 0 else ''}${whole}.{fraction.ljust(2, '0')}"


def about(amount: Micros | int) -> str:
    """Micros as people estimate: whole cents; less than one with two figures: `$0.11`, `$0.0038`."""
    if amount >= 10_000:
        return dollars(round(amount, -4))
    return dollars(round(amount, 2 - len(str(abs(int(amount))))))


def usd(amount: Micros | int) -> float:
    """Micros as dollars for JSON, where people compute with them; exact to a millionth up to billions."""
    return amount / 1_000_000
