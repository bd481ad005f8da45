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
        delimiter = re.escape(dialect.delimiter)
        field = _field(delimiter, re.escape(dialect.quote), re.escape(dialect.escape))
        body, line = _record(delimiter, re.escape(dialect.quote), field, bool(dialect.escape)), r"[^\r\n]*+"
        more, final = r"(\r\n|\n|\r(?=[^\n]))", r"(\r\n|\n|\r|\Z)"
        self._records = re.compile(body.replace(CUT, NEVER) + more + REST)
        self._last_records = re.compile(r"(?!\Z)" + body + final + REST)
        self._lines = re.compile(line + more + REST)
        self._last_lines = re.compile(r"(?!\Z)" + line + final + REST)
        self._fields = re.compile(rf"(?:\A|{delimiter})({field})")
        self._whole = re.compile(field.replace(CUT, NEVER))
        self._ahead = f"(?:{field}{delimiter}){{%d}}({field})"
        self._aheads: dict[int, re.Pattern[str]] = {}

    def records(self, text: str, final: bool) -> Iterator[re.Match[str]]:
        """Records of a text that begins with one. Group 1 is the line end. Unless the text is the file's
        `final` one, the last match may be group 2: a record that may go on."""
        if self._is_plain(text):
            return (self._last_lines if final else self._lines).finditer(text)
        return (self._last_records if final else self._records).finditer(text)

    def fields(self, record: str) -> list[str]:
        """The fields of a record (without its line end) as they are written, quotes and all."""
        if self._is_plain(record):
            return record.split(self.dialect.delimiter)
        return self._fields.findall(record)

    def ahead(self, fields: int) -> re.Pattern[str]:
        """Matches, from where a field begins, the field that many further on: group 1. To be given the
        record's end; no match when the record has not that many."""
        if fields not in self._aheads:
            self._aheads[fields] = re.compile(self._ahead % fields)
        return self._aheads[fields]

    def _is_plain(self, text: str) -> bool:
        quote, escape = self.dialect.quote, self.dialect.escape
        return not quote or (quote not in text and (not escape or escape not in text))

    def is_whole(self, field: str) -> bool:
        """False for a field that the end of the file cuts: its quote never closes, nothing can follow."""
        return self._whole.fullmatch(field) is not None


def _record(delimiter: str, quote: str, field: str, escapes: bool) -> str:
    """A record without its line end. Where it can, from quote to quote: there are fewer than fields."""
    if escapes or not quote:
        return f"{field}(?:{delimiter}{field})*"
    text = rf"[^{quote}\r\n]*+"
    closed, unclosed = _quoted(quote, f"[^{quote}]*+", "")
    opens, stray = rf"(?<![^{delimiter}\r\n])", rf"(?<=[^{delimiter}\r\n])"
    return f"{text}(?:(?:{opens}(?:{closed}|{unclosed})|{stray}{quote}){text})*"


def _field(delimiter: str, quote: str, escape: str) -> str:
    """One field as a pattern without groups that catch; all three are escaped for a pattern."""
    text = rf"[^{delimiter}\r\n{escape}]*+"
    inside = f"[^{quote}{escape}]*+"
    if escape:
        text += rf"(?:{escape}(?:[\s\S]|{CUT}){text})*"
        inside += rf"(?:{escape}[\s\S]{inside})*"
    if not quote:
        return text
    closed, unclosed = _quoted(quote, inside, escape)
    return rf"(?:{closed}(?:[^{delimiter}\r\n]{text})?|{unclosed}|(?!{quote}){text})"


def _quoted(quote: str, inside: str, escape: str) -> tuple[str, str]:
    """What is between quotes, the doubled ones too, and what the end of the file cuts."""
    cut = f"{escape}?{CUT}" if escape else CUT
    return f"(?:{quote}{inside}{quote})+(?!{quote})", f"(?:{quote}{inside}{quote})*{quote}{inside}{cut}"
