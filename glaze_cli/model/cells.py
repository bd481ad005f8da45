"""Where a cell is. Rows and columns count from 1, as a spreadsheet shows them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384


@lru_cache(maxsize=1_000)  # a job asks about its few columns once a cell
def column_letters(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number > 0:
        number, digit = divmod(number - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def column_number(letters: str) -> int:
    """A → 1, aa → 27. Letters only: the caller has checked."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


class CellRef(NamedTuple):
    """One cell. `sheet` is "" in a CSV. Orders by sheet, then row, then column: the order of a file.

    A plain tuple: a run makes one a cell.
    """

    sheet: str
    row: int
    column: int

    @property
    def a1(self) -> str:
        """`C17`, without the sheet."""
        return f"{column_letters(self.column)}{self.row}"

    def __str__(self) -> str:
        return f"{self.sheet}!{self.a1}" if self.sheet else self.a1
