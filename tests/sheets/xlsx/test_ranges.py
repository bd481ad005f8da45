"""Ranges in a workbook's parts, and the targets that lie in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.model import CellRange, CellRef
from glaze_cli.sheets.xlsx.ranges import Targets, area


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("B2", (2, 2, 2, 2)),
        ("$B$2:d40", (2, 2, 40, 4)),
        ("D40:B2", (2, 2, 40, 4)),  # corners in any order
        ("A:C", (1, 1, 1_048_576, 3)),
        ("2:3", (2, 1, 3, 16_384)),
        ("", None),
        ("#REF!", None),
        ("A0", None),
        ("XFE1", None),
    ],
)
def test_a_range_is_read(written: str, expected: tuple[int, int, int, int] | None) -> None:
    """Cells, ranges, whole columns and rows; what is none is None."""
    assert area("Data", written) == (CellRange("Data", *expected) if expected else None)


CELLS = st.builds(CellRef, st.just("Data"), st.integers(1, 12), st.integers(1, 12))


@given(st.lists(CELLS), CELLS, CELLS)
def test_targets_inside_a_range(cells: list[CellRef], one: CellRef, other: CellRef) -> None:
    """Exactly the targets that lie in the rectangle, in order, each once."""
    rows, columns = sorted((one.row, other.row)), sorted((one.column, other.column))
    covered = CellRange("Data", rows[0], columns[0], rows[1], columns[1])
    expected = {
        cell for cell in cells if rows[0] <= cell.row <= rows[1] and columns[0] <= cell.column <= columns[1]
    }
    targets = Targets(cells)
    assert list(targets.inside(covered)) == sorted(expected)
    assert list(targets.columns(one.row)) == sorted({cell for cell in cells if cell.row == one.row})
    assert list(targets.rows) == sorted({cell.row for cell in cells})
