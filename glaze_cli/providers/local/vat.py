"""VAT numbers: valid, with the country's prefix, and the country. Offline: no register is asked."""

from __future__ import annotations

from functools import lru_cache

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound, Scalar
from glaze_cli.providers.base import ProviderBase
from glaze_cli.providers.local.checked_number import plain_number
from glaze_cli.providers.local.country_names import country_code, is_country

_COUNTRY_OF_PREFIX = {"EL": "GR", "XI": "GB", "UK": "GB"}
"""Greece and Northern Ireland have prefixes that are not their ISO codes; UK is what people write."""


class VatProvider(ProviderBase):
    """Whether the number is well formed and its check digits hold, by the rule of its country.

    The country is the number's own prefix or, where it has none, the row's country code. With
    neither, or for a country without a rule (the US has no VAT), the answer is NotFound.
    """

    name = "vat"
    version = "1"
    needs = (frozenset({Field("vat"), Field("country_code")}), frozenset({Field("vat")}))
    gives = frozenset(map(Field, ("vat", "vat_valid", "vat_country")))

    async def look_up(self, lookup: Lookup) -> Answer:
        """Found, valid or not; NotFound where no rule can be applied."""
        number = plain_number(lookup["vat"], "vat")
        if not number:
            return NotFound("not a number")
        given = lookup.get("country_code")
        found = country_code(given) if given else None
        row_country = found if isinstance(found, str) else ""
        prefixes = [code for code in (number[:2], row_country) if _has_rule(code)]
        if not prefixes:
            unknown = row_country or number[:2]
            lettered = unknown.isascii() and unknown.isalpha()
            return NotFound(
                f"no rule for VAT numbers of {unknown}" if lettered else "has no country's prefix"
            )
        for prefix in prefixes:
            own = number if number.startswith(prefix) else prefix + number
            valid = _validated(own)
            if valid is not None:
                return Found(_facts(valid))
        return Found({Field("vat_valid"): False})


@lru_cache(maxsize=1_000)
def _has_rule(prefix: str) -> bool:
    """Whether python-stdnum can check the numbers of that country."""
    from stdnum.util import get_cc_module

    code = _COUNTRY_OF_PREFIX.get(prefix, prefix)
    return code.isascii() and code.isalpha() and len(code) == 2 and bool(get_cc_module(code, "vat"))


def _validated(number: str) -> str | None:
    """The number as its country writes it (EL for Greece), or None if it is not valid."""
    from stdnum import vatin
    from stdnum.exceptions import ValidationError

    # "EU" numbers (one-stop shop) are digits; stdnum would also take EU + any country's number.
    if number.startswith("EU") and not number[2:].isdecimal():
        return None
    if number.startswith("UK"):
        number = "GB" + number[2:]
    try:
        valid = vatin.validate(number)
    except ValidationError:
        return None
    # python-stdnum fills up lost zeros and drops a doubled prefix: guesses.
    if valid != "".join(filter(str.isalnum, number)):
        return None
    return "EL" + valid[2:] if valid.startswith("GR") else valid


def _facts(number: str) -> dict[Field, Scalar]:
    """What a valid number tells; an `EU` number belongs to no country."""
    code = _COUNTRY_OF_PREFIX.get(number[:2], number[:2])
    values: dict[Field, Scalar] = {Field("vat"): number, Field("vat_valid"): True}
    if is_country(code):
        values[Field("vat_country")] = code
    return values
