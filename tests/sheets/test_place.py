"""Where a change belongs in a file that moved."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.model import CellRef, Change
from glaze_cli.sheets.headers import Headers
from glaze_cli.sheets.place import Placements, Reading, place
from tests.sheets.fakes import FakeSheet

HEADERS = ("Company", "Country", "Email")
THEN = Reading(Headers(1, HEADERS), ("Company", "Country"))
ROWS = [("Acme", "US"), ("Bolt", "DE"), ("Cone", None), ("Acme", "FR")]

Row = tuple[str | None, ...]


def texts(row: Row) -> dict[str, str]:
    """A row as the job kept it: header to text, without what was empty."""
    return {header: text for header, text in zip(HEADERS, row, strict=False) if text}


def put(now: list[Row], then: Reading = THEN, before: list[Row] | None = None, column: int = 3) -> Placements:
    """Place one value for each row there was; the value is the row's company and country."""
    rows = [(number, texts(row)) for number, row in enumerate(ROWS if before is None else before, 2)]
    changes = [Change(CellRef("S", number, column), "/".join(kept.values())) for number, kept in rows]
    return place(FakeSheet("S", now), then, rows, changes)


def cells(result: Placements) -> dict[str, object]:
    """Cell to value."""
    return {change.cell.a1: change.new for change in result.placed}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ([HEADERS, *ROWS], {"C2": "Acme/US", "C3": "Bolt/DE", "C4": "Cone", "C5": "Acme/FR"}),  # as it was
        (  # sorted another way
            [HEADERS, *reversed(ROWS)],
            {"C5": "Acme/US", "C4": "Bolt/DE", "C3": "Cone", "C2": "Acme/FR"},
        ),
        (  # rows inserted: one with content, one empty
            [HEADERS, ("New", "US"), (None,), *ROWS],
            {"C4": "Acme/US", "C5": "Bolt/DE", "C6": "Cone", "C7": "Acme/FR"},
        ),
        ([HEADERS, *ROWS[2:]], {"C2": "Cone", "C3": "Acme/FR"}),  # rows deleted
        (  # a column inserted, one moved, the target first
            [("Email", "Note", "Country", "Company"), (None, "x", "DE", "Bolt")],
            {"A2": "Bolt/DE"},
        ),
        ([("COMPANY", " country ", "email"), *ROWS[:1]], {"C2": "Acme/US"}),  # headers respelt
        ([HEADERS, ("Acme", "UK"), *ROWS[1:3]], {"C3": "Bolt/DE", "C4": "Cone"}),  # an input changed
    ],
)
def test_values_follow_their_rows(now: list[Row], expected: dict[str, object]) -> None:
    """A value lands in the row with its inputs and under its header, wherever both are now."""
    assert cells(put(now)) == expected


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ([HEADERS, *ROWS[1:]], "S!C2 was not placed: nothing with its inputs is in the sheet any more."),
        (
            [HEADERS, (None,), *ROWS, ROWS[0]],
            "S!C2 was not placed: 2 places with its inputs are in the sheet now.",
        ),
        ([HEADERS[:2], *ROWS], "S!C2 was not placed: nothing called Email is in the sheet any more."),
        ([("Email", *HEADERS), *ROWS], "S!C2 was not placed: 2 places called Email are in the sheet now."),
        (
            [("Firm", *HEADERS[1:]), *ROWS],
            "S!C2 was not placed: the column Company, which told its row apart, is gone.",
        ),
        ([], "S!C2 was not placed: nothing called Email is in the sheet any more."),
    ],
)
def test_what_is_not_certain_is_not_placed(now: list[Row], sentence: str) -> None:
    """No row, several rows, no column or several columns: the value stays out, with the reason."""
    result = put(now)
    assert sentence in [unplaced.sentence for unplaced in result.unplaced]
    assert "Acme/US" not in cells(result).values()


def test_rows_that_were_alike() -> None:
    """Two rows with the same inputs keep their places or none: one of them left is not taken for both."""
    twins: list[Row] = [("Acme", "US"), ("Acme", "US")]
    assert cells(put([HEADERS, *twins], before=twins)) == {"C2": "Acme/US", "C3": "Acme/US"}
    result = put([HEADERS, ("Bolt", "DE"), (None,), twins[0]], before=twins)
    assert not result.placed
    assert "2 places with its inputs were in the sheet when it was read" in result.unplaced[0].sentence


