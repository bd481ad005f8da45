"""`glaze cancel`: stop a job from another terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from glaze_cli.cli import options as o

if TYPE_CHECKING:
    from glaze_cli.cli.found import FoundJob


def cancel(
    job: o.JobName,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0, help="Seconds to wait until it has stopped.")
    ] = 60.0,
    store: o.Store = None,
    json: o.Json = False,
) -> int:
    """Stop a job: calls in flight may finish, what is done is written; `glaze resume` goes on later."""
    from glaze_cli.cli.exits import Exit
    from glaze_cli.cli.found import find_job
    from glaze_cli.cli.show import View
    from glaze_cli.cli.sweep import sweep
    from glaze_cli.cli.waiting import wait_until
    from glaze_cli.store.clock import utc_now
    from glaze_cli.store.leases import ask_to_stop, cancel_idle
    from glaze_cli.store.progress import job_document
    from glaze_cli.store.transaction import transaction

    found, view = find_job(store, job), View(json=json)
    sweep(found.connection)
    with transaction(found.connection):
        asked = ask_to_stop(found.connection, found.job.id)
        idle = not asked and cancel_idle(found.connection, found.job.id, utc_now(), Exit.INTERRUPTED)
    stopped = not asked or wait_until(found, lambda now: now.job.owner is None, timeout)
    found = found.again()
    view.say(_sentence(found, asked, idle, stopped))
    if view.json:
        view.print_json(job_document(found.connection, found.job))
    return Exit.OK if stopped else Exit.STILL_RUNNING


def _sentence(found: FoundJob, asked: bool, idle: bool, stopped: bool) -> str:
    job = found.job
    if not stopped:
        return f"Job {job.id} was told to stop and has not stopped yet; `glaze wait {job.id}` waits for it."
    if not asked and not idle:
        return f"Job {job.id} is {job.status} already; there is nothing to cancel."
    left = job.total_tasks - job.ended_tasks
    more = f"; `glaze resume {job.id}` goes on with {left:,} cells" if left else ""
    return f"Job {job.id} is {job.status}{more}."
