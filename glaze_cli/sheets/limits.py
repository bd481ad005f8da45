"""How much a workbook may cost to read: a small file can unpack to more than a machine holds."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1 << 20
GB = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what one file may unpack to. All are settings; what is over one is refused by name.

    A sheet of 200,000 x 10 cells unpacks to about 100 MB, one of 1,000,000 rows to 500 MB and more, at 5 to
    30 times its packed size. Sheets are streamed, so that the big limits bound time, not memory.
    """

    inflated: int = 8 * GB
    """Bytes all parts together may unpack to."""
    part: int = 4 * GB
    """Bytes one part may unpack to when it is streamed."""
    document: int = 64 * MB
    """Bytes of a part that is held whole: the workbook, its styles, a table, relationships."""
    ratio: int = 200
    """How many times its packed size a part, or the whole file, may unpack to, once over `ratio_from`."""
    ratio_from: int = 32 * MB
    """Unpacked bytes below which no ratio is looked at: small parts of blanks pack very well."""
    parts: int = 20_000
    """Members of the zip file."""
    tags: int = 500_000
    """Tags in a part that is held whole; Excel's most, 64,000 cell styles, take about 200,000."""
    strings: int = 256 * MB
    """Characters of shared strings that may be held at once."""
    cell_text: int = 1_000_000
    """Characters in one cell; Excel itself stops at 32,767."""
    markup: int = 4 * MB
    """Bytes of one tag or comment: what cannot be read in pieces."""
