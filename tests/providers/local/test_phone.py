"""What a phone number alone tells."""

from __future__ import annotations

import asyncio

import phonenumbers
import pytest
from babel.core import get_global
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import carrier, geocoder, timezone

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.local.phone import PhoneProvider

provider = PhoneProvider()


def ask(phone: str, **inputs: str) -> Answer:
    named = {Field("phone"): phone, **{Field(field): text for field, text in inputs.items() if text}}
    return asyncio.run(provider.look_up(Lookup.about(provider.name, provider.version, named)))


@pytest.mark.parametrize(
    ("phone", "country", "facts"),
    [
        ("+49 30 123456", "", "+4930123456|fixed_line|Germany|Berlin|Europe/Berlin"),
        ("+49 (0)30 123456", "", "+4930123456|fixed_line|Germany|Berlin|Europe/Berlin"),  # the optional zero
        ("030/123456", "Deutschland", "+4930123456|fixed_line|Germany|Berlin|Europe/Berlin"),
        ("+49 30 123456", "France", "+4930123456|fixed_line|Germany|Berlin|Europe/Berlin"),  # the plus wins
        ("0049 30 123456", "CH", "+4930123456|fixed_line|Germany|Berlin|Europe/Berlin"),
        ("011 41 44 668 18 00", "USA", "+41446681800|fixed_line|Switzerland|Zurich|Europe/Zurich"),
        (
            "(212) 736-5000",
            "US",
            "+12127365000|fixed_line_or_mobile|United States|New York, NY|America/New_York",
        ),
        (
            "12127365000",
            "US",
            "+12127365000|fixed_line_or_mobile|United States|New York, NY|America/New_York",
        ),
        # Trinidad shares +1, Guernsey +44, Kazakhstan +7
        ("+1 868 622 1234", "", "+18686221234|fixed_line|Trinidad and Tobago||America/Port_of_Spain"),
        ("+44 1481 720000", "", "+441481720000|fixed_line|Guernsey||Europe/Guernsey"),
        ("20 7031 3000", "England", "+442070313000|fixed_line|United Kingdom|London|Europe/London"),
        ("+44 7400 123456", "", "+447400123456|mobile|United Kingdom||"),  # four zones, movable carrier
        ("+7 727 2 50 50 50", "", "+77272505050|fixed_line|Kazakhstan|Otegen Batyra|Asia/Almaty"),
        ("+212 522 123456", "", "+212522123456|fixed_line|Morocco||"),  # the library's zone is Spain's
        ("+800 1234 5678", "", "+80012345678|toll_free|||"),  # of no country
        ("1-800-FLOWERS", "US", "+18003569377|toll_free|United States||"),
        ("+44 20 7031 3000 x12", "", "+442070313000 ext. 12|fixed_line|United Kingdom|London|Europe/London"),
        ("011 15-2345-6789", "AR", "+5491123456789|mobile|Argentina|Buenos Aires|"),  # the 15 becomes a 9
        ("06 488 1234", "IT", "+39064881234|fixed_line|Italy|Rome|Europe/Rome"),  # Italy keeps its zero
    ],
)
def test_a_valid_number(phone: str, country: str, facts: str) -> None:
    """A valid number gets its international form and what is certain about it, nothing more."""
    names = ("phone", "phone_type", "phone_country", "phone_region", "timezone")
    expected = {name: fact for name, fact in zip(names, facts.split("|"), strict=True) if fact}
    assert ask(phone, country=country) == Found({"phone_valid": True, **expected})  # type: ignore[dict-item]


def test_a_carrier_is_told_where_numbers_cannot_move() -> None:
    """A German mobile may have left its first carrier, a Kosovar one may not."""
    germany, kosovo = ask("+49 151 12345678"), ask("+383 44 123 456")
    assert isinstance(germany, Found) and Field("carrier") not in germany.values
    assert isinstance(kosovo, Found) and kosovo.values[Field("carrier")] == "vala"


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        ("12345", "DE"),  # too short
        ("+49", ""),
        ("+1 650 253", ""),
        ("555-0100", "US"),  # no area code
        ("4.91701E+11", ""),  # what a spreadsheet made of it
        ("ask reception", "DE"),
    ],
)
def test_no_number_is_an_answer(phone: str, country: str) -> None:
    """What cannot be a phone number is said to be invalid, and nothing else is said."""
    assert ask(phone, country=country) == Found({Field("phone_valid"): False})


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        ("030 123456", ""),  # anywhere
        ("030 123456", "Atlantis"),
        ("030 123456", "NA"),  # Namibia, or not available
        ("+999 123456789", ""),  # no country code that the library knows
        ("0041 44 668 18 00", ""),  # 00 dials abroad in most countries, not in all
        ("491701234567", "DE"),  # in Leer, or a mobile that lost its plus
        ("+49 30 123456/7", ""),  # two numbers
        ("+49 30 123456 / +49 30 999999", ""),
        ("+49 30 123456 Büro", ""),  # the library would dial the word
        ("030 1234 home", "DE"),
        ("call +1 650 253 0000 now", ""),
    ],
)
def test_doubt_is_not_found(phone: str, country: str) -> None:
    """A text that could be two numbers, or one of two, gets no answer."""
    assert isinstance(ask(phone, country=country), NotFound)


def test_the_country_code_is_read_before_the_country() -> None:
    """Of a row with both, the first alternative is the code."""
    answer = ask("061 221 234", country_code="NA")
    assert isinstance(answer, Found) and answer.values[Field("phone_country")] == "Namibia"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789+ -/().xabcÄ,;", max_size=30), st.sampled_from(["", "DE", "US", "??"]))
def test_any_text_gets_an_answer(text: str, country: str) -> None:
    """No text breaks the provider, and it gives what it says it gives."""
    answer = ask(text, country=country)
    assert isinstance(answer, NotFound) or set(answer.values) <= provider.gives


def check_against_the_library(digits: str) -> None:
    """What is told in fewer steps is what the library tells in its own."""
    try:
        number = phonenumbers.parse(digits)
    except phonenumbers.NumberParseException:
        return
    answer = ask(digits)
    assert isinstance(answer, Found)
    valid = phonenumbers.is_valid_number(number)
    assert answer.values[Field("phone_valid")] is valid
    if valid:
        place = geocoder.description_for_valid_number(number, "en")
        named = place == geocoder.country_name_for_number(number, "en")
        assert answer.values.get(Field("phone_region"), "") == ("" if named else place)
        at = carrier.safe_display_name(number, "en").strip()
        assert answer.values.get(Field("carrier"), "") == at
        zones = timezone.time_zones_for_number(number)
        there = get_global("zone_territories").get(zones[0]) == phonenumbers.region_code_for_number(number)
        expected = zones[0] if len(zones) == 1 and there else ""
        assert answer.values.get(Field("timezone"), "") == expected


KINDS = [
    kind for kind in phonenumbers.PhoneNumberType.values() if kind != phonenumbers.PhoneNumberType.UNKNOWN
]


def test_a_number_of_any_country_is_what_the_library_says() -> None:
    """One of each kind that a country has, of every country."""
    for region in phonenumbers.SUPPORTED_REGIONS:
        for kind in KINDS:
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
                check_against_the_library(e164)


@given(st.from_regex(r"\+(1[2-9]|44|7|39|262|61|49)[0-9]{6,10}", fullmatch=True))
def test_a_number_of_countries_that_share_a_code_is_what_the_library_says(digits: str) -> None:
    """Where several countries have a code, or one: any digits."""
    check_against_the_library(digits)
