"""The log sheet: a row for each value that a job wrote into the workbook, and where it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from glaze_cli.model import CellRef, Micros, Scalar, usd

NAME = "Glaze log"

HEADERS = (
    *("Sheet", "Cell", "Column", "Value", "Source", "Provider", "Confidence"),
    *("Cost (USD)", "Date (UTC)", "Job"),
)
"""The first row of the sheet, by which it is known as ours."""
JOB = HEADERS.index("Job") + 1
"""The column (A is 1) that tells whose row it is."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One value in the workbook."""

    cell: CellRef
    """Where it was written."""
    header: str
    value: Scalar
    source: str
    """The tier that served it."""
    provider: str
    confidence: float
    """0..1"""
    cost: Micros
    date: str
    """`2026-11-23 21:04:05`, UTC."""

    def cells(self) -> tuple[Scalar, ...]:
        """What stands in its row, A first, without the job."""
        return (
            self.cell.sheet,
            self.cell.a1,
            self.header,
            self.value,
            self.source,
            self.provider,
            self.confidence,
            usd(self.cost),
            self.date,
        )


def _none() -> Iterator[LogEntry]:
    return iter(())


@dataclass(frozen=True, slots=True)
class LogRows:
    """All that the log sheet is to hold of one job, instead of what it holds of that job now."""

    job: str = ""
    entries: Callable[[], Iterator[LogEntry]] = _none
    """Called as often as the file is written, each time once the changes are known; nothing of it is kept,
    there may be a million. Without entries the job's rows go, and the sheet with the last of them."""
