"""Country: from any spelling, code or language to its English name, ISO codes and currency."""

from __future__ import annotations

from datetime import date

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound, Scalar
from glaze_cli.providers.base import ProviderBase
from glaze_cli.providers.local.country_names import alpha3, country_code, country_name, newer_currency


class CountryProvider(ProviderBase):
    """`Deutschland`, `DEU`, `de` → Germany, DE, DEU, EUR. England and Scotland are in the United Kingdom."""

    name = "country"
    version = "1"
    needs = (frozenset({Field("country")}), frozenset({Field("country_code")}))
    gives = frozenset(map(Field, ("country", "country_code", "country_code3", "currency")))

    async def look_up(self, lookup: Lookup) -> Answer:
        """Found; NotFound where no country, or more than one, is meant."""
        written = lookup.get("country")
        # In a column of names, NA is as often "not available" as it is Namibia.
        if written is not None and written.replace(".", "").strip().upper() == "NA":
            return NotFound("NA could be Namibia or not available")
        code = country_code(written if written is not None else lookup["country_code"])
        if isinstance(code, NotFound):
            return code
        values: dict[Field, Scalar] = {Field("country"): country_name(code), Field("country_code"): code}
        three, currency = alpha3(code), _currency(code)
        if three:
            values[Field("country_code3")] = three
        if currency:
            values[Field("currency")] = currency
        return Found(values)


def _currency(code: str) -> str | None:
    """The currency without an end; where two are legal tender, the country's own (Panama: PAB, USD)."""
    newer = newer_currency(code)
    if newer:
        return newer
    from babel.numbers import get_territory_currencies

    tender = get_territory_currencies(code, start_date=date.max)
    own = [currency for currency in tender if currency.startswith(code)]
    return next(iter(own + tender), None)
