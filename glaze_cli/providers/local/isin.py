"""ISIN: the identifier of a security, valid and compact, and its country."""

from __future__ import annotations

from collections.abc import Mapping

from glaze_cli.model import Field, Scalar
from glaze_cli.providers.local.checked_number import CheckedNumber
from glaze_cli.providers.local.country_names import is_country


class IsinProvider(CheckedNumber):
    """A security's number; its country is the one that numbered it (XS, EU and the like are none)."""

    name = "isin"
    version = "1"
    needs = (frozenset({Field("isin")}),)
    gives = frozenset({Field("isin"), Field("isin_valid"), Field("isin_country")})

    def check(self, number: str) -> Mapping[str, Scalar] | None:
        """{isin, isin_country where it is a country's}, or None."""
        from stdnum import isin

        if not isin.is_valid(number):
            return None
        code = number[:2]
        return {"isin": number} | ({"isin_country": code} if is_country(code) else {})
