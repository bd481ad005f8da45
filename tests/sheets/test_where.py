"""Conditions over the headers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.errors import SelectionError
from glaze_cli.sheets.selection import SelectionRequest, select
from glaze_cli.sheets.where import matching_rows
from tests.sheets.fakes import FakeBook

SHEET = [
    ("Country", "Employees", "First Name", "Code", "Since", "Revenue", "Empty", "Twice", "twice"),
    ("US", "5", "Ann", "00501", "2024-01-31", "1.5", None, "x", "y"),
    ("US", None, "Bob", "00502", "2019-07-01", None, None, "x", "y"),
    (None, "12", "Cy", None, None, "-3", None, "x", "y"),
    ("DE", "300", "Dee", "7", "2022-01-01", "1e3", None, "x", "y"),
]


def rows(expression: str, typed: str = "A:G") -> list[int]:
    """The rows of SHEET that match."""
    book = FakeBook({"S": SHEET})
    return matching_rows(book.sheet(), select(book, SelectionRequest(range=typed)), expression)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Country = 'US' AND Employees IS NULL", [3]),
        ("Employees > 5", [4, 5]),  # numbers compare as numbers: 12 and 300 are more than 5
        ("country = 'DE'", [5]),  # case aside
        ("\"First Name\" LIKE '%e%'", [5]),  # a header with a space
        ("Country <> 'US'", [5]),  # NULL is neither equal nor different
        ("Country IS NULL", [4]),
        ("Code = '00501'", [2]),  # leading zeros are kept: text
        ("Since >= '2020-01-01'", [2, 5]),  # ISO dates compare as text
        ("Revenue = '1e3'", [5]),  # no plain number, so the column is text
        ("Empty > 5", []),  # a column without values fits any comparison
        ("Empty LIKE 'x%'", []),
        ("Empty IS NULL OR Empty = 'x'", [2, 3, 4, 5]),
        ("Employees > AVG(Employees)", [5]),
        ("1 = 1", [2, 3, 4, 5]),  # names no column
        ("Employees IN (5, 300) AND NOT Country = 'DE'", [2]),
    ],
)
def test_matches(expression: str, expected: list[int]) -> None:
    """A condition keeps the rows a person would pick by eye."""
    assert rows(expression) == expected


def test_only_the_selected_rows_are_asked() -> None:
    """Rows outside the selection never match, and their values do not decide what is a number."""
    assert rows("Country = 'US'", "A3:B5") == [3]
    assert rows("Revenue > 0", "F2:F4") == [2]  # 1e3 stands in row 5


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("Contry = 'US'", "--where names Contry, which is no header; did you mean Country?"),
        ('Country = "US"', "A text is written 'US'"),  # double quotes are for headers
        ("Zzz = 1", "there are: Country, Employees, First Name"),
        ("Twice = 'x' AND TWICE = 'y'", "2 columns are called TWICE (H1 and I1)"),
        ("Country =", "--where Country = is no condition"),
        ("SELECT 1", "is no condition"),
        ("", "is no condition"),
        ("Employees > '5'", "Employees holds numbers; numbers compare without quotes"),
        ("Country > 5", "Country holds text"),
        ("Country", "does not fit the sheet: filter predicate must be of type `Boolean`"),
        ("frobnicate(Country) = 1", "unsupported function 'frobnicate'"),
    ],
)
def test_refuses(expression: str, sentence: str) -> None:
    """A wrong condition is refused with a sentence that names the header or says what does not fit."""
    with pytest.raises(SelectionError) as caught:
        rows(expression)
    assert sentence in str(caught.value)


@settings(max_examples=25)
@given(st.lists(st.none() | st.text(max_size=4) | st.integers().map(str), min_size=1, max_size=9), st.data())
def test_a_value_finds_the_rows_that_hold_it(values: list[str | None], data: st.DataObject) -> None:
    """Whatever a column holds, asking for NULL or for one of its texts finds exactly those rows."""
    text = [value or None for value in values]
    book = FakeBook({"S": [("Key", "Mark"), *[(value, "x") for value in text], ("none", "x")]})
    selection = select(book, SelectionRequest(columns=("Key",)))
    empty = [number for number, value in enumerate(text, 2) if value is None]
    assert matching_rows(book.sheet(), selection, "Key IS NULL") == empty
    wanted = data.draw(st.sampled_from(text))
    if wanted is not None:
        quoted = wanted.replace("'", "''")
        found = [number for number, value in enumerate(text, 2) if value == wanted]
        assert matching_rows(book.sheet(), selection, f"Key = '{quoted}'") == found
