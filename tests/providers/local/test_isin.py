"""ISIN numbers."""

from __future__ import annotations

import asyncio

import pytest

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.local.isin import IsinProvider

INVALID = Found({Field("isin_valid"): False})


def ask(text: str) -> Answer:
    """What the provider says about that text."""
    return asyncio.run(IsinProvider().look_up(Lookup.about("isin", "1", {Field("isin"): text})))


@pytest.mark.parametrize(
    ("text", "isin", "country"),
    [
        ("US0378331005", "US0378331005", "US"),  # Apple
        ("de000bay0017", "DE000BAY0017", "DE"),  # lower case
        ("IS0000001469", "IS0000001469", "IS"),  # Iceland: begins like the label ISIN
        ("US 037833100 5", "US0378331005", "US"),  # in groups
    ],
)
def test_valid(text: str, isin: str, country: str) -> None:
    """A valid ISIN is given compact, with the country that numbered it."""
    expected = {"isin": isin, "isin_valid": True, "isin_country": country}
    assert ask(text) == Found({Field(field): value for field, value in expected.items()})


@pytest.mark.parametrize(
    "text",
    [
        "XS0104440986",  # international
        "EU000A1G0AB4",  # European Union
        "CS0008418869",  # Czechoslovakia is no country today
    ],
)
def test_no_country(text: str) -> None:
    """A prefix that is no country's gives no country."""
    assert ask(text) == Found({Field("isin"): text, Field("isin_valid"): True})


@pytest.mark.parametrize(
    "text",
    [
        "US0378331004",  # wrong check digit
        "US037833100",  # a character short
        "ZZ0378331005",  # no such prefix
        "037833100",  # a CUSIP
    ],
)
def test_invalid(text: str) -> None:
    """An invalid ISIN is an answer, and nothing else is said."""
    assert ask(text) == INVALID


def test_no_number() -> None:
    """A text without a number is not found, not invalid."""
    assert ask("unlisted") == NotFound("not a number")
