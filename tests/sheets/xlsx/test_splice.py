"""A spliced sheet: the target cells hold the new values, and every other byte is what it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.model import CellRef, Change, Scalar
from glaze_cli.sheets.xlsx.hazards import Hazards
from glaze_cli.sheets.xlsx.looks import Looks
from glaze_cli.sheets.xlsx.ranges import Targets
from glaze_cli.sheets.xlsx.scan import Scan
from glaze_cli.sheets.xlsx.splice import Splice
from tests.sheets.xlsx.workbooks import MAIN, sheet_xml

PLAIN = Looks((), frozenset())


def spliced(part: str, *changes: tuple[int, int, Scalar | None], size: int = 50) -> str:
    """The part with those changes (row, column, value), read in chunks of `size` bytes."""
    return edit(part, changes, size)[1]


def edit(
    part: str, changes: tuple[tuple[int, int, Scalar | None], ...], size: int = 50
) -> tuple[Splice, str]:
    wanted = [Change(CellRef("Data", row, column), value) for row, column, value in changes]
    targets = Targets(change.cell for change in wanted)
    splice = Splice("Data", wanted, PLAIN, False, Hazards(targets, (), ()))
    data = part.encode()
    chunks = (data[at : at + size] for at in range(0, len(data), size))
    return splice, b"".join(splice.chunks(Scan(chunks, "Data", targets.rows))).decode()


X = 't="inlineStr"><is><t>x</t></is></c>'


@pytest.mark.parametrize(
    ("rows", "changes", "expected"),
    [
        # a cell with a value, a style and metadata of the old value
        (
            '<row r="2"><c r="B2" s="3" t="s" cm="1" vm="2"><v>5</v></c></row>',
            [(2, 2)],
            f'<row r="2"><c r="B2" s="3" {X}</row>',
        ),
        ('<row r="2"><c r="B2" s="3"/></row>', [(2, 2)], f'<row r="2"><c r="B2" s="3" {X}</row>'),
        ("<row><c s='3' ></c></row>", [(1, 1)], f"<row><c s='3' {X}</row>"),  # no addresses
        # a cell that is not there: before, between, behind
        (
            '<row r="2"><c r="B2"/><c r="D2"/></row>',
            [(2, 1)],
            f'<row r="2"><c r="A2" {X}<c r="B2"/><c r="D2"/></row>',
        ),
        (
            '<row r="2"><c r="B2"/> <c r="D2"/></row>',
            [(2, 3)],
            f'<row r="2"><c r="B2"/> <c r="C2" {X}<c r="D2"/></row>',
        ),
        (
            '<row r="2"><c r="B2"/><extLst/></row>',
            [(2, 5)],
            f'<row r="2"><c r="B2"/><c r="E2" {X}<extLst/></row>',
        ),
        ("<row><c/><c/></row>", [(1, 4)], f'<row><c/><c/><c r="D1" {X}</row>'),
        # a row without cells, and rows that are not there
        ('<row r="2" ht="9"/>', [(2, 1)], f'<row r="2" ht="9"><c r="A2" {X}</row>'),
        ('<row r="2"></row>', [(2, 1)], f'<row r="2"><c r="A2" {X}</row>'),
        ('<row r="2"/>', [(1, 1)], f'<row r="1"><c r="A1" {X}</row><row r="2"/>'),
        ('<row r="2"/> <row r="4"/>', [(3, 1)], f'<row r="2"/><row r="3"><c r="A3" {X}</row> <row r="4"/>'),
        ('<row r="2"/>', [(3, 1), (3, 2)], f'<row r="2"/><row r="3"><c r="A3" {X}<c r="B3" {X}</row>'),
        ("", [(1, 1)], f'<row r="1"><c r="A1" {X}</row>'),
        # the style of the row; its spans grow
        (
            '<row r="2" s="4" customFormat="1"/>',
            [(2, 1)],
            f'<row r="2" s="4" customFormat="1"><c r="A2" s="4" {X}</row>',
        ),
        (
            '<row r="2" s="4"/>',
            [(2, 1)],
            f'<row r="2" s="4"><c r="A2" {X}</row>',
        ),  # a style that does not hold
        (
            '<row r="2" spans="2:3"/>',
            [(2, 1), (2, 5)],
            f'<row r="2" spans="1:5"><c r="A2" {X}<c r="E2" {X}</row>',
        ),
        ('<row r="2" spans="2:5"/>', [(2, 3)], f'<row r="2" spans="2:5"><c r="C2" {X}</row>'),
        # what only looks like a cell
        (
            '<row r="2"><!-- <c r="A2"/> --><c r="B2"/></row>',
            [(2, 2)],
            f'<row r="2"><!-- <c r="A2"/> --><c r="B2" {X}</row>',
        ),
    ],
)
def test_a_value_is_put_in(rows: str, changes: list[tuple[int, int]], expected: str) -> None:
    """In its place and nowhere else."""
    wanted = tuple((row, column, "x") for row, column in changes)
    assert edit(sheet_xml(rows), wanted)[1] == sheet_xml(expected)


def test_a_cell_is_emptied() -> None:
    """Its style stays; where there is no cell, none is made."""
    rows = '<row r="2"><c r="B2" s="3" t="s"><v>5</v></c></row>'
    assert spliced(sheet_xml(rows), (2, 2, None)) == sheet_xml('<row r="2"><c r="B2" s="3"/></row>')
    assert spliced(sheet_xml(rows), (1, 1, None), (2, 1, ""), (3, 1, None)) == sheet_xml(rows)


def test_what_was_written_is_counted() -> None:
    """A cell whose bytes did not change is not counted."""
    same = '<row r="2"><c r="B2" t="inlineStr"><is><t>x</t></is></c></row>'
    splice, text = edit(sheet_xml(same), ((2, 2, "x"), (2, 3, "y"), (9, 9, None)))
    assert splice.editor.written == 1
    assert '<c r="C2"' in text


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>',
            f'<sheetData><row r="1"><c r="A1" {X}</row></sheetData>',
        ),
        (
            f'<worksheet xmlns="{MAIN}"><sheetData  /></worksheet>',
            f'<sheetData><row r="1"><c r="A1" {X}</row></sheetData>',
        ),
        (
            f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData/></x:worksheet>',
            '<x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>x</x:t></x:is></x:c></x:row>'
            "</x:sheetData>",
        ),
    ],
)
def test_a_sheet_without_rows(part: str, expected: str) -> None:
    """The empty element is opened, under its own prefix."""
    assert expected in spliced(part, (1, 1, "x"))
    assert spliced(part, (1, 1, None)) == part


def test_the_style_of_the_column() -> None:
    """A new cell looks as its column says, where its row says nothing."""
    cols = '<cols><col min="2" max="3" style="7"/></cols>'
    made = spliced(sheet_xml('<row r="2"/>', cols), (2, 3, "x"), (3, 2, "x"), (3, 4, "x"))
    assert f'<c r="C2" s="7" {X}' in made
    assert f'<c r="B3" s="7" {X}<c r="D3" {X}' in made


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ("B2:C9", [(3, 3, "x")], "B2:C9"),  # inside
        ("B2:C9", [(1, 5, "x"), (20, 1, "x")], "A1:E20"),
        ("B2:C9", [(20, 1, None)], "B2:C9"),  # nothing is written there
        ("A1", [(2, 2, "x")], "A1:B2"),
    ],
)
def test_the_dimension_grows(before: str, changes: list[tuple[int, int, Scalar | None]], after: str) -> None:
    """It covers the new values, and is not touched when it did before."""
    made = spliced(sheet_xml("", f'<dimension ref="{before}"/>'), *changes)
    assert f'<dimension ref="{after}"/>' in made


SHARED = (
    '<row r="2"><c r="B2"><f t="shared" ref="B2:B5" si="0">A2*2</f><v>4</v></c></row>'
    '<row r="3"><c r="B3" s="1"><f t="shared" si="0"/><v>6</v></c></row>'
    '<row r="4"><c r="A4"/></row>'
    '<row r="5"><c r="B5"><f t="shared" si="0"/><v>10</v></c></row>'
)


def test_a_shared_formula_moves_on() -> None:
    """Its next member has the text; the other bytes, cached values too, stay."""
    splice, made = edit(sheet_xml(SHARED), ((2, 2, "x"),))
    moved = SHARED.replace('<f t="shared" ref="B2:B5" si="0">A2*2</f><v>4</v></c>', "!", 1)
    moved = moved.replace('<c r="B2">!', f'<c r="B2" {X}')
    moved = moved.replace('<f t="shared" si="0"/>', '<f t="shared" si="0" ref="B3:B5">A3*2</f>', 1)
    assert made == sheet_xml(moved)
    assert [cell.a1 for cell in splice.editor.lost_formulas] == ["B2"]


def test_a_shared_formula_moves_past_edited_members() -> None:
    """Members that are overwritten too are passed over, and rows without changes are looked at."""
    splice, made = edit(sheet_xml(SHARED), ((2, 2, "x"), (3, 2, "x")))
    assert '<c r="B5"><f t="shared" si="0" ref="B5">A5*2</f><v>10</v></c>' in made
    assert [cell.a1 for cell in splice.editor.lost_formulas] == ["B2", "B3"]
    assert "<f" not in edit(sheet_xml(SHARED), ((2, 2, "x"), (3, 2, "x"), (5, 2, "x")))[1]


CELLS = st.dictionaries(
    st.tuples(st.integers(1, 6), st.integers(1, 6)), st.sampled_from(["x", 7, True, None])
)


@settings(max_examples=80, deadline=None)
@given(CELLS, CELLS, st.integers(1, 400))
def test_any_cells_in_any_sheet(
    old: dict[tuple[int, int], Scalar | None],
    new: dict[tuple[int, int], Scalar | None],
    size: int,
) -> None:
    """Setting some cells of a sheet made cell by cell gives the sheet made with them set at once."""
    empty = sheet_xml("")
    before = spliced(empty, *((*place, value) for place, value in sorted(old.items())))
    made = spliced(before, *((*place, value) for place, value in sorted(new.items())), size=size)
    at_once = {place: value for place, value in old.items() if value is not None}
    emptied = {place for place in at_once if place in new and new[place] is None}
    at_once |= {place: value for place, value in new.items() if value is not None}
    expected = spliced(empty, *((*place, value) for place, value in sorted(at_once.items())))
    for row, column in emptied:
        cell = CellRef("Data", row, column).a1
        start = expected.index(f'<c r="{cell}"')
        end = expected.index("</c>", start) + 4
        expected = f'{expected[:start]}<c r="{cell}"/>{expected[end:]}'
    assert made == expected
