"""IBAN numbers."""

from __future__ import annotations

import asyncio

import pytest
from schwifty import IBAN

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.local.iban import IbanProvider

INVALID = Found({Field("iban_valid"): False})


def ask(text: str) -> Answer:
    """What the provider says about that text."""
    return asyncio.run(IbanProvider().look_up(Lookup.about("iban", "1", {Field("iban"): text})))


COMMERZBANK = {
    "iban": "DE89370400440532013000",
    "iban_valid": True,
    "iban_country": "DE",
    "bank": "Commerzbank",
    "bic": "COBADEFFXXX",
}


@pytest.mark.parametrize(
    "text",
    [
        "DE89 3704 0044 0532 0130 00",  # as printed
        "de89370400440532013000",  # lower case
        "IBAN: DE89-3704-0044-0532-0130-00",  # hyphens, with its label
    ],
)
def test_valid(text: str) -> None:
    """A valid IBAN is given compact, with country, bank and BIC from schwifty's register."""
    assert ask(text) == Found({Field(field): value for field, value in COMMERZBANK.items()})


def test_unknown_bank() -> None:
    """A bank that is not in the register is left out, not guessed."""
    expected = {
        "iban": "XK051212012345678906",
        "iban_valid": True,
        "iban_country": "XK",
    }
    assert ask("XK051212012345678906") == Found({Field(field): value for field, value in expected.items()})


def test_shared_bank_code() -> None:
    """Where the register has two banks for one code, neither is claimed."""
    iban = str(IBAN.generate("GB", bank_code="BKCH", branch_code="401234", account_code="12345678"))
    answer = ask(iban)
    assert isinstance(answer, Found)
    assert set(answer.values) == {"iban", "iban_valid", "iban_country"}


@pytest.mark.parametrize(
    "text",
    [
        "DE88370400440532013000",  # wrong check digits
        "DE8937040044053201300",  # a digit short
        "ZZ89370400440532013000",  # no such country
        "US64SVBKUS6S3300958879",  # a country without IBANs
        "12345678",  # a national account number
        "DE89 3704 0044 0532 0130 0é",  # a letter outside A-Z
    ],
)
def test_invalid(text: str) -> None:
    """An invalid IBAN is an answer, and nothing else is said."""
    assert ask(text) == INVALID


def test_no_number() -> None:
    """A text without a number is not found, not invalid."""
    assert ask("on request") == NotFound("not a number")


def test_the_word_before_the_number_is_no_part_of_it() -> None:
    """`IBAN DE89 …`, as invoices print it, is the number."""
    assert ask("IBAN DE89 3704 0044 0532 0130 00") == ask("DE89370400440532013000")
