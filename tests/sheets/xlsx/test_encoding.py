"""A part comes back in the encoding it had, byte for byte."""

from __future__ import annotations

import pytest

from glaze_cli.errors import SheetRefused
from glaze_cli.sheets.xlsx.encoding import from_utf8, of_part, to_utf8

TEXT = '<?xml version="1.0" encoding="{}"?><a>é ½</a>'


@pytest.mark.parametrize(
    ("declared", "codec", "start"),
    [
        ("utf-8", "utf-8", ""),
        ("UTF-8", "utf-8", "\ufeff"),
        ("utf-16", "utf-16-le", "\ufeff"),
        ("UTF-16", "utf-16-be", "\ufeff"),
        ("utf-16", "utf-16-le", ""),  # no byte order mark
        ("ISO-8859-1", "iso8859-1", ""),
        ("windows-1252", "cp1252", ""),
    ],
)
@pytest.mark.parametrize("size", [3, 1000])
def test_there_and_back(declared: str, codec: str, start: str, size: int) -> None:
    """In UTF-8 while it is edited, and the same bytes afterwards, wherever chunks end."""
    data = (start + TEXT.format(declared)).encode(codec)
    chunks = [data[:60], *(data[at : at + size] for at in range(60, len(data), size))]
    found, again = of_part(chunks, "Data")
    text = list(to_utf8(again, found, "Data"))
    assert found == codec
    assert b"".join(text).decode() == start + TEXT.format(declared)
    assert b"".join(from_utf8(text, found)) == data


def test_a_character_that_the_encoding_lacks_becomes_a_reference() -> None:
    """New text is not lost in an old encoding."""
    assert b"".join(from_utf8(["北".encode()], "iso8859-1")) == b"&#21271;"


@pytest.mark.parametrize("declared", ["shift_jis", "utf-7", "no-such"])
def test_other_encodings_are_refused(declared: str) -> None:
    """An encoding whose bytes might not come back the same is refused by name."""
    with pytest.raises(SheetRefused, match=f"encoding {declared}"):
        of_part([TEXT.format(declared).encode("ascii", "replace")], "Data")


def test_bytes_that_are_no_text_are_refused() -> None:
    """Half a character at the end is damage."""
    with pytest.raises(SheetRefused, match="damaged"):
        list(to_utf8([b"<\0a"], "utf-16-le", "Data"))
