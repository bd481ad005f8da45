"""What headers mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.fields.catalog import field_infos
from glaze_cli.fields.headers import recognise, recognise_all
from glaze_cli.model import Field

ALL_HEADERS = [
    (text, info.name) for info in field_infos().values() for text in (info.name, info.caption, *info.synonyms)
]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Email", "email"),
        ("E-Mail:", "email"),
        ("eMail", "email"),
        ("  EMAIL_ADDRESS *", "email"),
        ("e‑mail", "email"),  # a non-breaking hyphen
        ("Ｅｍａｉｌ", "email"),  # full-width letters
        ("Email?", None),  # asks whether there is one
        ("Email 2", None),  # a second one must not get a copy of the first
        ("Email sent", None),
        ("firstName", "first_name"),
        ("First\nName", "first_name"),  # a header broken over two lines
        ("Prénom", "first_name"),
        ("PRENOM", "first_name"),
        ("Vorname (Pflichtfeld)", "first_name"),
        ("Straße", "address"),
        ("STRASSE", "address"),
        ("USt-IdNr.", "vat"),
        ("N° TVA", "vat"),
        ("TVA", None),  # the tax, not the number
        ("# Employees", "employee_count"),
        ("Employees (required):", "employee_count"),
        ("Employees (2019)", None),  # this year's count there would be a lie
        ("Revenue (USD)", "revenue"),
        ("Revenue [$]", "revenue"),
        ("Revenue (EUR)", None),
        ("Revenue €", None),
        ("Revenue (m)", None),  # a factor of a million
        ("Revenue %", None),
        ("Country", "country"),
        ("Country (ISO2)", "country_code"),
        ("Country (ISO-3)", "country_code3"),
        ("Name", "full_name"),
        ("Name (company)", None),
        ("Title", "title"),
        ("Titel", None),  # in German Dr., or a book's
        ("LinkedIn URL", "linkedin"),
        ("Телефон", "phone"),
        ("会社名", "company"),
        ("Notes", None),
        ("", None),
        ("***", None),
    ],
)
def test_a_header_is_read_as_people_mean_it(header: str, field: str | None) -> None:
    """A header is understood exactly or not at all."""
    assert recognise(header) == field


def test_no_header_means_two_fields() -> None:
    """Every name, caption and synonym leads back to its own field: none was given to two."""
    assert len(ALL_HEADERS) > 500
    assert [(text, field) for text, field in ALL_HEADERS if recognise(text) != field] == []


@given(
    st.sampled_from(ALL_HEADERS),
    st.sampled_from([str.upper, str.lower, str.title, "  {} :".format, "{}*".format]),
)
def test_case_and_trimmings_do_not_matter(known: tuple[str, Field], dress) -> None:  # type: ignore[no-untyped-def]
    """However a known header is dressed, it means the same."""
    assert recognise(dress(known[0])) == known[1]


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ("Name", "full_name"),
        ("Name|Email", "full_name|email"),
        ("Name|Website", "company|website"),
        ("Naam|KvK-nummer", "company|company_number"),
        ("Name|Industry|Phone", "company|industry|phone"),
        ("Name|Email|Website", "full_name|email|website"),  # an address book of people
        ("Name|Job title|Domain", "full_name|title|domain"),
        ("Name|Title|Domain", "full_name|title|domain"),
        ("Name|Company|Website", "full_name|company|website"),
        ("Name|Full name|Website", "full_name|full_name|website"),
        ("Contact|Website", "full_name|website"),  # only a bare Name is in doubt
        ("Name|Vorname", "last_name|first_name"),  # German lists say Name for the surname
        ("Nom|Prénom|Email", "last_name|first_name|email"),
        ("Nom|Pays", "|country"),  # Nom alone is a person's, a company's or a product's
        ("Name|First name", "|first_name"),  # the surname, or the whole name? not guessed
        ("Name|First name|Last name", "full_name|first_name|last_name"),
        ("Nachname|Vorname|Name", "last_name|first_name|full_name"),
        ("Title|Author|ISBN", "book_title|author|isbn"),
        ("Title|Author|Company", "title|author|company"),  # writers, and what they do
        ("Title|Email|DOI", "title|email|doi"),
        ("Title", "title"),
        ("Notes|", "|"),
    ],
)
def test_a_bare_header_is_read_by_the_company_it_keeps(headers: str, fields: str) -> None:
    """A column called Name is a company's, and Title a book's, only where nothing speaks of a person."""
    assert recognise_all(headers.split("|")) == tuple(field or None for field in fields.split("|"))


@given(st.lists(st.text(max_size=20), max_size=6))
def test_any_headers_get_one_reading_each(headers: list[str]) -> None:
    """Whatever a sheet has in its first row, every column gets a field or None."""
    assert len(recognise_all(headers)) == len(headers)
