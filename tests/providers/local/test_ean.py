"""EAN, UPC and GTIN numbers."""

from __future__ import annotations

import asyncio

import pytest

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.local.ean import EanProvider

INVALID = Found({Field("ean_valid"): False})


def ask(text: str) -> Answer:
    """What the provider says about that text."""
    return asyncio.run(EanProvider().look_up(Lookup.about("ean", "1", {Field("ean"): text})))


@pytest.mark.parametrize(
    ("text", "ean"),
    [
        ("4006381 333931", "4006381333931"),  # EAN-13
        ("7351-3537", "73513537"),  # EAN-8
        ("036000291452", "036000291452"),  # UPC keeps its leading zero
        ("98412345678908", "98412345678908"),  # GTIN-14
        ("EAN: 4006381333931", "4006381333931"),  # with its label
    ],
)
def test_valid(text: str, ean: str) -> None:
    """A valid article number is given compact, in its own length."""
    assert ask(text) == Found({Field("ean"): ean, Field("ean_valid"): True})


@pytest.mark.parametrize(
    "text",
    [
        "4006381333932",  # wrong check digit
        "36000291452",  # a UPC whose zero was lost in a spreadsheet
        "400638133393",  # a digit short
        "0000000000000",  # a placeholder
        "4006381333931.0",  # a number with decimals is no article
        "4006381E33931",  # a letter
    ],
)
def test_invalid(text: str) -> None:
    """An invalid article number is an answer, and nothing else is said."""
    assert ask(text) == INVALID


def test_no_number() -> None:
    """A text without a number is not found, not invalid."""
    assert ask("none") == NotFound("not a number")
