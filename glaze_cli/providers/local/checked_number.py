"""What the numbers with check digits share: text to number, and the answer about it."""

from __future__ import annotations

import re
import unicodedata
from abc import abstractmethod
from collections.abc import Mapping

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound, Scalar
from glaze_cli.providers.base import ProviderBase

LONGEST = 200
"""Characters; a longer text is prose, and is not given to a library."""

_SEPARATORS = frozenset({"Zs", "Zl", "Zp", "Cc", "Pd"})  # spaces, line ends, tabs, dashes

_LABEL_END = r"(-(8|1[0-4])(?=[:\s])|\s*(NO|NR|ID|NUMBER)[.:#]|\s*NUMBER)?([\W_]+|(?=\d))"
"""After the noun: `ISBN-13: `, `VAT no. `; `VAT NO 995...` (Norway) keeps its letters."""


class CheckedNumber(ProviderBase):
    """A number that proves itself: its normal form, and whether its check digits hold.

    An invalid number is an answer (`{X_valid: False}` and nothing else), as the file has it: what a
    spreadsheet took away (leading zeros, the last digits of 9.78E+12) is not put back.
    """

    name: str
    """The field it reads, too."""

    async def look_up(self, lookup: Lookup) -> Answer:
        """Found, valid or not; NotFound where the text holds no number at all."""
        number = plain_number(lookup[self.name], self.name)
        if not number:
            return NotFound("not a number")
        values = self.check(number)
        valid = Field(f"{self.name}_valid")
        if values is None:
            return Found({valid: False})
        return Found({**{Field(field): value for field, value in values.items()}, valid: True})

    @abstractmethod
    def check(self, number: str) -> Mapping[str, Scalar] | None:
        """What a valid number tells, by field; None if it is not valid."""


def plain_number(text: str, label: str) -> str:
    """The number in a text: upper case, ASCII digits, no separators, no label (`ISBN-13:`); "" if none.

    Drops only what carries no meaning: spaces, dashes, direction marks and other invisible characters.
    """
    text = text.strip()
    if len(text) > LONGEST:
        return ""
    shown = unicodedata.normalize("NFKC", text).upper()
    if not any(map(str.isdecimal, shown)):
        return ""
    plain = shown.isascii() and shown.isalnum()  # most are: there is nothing between letters and digits
    if not plain:
        shown = "".join(char for char in shown if unicodedata.category(char) != "Cf").strip()
    if shown.startswith(label.upper()):
        shown = re.sub(rf"\A{label.upper()}{_LABEL_END}", "", shown)
    if plain:
        return shown
    kept = (char for char in shown if unicodedata.category(char) not in _SEPARATORS)
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in kept)
