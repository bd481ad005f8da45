"""Start tags as bytes: reading and setting one attribute leaves the others as they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.sheets.xlsx.tags import Names, attribute, blanked, escaped, with_attribute, without


@pytest.mark.parametrize(
    ("tag", "name", "expected"),
    [
        (b'<c r="A1" s="3">', b"s", "3"),
        (b"<c r='A1'/>", b"r", "A1"),  # single quotes
        (b'<c x:r="B1" r = "A1">', b"r", "A1"),  # a prefixed namesake, spaces around the sign
        (b'<c xr="B1">', b"r", None),
        (b"""<c n=" r='9'" r="A1">""", b"r", "A1"),  # another attribute's value looks like it
        (b' s="1" r="A1"', b"r", "A1"),  # the attributes alone
        (b'<c r="">', b"r", ""),
        (b'<c n="a&amp;b&#10;">', b"n", "a&b\n"),
    ],
)
def test_an_attribute_is_read(tag: bytes, name: bytes, expected: str | None) -> None:
    """The value comes with its entities resolved, whatever quotes stand around it."""
    assert attribute(tag, name) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (b'<row r="1" spans="1:2" ht="9">', b'<row r="1" spans="1:9" ht="9">'),  # where it stood
        (b"<row spans='1:2'/>", b'<row spans="1:9"/>'),
        (b"<row>", b'<row spans="1:9">'),
        (b'<row r="1" />', b'<row r="1" spans="1:9" />'),  # added as the last one
    ],
)
def test_an_attribute_is_set(tag: bytes, expected: bytes) -> None:
    """It changes where it stands, or becomes the last one; no other byte changes."""
    assert with_attribute(tag, b"spans", "1:9") == expected


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_value_set_is_the_value_read(value: str) -> None:
    """Quotes, brackets and ampersands in a value survive."""
    assert attribute(with_attribute(b"<t/>", b"name", value), b"name") == value


def test_attributes_are_dropped() -> None:
    """Only those named go."""
    assert without(b'<c r="A1" t="s" cm="1" tt=" t=2">', b"t", b"cm") == b'<c r="A1" tt=" t=2">'


@pytest.mark.parametrize(
    "data",
    [
        b"a<!-- <row> -->b",
        b"a<![CDATA[<row>]]>b",
        b"a<?x <row> ?>b",
        b"a<!-- <row>",  # cut off
    ],
)
def test_what_is_no_tag_is_blanked_out(data: bytes) -> None:
    """A tag inside a comment, CDATA or instruction is none; every offset stays."""
    seen = blanked(data)
    assert len(seen) == len(data)
    assert b"<row>" not in seen
    assert seen.strip() in (b"a", b"a" + b" " * (len(data) - 2) + b"b")


def test_names_match_their_own_prefix_only() -> None:
    """`<x:c>` is a cell where cells are written with that prefix, `<col>` never is."""
    pattern = re.compile(Names(b"x:").start(b"c"))
    assert pattern.match(b"<x:c r=\"A1\" t='a>b'/>")
    assert not pattern.match(b"<c/>")
    assert not pattern.match(b"<x:col/>")


def test_escaped_is_utf8() -> None:
    """Text between tags: the three signs of XML escaped, all else in UTF-8."""
    assert escaped("é<&>") == "é&lt;&amp;&gt;".encode()
