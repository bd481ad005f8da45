"""Going on with a job: what `resume` and `retry` share."""

from __future__ import annotations

from dataclasses import dataclass, field

from glaze_cli.cli.alive import is_alive, is_this_process
from glaze_cli.cli.exits import Exit
from glaze_cli.cli.found import FoundJob
from glaze_cli.cli.running import RunOptions, run_to_end
from glaze_cli.cli.show import View
from glaze_cli.config import parse_amount
from glaze_cli.errors import ConfigError, InputError
from glaze_cli.model import TaskStatus
from glaze_cli.store.jobs import Job
from glaze_cli.store.progress import job_document, set_cap
from glaze_cli.store.requeue import requeue, requeue_unknown
from glaze_cli.store.transaction import transaction


@dataclass(frozen=True)
class Again:
    """What is asked again, and how."""

    statuses: tuple[TaskStatus, ...] = ()
    """Cells that ended so are asked again; none: only what is left."""
    max_cost: str | None = None
    detach: bool = False
    run: RunOptions = field(default_factory=RunOptions)


def go_on(found: FoundJob, again: Again, view: View) -> int:
    """Queue what is to be asked again, and run the job to its end; the exit code."""
    if again.detach and view.stream:
        raise ConfigError("--stream shows a run, and --detach leaves it alone; choose one of them.")
    job = found.job
    if is_alive(job) and not _is_ours(job):
        raise InputError(
            f"Job {job.id} is {job.status}, a process works on it; `glaze status {job.id} --watch` shows it."
        )
    cap = None if again.max_cost is None else parse_amount("--max-cost", again.max_cost)
    with transaction(found.connection):
        if cap is not None:
            set_cap(found.connection, job.id, cap)
        queued = requeue(found.connection, job.id, again.statuses)
        if again.run.retry_unknown and TaskStatus.FAILED not in again.statuses:
            queued += requeue_unknown(found.connection, job.id)
    found = found.again()
    if again.statuses and not queued:
        view.say(f"Job {job.id} has no cell that ended {_words(again.statuses)}.")
    elif queued:
        view.say(f"{queued:,} cells are asked again.")
    if _is_over(found):
        return _nothing_left(found, view)
    if not again.detach:
        return run_to_end(found, view, again.run)
    from glaze_cli.cli.detach import detach

    return detach(found, view, again.run)


def _is_ours(job: Job) -> bool:
    """A detached job's own process was named as its owner before it began."""
    return job.owner is not None and is_this_process(job.owner)


def _is_over(found: FoundJob) -> bool:
    """No cell is left to be asked, and no value to be written."""
    job = found.job
    unwritten = bool(found.kept.options.write and job.done_tasks and not job.is_written)
    return job.ended_tasks == job.total_tasks and not unwritten


def _nothing_left(found: FoundJob, view: View) -> int:
    view.say(f"Job {found.job.id} is {found.job.status}: no cell is left to be asked.")
    if view.json:
        view.print_json(job_document(found.connection, found.job))
    return Exit.OK


def _words(statuses: tuple[TaskStatus, ...]) -> str:
    return " or ".join(str(status).replace("_", " ") for status in statuses)
