"""Which column is called what."""

from __future__ import annotations

import pytest

from glaze_cli.errors import SelectionError
from glaze_cli.sheets.headers import Headers
from tests.sheets.fakes import FakeSheet

HEADERS = Headers(2, ("Company", "", " Email ", "email", "Phone No"))


def test_read_from_a_row() -> None:
    """Headers are kept as written, up to the last one; spaces alone are no header."""
    sheet = FakeSheet("S", [("Report",), ("Name ", None, " ", "Email", "  ", None), ("Ann",)])
    assert Headers.of(sheet, 2) == Headers(2, ("Name ", "", "", "Email"))
    assert Headers.of(sheet, 9) == Headers(9, ())


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("email", [4]),  # exactly so, although another differs only by case and spaces
        ("EMAIL", [3, 4]),
        ("phone no", [5]),
        ("Phone", []),
        ("", []),  # a column without a header is not called ""
    ],
)
def test_called(name: str, columns: list[int]) -> None:
    """An exact header wins; else case and surrounding space do not matter."""
    assert HEADERS.called(name) == columns


def test_find_says_which_cells_are_called_the_same() -> None:
    """One column, none, or a sentence with the cells of all."""
    assert HEADERS.find("company") == 1
    assert HEADERS.find("Country") is None
    with pytest.raises(SelectionError, match=r"2 columns are called EMAIL \(C2 and D2\)"):
        HEADERS.find("EMAIL")


def test_texts_and_close_names() -> None:
    """A column beyond the headers has none; a mistyped name finds the header it resembles."""
    assert [HEADERS.text(column) for column in (1, 2, 99)] == ["Company", "", ""]
    assert HEADERS.close_to("Compnay") == ["Company"]
    assert HEADERS.close_to("zzz") == []
