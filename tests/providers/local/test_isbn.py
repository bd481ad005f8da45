"""ISBN numbers."""

from __future__ import annotations

import asyncio

import pytest

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.local.isbn import IsbnProvider

INVALID = Found({Field("isbn_valid"): False})


def ask(text: str) -> Answer:
    """What the provider says about that text."""
    return asyncio.run(IsbnProvider().look_up(Lookup.about("isbn", "1", {Field("isbn"): text})))


@pytest.mark.parametrize(
    ("text", "isbn"),
    [
        ("0-14-032872-6", "9780140328721"),  # ten digits become thirteen
        ("978-0-14-032872-1", "9780140328721"),  # thirteen
        ("080442957x", "9780804429573"),  # check digit X, lower case
        ("9791034500000", "9791034500000"),  # the newer prefix 979
    ],
)
def test_valid(text: str, isbn: str) -> None:
    """A valid ISBN is given as 13 digits."""
    assert ask(text) == Found({Field("isbn"): isbn, Field("isbn_valid"): True})


@pytest.mark.parametrize(
    "text",
    [
        "9780140328722",  # wrong check digit
        "978014032872",  # a digit short
        "140328726",  # nine digits: a zero lost in a spreadsheet is not put back
        "9.78014E+12",  # digits lost in a spreadsheet
        "4006381333931",  # an article that is no book
        "9790230671187",  # sheet music (ISMN)
        "080442957٠",  # an Arabic-Indic zero where X should be
    ],
)
def test_invalid(text: str) -> None:
    """An invalid ISBN is an answer, and nothing else is said."""
    assert ask(text) == INVALID


def test_no_number() -> None:
    """A text without a number is not found, not invalid."""
    assert ask("out of print") == NotFound("not a number")
