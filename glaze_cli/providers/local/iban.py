"""IBAN: valid, compact, and what it tells of the account: its country, bank and BIC."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from glaze_cli.model import Field, Scalar
from glaze_cli.providers.local.checked_number import CheckedNumber
from glaze_cli.providers.local.country_names import is_country

if TYPE_CHECKING:
    from schwifty import IBAN


class IbanProvider(CheckedNumber):
    """A bank account's number; bank and BIC only where schwifty's register has the bank code.

    The account's country is not its owner's, so it has a field of its own.
    """

    name = "iban"
    version = "1"
    needs = (frozenset({Field("iban")}),)
    gives = frozenset(map(Field, ("iban", "iban_valid", "iban_country", "bank", "bic")))

    def check(self, number: str) -> Mapping[str, Scalar] | None:
        """{iban, and iban_country, bank, bic where known}, or None."""
        from schwifty import IBAN
        from schwifty.exceptions import SchwiftyException

        try:
            iban = IBAN(number.removeprefix("IBAN"))  # as invoices print it; no country is called IB
        except SchwiftyException:
            return None
        values: dict[str, Scalar] = {"iban": str(iban)}
        if is_country(iban.country_code):
            values["iban_country"] = iban.country_code
        return values | _bank(iban)


def _bank(iban: IBAN) -> dict[str, Scalar]:
    """{bank, bic}, each only where all the register's entries for the bank code agree.

    Of 25,000 codes about a hundred are shared (ES 0075, GB BKCH), and schwifty picks one.
    """
    from schwifty import registry

    bank = iban.bank  # once: it is looked up when it is read
    if bank is None:
        return {}
    entries = registry.get_banks_by_code(iban.country_code, bank.bank_code)
    entries = [entry for entry in entries if entry.primary] or entries
    names = {entry.name for entry in entries if entry.name}
    # The last three letters are the branch; schwifty gives the head office.
    institutes = {entry.bic[:8] for entry in entries if entry.bic}
    values: dict[str, Scalar] = {}
    if len(names) == 1:
        values["bank"] = names.pop()
    bic = iban.bic if len(institutes) == 1 else None
    if bic is not None:
        values["bic"] = str(bic)
    return values
