"""What a request selects, and what it cannot select."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.errors import SelectionError
from glaze_cli.model import CellRange
from glaze_cli.sheets.ground import Span
from glaze_cli.sheets.selection import SelectionRequest, TargetColumn, merged, select
from tests.sheets.fakes import FakeBook

HEADERS = ("Company", "Country", "Email", "Phone")
LEADS = [HEADERS, *[(f"Company {row}", "US", None, None) for row in range(2, 42)]]
NAMES = {
    "Leads": CellRange("Leads", 1, 1, 41, 4),
    "Leads[Email]": CellRange("Leads", 2, 3, 41, 3),
    "Generous": CellRange("Leads", 2, 3, 1000, 9),
    "Below": CellRange("Leads", 50, 3, 60, 3),
}


def book(**more: list[tuple[str | None, ...]]) -> FakeBook:
    """Sheet Leads: headers A1:D1, data to row 41, Email and Phone empty."""
    return FakeBook({"Leads": LEADS, **more}, NAMES)


def chosen(targets: tuple[TargetColumn, ...]) -> dict[str, tuple[Span, ...]]:
    """Header to spans."""
    return {target.header: target.spans for target in targets}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("C2:D10", {"Email": ((2, 10),), "Phone": ((2, 10),)}),
        ("C7", {"Email": ((7, 7),)}),
        ("C:D", {"Email": ((2, 41),), "Phone": ((2, 41),)}),  # below the header by itself
        ("C5:D", {"Email": ((5, 41),), "Phone": ((5, 41),)}),
        ("40:41", dict.fromkeys(HEADERS, ((40, 41),))),
        ("C2:3", {"Email": ((2, 3),), "Phone": ((2, 3),)}),
        ("C2:C5,C4:D9,C20", {"Email": ((2, 9), (20, 20)), "Phone": ((4, 9),)}),  # overlaps count once
        ("D2:D3,C2:C3", {"Email": ((2, 3),), "Phone": ((2, 3),)}),  # by column, however typed
        ("leads!C2,D3", {"Email": ((2, 2),), "Phone": ((3, 3),)}),  # one part names the sheet for all
        ("Leads[Email]", {"Email": ((2, 41),)}),
        ("Leads", dict.fromkeys(HEADERS, ((2, 41),))),  # a name may hold its header row
        ("Generous", {"Email": ((2, 41),), "Phone": ((2, 41),)}),  # and reach past the data
    ],
)
def test_a_range_selects(typed: str, expected: dict[str, tuple[Span, ...]]) -> None:
    """A range selects its rows of its columns, each cell once, in the order of the columns."""
    selection = select(book(), SelectionRequest(range=typed))
    assert chosen(selection.targets) == expected
    assert [target.column for target in selection.targets] == sorted(
        HEADERS.index(header) + 1 for header in expected
    )
    assert selection.sheet == "Leads"
    assert selection.headers.texts == HEADERS


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("C2:D9", True),
        ("C:D", True),
        ("Leads[Email]", True),
        ("2:9", False),
        ("C2:9", False),
        ("Leads", False),
    ],
)
def test_columns_nobody_chose_are_told_apart(typed: str, named: bool) -> None:
    """Only columns that the user pointed at are `named`; the others may be left out in silence."""
    assert {target.named for target in select(book(), SelectionRequest(range=typed)).targets} == {named}


def test_headers_select_whole_columns() -> None:
    """--columns finds headers with case and surrounding space aside, and takes all rows of data."""
    selection = select(book(), SelectionRequest(columns=(" email", "PHONE", "Email")))
    assert selection.targets == (
        TargetColumn(3, "Email", ((2, 41),)),
        TargetColumn(4, "Phone", ((2, 41),)),
    )
    assert selection.range_text == " email, PHONE, Email"


def test_an_unknown_header_is_added_at_the_right() -> None:
    """--columns with headers the sheet lacks adds columns right of everything, once each, in that order."""
    wide = book(Wide=[("Company", None), ("Acme", None, "a note without a header")])
    request = SelectionRequest(columns=("Industry", "Company", "industry", "Size"), sheet="Wide")
    selection = select(wide, request)
    assert selection.targets == (
        TargetColumn(1, "Company", ((2, 2),)),
        TargetColumn(4, "Industry", ((2, 2),), added=True),
        TargetColumn(5, "Size", ((2, 2),), added=True),
    )
    assert selection.added_columns == (4, 5)
    assert selection.headers.texts == ("Company",)


def test_headers_within_the_rows_of_a_range() -> None:
    """--columns with --range takes the range's rows, whatever its columns."""
    selection = select(book(), SelectionRequest(range="A2:A5,9:12", columns=("Email", "Industry")))
    assert chosen(selection.targets) == {"Email": ((2, 5), (9, 12)), "Industry": ((2, 5), (9, 12))}
    assert selection.spans == ((2, 5), (9, 12))
    assert selection.range_text == "Email, Industry in A2:A5,9:12"


