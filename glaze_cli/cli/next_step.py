"""`glaze` alone: the next sensible step, from the store and the folder at hand."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glaze_cli.store.jobs import Job

SHEETS = (".xlsx", ".xlsm", ".csv", ".tsv")
EXAMPLE = Path("examples", "leads.xlsx")
LATEST = 20
"""Jobs that are looked at."""
MOST_FILES = 5_000
"""Files of the folder that are looked at."""


def next_step(store: Path, folder: Path) -> str:
    """What to do now, in a few lines. Looking makes no store. Raises StoreError."""
    jobs = _jobs(store) if store.exists() else []
    lines = list(_about(jobs) if jobs else _beginning(folder))
    return "\n".join([*lines, "`glaze --help` lists the commands."])


def _jobs(store: Path) -> list[Job]:
    from glaze_cli.cli.alive import truthful
    from glaze_cli.store.connect import connect
    from glaze_cli.store.jobs import list_jobs

    return [truthful(job) for job in list_jobs(connect(store), LATEST)]


def _beginning(folder: Path) -> Iterator[str]:
    sheet = next(iter(sheets_in(folder)), None)
    if sheet is None and (folder / EXAMPLE).is_file():
        sheet = str(EXAMPLE)
    if sheet is None:
        yield "No job yet, and no sheet in this folder. Go where one is, and see what can be filled in it:"
        yield "  glaze columns SHEET"
        yield f"The source of Glaze has an example to try: {EXAMPLE.as_posix()}."
        return
    yield f"No job yet. To begin with {sheet}, what can be filled in it, and settings to change:"
    yield f"  glaze columns {_typed(sheet)}"
    yield f"  glaze init {_typed(sheet)}"


def sheets_in(folder: Path) -> list[str]:
    """The names of the folder's sheets, the latest first; without those whose names cannot be shown."""
    try:
        files = [path for path in islice(folder.iterdir(), MOST_FILES) if _is_sheet(path)]
        return [path.name for path in sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)]
    except OSError:  # a folder that cannot be read, or a file that has just gone
        return []


def _is_sheet(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$"))
    return path.suffix.lower() in SHEETS and not hidden and path.name.isprintable() and path.is_file()


def _about(jobs: Sequence[Job]) -> Iterator[str]:
    from glaze_cli.model import JobStatus

    latest = list(_latest_of_each(jobs))
    for job in latest:
        if not job.status.ended:
            ended = f"{job.ended_tasks:,} of {job.total_tasks:,} cells ended"
            yield f"Job {_named(job)} is {job.status}, {ended}:"
            yield f"  glaze status {job.id} --watch"
    stopped = next((job for job in latest if _is_stopped(job)), None)
    unwritten = next((job for job in latest if _is_unwritten(job)), None)
    if stopped is not None:
        left = stopped.total_tasks - stopped.ended_tasks
        why = "paused at a spending cap" if stopped.status is JobStatus.PAUSED else "stopped"
        yield f"Job {_named(stopped)} was {why} with {left:,} cells left. To go on:"
        yield f"  glaze resume {stopped.id}{_more_money(stopped)}"
    elif unwritten is not None:
        values = "1 value" if unwritten.done_tasks == 1 else f"{unwritten.done_tasks:,} values"
        yield f"Job {_named(unwritten)} found {values}, not written yet. To see and to write:"
        yield f"  glaze diff {unwritten.id}"
        yield f"  glaze apply {unwritten.id}"
    elif latest and _is_troubled(latest[0]):
        yield from _troubled(latest[0])
    elif all(job.status.ended for job in latest):
        yield from (_line(job) for job in jobs[:2])
        yield "The latest on one page, with every cell's receipt:"
        yield f"  glaze report {jobs[0].id}"


def _latest_of_each(jobs: Iterable[Job]) -> Iterator[Job]:
    """Without jobs over cells that a later one was about, and those whose sheet is gone."""
    seen = set[tuple[int, str]]()
    for job in jobs:
        if (job.table_id, job.range) not in seen and Path(job.path).exists():
            yield job
        seen.add((job.table_id, job.range))


def _is_stopped(job: Job) -> bool:
    from glaze_cli.model import JobStatus

    over = (JobStatus.COMPLETED, JobStatus.CANCELLED)
    return job.status.ended and job.status not in over and job.ended_tasks < job.total_tasks


def _is_unwritten(job: Job) -> bool:
    return job.status.ended and bool(job.done_tasks) and not job.is_written


def _is_troubled(job: Job) -> bool:
    from glaze_cli.model import JobStatus

    return job.status in (JobStatus.COMPLETED, JobStatus.FAILED) and job.failed_tasks > 0


def _troubled(job: Job) -> Iterator[str]:
    cells = "1 failed cell" if job.failed_tasks == 1 else f"{job.failed_tasks:,} failed cells"
    yield f"Job {_named(job)} ended with {cells}. To see why, and to ask again:"
    yield f"  glaze status {job.id}"
    yield f"  glaze retry {job.id}{' --retry-unknown' if job.unknown_calls else ''}"


def _more_money(job: Job) -> str:
    """A cap that only glaze.toml can raise is named in the job's error."""
    from glaze_cli.model import JobStatus

    own = "[providers." in (job.error or "")
    return " --max-cost N" if job.status is JobStatus.PAUSED and not own else ""


def _line(job: Job) -> str:
    from glaze_cli.model import dollars

    return (
        f"Job {_named(job)} {job.status}: {job.done_tasks:,} of {job.total_tasks:,} cells done; "
        f"spent {dollars(job.spent)}."
    )


def _named(job: Job) -> str:
    """`3f2a (leads.xlsx Leads!B2:D40)`."""
    from glaze_cli.ui.text import inert

    sheet = f"{job.sheet}!" if job.sheet else ""
    return f"{job.id} ({inert(f'{Path(job.path).name} {sheet}{job.range}', 100)})"


def _typed(name: str) -> str:
    """The file's name as a shell takes it, and never as an option."""
    return shlex.quote(f"./{name}" if name.startswith("-") else name)
