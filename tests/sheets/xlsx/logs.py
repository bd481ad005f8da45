"""Rows for the log sheet, and what a workbook's log holds."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from glaze_cli.model import CellRef, Micros, Scalar
from glaze_cli.sheets.base import WriteOptions
from glaze_cli.sheets.log import HEADERS, NAME, LogEntry, LogRows
from glaze_cli.sheets.xlsx.book import XlsxBook
from glaze_cli.sheets.xlsx.write import write_changes

Row = tuple[Scalar | None, ...]


def entry(row: int, value: Scalar = "Ann") -> LogEntry:
    """A value in column C of that row."""
    cell = CellRef("Data", row, 3)
    return LogEntry(cell, "Name", value, "free", "person_name", 0.75, Micros(1500), "2026-11-23 21:04:05")


def logged(path: Path, job: str, *values: Scalar, force: bool = False) -> tuple[Path, tuple[str, ...]]:
    """(the workbook with those values in its log, what was warned of): none takes the job's rows away."""

    def entries() -> Iterator[LogEntry]:
        return (entry(row, value) for row, value in enumerate(values, 2))

    number = len(list(path.parent.glob("out*")))
    target = path.with_name(f"out{number}{path.suffix}")
    report = write_changes(path, [], target, WriteOptions(force=force, log=LogRows(job, entries)))
    return target, report.warnings


def log_of(path: Path) -> list[tuple[int, str | None, str | None]]:
    """(row, value, job) of each row of the log, without its headers."""
    rows = list(XlsxBook.open(path).sheet(NAME).rows())
    assert rows[0].cells == HEADERS
    return [(row.number, row.text(4), row.text(10)) for row in rows[1:]]


def parts(path: Path) -> dict[str, bytes]:
    """Every part, unpacked."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def changed(before: Path, after: Path) -> tuple[set[str], set[str]]:
    """(parts of both that differ, parts that only `after` has)."""
    old, new = parts(before), parts(after)
    assert set(old) <= set(new)
    return {name for name in old if old[name] != new[name]}, set(new) - set(old)
