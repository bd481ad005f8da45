"""How a value is written as a field: quoted where its neighbours are, and where it must be."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from glaze_cli.sheets.csv.records import END, Grammar

SAMPLE_RECORDS = 200


class Quoting:
    """The quoting habits of a file, learnt from its first records."""

    def __init__(self, grammar: Grammar) -> None:
        dialect = grammar.dialect
        self._grammar = grammar
        self._quote = dialect.quote
        self._escape = dialect.escape
        self._special = re.compile(f"[{re.escape(dialect.delimiter + dialect.quote + dialect.escape)}\r\n]")
        self._always: set[int] = set()
        self._always_beyond = False
        self._always_header = False

    def learn(self, text: str) -> None:
        """Note the columns whose fields are quoted whenever they hold something."""
        if not self._quote:
            return
        filled: Counter[int] = Counter()
        quoted: Counter[int] = Counter()
        for number, match in enumerate(islice(self._grammar.records(text, True), SAMPLE_RECORDS), 1):
            fields = self._grammar.fields(text[match.start() : match.start(END)])
            held = [column for column, raw in enumerate(fields, 1) if raw]
            in_quotes = [column for column in held if fields[column - 1].startswith(self._quote)]
            if number == 1:
                self._always_header = bool(held) and held == in_quotes
            else:
                filled.update(held)
                quoted.update(in_quotes)
        self._always = {column for column, count in filled.items() if count == quoted[column]}
        self._always_beyond = len(self._always) == len(filled) and (bool(filled) or self._always_header)

    def field(self, raw: str, row: int, column: int, value: str, alone: bool) -> str | None:
        """The value as a field in the place of `raw` ("" for one that was not there); `alone`: the record
        has no other field. None when the value can only be written in quotes, and the file has none."""
        if self._special.search(value):
            return self._quoted(value) if self._quote else None
        habit = raw.startswith(self._quote) if raw else self._habit(row, column)
        # A record that loses its only value would become a blank line, which other readers pass over.
        vanishes = bool(alone and raw and not value)
        if self._quote and (habit or vanishes):
            return self._quoted(value)
        return None if vanishes else value

    def _habit(self, row: int, column: int) -> bool:
        if row == 1:
            return self._always_header
        return column in self._always or self._always_beyond

    def _quoted(self, value: str) -> str:
        if self._escape:
            value = value.replace(self._escape, self._escape * 2).replace(
                self._quote, self._escape + self._quote
            )
        else:
            value = value.replace(self._quote, self._quote * 2)
        return f"{self._quote}{value}{self._quote}"
