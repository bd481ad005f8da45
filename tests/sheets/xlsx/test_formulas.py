"""Shared formulas: the text moves on to the next member and says the same there."""

from __future__ import annotations

import pytest

from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRef
from glaze_cli.sheets.xlsx.formulas import Formula, SharedFormulas, formula, formulas, translated
from glaze_cli.sheets.xlsx.tags import Names

NO_PREFIX = Names(b"")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A1+B2", "B3+C4"),
        ("$A1+A$1+$A$1", "$A3+B$1+$A$1"),  # what is fixed stays
        ("SUM(A1:B2)", "SUM(B3:C4)"),
        ("A:A", "B:B"),
        ("$A:B", "$A:C"),
        ("1:$3", "3:$3"),
        ('"A1"&A1', '"A1"&B3'),  # text is no reference
        ("'A1 b'!A1", "'A1 b'!B3"),  # nor is a sheet's name
        ("Sheet1!A1", "Sheet1!B3"),
        ("LOG10(A1)", "LOG10(B3)"),  # nor a function
        ("Table1[[#This Row],[A1]]+A1", "Table1[[#This Row],[A1]]+B3"),  # nor a table's column
        ("[1]Sheet1!A1", "[1]Sheet1!B3"),
        ("my.A1+A1_x+fooA1+ZZZ1", "my.A1+A1_x+fooA1+ZZZ1"),  # nor a part of a name, or past the last column
        ("1E5+2.A1", "1E5+2.A1"),
        ("XFD1048576", "A2"),  # past the edge it wraps, as in Excel
        ("A1#", "B3#"),
    ],
)
def test_a_formula_is_translated(text: str, expected: str) -> None:
    """Two rows down and one column right, each relative reference moves, and nothing else."""
    assert translated(text, 2, 1) == expected


def element(xml: bytes) -> Formula:
    found = formula(xml, 0, len(xml), NO_PREFIX)
    assert found is not None
    return found


MASTER = b'<f t="shared" ref="B2:B9" si="4">A2&amp;"x"</f>'
MEMBER = b'<f t="shared" ca="1" si="4"/>'


def adopted(shared: SharedFormulas, row: int, member: bytes, column: int = 2) -> bytes | None:
    return shared.adopt(CellRef("Data", row, column), element(member), member, NO_PREFIX)


def test_the_next_member_takes_the_text_over() -> None:
    """It keeps its own attributes and gains the text, moved to its place, and the range that is left."""
    shared = SharedFormulas()
    shared.drop(CellRef("Data", 2, 2), element(MASTER), MASTER)
    assert adopted(shared, 5, MEMBER) == b'<f t="shared" ca="1" si="4" ref="B5:B9">A5&amp;"x"</f>'
    assert not shared.waiting
    assert adopted(shared, 6, MEMBER) is None


def test_a_range_of_several_columns_keeps_its_width() -> None:
    """In a block, the members left of the new first cell in later rows stay within the range."""
    shared = SharedFormulas()
    master = MASTER.replace(b"B2:B9", b"B2:D9")
    shared.drop(CellRef("Data", 2, 2), element(master), master)
    assert b'ref="B2:D9"' in (adopted(shared, 2, MEMBER, column=3) or b"")


@pytest.mark.parametrize(
    "member",
    [
        b'<f t="shared" si="5"/>',  # of another group
        b"<f>A2</f>",  # no shared formula
        b'<f t="shared" si="4">A9</f>',  # it brings its own text
    ],
)
def test_other_formulas_stay(member: bytes) -> None:
    """Only a member without a text of its own is changed."""
    shared = SharedFormulas()
    shared.drop(CellRef("Data", 2, 2), element(MASTER), MASTER)
    assert adopted(shared, 5, member) is None


@pytest.mark.parametrize("gone", [MEMBER, b"<f>A2</f>", b'<f t="array" ref="B2">A2</f>'])
def test_only_the_first_cell_leaves_orphans(gone: bytes) -> None:
    """Where the text stays, nobody needs it."""
    shared = SharedFormulas()
    shared.drop(CellRef("Data", 2, 2), element(gone), gone)
    assert not shared.waiting


def test_a_range_that_is_none_is_refused() -> None:
    """A shared formula whose range cannot be read is not moved by guessing."""
    broken = MASTER.replace(b"B2:B9", b"#REF!")
    with pytest.raises(SheetRefused, match="Data!B2 has a shared formula"):
        SharedFormulas().drop(CellRef("Data", 2, 2), element(broken), broken)


def test_text_in_cdata_is_read() -> None:
    """The text of a formula is what XML says it is, however it was escaped."""
    shared = SharedFormulas()
    master = b'<f t="shared" ref="B2:B9" si="4"><![CDATA[A2<3]]></f>'
    shared.drop(CellRef("Data", 2, 2), element(master), master)
    assert shared.waiting["4"].text == "A2<3"


def test_all_formulas_of_a_row() -> None:
    """Empty and filled elements are told apart by their own tags."""
    row = b'<row><c><f t="array" ref="A1:B2">X</f></c><c><f si="1" t="shared"/></c><c><f>Y</f></c></row>'
    assert [(found.kind, found.ref, found.group) for found in formulas(row, NO_PREFIX)] == [
        ("array", "A1:B2", ""),
        ("shared", None, "1"),
        ("normal", None, ""),
    ]
