"""Running a job to its end: what `enrich` and `resume` share."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import sqlite3
from pathlib import Path

from glaze_cli.cli.exits import Exit, job_exit
from glaze_cli.cli.prepare import Prepared, fields_by_header
from glaze_cli.cli.request import KeptRequest
from glaze_cli.cli.show import View
from glaze_cli.cli.stopper import Stopper
from glaze_cli.cli.wiring import ProviderSet, provider_set
from glaze_cli.cli.writeback import Written, write_back
from glaze_cli.config import store_path
from glaze_cli.engine.events import JobFinished, JobStarted, Listener
from glaze_cli.engine.plan import plan_columns
from glaze_cli.engine.runner import Run, run_job
from glaze_cli.errors import WriteFailed
from glaze_cli.sheets.patch_json import file_sha256
from glaze_cli.store.clock import utc_now
from glaze_cli.store.connect import connect
from glaze_cli.store.jobs import Job, create_job, get_job
from glaze_cli.store.progress import job_document, mark_written
from glaze_cli.store.tasks import queued_numbers
from glaze_cli.store.transaction import transaction

SHOWN_ROWS = 100_000


def launch(prepared: Prepared, store: Path | None, view: View) -> int:
    """Make the job and run it; the exit code."""
    announce(prepared, view)
    if not prepared.counts.asked:
        view.say("Nothing to do.")
        if view.json:
            view.print_json({"jobId": None, "status": "completed", "totalTasks": 0, "progress": 100.0})
        return Exit.OK
    path = store_path(store)
    connection = connect(path)
    sha256 = file_sha256(Path(prepared.request.path))
    job = create_job(connection, prepared.new_job(secrets.token_hex(4), sha256))
    return run_to_end(connection, path, job, view)


def announce(prepared: Prepared, view: View) -> None:
    """Say what was selected before anything is asked."""
    counts, selection = prepared.counts, prepared.selection
    for notice in prepared.book.notices:
        view.say(f"Note: {notice}")
    where = f" of {selection.sheet}" if selection.sheet else ""
    view.say(
        f"Selected {counts.selected} cells in {selection.range_text}{where}: {counts.filled} filled already, "
        f"{counts.asked} to be asked in {counts.rows} rows."
    )
    for target in prepared.left_out:
        view.say(f'Left out: nobody can fill column "{target.header}".')
    for problem in [*prepared.problems.values(), *prepared.warnings][:5]:
        view.say(f"Note: {problem.sentence}")


def run_to_end(connection: sqlite3.Connection, path: Path, job: Job, view: View) -> int:
    """Ask the job's queued cells, write the values back, show the end; the exit code."""
    kept = KeptRequest.from_json(job.request)
    settings = kept.options.settings()
    found = provider_set(settings, kept.options.seed, kept.options.mock_latency)
    chosen = found.chosen(kept.options)
    columns = plan_columns(kept.headers, kept.targets, chosen, settings, kept.options.providers, ())
    stopper = Stopper(view.say, job.id)
    with view.listening() as listener:
        run = Run(
            job,
            columns,
            fields_by_header(kept.headers, kept.targets, settings),
            settings.run,
            connect(path),
            connection,
            listener,
            f"{socket.gethostname()}:{os.getpid()}",
        )
        _start(listener, run.reader, job, kept)
        job = asyncio.run(_ask(run, stopper, found))
        written = finish(connection, job, kept, view)
        listener.on_event(JobFinished(job.id, job.status, job.error, written.path))
    return end(connection, job, written, view, stopper.terminated)


def finish(connection: sqlite3.Connection, job: Job, kept: KeptRequest, view: View) -> Written:
    """Write the values into the file; when that cannot be, they stay in the store, and it is said."""
    if not kept.options.write or not (job.done_tasks or (kept.options.output and not job.failed_tasks)):
        return Written(None)
    try:
        written = write_back(connection, job, kept)
    except WriteFailed as error:
        return Written(None, problems=(f"{error} The values are safe: `glaze apply {job.id}`.",), failed=True)
    if written.path:
        with transaction(connection):
            mark_written(connection, job.id, written.path, utc_now())
    return written


def end(
    connection: sqlite3.Connection, job: Job, written: Written, view: View, terminated: bool = False
) -> int:
    """Show the summary and the document; the exit code."""
    from glaze_cli.ui.report import print_summary

    job = get_job(connection, job.id)
    document = job_document(connection, job)
    for problem in written.problems:
        view.say(problem)
    if not view.quiet:
        print_summary(view.console, document | {"nextSteps": _next_steps(job, written)}, written.path)
    if view.json:
        view.print_json(document)
    reasons = list(document["reasons"].get("failed", {}))
    code = job_exit(job.status, job.failed_tasks, job.done_tasks, reasons, terminated)
    return Exit.NOT_PLACED if code is Exit.OK and written.failed else code


def _next_steps(job: Job, written: Written) -> list[str]:
    steps = []
    if job.ended_tasks < job.total_tasks:
        steps.append(f"glaze resume {job.id}")
    if job.done_tasks and written.path is None:
        steps.append(f"glaze apply {job.id}")
    if written.path and written.path == job.path:
        steps.append(f"glaze undo {job.id}")
    return steps


def _start(listener: Listener, reader: sqlite3.Connection, job: Job, kept: KeptRequest) -> None:
    rows = queued_numbers(reader, job.id, SHOWN_ROWS)
    listener.on_event(
        JobStarted(
            job.id,
            job.path,
            job.sheet,
            job.range,
            kept.targets,
            rows,
            job.total_tasks,
            job.ended_tasks,
            job.cap,
        )
    )


async def _ask(run: Run, stopper: Stopper, found: ProviderSet) -> Job:
    stop = asyncio.Event()
    with stopper.watching(stop):
        try:
            return await run_job(run, stop)
        finally:
            await found.close()
