"""EAN, UPC and GTIN article numbers: valid, and compact."""

from __future__ import annotations

from collections.abc import Mapping

from glaze_cli.model import Field, Scalar
from glaze_cli.providers.local.checked_number import CheckedNumber


class EanProvider(CheckedNumber):
    """An article's number of 8, 12 (UPC), 13 or 14 (GTIN) digits; its length is kept."""

    name = "ean"
    version = "1"
    needs = (frozenset({Field("ean")}),)
    gives = frozenset({Field("ean"), Field("ean_valid")})

    def check(self, number: str) -> Mapping[str, Scalar] | None:
        """{ean}, or None."""
        from stdnum import ean

        # All zeros passes every check digit and is nobody's number: a placeholder.
        return {"ean": number} if ean.is_valid(number) and number.strip("0") else None
