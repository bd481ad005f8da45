"""Names of countries in many languages: a table that Babel was asked for once, kept in country_table.txt.

To ask again, with the languages of country_names.toml: `python -m glaze_cli.providers.local.country_table`
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

_FILE = "country_table.txt"
_ABOUT = "# Codes, then names in other languages as `_fold` writes them, from CLDR (© Unicode, Inc.,"
_LICENSE = "# https://www.unicode.org/license.txt). Made by country_table.py; do not edit. Babel"

Names = Mapping[str, frozenset[str]]
"""Folded name → the alpha-2 codes of the countries that it names; more than one where it is ambiguous."""


def read_table() -> Names:
    """What was written: 10 ms, where Babel takes a second and 80 MB to say the same."""
    names: dict[str, frozenset[str]] = {}
    for line in _text().splitlines():
        if not line.startswith("#"):
            codes, *meant = line.split("\t")
            names |= dict.fromkeys(meant, frozenset(codes.split(" ")))
    return names


def made_with() -> str:
    """The version of Babel that was asked."""
    return next(line for line in _text().splitlines() if line.startswith(_LICENSE)).split(" ")[-1]


def as_text(names: Names, version: str) -> str:
    """The file: a line for each country, or several that share names, in order."""
    by_codes: defaultdict[str, list[str]] = defaultdict(list)
    for name, codes in names.items():
        by_codes[" ".join(sorted(codes))].append(name)
    lines = ["\t".join([codes, *sorted(by_codes[codes])]) for codes in sorted(by_codes)]
    return "\n".join([_ABOUT, f"{_LICENSE} {version}", *lines, ""])


def _text() -> str:
    return Path(__file__).with_name(_FILE).read_text("utf-8")


def _write() -> None:
    import babel

    from glaze_cli.providers.local.country_names import other_names

    text = as_text(other_names(), babel.__version__)
    Path(__file__).with_name(_FILE).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _write()
