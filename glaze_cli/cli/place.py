"""A sheet that the store knows, and the receipts of its cells."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

    from glaze_cli.model import CellRef
    from glaze_cli.store.asked import AskedCell
    from glaze_cli.store.jobs import Job
    from glaze_cli.store.read_inputs import Reading

MOST_BYTES = 1_000_000
"""Of a workbook that is opened for the sake of one cell: unpacking more takes seconds."""


@dataclass(frozen=True)
class Place:
    """A sheet that the store knows."""

    connection: sqlite3.Connection
    table_id: int
    job: Job | None
    """The one that is named; None: the latest."""
    path: Path | None
    """The file, where it is named; else the one that the job's values were written into is looked at."""

    def receipt(self, row: int, column: int) -> dict[str, Any] | None:
        """None where no job asked about the cell."""
        from glaze_cli.cli.alive import truthful
        from glaze_cli.store.asked import asked_cells
        from glaze_cli.store.jobs import get_job
        from glaze_cli.store.receipts import receipt

        cells = asked_cells(self.connection, self.table_id, row, column)
        cell = next((one for one in cells if self.job is None or one.job_id == self.job.id), None)
        if cell is None:
            return None
        job = truthful(get_job(self.connection, cell.job_id))
        jobs = list(dict.fromkeys(one.job_id for one in cells))  # the latest first
        at = jobs.index(cell.job_id)
        told = receipt(self.connection, cell, _reading(job, cell))
        return {
            "asked": True,
            "file": job.path,
            "sheet": job.sheet,
            "job": {
                "jobId": job.id,
                "status": str(job.status),
                "error": job.error,
                "createdAt": job.created_at,
                "writtenTo": job.written_to,
                "writtenAt": job.written_at,
            },
            "earlierJobs": jobs[at + 1 :],
            "laterJobs": jobs[:at],
            **told,
            "inFile": self._in_file(job, cell) if cell.status == "done" else None,
        }

    def _in_file(self, job: Job, cell: AskedCell) -> dict[str, Any] | None:
        """Whether the file holds the value; None where it was never written, or cannot be read."""
        from glaze_cli.sheets.compare import same

        seen = self.seen(job, cell.ref)
        if seen is None:
            return None
        return {
            "file": str(self._file(job)),
            "holds": same(seen, cell.record.get("value")),
            "now": seen or None,
        }

    def _file(self, job: Job) -> Path | None:
        return self.path or (Path(job.written_to) if job.written_to else None)

    def seen(self, job: Job, cell: CellRef) -> str | None:
        """What the cell holds now, "" for nothing; None where that cannot be told."""
        from glaze_cli.cli.books import open_sheet
        from glaze_cli.errors import GlazeError
        from glaze_cli.sheets.kinds import TEXTS

        path = self._file(job)
        if path is None:
            return None
        options = job.request.get("options") or {}
        with contextlib.suppress(GlazeError, OSError, ValueError):
            if path.suffix.lower() not in TEXTS and path.stat().st_size > MOST_BYTES:
                return None
            book = open_sheet(path, options.get("delimiter"), options.get("encoding"))
            for row in book.sheet(job.sheet or None).rows(cell.row, cell.row):
                return row.text(cell.column) or ""
            return ""
        return None


def _reading(job: Job, cell: AskedCell) -> Reading:
    """How the job read its sheet. Of what glaze.toml says, as it is now; the store does not keep it."""
    from glaze_cli.cli.request import KeptRequest
    from glaze_cli.errors import GlazeError
    from glaze_cli.fields.headers import recognise_all
    from glaze_cli.model import custom_field
    from glaze_cli.model.settings import ColumnSettings, Settings
    from glaze_cli.store.read_inputs import Reading

    request, settings, minimum = job.request, Settings(), None
    wish = ColumnSettings()
    with contextlib.suppress(GlazeError, OSError, TypeError, KeyError):  # another version's, or broken since
        settings = KeptRequest.from_json(request).options.settings()
        wish = settings.columns.get(cell.header, wish)
        minimum = settings.run.min_confidence if wish.min_confidence is None else wish.min_confidence
    headers = [*request.get("headers", ()), *(target["header"] for target in request.get("targets", ()))]
    fields: dict[str, str] = {}
    for header, known in zip(headers, recognise_all(headers), strict=True):
        said = settings.columns.get(header, ColumnSettings()).field or settings.inputs.get(header)
        if header:
            fields.setdefault(header, said or known or custom_field(header))
    confidence = cell.record.get("confidence")
    if minimum is not None and confidence is not None and confidence < minimum:
        minimum = None  # it was another one then
    overwrite = bool((request.get("options") or {}).get("overwrite"))
    return Reading(fields, request.get("inputs", ()), minimum, overwrite)
