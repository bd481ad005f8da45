"""Fails unless a filled workbook holds real values: `python .ci/look.py BEFORE.xlsx AFTER.xlsx`.

It reads the files with Glaze's own reader, since the first command of the README installs nothing else;
tests/test_examples.py looks at the same workbook with other libraries.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from glaze_cli.sheets.open import open_book

EXPECTED = {
    "First name": "Anna",
    "Last name": "Schmidt",
    "Legal form": "GmbH",
    "Domain": "nordwerk-fiktiv.de",
    "Country code": "DE",
    "Currency": "EUR",
    "Time zone": "Europe/Berlin",
}
"""Of the first row."""


def rows(path: str) -> list[dict[str, str]]:
    """The filled cells of each row, by header."""
    headers, *rows = (row.cells for row in open_book(Path(path)).sheet().rows())
    return [{str(h): text for h, text in zip(headers, row, strict=False) if text} for row in rows]


def main(before_path: str, after_path: str) -> None:
    """Exit with a sentence when something is wrong."""
    before, after = rows(before_path), rows(after_path)
    gained = Counter(header for old, new in zip(before, after, strict=True) for header in new.keys() - old)
    wrong = {
        header: after[0].get(header) for header, text in EXPECTED.items() if after[0].get(header) != text
    }
    if wrong:
        sys.exit(f"The first row holds {wrong}, not {EXPECTED}.")
    if any(
        new[header] != text for old, new in zip(before, after, strict=True) for header, text in old.items()
    ):
        sys.exit("A cell that was filled before has changed.")
    if len(after) != 40 or len(gained) < 6:
        sys.exit(f"{len(gained)} columns of {len(after)} rows gained values; at least 6 of 40 were promised.")
    print(f"{gained.total()} cells in {len(gained)} columns of {len(after)} rows gained values.")


main(*sys.argv[1:])
