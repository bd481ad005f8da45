"""Writing into a big workbook: Glaze's splice beside openpyxl's load and save, CPU seconds and peak memory.

    python benchmarks/xlsx_write.py [ROWS] [REPEATS]

Each measurement runs in a process of its own, the two ways in turn; the table shows the medians. `check and
write` is all that Glaze does to a file: look whether the cells are safe, then write. A row has 10 cells.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import process

from glaze_cli.model import CellRef, Change
from glaze_cli.sheets.base import WriteOptions
from glaze_cli.sheets.xlsx.book import XlsxBook

SHEET, COLUMN = "Data", 6


def make(path: Path, rows: int) -> None:
    """Five columns of numbers, five of text in shared strings."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet(SHEET)
    for row in range(rows):
        sheet.write_row(row, 0, [row * column + 0.5 for column in range(5)])
        sheet.write_row(row, 5, [f"text {row} {column}" for column in range(5)])
    book.close()


def rows_to_edit(rows: int, edits: int) -> Sequence[int]:
    """One row in the middle, or every row."""
    return [rows // 2] if edits == 1 else range(1, rows + 1)


def by_write(path: Path, out: Path, rows: Sequence[int]) -> None:
    """Glaze: the cells are written, the rest is copied."""
    changes = (Change(CellRef(SHEET, row, COLUMN), f"new value {row}") for row in rows)
    XlsxBook.open(path).write(changes, out, WriteOptions())


def by_check_and_write(path: Path, out: Path, rows: Sequence[int]) -> None:
    """Glaze, with the look before money is spent."""
    cells = (CellRef(SHEET, row, COLUMN) for row in rows)
    assert not list(XlsxBook.open(path).check(cells, WriteOptions()))
    by_write(path, out, rows)


def by_openpyxl(path: Path, out: Path, rows: Sequence[int]) -> None:
    """openpyxl: everything is read and written."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    for row in rows:
        book[SHEET].cell(row, COLUMN).value = f"new value {row}"
    book.save(out)


WAYS: dict[str, Callable[[Path, Path, Sequence[int]], None]] = {
    "write": by_write,
    "check and write": by_check_and_write,
    "openpyxl": by_openpyxl,
}


def measure(way: str, path: Path, rows: int, edits: int) -> tuple[float, float]:
    """CPU seconds and peak MB of one run."""
    out = path.with_name("out.xlsx")
    taken = process.measure(__file__, "--run", way, str(path), str(out), str(rows), str(edits))
    out.unlink()
    return taken


def run(way: str, path: str, out: str, rows: str, edits: str) -> None:
    """The child: do it, then say what it took."""
    WAYS[way](Path(path), Path(out), rows_to_edit(int(rows), int(edits)))
    process.tell()


def main(rows: int = 200_000, repeats: int = 3) -> None:
    """Print a Markdown table; ratios are against openpyxl, in the same rows of the table."""
    print("| edits | way | CPU s | of openpyxl's | peak MB | of openpyxl's |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "big.xlsx"
        subprocess.run([sys.executable, __file__, "--make", str(path), str(rows)], check=True)
        for edits in (1, rows):
            taken = [{way: measure(way, path, rows, edits) for way in WAYS} for _ in range(repeats)]
            seconds = {way: statistics.median(one[way][0] for one in taken) for way in WAYS}
            memory = {way: statistics.median(one[way][1] for one in taken) for way in WAYS}
            for way in WAYS:
                time, peak = seconds[way] / seconds["openpyxl"], memory[way] / memory["openpyxl"]
                print(f"| {edits:,} | {way} | {seconds[way]:.1f} | {time:.2f}", end=" | ")
                print(f"{memory[way]:.0f} | {peak:.2f} |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:  # in a process of its own: a child's peak is at least its parent's
        make(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["--run"]:
        run(*sys.argv[2:])
    else:
        main(*(int(argument) for argument in sys.argv[1:]))
