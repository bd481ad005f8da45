"""Phone: a number's international form and what its digits alone say about it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound, Scalar
from glaze_cli.providers.base import ProviderBase
from glaze_cli.providers.local.country_names import country_code, country_name, is_country

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_PHONE = Field("phone")
_GIVES = ("phone", "phone_valid", "phone_type", "carrier", "phone_country", "phone_region", "timezone")
_MORE = "holds more than a phone number"
_SECOND = re.compile(r"/\s*\d{1,2}\s*$")
"""`+49 30 123456/7` is two numbers, `030/123456` is one."""


class PhoneProvider(ProviderBase):
    """Where a number was issued is the number's, not its owner's: it gives `phone_country`, never `country`.

    `carrier` is given only where numbers cannot move to another carrier, `timezone` only where the number
    has exactly one. A number without `+` and without a country is NotFound: it could be anywhere.
    """

    name = "phone"
    version = "1"
    needs = (
        frozenset({_PHONE, Field("country_code")}),
        frozenset({_PHONE, Field("country")}),
        frozenset({_PHONE}),
    )
    gives = frozenset(map(Field, _GIVES))

    async def look_up(self, lookup: Lookup) -> Answer:
        """`{phone_valid: False}` alone for what cannot be a number; NotFound where it cannot be told."""
        import phonenumbers

        _keep_patterns()
        text, home = lookup["phone"], _home(lookup)
        try:
            number = phonenumbers.parse(text, home)
        except phonenumbers.NumberParseException as error:
            if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE and home is None:
                return NotFound("no country code that is known, and no country beside it")
            number = None
        # Whether a number is valid at all is, to the library as well, whether it is so in its own region.
        code = None if number is None else phonenumbers.region_code_for_number(number)
        if number is None or code is None or not phonenumbers.is_valid_number_for_region(number, code):
            inside = phonenumbers.PhoneNumberMatcher(text, home).has_next()
            return NotFound(_MORE) if inside else Found({Field("phone_valid"): False})
        if _holds_more(text, number):
            return NotFound(_MORE)
        if home and _lacks_plus(text, number):
            return NotFound("could be a national or an international number")
        return Found({Field("phone_valid"): True, **_facts(number, code)})


@cache
def _keep_patterns() -> None:
    """Keeps what the library compiles: its countries have more patterns than `re` remembers.

    Without it, numbers of many countries in turn take four times as long. An older version of the library
    has nothing to keep them in.
    """
    import phonenumbers

    if hasattr(phonenumbers, "enable_pattern_cache"):
        phonenumbers.enable_pattern_cache()


def _home(lookup: Lookup) -> str | None:
    """The country to dial from, where the row names one for certain."""
    written = lookup.get("country_code") or lookup.get("country")
    # NA in a column of names is as often "not available" as it is Namibia.
    if written is None or (lookup.get("country_code") is None and written.upper() == "NA"):
        return None
    code = country_code(written)
    return None if isinstance(code, NotFound) else code


def _holds_more(text: str, number: PhoneNumber) -> bool:
    """Whether a valid number swallowed what is not part of it: a second number, or a word (`Büro`).

    The library reads letters as keys. In North America every number has ten digits, so a word that fits
    (1-800-FLOWERS) is meant; elsewhere lengths vary, and a remark would turn into digits.
    """
    import phonenumbers

    if _SECOND.search(text):
        return True
    if number.country_code == 1 or not any(map(str.isalpha, text)):
        return False
    written = f"{number.national_number}{number.extension or ''}"
    return not phonenumbers.normalize_digits_only(text).endswith(written)


def _lacks_plus(text: str, number: PhoneNumber) -> bool:
    """Whether digits read as national are a valid number of the same country with a plus before them, too.

    `491701234567` in Germany is a number in Leer, or a mobile that a spreadsheet took the plus from.
    """
    import phonenumbers

    digits = phonenumbers.normalize_digits_only(text)
    if text.lstrip("( ").startswith("+") or not digits.startswith(str(number.country_code)):
        return False
    try:
        other = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return False
    return other.national_number != number.national_number and phonenumbers.is_valid_number(other)


def _facts(number: PhoneNumber, code: str) -> dict[Field, Scalar]:
    """What is certain about a valid number of that region; what is not is absent."""
    import phonenumbers

    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    kind = phonenumbers.number_type(number)
    words = phonenumbers.PhoneNumberType.to_string(kind).lower()
    facts: dict[Field, Scalar] = {
        _PHONE: f"{e164} ext. {number.extension}" if number.extension else e164,
        Field("phone_type"): "" if words == "unknown" else words,
        Field("phone_country"): country_name(code) if is_country(code) else "",
        Field("phone_region"): _place(number, code),
        Field("carrier"): _carrier(number, code),
        Field("timezone"): _timezone(number, code, kind),
    }
    return {field: value for field, value in facts.items() if value}


def _place(number: PhoneNumber, code: str) -> str:
    """The place of a valid number; "" where the library, for want of one, names the country again."""
    from phonenumbers import geocoder

    place = geocoder.description_for_valid_number(number, "en")
    # To name the country, the library tries the number in each that shares its calling code (25 have +1).
    # It can only come to the one in which it is valid, or to none: other words than that name are a place.
    name = _name_in_library(code)
    if name is not None and place != name:
        return place
    return "" if place == geocoder.country_name_for_number(number, "en") else place


@cache
def _name_in_library(code: str) -> str | None:
    """What the library calls a region; None where it has no number to ask it with."""
    import phonenumbers
    from phonenumbers import geocoder

    number = phonenumbers.example_number(code)
    if number is None or phonenumbers.region_code_for_number(number) != code:
        return None
    return geocoder.description_for_valid_number(number, "en", region=phonenumbers.UNKNOWN_REGION)


def _carrier(number: PhoneNumber, code: str) -> str:
    """The carrier, where numbers cannot move to another: the library says so by its region alone."""
    import phonenumbers
    from phonenumbers import carrier

    if phonenumbers.is_mobile_number_portable_region(code):
        return ""
    return carrier.safe_display_name(number, "en").strip()


def _timezone(number: PhoneNumber, code: str, kind: int) -> str:
    """The number's only time zone, if it lies in the number's country (the library gives Morocco Spain's)."""
    import phonenumbers
    from babel.core import get_global
    from phonenumbers import timezone

    # As `time_zones_for_number` does, which works out the kind again.
    geographical = phonenumbers.is_number_type_geographical(kind, number.country_code or 0)
    zones_of = timezone.time_zones_for_geographical_number if geographical else timezone.time_zones_for_number
    zones = zones_of(number)
    known = len(zones) == 1 and is_country(code) and get_global("zone_territories").get(zones[0]) == code
    return zones[0] if known else ""
