"""LEI: the identifier of a legal entity, valid and compact."""

from __future__ import annotations

import re
from collections.abc import Mapping

from glaze_cli.model import Field, Scalar
from glaze_cli.providers.local.checked_number import CheckedNumber


class LeiProvider(CheckedNumber):
    """Whether the check digits hold; whether the entity exists is for a register to say."""

    name = "lei"
    version = "1"
    needs = (frozenset({Field("lei")}),)
    gives = frozenset({Field("lei"), Field("lei_valid")})

    def check(self, number: str) -> Mapping[str, Scalar] | None:
        """{lei}, or None."""
        from stdnum import lei

        # python-stdnum checks the digits alone, not the length.
        shaped = re.fullmatch(r"[A-Z0-9]{18}[0-9]{2}", number)
        return {"lei": number} if shaped and lei.is_valid(number) else None
