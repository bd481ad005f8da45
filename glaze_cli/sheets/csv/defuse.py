"""Formula injection: values from outside that a spreadsheet would run when it opens the CSV."""

from __future__ import annotations

import re

RUNS = re.compile(
    r"[=@\t\r＝＠]|[-+＋－](?!\s*[\d(.,][\d\s().,/-]*(?:[eE][-+]?\d+)?\s*(?:%|(?:x|ext\.?|#)\s*\d+)?\Z)"
)
"""A first character that starts a formula; plus and minus may also start a number or a phone number."""


def runs(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula."""
    return RUNS.match(text) is not None


def defused(text: str) -> str:
    """The text with a leading apostrophe, which spreadsheets take for `this is text`."""
    return f"'{text}"
