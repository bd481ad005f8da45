"""Number formats: what a person sees where a cell holds a number.

Decided: a date or time is ISO; a code such as 00000 or 000-00-0000 keeps its zeros and marks; anything else
(decimals, thousands, percent, currency, fractions) is the stored number, because a rounded one would lose
digits that an id or an amount needs, and "50%" is no number to whoever is asked: 0.5 under 0% is `0.5`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from glaze_cli.sheets.xlsx.dates import Shows, iso

BUILT_IN = {
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 59)), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, *range(32, 36), 45, 47), "h:mm:ss"),
    22: "yyyy-mm-dd h:mm",
    46: "[h]:mm:ss",
}
"""Codes that a file may use by number alone, as far as they matter here; 27 to 58 are East Asian dates."""

_QUIET = re.compile(r'"[^"]*"?|\\.|_.|\*.|general|standard|am/pm|a/p', re.IGNORECASE)
"""What stands for no digit and no date: literals, padding, fill, the word General, half-day marks."""
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_BRACKET = re.compile(r"\[[^\]]*\]")
_CONDITION = re.compile(r"\[(<=|<|>=|>|=)(-?[\d.]+)\]")
_TEMPLATE = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|(?P<digit>[0#])|(?P<mark>[-() ])')


@dataclass(frozen=True, slots=True)
class Format:
    """How numbers in a cell are shown."""

    shows: Shows | None = None
    """What of a date or time; None: the number is no date."""
    templates: tuple[tuple[str, str], ...] = ()
    """Of an id such as 00000-0000: (condition, code) by section, first that holds; "" holds always."""

    def text(self, stored: str, date1904: bool) -> str:
        """The stored number as a person sees it. What is no number comes back as it is."""
        number = number_of(stored)
        if number is None:
            return stored
        if self.shows is not None:
            return iso(number, self.shows, date1904) or general(number)
        if self.templates and isinstance(number, int) and number >= 0:
            for condition, code in self.templates:
                if _holds(condition, number):
                    return _fill(code, str(number))
        return general(number)

    def iso_text(self, stored: str) -> str:
        """A date that the file has as ISO text already, cut to what the format shows."""
        day, _, time = stored.partition("T")
        if self.shows is None or not time or (self.shows.date and self.shows.time):
            return stored
        return day if self.shows.date else time


GENERAL = Format()


def parse_format(code: str) -> Format:
    """The meaning of a code such as `yyyy-mm-dd;@` or `00000`; GENERAL where nothing special is meant."""
    sections = _sections(code)
    shows = _shows(sections[0])
    if shows is not None:
        return Format(shows)
    templates = []
    for section in sections[:2]:
        condition = _CONDITION.search(section)
        body = _BRACKET.sub("", section)
        if _is_template(body):
            templates.append((condition[0] if condition else "", body))
        if condition is None:
            break  # the second section is then for negative numbers
    return Format(templates=tuple(templates)) if templates else GENERAL


def number_of(stored: str) -> int | float | None:
    """The number in a cell: an int where it is whole and exact; None where the text is no number."""
    try:
        number = float(stored)
    except ValueError:
        return None
    if not math.isfinite(number) or "_" in stored:  # Python reads more than a spreadsheet does
        return None
    return int(number) if number.is_integer() and abs(number) <= 2**53 else number


def general(number: int | float) -> str:
    """`42`, `0.3`, `1E+20`: 15 significant digits, as Excel keeps; whole numbers up to 2^53 in full."""
    return str(number) if isinstance(number, int) else format(number, ".15g").upper()


def _sections(code: str) -> list[str]:
    """The parts between semicolons that are not quoted or escaped."""
    return [found[0] for found in re.finditer(r'(?:"[^"]*"?|\\.|\[[^\]]*\]|[^;"\\])+', code)] or [""]


def _shows(section: str) -> Shows | None:
    """Which parts of a date the section shows."""
    elapsed = bool(_ELAPSED.search(section))
    plain = _BRACKET.sub("", _QUIET.sub("", section)).lower()
    time = elapsed or "h" in plain or "s" in plain
    date = "y" in plain or "d" in plain or "mmm" in plain or ("m" in plain and not time)
    if not date and not time:
        return None
    return Shows(
        date=date, time=time, elapsed=elapsed and not date, fraction=bool(re.search(r"s\]?[.,]0", section))
    )


def _is_template(body: str) -> bool:
    """Whether the section writes whole numbers as an id: several fixed digits, or marks between digits."""
    tokens = list(_TEMPLATE.finditer(body))
    if "".join(token[0] for token in tokens) != body:
        return False
    kinds = "".join(
        "9" if token["digit"] else "-" if (token["mark"] or token["escaped"]) == "-" else ""
        for token in tokens
    )
    return body.count("0") > 1 or "9-9" in kinds


def _holds(condition: str, number: int) -> bool:
    found = _CONDITION.match(condition)
    if not found:
        return True
    limit = float(found[2])
    return (
        ("<" in found[1] and number < limit)
        or (">" in found[1] and number > limit)
        or ("=" in found[1] and number == limit)
    )


def _fill(code: str, digits: str) -> str:
    """Put digits into the placeholders from the right; the first placeholder takes all that are left."""
    tokens = list(_TEMPLATE.finditer(code))
    places = sum(1 for token in tokens if token["digit"])
    spare = max(len(digits) - places, 0)
    taken = places - (len(digits) - spare)
    out = []
    for token in tokens:
        if token["digit"] is None:
            out.append(token["quoted"] or token["escaped"] or token["mark"] or "")
        elif taken > 0:
            out.append("0" if token["digit"] == "0" else "")
            taken -= 1
        else:
            out.append(digits[: spare + 1])
            digits, spare = digits[spare + 1 :], 0
    return "".join(out)
