"""ISBN: valid, and as 13 digits."""

from __future__ import annotations

from collections.abc import Mapping

from glaze_cli.model import Field, Scalar
from glaze_cli.providers.local.checked_number import CheckedNumber


class IsbnProvider(CheckedNumber):
    """A book's number; ten digits become thirteen, compact: 0140328726 → 9780140328721."""

    name = "isbn"
    version = "1"
    needs = (frozenset({Field("isbn")}),)
    gives = frozenset({Field("isbn"), Field("isbn_valid")})

    def check(self, number: str) -> Mapping[str, Scalar] | None:
        """{isbn}, or None."""
        from stdnum import isbn

        # python-stdnum reads nine digits as ten with a lost zero (a guess), and takes 979-0,
        # which is sheet music (ISMN).
        if len(number) not in (10, 13) or number.startswith("9790") or not isbn.is_valid(number):
            return None
        return {"isbn": isbn.to_isbn13(number)}
