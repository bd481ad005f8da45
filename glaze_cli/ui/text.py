"""Text of cells, answers and errors, made safe for a terminal: nothing in it can act, only be read."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 1_000
"""Characters of one text that are looked at: no line, cell or sentence on a screen needs more."""

_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor, clear
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC (titles, links, clipboard), DCS and their like
    r"|\x1b[ -/]*[0-~]?"  # two-character sequences, and an ESC alone
)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x1F3FB, 0x1F400), 0x20E3}
# Variation selectors, skin tones and keycaps: terminals disagree on their width, and a line that comes out
# wider than we think breaks the frame. The same holds for the joiners among the format characters.
_FLAGS = range(0x1F1E6, 0x1F200)
"""The halves of flags, letter by letter: two columns together or four, so they are shown as `DE`."""
_MARKS = 4
"""Accents on one letter that are shown: all that a language needs; a tower of them covers its neighbours."""


class _Inert(dict[int, str]):
    """What a code point is shown as; worked out once each."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        shown = char
        if code in _FLAGS:
            shown = chr(ord("A") + code - _FLAGS.start)
        elif code in _INVISIBLE:
            shown = ""
        elif unicodedata.category(char) == "Cf":
            shown = "·" if char in _BIDI else ""
        elif unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn"):
            shown = "·"
        self[code] = shown
        return shown


_inert = _Inert()


def inert(value: object, limit: int = LONGEST) -> str:
    """The value as one line of harmless text, from at most `limit` of its characters.

    An escape sequence, a control character and a change of writing direction each become `·`;
    line ends and runs of blanks become one space; what has no width of its own is left out, accents
    excepted.
    """
    text = str(value)
    if len(text) > limit:
        text = text[:limit] + "…"
    if text.isascii() and text.isprintable():
        return text
    return _lowered(" ".join(_SEQUENCE.sub("·", text).split()).translate(_inert))


def _lowered(text: str) -> str:
    """The text without accents that are heaped on others."""
    if text.isascii():
        return text
    kept, heap = [], 0
    for char in text:
        heap = heap + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if heap <= _MARKS:
            kept.append(char)
    return "".join(kept)


def fit(text: str, width: int) -> str:
    """Inert text padded or cut (with `…`) to exactly `width` columns of a terminal; wide ones count two."""
    if text.isascii():  # most texts; one column a character
        return text.ljust(width) if len(text) <= width else f"{text[: width - 1]}…" if width > 0 else ""
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…" if width > 0 else ""
