"""Writing into a big CSV: Glaze's splice beside the csv module, CPU seconds and peak memory.

    python benchmarks/csv_write.py [RECORDS] [REPEATS]

Each measurement runs in a process of its own; the table shows the median. The csv module reads every record,
sets the same fields and writes every record: what a careful script would do.
"""

from __future__ import annotations

import csv
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import process

from glaze_cli.model import CellRef, Change
from glaze_cli.sheets.base import WriteOptions
from glaze_cli.sheets.csv.book import CsvBook

COLUMN = 5


def make(path: Path, records: int, quoting: int) -> None:
    """A CSV of 8 columns, 114 bytes a record; a few fields hold a delimiter, a quote or a line end."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, quoting=quoting)  # type: ignore[arg-type]
        writer.writerow(["id", "name", "company", "email", "industry", "city", "revenue", "note"])
        for n in range(1, records):
            city = "Paris, Texas" if n % 10 == 0 else "Düsseldorf"
            note = f'said "yes"\nand no {n}' if n % 50 == 0 else f"a note about record {n} of many"
            company = f"Company {n % 7919} & Sons Ltd"
            writer.writerow([n, f"Ada Lovelace {n}", company, f"ada{n}@example.com", "", city, n * 37, note])


def rows_to_edit(records: int, edits: int) -> range:
    """Evenly spread rows, the header left alone."""
    return range(2, records + 1, max(1, (records - 1) // edits))


def by_splice(path: Path, out: Path, rows: range) -> None:
    """Glaze: only the fields are written, the rest is copied."""
    changes: Iterator[Change] = (Change(CellRef("", row, COLUMN), f"Industry {row}") for row in rows)
    CsvBook.open(path).write(changes, out, WriteOptions())


def by_csv_module(path: Path, out: Path, rows: range) -> None:
    """The csv module: everything is read and written, quoted as the file is."""
    with path.open(newline="", encoding="utf-8") as source, out.open("w", newline="", encoding="utf-8") as to:
        quoting = csv.QUOTE_ALL if source.read(1) == '"' else csv.QUOTE_MINIMAL
        source.seek(0)
        writer = csv.writer(to, quoting=quoting)  # type: ignore[arg-type]
        for number, record in enumerate(csv.reader(source), 1):
            if number in rows:
                record[COLUMN - 1] = f"Industry {number}"
            writer.writerow(record)


WAYS: dict[str, Callable[[Path, Path, range], None]] = {"splice": by_splice, "csv": by_csv_module}


def measure(way: str, path: Path, records: int, edits: int) -> tuple[float, float]:
    """CPU seconds and peak MB of one run."""
    out = path.with_suffix(".out")
    taken = process.measure(__file__, "--run", way, str(path), str(out), str(records), str(edits))
    out.unlink()
    return taken


def run(way: str, path: str, out: str, records: str, edits: str) -> None:
    """The child: do it, then say what it took."""
    WAYS[way](Path(path), Path(out), rows_to_edit(int(records), int(edits)))
    process.tell()


def main(records: int = 1_000_000, repeats: int = 3) -> None:
    """Make the files, measure, print a Markdown table."""
    print("| file | edits | csv module: s / MB | splice: s / MB | time ratio |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, quoting in (("as needed", csv.QUOTE_MINIMAL), ("all quoted", csv.QUOTE_ALL)):
            path = Path(folder) / "big.csv"
            make(path, records, quoting)
            size = path.stat().st_size / 1e6
            for edits in (1_000, records):
                taken: dict[str, list[tuple[float, float]]] = {"csv": [], "splice": []}
                for _ in range(repeats):  # in turns, so that a busy moment hits both
                    for way, runs in taken.items():
                        runs.append(measure(way, path, records, edits))
                (ours, our_mb), (theirs, their_mb) = (
                    [statistics.median(column) for column in zip(*taken[way], strict=True)]
                    for way in ("splice", "csv")
                )
                print(
                    f"| {records:,} x 8, {size:.0f} MB, {name} | {min(edits, records - 1):,} "
                    f"| {theirs:.1f} / {their_mb:.0f} | {ours:.1f} / {our_mb:.0f} | {ours / theirs:.2f} |"
                )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(*sys.argv[2:])
    else:
        main(*map(int, sys.argv[1:]))
