"""A value in a cell: its kind is kept, its text is never run, cut or changed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from glaze_cli.sheets.xlsx.cellxml import LONGEST, Value, cell, serial, unfit


def made(value: Value, date_cell: bool = False, date1904: bool = False) -> str:
    return cell(b'<c r="B2"', b"c", value, date_cell, date1904).decode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ann", '<c r="B2" t="inlineStr"><is><t>Ann</t></is></c>'),
        ("=1+1", '<c r="B2" t="inlineStr"><is><t>=1+1</t></is></c>'),  # text, never a formula
        ("#N/A", '<c r="B2" t="inlineStr"><is><t>#N/A</t></is></c>'),  # text, never an error
        ("00501", '<c r="B2" t="inlineStr"><is><t>00501</t></is></c>'),  # text, never a number
        ("a<b>&c", '<c r="B2" t="inlineStr"><is><t>a&lt;b&gt;&amp;c</t></is></c>'),
        (" a", '<c r="B2" t="inlineStr"><is><t xml:space="preserve"> a</t></is></c>'),
        ("a\nb", '<c r="B2" t="inlineStr"><is><t xml:space="preserve">a\nb</t></is></c>'),
        ("a\rb", '<c r="B2" t="inlineStr"><is><t>a_x000D_b</t></is></c>'),  # a parser would make it LF
        ("_x0041_", '<c r="B2" t="inlineStr"><is><t>_x005F_x0041_</t></is></c>'),  # Excel would show A
        ("\x00", '<c r="B2" t="inlineStr"><is><t>_x0000_</t></is></c>'),  # no character of XML
        ("\ud800", '<c r="B2" t="inlineStr"><is><t>_xD800_</t></is></c>'),  # half a character
        (42, '<c r="B2"><v>42</v></c>'),
        (-0.5, '<c r="B2"><v>-0.5</v></c>'),
        (10**14, '<c r="B2"><v>100000000000000</v></c>'),
        (10**15, '<c r="B2" t="inlineStr"><is><t>1000000000000000</t></is></c>'),  # a 16th digit is lost
        (True, '<c r="B2" t="b"><v>1</v></c>'),
        (False, '<c r="B2" t="b"><v>0</v></c>'),
        (
            date(2026, 3, 31),
            '<c r="B2" t="inlineStr"><is><t>2026-03-31</t></is></c>',
        ),  # the cell shows no date
        (None, '<c r="B2"/>'),
        ("", '<c r="B2"/>'),
    ],
)
def test_each_kind_of_value_has_its_bytes(value: Value, expected: str) -> None:
    """A number is a number, a boolean a boolean, and whatever text looks like, it stays text."""
    assert made(value) == expected


@pytest.mark.parametrize(
    ("moment", "date1904", "expected"),
    [
        (date(2026, 3, 31), False, 46112),
        (date(2026, 3, 31), True, 44650),
        (datetime(2026, 3, 31, 12), False, 46112.5),
        (date(1900, 3, 1), False, 61),
        (date(1900, 2, 28), False, None),  # before the 29 February that never was
        (date(1903, 12, 31), True, None),  # before the epoch
        (datetime(2026, 3, 31, tzinfo=UTC), False, None),  # a cell knows no time zone
    ],
)
def test_a_date_is_the_day_that_the_workbook_counts(
    moment: date, date1904: bool, expected: float | None
) -> None:
    """Serial numbers follow the workbook's epoch; what has none is None."""
    assert serial(moment, date1904) == expected


def test_a_date_cell_takes_a_date_as_a_number() -> None:
    """In a cell formatted as a date, a date is its serial number, which the format then shows."""
    assert made(date(2026, 3, 31), date_cell=True) == '<c r="B2"><v>46112</v></c>'
    assert "1900-01-01" in made(date(1900, 1, 1), date_cell=True)


def test_the_prefix_is_the_writers_own() -> None:
    """In a part with prefixed names, new elements have the prefix too."""
    assert cell(b'<x:c r="A1"', b"x:c", "a", False, False) == (
        b'<x:c r="A1" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c>'
    )


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    """What a spreadsheet reads from the cell is the text that was put in, character for character."""
    inner = ElementTree.fromstring(made(text)).find("is/t")
    assert inner is not None
    assert unescape(inner.text or "") == text


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("x" * LONGEST, None),
        ("x" * (LONGEST + 1), "the text has 32,768 characters, and a cell holds 32,767"),
        (
            "\U0001f600" * 16_384,
            "the text has 32,768 characters, and a cell holds 32,767",
        ),  # counted as Excel does
        (float("inf"), "the number is not finite"),
        (float("nan"), "the number is not finite"),
        (1.5, None),
    ],
)
def test_what_no_cell_can_hold_is_told(value: Value, why: str | None) -> None:
    """A value that a cell would cut or refuse is named, never shortened."""
    assert unfit(value) == why
