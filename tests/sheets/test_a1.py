"""Ranges as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.errors import SelectionError
from glaze_cli.model import CellRange
from glaze_cli.sheets.a1 import Area, Name, parse_cell, parse_range


@pytest.mark.parametrize(
    ("typed", "area"),
    [
        ("B2:D40", Area(2, 2, 4, 40)),
        ("D40:B2", Area(2, 2, 4, 40)),  # opposite corners
        ("B40:D2", Area(2, 2, 4, 40)),  # the other two corners
        ("b2:d40", Area(2, 2, 4, 40)),  # lower case
        ("$B$2:$D$40", Area(2, 2, 4, 40)),  # absolute, as Excel copies it
        (" B2 : D40 ", Area(2, 2, 4, 40)),  # spaces
        ("B7", Area(2, 7, 2, 7)),  # one cell
        ("B:D", Area(2, None, 4, None)),  # whole columns
        ("D:B", Area(2, None, 4, None)),
        ("B:B", Area(2, None, 2, None)),
        ("B2:D", Area(2, 2, 4, None)),  # down to the last row
        ("D:B2", Area(2, 2, 4, None)),
        ("2:40", Area(None, 2, None, 40)),  # whole rows
        ("40:2", Area(None, 2, None, 40)),
        ("B2:40", Area(2, 2, None, 40)),  # to the last column
        ("AA10:XFD11", Area(27, 10, 16_384, 11)),
        ("B2:D2000000", Area(2, 2, 4, 2_000_000)),  # a CSV may be longer than a worksheet
        ("Sheet1!B:B", Area(2, None, 2, None, "Sheet1")),
        ("'Q3 leads'!B2:D40", Area(2, 2, 4, 40, "Q3 leads")),
        ("Q3 leads!B2:D40", Area(2, 2, 4, 40, "Q3 leads")),  # the shell ate the quotes
        ("'it''s, ok!'!B2", Area(2, 2, 2, 2, "it's, ok!")),  # quotes hold anything
    ],
)
def test_reads_an_area(typed: str, area: Area) -> None:
    """Every spelling of a rectangle means the rectangle a person sees."""
    assert parse_range(typed) == (area,)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Leads", Name("Leads")),
        ("Prospects_2026", Name("Prospects_2026")),
        ("Entrées", Name("Entrées")),
        ("Leads[Email]", Name("Leads[Email]")),
        ("Leads[Name, first]", Name("Leads[Name, first]")),  # a comma inside brackets
        ("Leads[[Email]:[Phone]]", Name("Leads[[Email]:[Phone]]")),
        ("Sheet1!Leads", Name("Leads", "Sheet1")),
        ("Leads[a!b]", Name("Leads[a!b]")),  # no sheet: the mark is in the header
        ("B", Name("B")),  # a name may be one letter
    ],
)
def test_reads_a_name(typed: str, name: Name) -> None:
    """What is no address is a name, left for the book to look up."""
    assert parse_range(typed) == (name,)


def test_reads_several_parts() -> None:
    """Commas separate parts; those in quotes and brackets do not."""
    assert parse_range("B2:B9, 'a,b'!D:D ,Leads[x,y]") == (
        Area(2, 2, 2, 9),
        Area(4, None, 4, None, "a,b"),
        Name("Leads[x,y]"),
    )


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("", "--range is empty"),
        ("  ", "--range is empty"),
        ("B2,,C3", "has an empty part"),
        ("B2:D40,", "has an empty part"),
        ("B2:", "down to the last row is B2:B."),
        ("B0", "rows count from 1"),
        ("B0:D4", "rows count from 1"),
        ("XFE1", "last column is XFD"),
        ("B2:XFE4", "last column is XFD"),
        ("D40-B2", "did you mean B2:D40?"),
        ("B2..D40", "did you mean B2:D40?"),
        ("B2 to D40", "did you mean B2:D40?"),
        ("B2–D40", "did you mean B2:D40?"),  # a dash that an editor made long
        ("S!B2-D40", "did you mean S!B2:D40?"),
        ("7", "for the whole row write 7:7"),
        ("B:40", "mixes a column with a row"),
        ("!B2", "names no sheet"),
        ("''!B2", "names no sheet"),
        ("'Q3'!", "is not a range"),
        ("R2C2:R4C4", "is not a range"),
        ("B2:D40:E5", "is not a range"),
        ("=B2", "is not a range"),
        ("B2;C3", "is not a range"),
    ],
)
def test_refuses_nonsense(typed: str, hint: str) -> None:
    """What cannot be a range is refused in one sentence that says what to write."""
    with pytest.raises(SelectionError) as caught:
        parse_range(typed)
    assert hint in str(caught.value)


rows, columns = st.integers(1, 1_048_576), st.integers(1, 16_384)
sheets = st.none() | st.text(min_size=1, max_size=12).filter(lambda name: name.strip() == name)


@st.composite
def areas(draw: st.DrawFn) -> Area:
    """Any area that can be typed."""
    left, right = sorted((draw(columns), draw(columns)))
    top, bottom = sorted((draw(rows), draw(rows)))
    shapes = [
        (left, top, right, bottom),
        (left, None, right, None),
        (left, top, right, None),
        (None, top, None, bottom),
        (left, top, None, bottom),
    ]
    return Area(*draw(st.sampled_from(shapes)), draw(sheets))


@given(st.lists(areas(), min_size=1, max_size=3))
def test_text_and_areas_round_trip(parts: list[Area]) -> None:
    """Whatever is shown to a person can be typed again and means the same."""
    assert parse_range(",".join(str(part) for part in parts)) == tuple(parts)


@given(st.text(alphabet="B2:D40'!,[]$ -.=aé", max_size=14))
def test_any_text_ends_in_areas_or_a_sentence(text: str) -> None:
    """No text makes it crash: it is a range, or a SelectionError."""
    try:
        assert parse_range(text)
    except SelectionError as error:
        assert str(error).endswith((".", "?"))


@pytest.mark.parametrize(
    ("cells", "area"),
    [
        (CellRange("S", 2, 2, 40, 4), Area(2, 2, 4, 40, "S")),
        (CellRange("S", 1, 2, 1_048_576, 2), Area(2, None, 2, None, "S")),  # $B:$B
        (CellRange("S", 5, 1, 6, 16_384), Area(None, 5, None, 6, "S")),  # $5:$6
    ],
)
def test_what_a_name_covers(cells: CellRange, area: Area) -> None:
    """A name for whole columns or rows is as open as if it were typed so."""
    assert Area.of(cells) == area


def test_parse_cell() -> None:
    """One cell is read with or without dollars; anything else is refused."""
    assert parse_cell("C17") == parse_cell("$c$17") == (17, 3)
    for wrong in ("C", "17", "C17:D18", "", "C0", "XFE1"):
        with pytest.raises(SelectionError):
            parse_cell(wrong)
