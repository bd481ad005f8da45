"""Where records and fields begin and end: one grammar, the csv module's, as patterns over units."""

from __future__ import annotations

import re
from collections.abc import Iterator

from glaze_cli.sheets.csv.dialect import Dialect

LINE = r"[^\r\n]*+"
MORE = r"(?P<end>\r\n|\n|\r(?=[^\n]))|(?P<rest>[\s\S]+)"
"""A line end, or a record that the text's end cuts: a rest, so that a search never skips anything."""
LAST = r"(?P<end>\r\n|\n|\r|\Z)|(?P<rest>[\s\S]+)"
CUT = r"\Z"
"""Where a field is ended by the end of the file alone; taken out of patterns for text that goes on."""
NEVER = "(?!)"
FIELD, END, REST = "field", "end", "rest"
"""Groups of a record's match."""


class Grammar:
    """Finds records in text, and fields in a record, exactly as the csv module does.

    A quote opens a field only as its first character; a field may go on after its closing quote; a
    quote that is never closed takes the rest of the file. No group is possessive: Python 3.11.0 to
    3.11.4 match those wrongly.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        delimiter, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
        self._field = _field(delimiter, quote, re.escape(dialect.escape))
        self._before = f"{self._field}{delimiter}"
        self._others = f"(?:{delimiter}{self._field})*"
        self._record = self._field + self._others
        if quote and not dialect.escape:
            self._record = self._others = _from_quote_to_quote(delimiter, quote)
        self._lines = re.compile(f"{LINE}{MORE}"), re.compile(rf"(?!\Z){LINE}{LAST}")
        self._fields = re.compile(rf"(?:\A|{delimiter})({self._field})")
        self._whole = re.compile(self._field.replace(CUT, NEVER))
        self._patterns: dict[int, tuple[re.Pattern[str], re.Pattern[str]]] = {}
        self._aheads: dict[int, re.Pattern[str]] = {}

    def records(self, text: str, final: bool, column: int = 0) -> Iterator[re.Match[str]]:
        """Records of a text that begins with one. END is the line end. Unless the text is the file's
        `final` one, the last match may be a REST: a record that may go on.

        `column`: FIELD is the field in that column, where a record has it; for many edits in one column.
        """
        if not column and self.is_plain(text):
            return self._lines[final].finditer(text)
        if column not in self._patterns:
            body = self._record
            if column:
                start = f"(?:{self._before}){{{column - 1}}}(?P<field>{self._field})"
                body = f"(?:{start}{self._others}|{self._record})"
            self._patterns[column] = (
                re.compile(body.replace(CUT, NEVER) + MORE),
                re.compile(rf"(?!\Z){body}{LAST}"),
            )
        return self._patterns[column][final].finditer(text)

    def fields(self, record: str) -> list[str]:
        """The fields of a record (without its line end) as they are written, quotes and all."""
        if self.is_plain(record):
            return record.split(self.dialect.delimiter)
        return self._fields.findall(record)

    def ahead(self, fields: int) -> re.Pattern[str]:
        """Matches, from where a field begins, the field that many further on: group FIELD. To be given the
        record's end; no match when the record has not that many."""
        if fields not in self._aheads:
            self._aheads[fields] = re.compile(f"(?:{self._before}){{{fields}}}(?P<field>{self._field})")
        return self._aheads[fields]

    def is_plain(self, text: str) -> bool:
        """Whether it has no quote and no escape: then its lines are its records."""
        quote, escape = self.dialect.quote, self.dialect.escape
        return not quote or (quote not in text and (not escape or escape not in text))

    def is_whole(self, field: str) -> bool:
        """False for a field that the end of the file cuts: its quote never closes, nothing can follow."""
        return self._whole.fullmatch(field) is not None


def _from_quote_to_quote(delimiter: str, quote: str) -> str:
    """A record, or what is left of one after a field, without its line end: fewer steps than by fields."""
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
