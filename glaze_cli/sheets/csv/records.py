"""Where records and fields begin and end: one grammar, the csv module's, as patterns over units."""

from __future__ import annotations

import re
from collections.abc import Iterator

from glaze_cli.sheets.csv.dialect import Dialect

REST = r"|([\s\S]+)"
"""A record that the text's end cuts: group 2, so that a search never skips anything."""
CUT = r"\Z"
"""Where a field is ended by the end of the file alone; taken out of patterns for text that goes on."""
NEVER = "(?!)"


class Grammar:
    """Finds records in text, and fields in a record, exactly as the csv module does.

    A quote opens a field only as its first character; a field may go on after its closing quote; a
    quote that is never closed takes the rest of the file. No group is possessive: Python 3.11.0 to
    3.11.4 match those wrongly.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._marks = [mark for mark in (dialect.quote, dialect.escape) if mark]
        delimiter = re.escape(dialect.delimiter)
        field = _field(delimiter, re.escape(dialect.quote), re.escape(dialect.escape))
        body, line = f"{field}(?:{delimiter}{field})*", r"[^\r\n]*+"
        more, final = r"(\r\n|\n|\r(?=[^\n]))", r"(\r\n|\n|\r|\Z)"
        self._records = re.compile(body.replace(CUT, NEVER) + more + REST)
        self._last_records = re.compile(r"(?!\Z)" + body + final + REST)
        self._lines = re.compile(line + more + REST)
        self._last_lines = re.compile(r"(?!\Z)" + line + final + REST)
        self._fields = re.compile(rf"(?:\A|{delimiter})({field})")
        self._whole = re.compile(field.replace(CUT, NEVER))

    def records(self, text: str, final: bool) -> Iterator[re.Match[str]]:
        """Records of a text that begins with one. Group 1 is the line end. Unless the text is the file's
        `final` one, the last match may be group 2: a record that may go on."""
        if any(mark in text for mark in self._marks):
            return (self._last_records if final else self._records).finditer(text)
        return (self._last_lines if final else self._lines).finditer(text)

    def fields(self, record: str) -> list[str]:
        """The fields of a record (without its line end) as they are written, quotes and all."""
        if any(mark in record for mark in self._marks):
            return self._fields.findall(record)
        return record.split(self.dialect.delimiter)

    def is_whole(self, field: str) -> bool:
        """False for a field that the end of the file cuts: its quote never closes, nothing can follow."""
        return self._whole.fullmatch(field) is not None


def _field(delimiter: str, quote: str, escape: str) -> str:
    """One field as a pattern without groups that catch; all three are escaped for a pattern."""
    text = rf"[^{delimiter}\r\n{escape}]*+"
    inside = f"[^{quote}{escape}]*+"
    if escape:
        text += rf"(?:{escape}(?:[\s\S]|{CUT}){text})*"
        inside += rf"(?:{escape}[\s\S]{inside})*"
    if not quote:
        return text
    closed = rf"(?:{quote}{inside}{quote})+(?!{quote})(?:[^{delimiter}\r\n]{text})?"
    unclosed = rf"(?:{quote}{inside}{quote})*{quote}{inside}{f'{escape}?' if escape else ''}{CUT}"
    return f"(?:{closed}|{unclosed}|(?!{quote}){text})"
