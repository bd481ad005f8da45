"""IBAN: valid, compact, and what it tells: country, bank and BIC."""

from __future__ import annotations

from collections.abc import Mapping

from glaze_cli.model import Field, Scalar
from glaze_cli.providers.local.checked_number import CheckedNumber
from glaze_cli.providers.local.country_names import country_name, is_country


class IbanProvider(CheckedNumber):
    """A bank account's number; bank and BIC only where schwifty's register has the bank code."""

    name = "iban"
    version = "1"
    needs = (frozenset({Field("iban")}),)
    gives = frozenset(map(Field, ("iban", "iban_valid", "country_code", "country", "bank", "bic")))

    def check(self, number: str) -> Mapping[str, Scalar] | None:
        """{iban, country_code, country, and bank, bic where known}, or None."""
        from schwifty import IBAN
        from schwifty.exceptions import SchwiftyException

        try:
            iban = IBAN(number)
        except SchwiftyException:
            return None
        values: dict[str, Scalar] = {"iban": str(iban)}
        if is_country(iban.country_code):
            values |= {"country_code": iban.country_code, "country": country_name(iban.country_code)}
        if iban.bank is not None and iban.bank.name:
            values["bank"] = iban.bank.name
        if iban.bic is not None:
            values["bic"] = str(iban.bic)
        return values
