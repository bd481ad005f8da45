"""Where a cell is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.model import CellRange, CellRef, column_letters, column_number
from glaze_cli.model.cells import MAX_COLUMN


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (MAX_COLUMN, "XFD")]
)
def test_columns_have_letters(number: int, letters: str) -> None:
    """The letters are those a spreadsheet shows."""
    assert column_letters(number) == letters


@given(st.integers(1, MAX_COLUMN))
def test_letters_and_back(number: int) -> None:
    """Letters name one column."""
    assert column_number(column_letters(number)) == number
    assert column_number(column_letters(number).lower()) == number


def test_cells_order_as_in_the_file() -> None:
    """Sheet, then row, then column: B10 comes after C2."""
    cells = [CellRef("", 10, 2), CellRef("", 2, 3), CellRef("", 2, 1)]
    assert [cell.a1 for cell in sorted(cells)] == ["A2", "C2", "B10"]


def test_cells_and_ranges_are_written_as_typed() -> None:
    """A1 notation, with the sheet where there is one."""
    assert str(CellRef("Leads", 17, 3)) == "Leads!C17"
    assert CellRange("Leads", 2, 2, 40, 4).a1 == "B2:D40"
    assert CellRange("", 7, 2, 7, 2).a1 == "B7"