def test_where_a_cell_is_now() -> None:
    """Asked about any cell of the rows that were described, with a change or without."""
    result = put([("Email", "Note", "Country", "Company"), (None, "x", "DE", "Bolt")])
    assert result.find(CellRef("S", 3, 1)) == CellRef("S", 2, 4)
    assert [result.find(CellRef("S", row, column)) for row, column in ((2, 1), (9, 1), (3, 9))] == [None] * 3


def test_a_row_without_inputs_is_not_placed() -> None:
    """A row that was empty but for its target is like any other empty row."""
    result = put([HEADERS, (None, None, "x")], before=[(None, None)])
    assert [unplaced.sentence for unplaced in result.unplaced] == [
        "S!C2 was not placed: its row had no inputs to tell it apart."
    ]


def test_unknown_rows_and_columns_are_not_placed() -> None:
    """A change of a row or column that nobody described stays out."""
    changes = [Change(CellRef("S", 9, 3), "x"), Change(CellRef("S", 2, 7), "x")]
    result = place(FakeSheet("S", [HEADERS, *ROWS]), THEN, [(2, texts(ROWS[0]))], changes)
    assert [unplaced.sentence for unplaced in result.unplaced] == [
        "S!C9 was not placed: its row is not known.",
        "S!G2 was not placed: its column had no header.",
    ]


def test_columns_called_the_same_stay_while_nothing_left_of_them_moved() -> None:
    """Twin headers are fine where they were; once the headers moved, nobody can tell them apart."""
    then = Reading(Headers(1, ("Company", "Email", "Email")), ("Company",))
    grown = [("Company", "Email", "Email", "Note"), ("Acme",)]
    assert cells(put(grown, then, [("Acme",)])) == {"C2": "Acme"}
    cut = put([("Company", "Email"), ("Acme",)], then, [("Acme",)])
    assert "2 places called Email were in the sheet" in cut.unplaced[0].sentence


def test_added_columns() -> None:
    """A column to be added goes right of what is there now; one that is there by now is used as it is."""
    then = Reading(Headers(1, HEADERS), ("Company", "Country"), {4: "Size", 5: "Industry"})
    changes = [
        Change(CellRef("S", 1, 4), "Size"),
        Change(CellRef("S", 1, 5), "Industry"),
        Change(CellRef("S", 2, 4), 10),
        Change(CellRef("S", 2, 5), "tools"),
    ]
    rows = [(2, texts(ROWS[0]))]
    grown = FakeSheet("S", [(*HEADERS, "Note"), (*ROWS[0], None, None, "beyond")])
    result = place(grown, then, rows, changes)
    assert result.added_columns == (6, 7)
    assert cells(result) == {"F1": "Size", "G1": "Industry", "F2": 10, "G2": "tools"}
    there = place(FakeSheet("S", [("industry", *HEADERS), (None, *ROWS[0])]), then, rows, changes)
    assert there.added_columns == (5,)
    assert cells(there) == {"E1": "Size", "E2": 10, "A2": "tools"}  # its header is not written again


def test_a_cell_filled_since_does_not_hide_its_row() -> None:
    """A row that has not moved and holds all that it held is the same row."""
    before = [("Acme", None), ("Bolt", "US")]
    result = put([HEADERS, ("Acme", "DE"), ("Bolt", "US")], before=before)
    assert sorted(change.cell.row for change in result.placed) == [2, 3]
    moved = put([HEADERS, ("Bolt", "US"), ("Acme", "DE")], before=before)
    assert [change.cell.row for change in moved.placed] == [2]  # moved and filled: not for certain


companies, countries = st.sampled_from(["Acme", "Bolt", None]), st.sampled_from(["US", "DE", None])
tables = st.lists(st.tuples(companies, countries), max_size=7)


@settings(max_examples=150)
@given(tables, st.data())
def test_a_placed_value_is_in_a_row_with_its_inputs(before: list[Row], data: st.DataObject) -> None:
    """However rows were shuffled, inserted, cut or doubled: a value stands beside its inputs or stays out."""
    extra = data.draw(tables)
    now = data.draw(st.permutations([*before, *extra]))[data.draw(st.integers(0, 3)) :]
    result = put([HEADERS, *now], before=before)
    for change in result.placed:
        texts = {text for text in now[change.cell.row - 2] if text}
        assert set(str(change.new).split("/")) <= texts  # what was empty may have been filled since
    assert len(result.placed) + len(result.unplaced) == len(before)
    assert len({change.cell for change in result.placed}) == len(result.placed)
    for unplaced in result.unplaced:
        row = before[unplaced.change.cell.row - 2]
        assert not any(row) or now.count(row) != 1 or before.count(row) != 1
