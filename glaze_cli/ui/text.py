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
_INVISIBLE = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x1F3FB, 0x1F400)}
# Variation selectors and skin tones: terminals disagree on their width, and a line that comes out
# wider than we think breaks the frame. The same holds for the joiners among the format characters.


class _Inert(dict[int, str]):
    """What a code point is shown as; worked out once each."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        shown = char
        if code in _INVISIBLE:
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
    line ends and runs of blanks become one space; what has no width of its own is left out.
    """
    text = str(value)
    if len(text) > limit:
        text = text[:limit] + "…"
    if text.isascii() and text.isprintable():
        return text
    return " ".join(_SEQUENCE.sub("·", text).split()).translate(_inert)


def fit(text: str, width: int) -> str:
    """Inert text padded or cut (with `…`) to exactly `width` columns of a terminal; wide ones count two."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…" if width > 0 else ""
