"""Why no job asked about a cell, as far as it can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

    from glaze_cli.cli.place import Place
    from glaze_cli.model import CellRef
    from glaze_cli.store.jobs import Job

MOST_JOBS = 1_000
"""The latest jobs of a sheet that are looked at, to tell why none asked about a cell."""


def unasked(place: Place, row: int, column: int) -> dict[str, Any]:
    """What `glaze why --json` says where there is no receipt."""
    from glaze_cli.model import CellRef
    from glaze_cli.store.jobs import list_jobs

    every = [place.job] if place.job else list_jobs(place.connection, MOST_JOBS)
    jobs = [job for job in every if job.table_id == place.table_id]
    cell = CellRef(jobs[0].sheet if jobs else "", row, column)
    near = [job for job in jobs if _covers(job, cell)]
    ranges = "; ".join(f"{job.id} ({job.range})" for job in jobs[:3])
    of_all = "the range of job" if len(jobs) == 1 else "the range of every job:"
    because = _why_not(place.connection, near[0], cell) if near else f"It is outside of {of_all} {ranges}."
    now = place.seen(jobs[0], cell) if jobs else None
    return {
        "asked": False,
        "cell": str(cell),
        "file": jobs[0].path if jobs else None,
        "because": because,
        "jobs": [job.id for job in jobs[:20]],
        "now": now or None,
    }


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
    from glaze_cli.store.asked import read_row

    request, options = job.request, job.request.get("options") or {}
    headers = dict(enumerate(request.get("headers", ()), 1))
    headers |= {target["column"]: target["header"] for target in request.get("targets", ())}
    header, targets = headers.get(cell.column, ""), request.get("targets", ())
    if cell.row <= request.get("header_row", 1):
        return f"Row {request.get('header_row', 1)} holds the headers; cells are filled below it."
    if any(note["column"] == cell.column for note in request.get("notes", ())):
        return f"Job {job.id} kept its column for notes about the values (--annotate)."
    if all(target["column"] != cell.column for target in targets):
        if not header:
            return "Its column has no header, so that nobody knows what belongs there."
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
        f"fill there held a value already or could not be written safely,{left_out} or the row was empty or "
        "not there then."
    )
