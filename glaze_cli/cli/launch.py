"""Running a job to its end: what `enrich` and `resume` share."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import sqlite3
from pathlib import Path

from glaze_cli.cli.exits import Exit, job_exit
from glaze_cli.cli.jobs import FoundJob
from glaze_cli.cli.patching import Outcome, not_written
from glaze_cli.cli.prepare import Prepared, fields_by_header
from glaze_cli.cli.request import KeptRequest
from glaze_cli.cli.show import View
from glaze_cli.cli.stopper import Stopper
from glaze_cli.cli.wiring import ProviderSet, provider_set
from glaze_cli.cli.writeback import write_back
from glaze_cli.config import store_path
from glaze_cli.engine.events import JobFinished, JobStarted, Listener
from glaze_cli.engine.plan import plan_columns
from glaze_cli.engine.runner import Run, run_job
from glaze_cli.errors import SheetError, WriteFailed
from glaze_cli.fields.headers import recognise
from glaze_cli.sheets.patch_json import file_sha256
from glaze_cli.sheets.save import refuse_busy
from glaze_cli.store.connect import connect
from glaze_cli.store.jobs import Job, create_job
from glaze_cli.store.progress import job_document
from glaze_cli.store.tasks import queued_numbers

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
    return run_to_end(FoundJob(job, prepared.kept, connection, path), view)


def announce(prepared: Prepared, view: View) -> None:
    """Say what was selected before anything is asked."""
    counts, selection = prepared.counts, prepared.selection
    for notice in prepared.book.notices:
        view.say(f"Note: {notice}")
    where = f" of {selection.sheet}" if selection.sheet else ""
    view.say(
        f"Selected {number_of(counts.selected, 'cell')} in {selection.range_text}{where}: "
        f"{counts.filled:,} filled already, {counts.asked:,} to be asked in {number_of(counts.rows, 'row')}."
    )
    busy = _busy(prepared)
    if busy:
        view.say(f"Note: {busy} If that is still so at the end, the values stay in the store.")
    for target in selection.targets:
        close = selection.headers.close_to(target.header) if target.added else []
        if close and recognise(target.header) is None:
            view.say(f'Note: column "{target.header}" is new; if you meant "{close[0]}", say so.')
    for column in prepared.left_out:
        view.say(f'Left out: nobody can fill column "{column.header}".')
    for problem in [*prepared.problems.values(), *prepared.warnings][:5]:
        view.say(f"Note: {problem.sentence}")


def number_of(count: int, noun: str) -> str:
    """`1 cell`, `2,000 cells`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _busy(prepared: Prepared) -> str | None:
    """Why the file could not be written just now, in a sentence."""
    try:
        refuse_busy(Path(prepared.request.path))
    except WriteFailed as error:
        return None if prepared.request.output or not prepared.request.write else str(error)
    return None


def run_to_end(found: FoundJob, view: View) -> int:
    """Ask the job's queued cells, write the values back, show the end; the exit code."""
    kept, job = found.kept, found.job
    settings = kept.options.settings()
    providers = provider_set(settings, kept.options.seed, kept.options.mock_latency)
    chosen = providers.chosen(kept.options)
    named, overwrite = kept.options.providers, kept.options.overwrite
    columns = plan_columns(
        kept.headers, kept.targets, chosen, settings, named, (), overwrite, providers.found
    )
    stopper = Stopper(view.say, job.id)
    with view.listening() as listener:
        run = Run(
            job,
            columns,
            fields_by_header(kept.headers, kept.targets, settings),
            settings.run,
            connect(found.store),
            found.connection,
            listener,
            f"{socket.gethostname()}:{os.getpid()}",
        )
        _start(listener, run.reader, job, kept)
        asyncio.run(_ask(run, stopper, providers))
        found = found.again()
        written, outcome = finish(found)
        listener.on_event(JobFinished(job.id, found.job.status, found.job.error, written))
    return end(found.again(), written, outcome, view, stopper.terminated)


def finish(found: FoundJob) -> tuple[str | None, Outcome]:
    """Write the values into the file; (the file that holds them, what became of them).

    When that cannot be, the values stay in the store, and the outcome says why.
    """
    job, options = found.job, found.kept.options
    wanted = job.done_tasks or (options.output and not job.failed_tasks)
    if not options.write or not wanted:
        return None, Outcome()
    target = Path(options.output or job.path)
    try:
        outcome = write_back(found, options.open(), target, options.write_options())
    except (WriteFailed, SheetError) as error:
        kept = f"{error} The values are safe in the store: `glaze apply {job.id}` writes them."
        return None, Outcome(notices=[kept], failed=True)
    found.mark_written(target)
    return str(target), outcome


def end(found: FoundJob, written: str | None, outcome: Outcome, view: View, terminated: bool) -> int:
    """Show the summary and the document; the exit code."""
    job = found.job
    document = job_document(found.connection, job)
    for sentence in outcome.sentences():
        (view.warn if outcome.left or outcome.failed else view.say)(sentence)
    view.end(document | {"nextSteps": _next_steps(job, written, outcome)}, written)
    if view.json:
        view.print_json(document | {"notWritten": not_written(outcome)})
    reasons = list(document["reasons"].get("failed", {}))
    code = job_exit(job.status, job.failed_tasks, job.done_tasks, reasons, terminated)
    return Exit.NOT_PLACED if code is Exit.OK and (outcome.left or outcome.failed) else code


def _next_steps(job: Job, written: str | None, outcome: Outcome) -> list[str]:
    steps = []
    if job.ended_tasks < job.total_tasks:
        steps.append(f"glaze resume {job.id}")
    if job.done_tasks and (written is None or outcome.left):
        steps += [f"glaze diff {job.id}", f"glaze apply {job.id}"]
    if written == job.path:
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


async def _ask(run: Run, stopper: Stopper, providers: ProviderSet) -> None:
    stop = asyncio.Event()
    if any(not provider.local for plan in run.columns for provider in plan.waterfall):
        providers.door.warm()
    with stopper.watching(stop):
        try:
            await run_job(run, stop)
        except asyncio.CancelledError:  # by a second signal: what is committed is written back all the same
            if not stopper.at_once:
                raise
        finally:
            await providers.close()
