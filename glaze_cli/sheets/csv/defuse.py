"""Formula injection: values from outside that a spreadsheet would run when it opens the CSV."""

from __future__ import annotations

import re

_STARTS = ("=", "@", "\t", "\r", "＝", "＠")
"""A first character that starts a formula."""

_SIGNS = ("-", "+", "＋", "－")
"""These may also start a number or a phone number."""

_NUMBER = r".\s*[\d(.,][\d\s().,/-]*(?:[eE][-+]?\d+)?\s*(?:%|(?:x|ext\.?|#)\s*\d+)?"
"""With its sign. `re` keeps it compiled; most runs write no text that begins with one."""


def runs(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula."""
    return text.startswith(_STARTS) or (text.startswith(_SIGNS) and not re.fullmatch(_NUMBER, text))


def defused(text: str) -> str:
    """The text with a leading apostrophe, which spreadsheets take for `this is text`."""
    return f"'{text}"
