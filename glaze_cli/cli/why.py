"""`glaze why`: the receipt of one cell, from the store alone."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from glaze_cli.cli import options as o

if TYPE_CHECKING:
    import sqlite3

    from glaze_cli.model import CellRef
    from glaze_cli.store.jobs import Job
    from glaze_cli.store.receipts import AskedCell, Reading

MOST_BYTES = 1_000_000
"""Of a workbook that is opened for the sake of one cell: unpacking more takes seconds."""

MOST_JOBS = 1_000
"""The latest jobs of a sheet that are looked at, to tell why none asked about a cell."""


def why(
    target: Annotated[
        str,
        typer.Argument(
            metavar="SHEET|JOB", help="The sheet, or a job's id or its beginning.", show_default=False
        ),
    ],
    cell: Annotated[
        str | None,
        typer.Argument(metavar="CELL", help="The cell: C17, or 'Q3 leads'!C17.", show_default=False),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet", help="The worksheet (default: the first that was worked on).", show_default=False
        ),
    ] = None,
    job: Annotated[
        str | None,
        typer.Option(
            "--job", metavar="JOB", help="That job's receipt (default: the latest).", show_default=False
        ),
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Each answer whole, as it is remembered.")] = False,
    store: o.Store = None,
    json_: o.Json = False,
) -> int:
    """Why a cell holds what it holds, or nothing: what was read, who was asked, what they said and cost."""
    from glaze_cli.cli.show import View, out_console

    if cell is None and job is not None:  # glaze why C17 --job 3f2a
        target, cell, job = job, target, None
    document = _document(store, target, cell or "", sheet, job)
    view = View(json=json_)
    if view.json:
        view.print_json(document)
    else:
        from glaze_cli.ui.receipt import print_receipt

        print_receipt(out_console(), document, raw)
    return 0


def _document(store: Path | None, target: str, name: str, tab: str | None, job: str | None) -> dict[str, Any]:
    """The receipt, or why there is none. Raises InputError, StoreError; looking makes no store."""
    from glaze_cli.config import store_path
    from glaze_cli.errors import InputError
    from glaze_cli.sheets.a1 import parse_cell
    from glaze_cli.store.connect import connect

    own_tab, _, cell = (part.strip() for part in name.rpartition("!"))
    if len(own_tab) > 1 and own_tab[0] == own_tab[-1] == "'":
        own_tab = own_tab[1:-1].replace("''", "'")
    if not cell:
        raise InputError("No cell is named; write it like this: glaze why leads.csv C17.")
    row, column = parse_cell(cell)
    path = store_path(store)
    if not path.exists():
        raise InputError(f"No job has asked about {name}: there is no store at {path} yet.")
    place = _find(connect(path), target, own_tab or tab, job)
    return place.receipt(row, column) or place.unasked(row, column)


def _find(connection: sqlite3.Connection, target: str, tab: str | None, job: str | None) -> _Place:
    """Which sheet is meant, and which job of it, where one is named. Raises InputError."""
    from glaze_cli.errors import InputError
    from glaze_cli.store.jobs import get_job
    from glaze_cli.store.receipts import tables_of

    path = Path(target)
    tables = tables_of(connection, str(path.absolute()))
    if not tables and not path.exists() and not path.suffix and path.name == target:
        named = get_job(connection, target)
        if tab is not None and tab.casefold() != named.sheet.casefold():
            there = f"worksheet {named.sheet}" if named.sheet else "a file without worksheets"
            raise InputError(f"Job {named.id} asked about {there}, not about {tab}.")
        return _Place(connection, named.table_id, named, None)
    if not tables:
        raise InputError(f"No job has worked on {target}; `glaze status` lists the jobs there are.")
    chosen = None if job is None else get_job(connection, job)
    if chosen is not None and chosen.table_id not in tables.values():
        raise InputError(f"Job {chosen.id} is about {chosen.path}, not about {target}.")
    if tab is None:
        return _Place(connection, chosen.table_id if chosen else next(iter(tables.values())), chosen, path)
    for known, table_id in tables.items():
        if known.casefold() == tab.casefold():
            return _Place(connection, table_id, chosen, path)
    known_tabs = f"known are {', '.join(tables)}" if any(tables) else "it has no worksheets"
    raise InputError(f"No job has worked on worksheet {tab} of {target}; {known_tabs}.")


@dataclass(frozen=True)
class _Place:
    """A sheet that the store knows."""

    connection: sqlite3.Connection
    table_id: int
    job: Job | None
    """The one that is named; None: the latest."""
    path: Path | None
    """The file, where it is named."""

    def receipt(self, row: int, column: int) -> dict[str, Any] | None:
        """None where no job asked about the cell."""
        from glaze_cli.cli.alive import truthful
        from glaze_cli.store.jobs import get_job
        from glaze_cli.store.receipts import asked_cells, receipt

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
        """Whether the file that is named holds the value; None where none is, or it cannot be read."""
        from glaze_cli.sheets.compare import same

        seen = self._seen(job, cell.ref)
        if seen is None:
            return None
        return {"file": str(self.path), "holds": same(seen, cell.record.get("value")), "now": seen or None}

    def _seen(self, job: Job, cell: CellRef) -> str | None:
        """What the cell holds now, "" for nothing; None where that cannot be told."""
        from glaze_cli.cli.books import open_sheet
        from glaze_cli.errors import GlazeError
        from glaze_cli.sheets.kinds import TEXTS

        if self.path is None:
            return None
        options = job.request.get("options") or {}
        with contextlib.suppress(GlazeError, OSError):
            if self.path.suffix.lower() not in TEXTS and self.path.stat().st_size > MOST_BYTES:
                return None
            book = open_sheet(self.path, options.get("delimiter"), options.get("encoding"))
            for row in book.sheet(job.sheet or None).rows(cell.row, cell.row):
                return row.text(cell.column) or ""
            return ""
        return None

    def unasked(self, row: int, column: int) -> dict[str, Any]:
        """Why no job asked about the cell, as far as it can be told."""
        from glaze_cli.model import CellRef
        from glaze_cli.store.jobs import list_jobs

        every = [self.job] if self.job else list_jobs(self.connection, MOST_JOBS)
        jobs = [job for job in every if job.table_id == self.table_id]
        cell = CellRef(jobs[0].sheet if jobs else "", row, column)
        near = [job for job in jobs if _covers(job, cell)]
        ranges = "; ".join(f"{job.id} ({job.range})" for job in jobs[:3])
        of_all = "the range of job" if len(jobs) == 1 else "the range of every job:"
        because = _why_not(self.connection, near[0], cell) if near else f"It is outside of {of_all} {ranges}."
        now = self._seen(jobs[0], cell) if jobs else None
        return {
            "asked": False,
            "cell": str(cell),
            "file": jobs[0].path if jobs else None,
            "because": because,
            "jobs": [job.id for job in jobs[:20]],
            "now": now or None,
        }


def _reading(job: Job, cell: AskedCell) -> Reading:
    """How the job read its sheet. Of what glaze.toml says, as it is now; the store does not keep it."""
    from glaze_cli.cli.request import KeptRequest
    from glaze_cli.errors import GlazeError
    from glaze_cli.fields.headers import recognise_all
    from glaze_cli.model import custom_field
    from glaze_cli.model.settings import ColumnSettings, Settings
    from glaze_cli.store.receipts import Reading

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
    return Reading(fields, request.get("inputs", ()), minimum)


def _covers(job: Job, cell: CellRef) -> bool:
    """Whether the cell is in what the job was asked to fill; a name's rows are taken to cover it."""
    from glaze_cli.sheets.a1 import Area, parse_range

    options = job.request.get("options") or {}
    targets = {target["column"] for target in job.request.get("targets", ())}
    areas = parse_range(options["range"]) if options.get("range") else ()
    for area in areas:
        if not isinstance(area, Area):
            rows, columns = True, cell.column in targets
        else:
            rows = (area.first_row or 1) <= cell.row <= (area.last_row or cell.row)
            columns = (area.first_column or 1) <= cell.column <= (area.last_column or cell.column)
        if rows and (cell.column in targets if options.get("columns") else columns):
            return True
    return not areas and cell.column in targets


