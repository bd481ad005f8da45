"""LEI numbers."""

from __future__ import annotations

import asyncio

import pytest

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.local.lei import LeiProvider

INVALID = Found({Field("lei_valid"): False})


def ask(text: str) -> Answer:
    """What the provider says about that text."""
    return asyncio.run(LeiProvider().look_up(Lookup.about("lei", "1", {Field("lei"): text})))


@pytest.mark.parametrize(
    ("text", "lei"),
    [
        ("5493001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1R12"),  # as registers write it
        ("213800kud8lajwsq9d15", "213800KUD8LAJWSQ9D15"),  # lower case
        ("LEI 2138 00KU D8LA JWSQ 9D15", "213800KUD8LAJWSQ9D15"),  # in groups, with its label
    ],
)
def test_valid(text: str, lei: str) -> None:
    """A valid LEI is given compact."""
    assert ask(text) == Found({Field("lei"): lei, Field("lei_valid"): True})


@pytest.mark.parametrize(
    "text",
    [
        "5493001KJTIIGC8Y1R13",  # wrong check digits
        "5493001KJTIIGC8Y1R1",  # a character short
        "98",  # passes mod 97, which is all that python-stdnum asks
        "00000000000000000000",  # a placeholder
        "5493001KJTIIGC8Y1RÄ2",  # a letter outside A-Z
    ],
)
def test_invalid(text: str) -> None:
    """An invalid LEI is an answer, and nothing else is said."""
    assert ask(text) == INVALID


def test_no_number() -> None:
    """A text without a number is not found, not invalid."""
    assert ask("pending") == NotFound("not a number")
