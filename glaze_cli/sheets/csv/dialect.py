"""Which delimiter, quote and escape a CSV is written with: the reading that gives the most even table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, dropwhile, islice

DELIMITERS = {",": 1.0, "\t": 1.0, ";": 1.0, "|": 1.0, "\x01": 1.0, "\x1f": 1.0, "^": 0.8, "~": 0.7, ":": 0.5}
"""Candidates in order, and how much each is believed: a colon is more often a time than a delimiter."""
QUOTES = {'"': 1.0, "'": 0.95, "": 0.5}
RECORDS = 400
CELLS = 4_000
DOUBTFUL = 0.2
"""Below this score a weak delimiter is taken for text."""
AMBIGUOUS = 0.9
"""Two delimiters whose scores are as close as this are both told to the user."""
SEP_LINE = re.compile(r"sep=([^\w\s\"'\\]|\t)(?=[\r\n])", re.IGNORECASE)
NUMBER = re.compile(r"[-+$€£(]?[\d.,' ]+[)%€]?")
UNSPLIT = re.compile(r"""[;|\t^~](?! )|,(?=\S)|^["']|["']$""")
"""A cell like this looks as if it held several fields, or quotes that were not taken off."""
NO_QUOTES = "it has quotes that never close, so they are read as text; no value can hold its delimiter."
NAMES = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe", ":": "colon"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How fields and records are told apart."""

    delimiter: str = ","
    quote: str = '"'
    """Empty where quotes are text like any other."""
    escape: str = ""
    """A backslash, where it takes the next character literally."""
    notice: str = ""
    """What the user should know after the file's name, because it was not plain."""

    def reader(self, lines: Iterable[str], strict: bool = False) -> Iterator[list[str]]:
        """The csv module's reader in this dialect; `lines` keep their line ends."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote or None,
            escapechar=self.escape or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            strict=strict,
        )


def detect_dialect(sample: str, delimiter: str | None = None, likely: str = ",") -> Dialect:
    """The dialect of a file by its first part, which ends with a line.

    `delimiter`: the one the user named, not doubted. `likely`: what the file's suffix suggests.
    """
    first_line = SEP_LINE.match(sample)
    if first_line and not delimiter:
        found = detect_dialect(sample[first_line.end() :].lstrip("\r\n"), first_line[1])
        return replace(found, notice="its first line is a sep= line, so the header is row 2: --header-row 2.")
    delimiters = [delimiter] if delimiter else [mark for mark in DELIMITERS if mark in sample]
    scored = {dialect: _score(dialect, sample, likely) for dialect in _candidates(sample, delimiters)}
    if delimiter is None:
        scored = {d: s for d, s in scored.items() if DELIMITERS[d.delimiter] == 1 or s > DOUBTFUL}
    if not scored:
        return Dialect(likely)
    best = max(scored, key=lambda dialect: scored[dialect])
    others = {d.delimiter: s for d, s in scored.items() if d.delimiter != best.delimiter}
    rival = max(others, key=lambda mark: others[mark], default="")
    if not best.quote:
        return replace(best, notice=NO_QUOTES)
    if not rival or others[rival] < scored[best] * AMBIGUOUS:
        return best
    named = [NAMES.get(mark, repr(mark)) for mark in (best.delimiter, rival)]
    doubt = f"its delimiter could be {named[0]} or {named[1]}; {named[0]} is taken; name it with --delimiter."
    return replace(best, notice=doubt)


def _candidates(sample: str, delimiters: Iterable[str]) -> Iterator[Dialect]:
    for delimiter in delimiters:
        sound = {quote: _well_formed(Dialect(delimiter, quote), sample) == 1 for quote in ('"', "'")}
        opens = {quote: _opens(sample, delimiter, quote) for quote in sound}
        # Double quotes that all close in the right place are no accident; else they may be text. An
        # apostrophe is text ('s-Hertogenbosch), unless all of them close.
        quotes = ['"']
        if not (opens['"'] and sound['"']):
            quotes += ["'"] * (opens["'"] and sound["'"]) + [""] * opens['"']
        for quote in quotes:
            yield Dialect(delimiter, quote)
            if quote and f"\\{quote}" in sample:
                yield Dialect(delimiter, quote, "\\")


def _opens(sample: str, delimiter: str, quote: str) -> bool:
    """Whether any field begins with that quote."""
    # Looked for as plain text: a pattern took 10 ms for the sample of a file without quotes.
    return sample.startswith(quote) or any(f"{before}{quote}" in sample for before in (delimiter, "\r", "\n"))


def _score(dialect: Dialect, sample: str, likely: str) -> float:
    """0..1: how even the table is, how clean its cells are, how well-formed its quotes."""
    records = [record for record in _records(dialect, sample) if any(record)]
    widths = Counter(map(len, records))
    if not records:
        return 0.0
    width, usual = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    even = (usual / len(records)) ** 2 * (width - 1) / width
    if width == 1:  # hardly a delimiter; told apart by how many records it splits at all
        even = 0.001 + 0.05 * (1 - usual / len(records))
    cells = list(islice(chain.from_iterable(records), CELLS))
    clean = sum(not UNSPLIT.search(cell) or bool(NUMBER.fullmatch(cell)) for cell in cells) / len(cells)
    belief = DELIMITERS.get(dialect.delimiter, 1.0) * QUOTES[dialect.quote]
    if len(records[0]) != width:  # a header that is not split the same way
        belief *= DELIMITERS.get(dialect.delimiter, 1.0) * 0.9
    if dialect.delimiter != likely:
        belief *= 0.97
    formed = _well_formed(dialect, sample)
    if formed < 1 and any("\n" in cell or "\r" in cell for cell in cells):
        formed *= 0.6  # a stray quote has swallowed records
    return even * clean**2 * formed * belief


def _records(dialect: Dialect, sample: str) -> Iterator[list[str]]:
    """The first records, without the comments on top."""
    records = dialect.reader(io.StringIO(sample, newline=""))
    return dropwhile(lambda record: not record or record[0].startswith("#"), islice(records, RECORDS))


def _well_formed(dialect: Dialect, sample: str) -> float:
    """The share of records before the first quote that does not close where it should."""
    read = 0
    try:
        for _ in islice(dialect.reader(io.StringIO(sample, newline=""), strict=True), RECORDS):
            read += 1
    except csv.Error:
        return 0.8 + 0.2 * read / (read + 1 + sample.count("\n") // 2)
    return 1.0