def test_another_header_row() -> None:
    """--header-row moves the headers, and the data begins below them."""
    report = book(Report=[("Leads of Q3",), (None,), ("Name", "Email"), ("Ann", None)])
    selection = select(report, SelectionRequest(range="B:B", sheet="report", header_row=3))
    assert selection.targets == (TargetColumn(2, "Email", ((4, 4),)),)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (SelectionRequest(), "Nothing is selected; give --range"),
        (SelectionRequest(range="C2:C9", header_row=0), "--header-row 0 is no row"),
        (
            SelectionRequest(range="B2:D400"),
            "B2:D400 ends at row 400, but the data ends at row 41; use B2:D41 or B2:D.",
        ),
        (SelectionRequest(range="2:400"), "2:400 ends at row 400, but the data ends at row 41; use 2:41."),
        (SelectionRequest(range="C99"), "C99 is beyond the data, which ends at row 41."),
        (SelectionRequest(range="C50:C60"), "C50:C60 is beyond the data, which ends at row 41."),
        (SelectionRequest(range="C50:C"), "C50:C is beyond the data, which ends at row 41."),
        (SelectionRequest(range="Below"), "Below covers no row of Leads that holds data."),
        (
            SelectionRequest(range="B2:F9"),
            "B2:F9 is wider than the headers: the last header is Phone in D1; use B2:D9",
        ),
        (SelectionRequest(range="F2:F9"), "F2:F9 is beyond the headers: the last header is Phone in D1"),
        (SelectionRequest(range="F2:9"), "F2:9 is beyond the headers"),
        (SelectionRequest(range="B1:D40"), "B1:D40 covers the header row 1; begin at B2."),
        (SelectionRequest(range="1:40"), "1:40 covers the header row 1; begin at row 2."),
        (SelectionRequest(range="B2:D40", header_row=3), "B2:D40 covers the header row 3; begin at B4."),
        (
            SelectionRequest(range="B1:D2", header_row=3),
            "B1:D2 is above the header row 3; the data begins at row 4.",
        ),
        (SelectionRequest(range="B50:B60", header_row=42), "--header-row 42 is beyond the data of Leads"),
        (SelectionRequest(range="C2", sheet="Nope"), "There is no sheet Nope"),
        (SelectionRequest(range="Nope!C2"), "There is no sheet Nope"),
        (
            SelectionRequest(range="C2,Other!C2,Leads!C3"),
            "two sheets, Other and Leads; run Glaze once for each.",
        ),
        (SelectionRequest(range="Other!A2", sheet="Leads"), "two sheets, Other and Leads"),
        (SelectionRequest(range="Other!Leads"), "Leads is on the sheet Leads, not on Other."),
        (
            SelectionRequest(range="Emial"),
            "no range, defined name or table of leads.xlsx; for the column Email",
        ),
        (SelectionRequest(range="C"), "for the whole column write C:C"),
        (SelectionRequest(range="Others"), "for the sheet write --sheet 'Other'"),
        (SelectionRequest(range="Prospects"), "Prospects is no range, defined name or table of leads.xlsx."),
        (SelectionRequest(columns=("Email", "")), "--columns holds an empty name"),
        (SelectionRequest(columns=("Name",), sheet="Other"), "2 columns are called Name (A1 and C1)"),
        (
            SelectionRequest(range="A2:C2", sheet="Other"),
            "A2:C2 holds column B, which has no header: write one in B1",
        ),
        (SelectionRequest(range="A:A", sheet="Bare"), "Bare has no rows below its header row 1."),
        (SelectionRequest(columns=("New",), sheet="Bare"), "Bare has no rows below its header row 1."),
        (SelectionRequest(range="A2", sheet="Bare"), "Bare has no rows below its header row 1."),
        (SelectionRequest(range="A:A", sheet="Empty"), "Empty is empty; there is nothing to fill."),
        (SelectionRequest(range="A3:A3", sheet="Low"), "Row 1 of Low is empty, so no column has a header"),
    ],
)
def test_refuses(request_: SelectionRequest, sentence: str) -> None:
    """What cannot be filled is refused with one sentence that names it and says what to do."""
    sheets = book(
        Other=[("Name", " ", "Name"), ("Ann", "x", "y")],
        Bare=[("Name", "Email")],
        Empty=[],
        Low=[(None,), ("Name",), ("Ann",)],
    )
    with pytest.raises(SelectionError) as caught:
        select(sheets, request_)
    assert sentence in str(caught.value)


def test_an_unheaded_column_in_whole_rows_is_left_out() -> None:
    """`2:2` takes the columns that have a header."""
    gap = book(Gap=[("Name", None, "Email"), ("Ann", "x", None)])
    assert list(chosen(select(gap, SelectionRequest(range="2:2", sheet="Gap")).targets)) == ["Name", "Email"]


def test_a_closed_range_reads_no_further_than_it_must() -> None:
    """The size of the sheet does not matter to a range near its top: no look at where the data ends."""
    leads = book()
    select(leads, SelectionRequest(range="C2:D5"))
    assert leads.sheet().read == 2  # the header row, and one row to see that row 5 is there


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)), max_size=12))
def test_merged_spans_cover_the_same_rows(pairs: list[tuple[int, int]]) -> None:
    """Merging loses no row, adds none and leaves gaps between the spans."""
    spans = [(first, first + more) for first, more in pairs]
    result = merged(spans)
    assert {row for a, b in result for row in range(a, b + 1)} == {
        row for a, b in spans for row in range(a, b + 1)
    }
    assert all(before[1] + 1 < after[0] for before, after in itertools.pairwise(result))
