"""Reading a big workbook: Glaze beside openpyxl and calamine, CPU seconds and peak memory.

    python benchmarks/xlsx_read.py [ROWS] [REPEATS]

Each measurement runs in a process of its own, imports included; the table shows the median.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from pathlib import Path

import process

READ = """
import sys, time
start = time.process_time()
{code}
used = time.process_time() - start
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(cells, used, int(status["VmHWM"].split()[0]) / 1024)
"""
"""VmHWM, not ru_maxrss: that one starts at the peak of the process that forked."""

GLAZE = """
from pathlib import Path
from glaze_cli.sheets.xlsx.book import XlsxBook
sheet = XlsxBook.open(Path(sys.argv[1])).sheet()
cells = sum(len(row.cells[1:]) for row in sheet.rows({arguments}))
"""
OPENPYXL = """
import openpyxl
sheet = openpyxl.load_workbook(sys.argv[1], read_only=True, data_only=True).worksheets[0]
cells = sum(len(row) for row in sheet.iter_rows({arguments}))
"""
CALAMINE = """
import python_calamine
sheet = python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0)
cells = sum(len(row) for row in sheet.to_python())
"""
TASKS = {
    "40 cells near the top": {
        "glaze": GLAZE.format(arguments="2, 41, {2}"),
        "openpyxl": OPENPYXL.format(arguments="2, 41, 2, 2"),
        "calamine": CALAMINE,
    },
    "one column": {
        "glaze": GLAZE.format(arguments="columns={2}"),
        "openpyxl": OPENPYXL.format(arguments="1, None, 2, 2"),
        "calamine": CALAMINE,
    },
    "all": {
        "glaze": GLAZE.format(arguments=""),
        "openpyxl": OPENPYXL.format(arguments=""),
        "calamine": CALAMINE,
    },
}


def make(path: Path, rows: int) -> None:
    """A workbook of 10 columns: four of text, of which no two are alike, six of numbers."""
    import xlsxwriter

    chance = random.Random(1)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for row in range(rows):
            for column in range(10):
                if column in (1, 3, 5, 7):
                    sheet.write_string(row, column, f"text {row} {column} {chance.random():.5f}")
                else:
                    sheet.write_number(
                        row, column, chance.randrange(10**6) if column % 4 else chance.random()
                    )


def main(rows: int = 200_000, repeats: int = 3) -> None:
    """Make the file, measure, print a Markdown table."""
    print("| what is read | reader | CPU s | peak MB | time, glaze = 1 |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "big.xlsx"
        make(path, rows)
        for task, readers in TASKS.items():
            taken: dict[str, list[tuple[float, float]]] = {reader: [] for reader in readers}
            for _ in range(repeats):  # in turns, so that a busy moment hits all
                for reader, code in readers.items():
                    taken[reader].append(process.measure("-c", READ.format(code=code), str(path)))
            middle = {
                reader: [statistics.median(column) for column in zip(*runs, strict=True)]
                for reader, runs in taken.items()
            }
            for reader, (seconds, memory) in middle.items():
                ratio = seconds / middle["glaze"][0]
                print(f"| {task} of {rows:,} x 10 | {reader} | {seconds:.2f} | {memory:.0f} | {ratio:.2f} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
