"""Countries."""

from __future__ import annotations

import asyncio
import sys
import unicodedata
from importlib import resources

import babel
import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.local.country import CountryProvider
from glaze_cli.providers.local.country_names import country_name, other_names
from glaze_cli.providers.local.country_table import as_text, made_with, read_table

EVERY = [*(country.alpha_2 for country in pycountry.countries), "XK"]


def ask(text: str, field: str = "country") -> Answer:
    """What the provider says about that text."""
    return asyncio.run(CountryProvider().look_up(Lookup.about("country", "1", {Field(field): text})))


def code_of(text: str) -> object:
    """The alpha-2 code of a Found."""
    answer = ask(text)
    assert isinstance(answer, Found), answer
    return answer.values[Field("country_code")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Germany", "DE"),  # English
        ("germany ", "DE"),  # any case, spaces
        ("DE", "DE"),  # alpha-2
        ("deu", "DE"),  # alpha-3, lower case
        ("Deutschland", "DE"),  # native
        ("Allemagne", "DE"),  # another language
        ("ドイツ", "DE"),  # another script, where marks make another letter
        ("Österreich", "AT"),  # accents
        ("Osterreich", "AT"),  # lost accents
        ("\u200fمصر\u200e", "EG"),  # RTL with direction marks
        ("ශ්‍රී ලංකාව", "LK"),  # a joiner inside the word
        ("Việt Nam", "VN"),  # two accents on a letter
        ("中国", "CN"),  # simplified
        ("中國", "CN"),  # traditional
        ("대한민국", "KR"),  # official, in Korean
        ("Korea, Republic of", "KR"),  # ISO's order
        ("Korea, South", "KR"),  # a form's order
        ("Congo (Kinshasa)", "CD"),  # told apart in brackets
        ("Virgin Islands, British", "VG"),  # told apart after a comma
        ("The Gambia", "GM"),  # the article
        ("Gambia, The", "GM"),  # the article last
        ("UK", "GB"),  # not its ISO code
        ("U.S.A.", "US"),  # dots
        ("u.s.", "US"),  # dots, lower case
        ("England", "GB"),  # a part of the country that a form asks for
        ("Holland", "NL"),  # a part that stands for the whole
        ("Türkiye", "TR"),  # new name
        ("Turkey", "TR"),  # old name
        ("Ivory Coast", "CI"),  # translated name
        ("Côte d’Ivoire", "CI"),  # curly apostrophe
        ("Cote d'Ivoire", "CI"),  # straight apostrophe, no accent
        ("Czech Republic", "CZ"),  # long name
        ("Burma", "MM"),  # old name
        ("Swaziland", "SZ"),  # old name
        ("Bosnia & Herzegovina", "BA"),  # ampersand
        ("St. Lucia", "LC"),  # short for Saint
        ("Georgia", "GE"),  # a US state too, but in a column of countries it is the country
        ("Niger", "NE"),  # not Nigeria
        ("Guinea", "GN"),  # not Equatorial, not Bissau
        ("Kosovo", "XK"),  # not in ISO
    ],
)
def test_any_spelling(text: str, code: str) -> None:
    """A country is understood in the spellings people use."""
    assert code_of(text) == code


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Deutschland", ("Germany", "DE", "DEU", "EUR")),
        ("Korea, Republic of", ("South Korea", "KR", "KOR", "KRW")),
        ("Panama", ("Panama", "PA", "PAN", "PAB")),  # the dollar is legal tender too
        ("Namibia", ("Namibia", "NA", "NAM", "NAD")),  # the rand too, and older
        ("Bulgaria", ("Bulgaria", "BG", "BGR", "EUR")),  # since 2026, later than babel's data
        ("Switzerland", ("Switzerland", "CH", "CHE", "CHF")),  # WIR units are no money
        ("Kosovo", ("Kosovo", "XK", None, "EUR")),  # no alpha-3 code
        ("Antarctica", ("Antarctica", "AQ", "ATA", None)),  # no currency
    ],
)
def test_facts(text: str, facts: tuple[str | None, ...]) -> None:
    """Name, both codes and currency are given; what there is none of is left out."""
    fields = ("country", "country_code", "country_code3", "currency")
    known = {Field(field): fact for field, fact in zip(fields, facts, strict=True) if fact is not None}
    assert ask(text) == Found(known)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "no country of that name"),  # empty
        ("  ", "no country of that name"),  # blank
        ("-", "no country of that name"),  # a placeholder
        ("N/A", "no country of that name"),  # not available
        ("NA", "NA could be Namibia or not available"),  # a code, or a placeholder
        ("n.a.", "NA could be Namibia or not available"),  # the same with dots
        ("Korea", "could be North Korea or South Korea"),  # two countries
        ("Congo", "could be Democratic Republic of the Congo or Republic of the Congo"),  # two countries
        ("Saint-Martin", "could be Saint Martin (French part) or Sint Maarten"),  # two halves of an island
        ("EU", "no country of that name"),  # a union
        ("Soviet Union", "no country of that name"),  # no country any more
        ("Texas", "no country of that name"),  # a state
        ("Man", "no country of that name"),  # a word that is a country in some language
        ("276", "no country of that name"),  # a number
        ("Germany or France", "no country of that name"),  # two
        ("x" * 1_000_000, "too long for a country"),  # a megabyte
        ("(" * 99, "no country of that name"),  # brackets without end
    ],
)
def test_not_found(text: str, detail: str) -> None:
    """What is no country, or more than one, is not found, with the reason."""
    assert ask(text) == NotFound(detail)


def test_na_as_a_code() -> None:
    """In a column of codes NA is Namibia."""
    answer = ask("NA", "country_code")
    assert isinstance(answer, Found)
    assert answer.values[Field("country")] == "Namibia"


def test_every_name_is_understood_again() -> None:
    """The name given for a country leads back to that country."""
    assert len(EVERY) > 240
    assert {code: code_of(country_name(code)) for code in EVERY} == {code: code for code in EVERY}


def test_every_iso_name_is_understood() -> None:
    """ISO's codes and names lead to the country, save the one name that two countries share."""
    understood, meant = {}, {}
    for country in pycountry.countries:
        names = {country.alpha_3, country.name, getattr(country, "official_name", country.name)} - {"Congo"}
        understood |= {name: code_of(name) for name in names}
        meant |= dict.fromkeys(names, country.alpha_2)
    assert len(meant) > 500
    assert understood == meant


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["country", "country_code"]))
def test_any_text_has_an_answer(text: str, field: str) -> None:
    """No text crashes the provider."""
    answer = ask(text, field)
    assert isinstance(answer, Found) or answer.detail


@pytest.mark.skipif(babel.__version__ != made_with(), reason="another Babel than the table was made with")
def test_the_table_of_names_is_what_babel_says() -> None:
    """The table holds every name, and the codes it stands for, that asking Babel for all languages brings."""
    assert read_table() == other_names()


def test_the_table_of_names_is_written_as_it_is_read() -> None:
    """Making it anew changes nothing but what Babel changed."""
    text = resources.files("glaze_cli.providers.local").joinpath("country_table.txt").read_text("utf-8")
    assert as_text(read_table(), made_with()) == text


def test_what_is_printable_holds_no_direction_marks() -> None:
    """Every character of Unicode: so a printable name is not searched for them."""
    printable = filter(str.isprintable, map(chr, range(sys.maxunicode + 1)))
    assert not [char for char in printable if unicodedata.category(char) == "Cf"]