def _why_not(connection: sqlite3.Connection, job: Job, cell: CellRef) -> str:
    """Why the job, whose range covers the cell, did not ask about it."""
    from glaze_cli.store.receipts import read_row

    request, options = job.request, job.request.get("options") or {}
    headers = dict(enumerate(request.get("headers", ()), 1))
    headers |= {target["column"]: target["header"] for target in request.get("targets", ())}
    header, targets = headers.get(cell.column, ""), request.get("targets", ())
    if cell.row <= request.get("header_row", 1):
        return f"Row {request.get('header_row', 1)} holds the headers; cells are filled below it."
    if all(target["column"] != cell.column for target in targets):
        return f'Job {job.id} left column "{header}" out: nobody at hand could fill it.'
    data = read_row(connection, job, cell.row)
    if data is not None and header in data:
        text = data[header] if len(data[header]) <= 60 else f"{data[header][:60]}…"
        return f'It held "{text}" already when job {job.id} read it; filled cells are left alone.'
    if data is not None:
        return f"Job {job.id} left it out: it could not be written safely (a formula, a merge, a lock)."
    narrowed = [f"--{name}" for name in ("where", "limit") if options.get(name)]
    left_out = f" or {' and '.join(narrowed)} left the row out," if narrowed else ""
    return (
        f"It was in the range of job {job.id}, which asked about no cell of row {cell.row}: what it was to "
        f"fill there held a value already,{left_out} or the row was empty or not there then."
    )
