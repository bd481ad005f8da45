"""Which cells a run asks about: the empty ones, whatever the rows look like."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from glaze_cli.cli.prepare import prepare
from glaze_cli.cli.prepared import Counts, data_reader, row_data
from glaze_cli.cli.request import EnrichRequest
from glaze_cli.sheets.base import SheetRow

HEADERS = ("Company", "Email", "Domain", "Email kind")
ROWS = st.lists(st.lists(st.sampled_from(["", "x"]), min_size=1, max_size=6), min_size=1, max_size=6)


@given(
    headers=st.lists(st.sampled_from(["", "A", "B", "C"]), max_size=5),
    cells=st.lists(st.sampled_from([None, "1", "2"]), max_size=6),
)
def test_rows_are_read_quickly_and_slowly_alike(headers: list[str], cells: list[str | None]) -> None:
    """Empty headers, equal ones, rows that are too short or too long."""
    row = SheetRow(2, tuple(cells))
    assert data_reader(headers)(row) == row_data(headers, row)


@given(rows=ROWS, wanted=st.sampled_from([(3, 4), (3,), (4,)]))
@example(rows=[["x", "x"], ["x", "x", "", ""], ["x", "x", "", "x"], ["x", "x", "x", "x"]], wanted=(3, 4))
@settings(max_examples=60)
def test_every_empty_cell_is_asked_about_and_counted(rows: list[list[str]], wanted: tuple[int, ...]) -> None:
    """Ragged rows, filled ones, half filled ones; in one column, or in several."""
    rows = [["Acme", "a@acme.com", "", ""], *rows]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([HEADERS, *rows])
        names = tuple(HEADERS[column - 1] for column in wanted)
        request = EnrichRequest(str(path), columns=names, offline=True)
        prepared, counts = prepare(request), Counts()
        asked = [(row.number, row.data, row.cells) for row in prepared.new_rows(counts)]
    expected, filled = [], 0
    for number, row in enumerate(rows, 2):
        texts = [*row, *[""] * len(HEADERS)]
        cells = tuple((column, None) for column in wanted if not texts[column - 1])
        filled += len(wanted) - len(cells) if any(row) else 0
        if any(row) and cells:
            data = {header: text for header, text in zip(HEADERS, row, strict=False) if text}
            expected.append((number, data, cells))
    assert asked == expected
    assert counts == prepared.counts
    assert (counts.asked, counts.rows) == (sum(len(cells) for *_, cells in expected), len(expected))
    assert (counts.filled, counts.selected) == (filled, counts.asked + filled)
