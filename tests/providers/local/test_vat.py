"""VAT numbers."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.local.vat import VatProvider

INVALID = Found({Field("vat_valid"): False})


def ask(text: str, country_code: str | None = None) -> Answer:
    """What the provider says about that text, in a row with or without a country."""
    inputs = {Field("vat"): text}
    if country_code is not None:
        inputs[Field("country_code")] = country_code
    return asyncio.run(VatProvider().look_up(Lookup.about("vat", "1", inputs)))


@pytest.mark.parametrize(
    ("text", "row", "vat", "code"),
    [
        ("DE136695976", None, "DE136695976", "DE"),  # its own prefix
        ("de 136,695 976", None, "DE136695976", "DE"),  # as people type it
        ("VAT no. DE136695976", None, "DE136695976", "DE"),  # with its label
        ("136695976", "DE", "DE136695976", "DE"),  # the row's country
        ("136695976", "Germany", "DE136695976", "DE"),  # the row's country by name
        ("DE136695976", "FR", "DE136695976", "DE"),  # a valid prefix outweighs the row
        ("B58378431", "ES", "ESB58378431", "ES"),  # a letter of its own
        ("BEAB900101XX1", "MX", "MXBEAB900101XX1", "MX"),  # begins like Belgium, is not
        ("GR094259216", None, "EL094259216", "GR"),  # Greece is EL for VAT, GR for ISO
        ("094259216", "GR", "EL094259216", "GR"),  # the same without a prefix
        ("XI980780684", None, "XI980780684", "GB"),  # Northern Ireland
        ("UK980780684", None, "GB980780684", "GB"),  # what people write
        ("CHE-116.281.710 MWST", None, "CHE116281710MWST", "CH"),  # its own form
        ("NO 995 525 828 MVA", None, "NO995525828MVA", "NO"),  # not "number 995 ..."
        ("IN27AAPFU0939F1ZV", None, "IN27AAPFU0939F1ZV", "IN"),  # stdnum's name for it is in_
    ],
)
def test_valid(text: str, row: str | None, vat: str, code: str) -> None:
    """A valid number is given with its prefix and its country."""
    expected = {"vat": vat, "vat_valid": True, "vat_country": code}
    assert ask(text, row) == Found({Field(field): value for field, value in expected.items()})


def test_no_country() -> None:
    """A one-stop-shop number belongs to no country."""
    assert ask("EU372022452") == Found({Field("vat"): "EU372022452", Field("vat_valid"): True})


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("DE136695977", None),  # wrong check digit
        ("136695977", "DE"),  # the same without a prefix
        ("DE13669597", None),  # a digit short
        ("DEDE136695976", None),  # a doubled prefix
        ("EUDE136695976", None),  # two prefixes
        ("NL4495445B01", None),  # zeros lost in a spreadsheet, which python-stdnum would fill up
        ("DE" + "9" * 150, None),  # far too long
    ],
)
def test_invalid(text: str, row: str | None) -> None:
    """An invalid number is an answer, and nothing else is said."""
    assert ask(text, row) == INVALID


@pytest.mark.parametrize(
    ("text", "row", "detail"),
    [
        ("", None, "not a number"),  # empty
        ("exempt", "DE", "not a number"),  # no digit
        ("DE" + "1" * 1_000_000, None, "not a number"),  # a megabyte
        ("136695976", None, "has no country's prefix"),  # valid in several countries perhaps
        ("US123456789", None, "no rule for VAT numbers of US"),  # no VAT there
        ("12-3456789", "US", "no rule for VAT numbers of US"),  # the same, by the row
        ("رقم ١٢٣٤٥", None, "has no country's prefix"),  # Arabic
    ],
)
def test_not_found(text: str, row: str | None, detail: str) -> None:
    """Where no country's rule applies, nothing is claimed."""
    assert ask(text, row) == NotFound(detail)


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(
        st.text(max_size=30),
        st.from_regex(
            r"(AT|AU|BE|BR|CH|CN|CY|CZ|ES|EU|FR|GB|IE|IL|IN|IT|MX|NL|NO|RU|SE|TN|VE)[0-9A-Zé. /-]{1,16}",
            fullmatch=True,
        ),
    ),
    st.sampled_from([None, "", "AZ", "CA", "FO", "ID", "JP", "KE", "KR", "MA", "SN", "TR", "UY", "VN", "??"]),
)
def test_any_text_has_an_answer(text: str, row: str | None) -> None:
    """No text crashes the provider, whatever the country."""
    answer = ask(text, row)
    assert isinstance(answer, Found | NotFound)
    if isinstance(answer, Found) and answer != INVALID:
        assert ask(str(answer.values[Field("vat")])) == answer
