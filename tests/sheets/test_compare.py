"""What a cell holds now, against what it held and is to hold."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from glaze_cli.errors import InputError, SelectionError
from glaze_cli.model import CellRef, Change, Scalar
from glaze_cli.sheets.compare import Standing, addressed, compare, reverse, same
from tests.sheets.fakes import FakeBook


def book() -> FakeBook:
    """Two sheets; row 3 of S is empty."""
    return FakeBook(
        {"S": [("Name", "Email"), ("Ann", "a@x.com"), (None,), ("Bob", None)], "T": [("1", "42")]}
    )


@pytest.mark.parametrize(
    ("seen", "value", "expected"),
    [
        ("42", 42, True),
        ("42", 42.0, True),
        ("42", "42", True),
        ("00501", 501, True),  # as seen under the format 00000
        ("00501", "501", False),  # two texts
        (None, None, True),
        (None, "", True),
        ("", None, True),
        ("0", None, False),
        ("0", False, False),
        ("FALSE", False, True),
        ("1", True, False),
        ("0.1", 0.1, True),
        ("1E+20", 1e20, True),
        ("2026-03-31", date(2026, 3, 31), True),
        ("2026-03-31T14:30:00", datetime(2026, 3, 31, 14, 30), True),
        ("2026-03-31 14:30:00", "2026-03-31T14:30:00", True),
        ("'=1+1", "=1+1", True),  # defused in a CSV
        ("'Tis", "Tis", False),  # an apostrophe of the text's own
        ("a\nb", "a\r\nb", True),  # line ends are the file's own
        ("a", "A", False),
        ("a ", "a", False),
        ("x", 5, False),
    ],
)
def test_same(seen: str | None, value: Scalar | date | None, expected: bool) -> None:
    """Values are compared as a person sees them."""
    assert same(seen, value) is expected


@pytest.mark.parametrize(
    ("change", "standing", "now"),
    [
        (Change(CellRef("S", 2, 2), "new", "a@x.com"), Standing.APPLICABLE, "a@x.com"),
        (Change(CellRef("S", 4, 2), "new", None), Standing.APPLICABLE, None),  # was empty, is empty
        (Change(CellRef("S", 3, 2), "new", None), Standing.APPLICABLE, None),  # an empty row
        (Change(CellRef("S", 99, 9), "new", None), Standing.APPLICABLE, None),  # beyond the data
        (Change(CellRef("S", 2, 2), "a@x.com", "old"), Standing.ALREADY, "a@x.com"),
        (Change(CellRef("S", 2, 2), "a@x.com", old_known=False), Standing.ALREADY, "a@x.com"),
        (Change(CellRef("S", 2, 2), "new", "other"), Standing.CONFLICT, "a@x.com"),
        (Change(CellRef("S", 2, 2), "new", None), Standing.CONFLICT, "a@x.com"),  # somebody filled it
        (Change(CellRef("S", 2, 2), None, "other"), Standing.CONFLICT, "a@x.com"),
        (Change(CellRef("S", 2, 2), "new", old_known=False), Standing.UNCHECKED, "a@x.com"),
        (Change(CellRef("", 2, 2), "new", "a@x.com"), Standing.APPLICABLE, "a@x.com"),  # the first sheet
    ],
)
def test_standing(change: Change, standing: Standing, now: str | None) -> None:
    """A change is written over what it was made for; over nothing that somebody else put there."""
    (result,) = compare(book(), [change])
    assert (result.standing, result.now) == (standing, now)


def test_only_what_stands_as_it_was_is_written() -> None:
    """Conflicts and values that are there already are not written."""
    assert {standing for standing in Standing if standing.writes} == {Standing.APPLICABLE, Standing.UNCHECKED}


def test_each_sheet_is_read_once() -> None:
    """Many changes take one pass over the rows, in the order given."""
    cells = [("S", 2, 1), ("S", 2, 2), ("S", 4, 1), ("T", 1, 1), ("T", 1, 2)]
    file = book()
    results = list(compare(file, [Change(CellRef(*cell), "new", old_known=False) for cell in cells]))
    assert [result.now for result in results] == ["Ann", "a@x.com", "Bob", "1", "42"]
    assert [sheet.read for sheet in file.sheets] == [2, 1]


def test_undo_restores_only_what_was_not_touched() -> None:
    """A reversed change applies where the cell still holds the new value, and conflicts where it does not."""
    written = Change(CellRef("S", 2, 2), "a@x.com", "old@x.com")
    touched = Change(CellRef("S", 4, 2), "b@x.com", None)
    kept = Change(CellRef("S", 4, 1), "Zed", "Bob")
    results = list(compare(book(), [reverse(written), reverse(kept), reverse(touched)]))
    assert [result.standing for result in results] == [
        Standing.APPLICABLE,
        Standing.ALREADY,
        Standing.ALREADY,
    ]
    assert results[0].change.new == "old@x.com"
    (result,) = compare(book(), [reverse(Change(CellRef("S", 2, 1), "Zed", "Bob"))])
    assert result.standing is Standing.CONFLICT  # it holds Ann, neither Zed nor Bob


def test_what_was_not_known_cannot_be_restored() -> None:
    """Undo never empties a cell for want of knowing what it held."""
    with pytest.raises(InputError, match="What S!B2 held before is not known"):
        reverse(Change(CellRef("S", 2, 2), "x", old_known=False))


def test_addressed_gives_sheets_their_names() -> None:
    """A patch may leave the sheet out or spell it in another case; each cell is set once all the same."""
    patch = [Change(CellRef("t", 1, 1), 1), Change(CellRef("", 2, 2), 2), Change(CellRef("S", 2, 1), 3)]
    assert [str(change.cell) for change in addressed(book(), patch)] == ["S!A2", "S!B2", "T!A1"]
    with pytest.raises(InputError, match="The patch sets S!B2 twice"):
        addressed(book(), [Change(CellRef("s", 2, 2), 1), Change(CellRef("", 2, 2), 2)])
    with pytest.raises(SelectionError, match="no sheet Nope"):
        addressed(book(), [Change(CellRef("Nope", 2, 2), 1)])
