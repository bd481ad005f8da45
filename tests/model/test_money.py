"""Money: exact, integer, never understated."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.model import about, dollars, to_micros, usd


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("0.01", 10_000),  # a cent
        ("5", 5_000_000),  # whole dollars
        ("0.0000001", 1),  # less than a millionth rounds up: a price is never understated
        ("1e-3", 1_000),  # as computers write it
    ],
)
def test_dollars_become_micros(text: str, micros: int) -> None:
    """Amounts are exact, or rounded up."""
    assert to_micros(text) == micros


@pytest.mark.parametrize("text", ["", "five", "nan", "inf", "-inf", "1,5"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    """No amount is guessed."""
    with pytest.raises(ValueError, match="not an amount"):
        to_micros(text)


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "$0.00"),
        (10_000, "$0.01"),
        (1_500, "$0.0015"),  # smaller than a cent: no digit lost
        (1_234_500_000, "$1234.50"),
        (-500_000, "-$0.50"),
    ],
)
def test_micros_read_as_dollars(micros: int, text: str) -> None:
    """At least cents, and no digit lost."""
    assert dollars(micros) == text


@given(st.integers(0, 10**15))
def test_there_and_back(micros: int) -> None:
    """Writing dollars and reading them again loses nothing."""
    assert to_micros(dollars(micros)[1:]) == micros
    assert to_micros(Decimal(repr(usd(micros)))) == micros


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (112_941, "$0.11"),  # whole cents
        (12_345_678, "$12.35"),
        (3_777, "$0.0038"),  # less than one: two figures
        (7, "$0.000007"),
        (9_999, "$0.01"),
        (0, "$0.00"),
    ],
)
def test_an_estimate_has_no_more_digits_than_it_deserves(amount: int, text: str) -> None:
    """It is a guess, and should look like one."""
    assert about(amount) == text
