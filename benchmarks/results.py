"""The tables of RESULTS.md, found by their headings, read by the names of their columns and rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")


class Missing(ValueError):
    """What was looked for is not there: one sentence."""


@dataclass(frozen=True)
class Table:
    """One table: all its cells are texts."""

    headings: tuple[str, ...]
    """Those above it, the outer first."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def number(self, column: str, *words: str) -> float:
        """The first number in the first column whose name begins with `column`, of the row `words`.

        A row's first cells are those words, or go on after them and a blank. Raises Missing.
        """
        row = self._row(words)
        if row is None:
            raise self._missing("row", " | ".join(words))
        for name, cell in zip(self.columns, row, strict=True):
            found = _NUMBER.search(cell)
            if name.startswith(column) and found:
                return float(found[0].replace(",", ""))
        raise self._missing(f"number in the row “{' | '.join(words)}” below a column", column)

    def has(self, *words: str) -> bool:
        """Whether there is such a row."""
        return self._row(words) is not None

    def _row(self, words: tuple[str, ...]) -> tuple[str, ...] | None:
        for row in self.rows:
            if all(f"{cell} ".startswith(f"{word} ") for cell, word in zip(row, words, strict=False)):
                return row
        return None

    def _missing(self, what: str, name: str) -> Missing:
        where = ", ".join(self.headings)
        return Missing(f"benchmarks/RESULTS.md: the table below “{where}” has no {what} “{name}”.")


def table(text: str, *headings: str) -> Table:
    """The first table of that Markdown below headings with these words, the outer first. Raises Missing."""
    for one in _tables(text):
        above = one.headings[: len(headings)]
        if len(above) == len(headings) and all(
            word in heading for word, heading in zip(headings, above, strict=True)
        ):
            return one
    raise Missing(f"benchmarks/RESULTS.md: there is no table below “{', '.join(headings)}”.")


def _tables(text: str) -> Iterator[Table]:
    headings: tuple[str, ...] = ()
    for block in re.split(r"\n\s*\n", text):
        lines = block.strip().splitlines()
        while lines and (found := re.match(r"(#+) (.*)", lines[0])):
            level = len(found[1]) - 2  # the page's own title is none
            headings = (*headings[: max(level, 0)], found[2]) if level >= 0 else ()
            del lines[0]
        if len(lines) > 2 and all(line.startswith("|") for line in lines):
            columns, _, *rows = (_cells(line) for line in lines)
            yield Table(headings, columns, tuple(rows))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
