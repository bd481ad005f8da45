"""The header row of a sheet: which column is called what."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from glaze_cli.errors import SelectionError
from glaze_cli.model import CellRef
from glaze_cli.sheets.base import Sheet


@dataclass(frozen=True, slots=True)
class Headers:
    """The texts of one row, A first, up to the last that is not empty; "" where a column has no header."""

    row: int
    texts: tuple[str, ...]

    @classmethod
    def of(cls, sheet: Sheet, row: int) -> Headers:
        """Read them; a header of nothing but spaces is none."""
        cells = next((found.cells for found in sheet.rows(row, row)), ())
        texts = [(text or "") if (text or "").strip() else "" for text in cells]
        while texts and not texts[-1]:
            texts.pop()
        return cls(row, tuple(texts))

    def text(self, column: int) -> str:
        """What the column is called, "" when it has no header."""
        return self.texts[column - 1] if column <= len(self.texts) else ""

    def cell(self, column: int) -> str:
        """The A1 address of a column's header."""
        return CellRef("", self.row, column).a1

    def called(self, name: str) -> list[int]:
        """The columns called so: exactly, else with case and surrounding space aside; [] when none is."""
        alike = [column for column, text in enumerate(self.texts, 1) if text and _plain(text) == _plain(name)]
        return [column for column in alike if self.text(column) == name] or alike

    def find(self, name: str) -> int | None:
        """The one column called so, None when none is. Raises SelectionError when several are."""
        columns = self.called(name)
        if len(columns) > 1:
            cells = " and ".join(self.cell(column) for column in columns)
            raise SelectionError(
                f"{len(columns)} columns are called {name} ({cells}); give each its own name."
            )
        return columns[0] if columns else None

    def close_to(self, name: str) -> list[str]:
        """Up to three headers that look like a mistyped name, the closest first."""
        by_plain = {_plain(text): text for text in self.texts if text}
        return [by_plain[found] for found in difflib.get_close_matches(_plain(name), by_plain, cutoff=0.6)]


def _plain(text: str) -> str:
    return text.strip().casefold()
