"""A value as the bytes inside a cell: an inline string, a number, a boolean or a date. Never a formula."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta

from glaze_cli.model import Scalar
from glaze_cli.sheets.xlsx.tags import escaped

LONGEST = 32_767
"""Characters (UTF-16 units, as Excel counts) that fit in a cell."""

Value = Scalar | date | None

_READ_AS_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")  # CR: a parser would make it LF
_SPACE_LOST = re.compile(r"^\s|\s$|[\n\t]|  ")


def unfit(value: Value) -> str | None:
    """Why a value cannot be a cell's content, in half a sentence; None when it can."""
    if isinstance(value, str):
        length = len(value) + sum(character > "\uffff" for character in value)
        if length > LONGEST:
            return f"the text has {length:,} characters, and a cell holds {LONGEST:,}"
    if isinstance(value, float) and not math.isfinite(value):
        return "the number is not finite"
    return None


def cell(start: bytes, name: bytes, value: Value, date_cell: bool, date1904: bool) -> bytes:
    """A whole cell element. `start`: its tag so far (`<x:c r="B2" s="3"`), without `t`, not closed;
    `name`: `x:c`; `date_cell`: whether its style shows a number as a date."""
    prefix = name[:-1]
    if value is None or value == "":
        return start + b"/>"
    if isinstance(value, date) and date_cell:
        value = serial(value, date1904) or value
    if isinstance(value, bool):
        kind, body = b' t="b"', _v(prefix, b"1" if value else b"0")
    elif isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**15):
        kind, body = b"", _v(prefix, repr(value).encode())
    else:  # a cell's number has 15 digits: a longer integer would be changed, so it is text
        text = _iso(value) if isinstance(value, date) else str(value)
        kind, body = b' t="inlineStr"', _inline(prefix, text)
    return start + kind + b">" + body + b"</" + name + b">"


def serial(moment: date, date1904: bool) -> float | int | None:
    """Days since the workbook's epoch; None for what a spreadsheet has no number for (before March 1900,
    where Excel counts a 29 February that never was; a moment with a time zone)."""
    if isinstance(moment, datetime):
        if moment.tzinfo is not None:
            return None
    else:
        moment = datetime(moment.year, moment.month, moment.day)
    days = (moment - (datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30))) / timedelta(days=1)
    if days < (0 if date1904 else 61):
        return None
    return int(days) if days.is_integer() else days


def _iso(moment: date) -> str:
    return moment.isoformat(" ") if isinstance(moment, datetime) else moment.isoformat()


def _v(prefix: bytes, content: bytes) -> bytes:
    return b"<" + prefix + b"v>" + content + b"</" + prefix + b"v>"


def _inline(prefix: bytes, text: str) -> bytes:
    safe = _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", _READ_AS_ESCAPE.sub("_x005F_", text))
    space = b' xml:space="preserve"' if _SPACE_LOST.search(safe) else b""
    opened, closed = b"<" + prefix, b"</" + prefix
    return b"".join((opened, b"is>", opened, b"t", space, b">", escaped(safe), closed, b"t>", closed, b"is>"))
