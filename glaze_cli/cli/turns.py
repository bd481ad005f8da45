"""Waiting for a job's turn, and giving it up."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from glaze_cli.cli.alive import is_there
from glaze_cli.cli.found import FoundJob
from glaze_cli.cli.lease import Lease
from glaze_cli.cli.prepared import Prepared
from glaze_cli.cli.show import View
from glaze_cli.cli.stopper import Stopper
from glaze_cli.cli.sweep import sweep
from glaze_cli.engine.turn import why_wait
from glaze_cli.errors import InputError
from glaze_cli.model import JobStatus
from glaze_cli.store.clock import utc_now
from glaze_cli.store.connect import connect
from glaze_cli.store.leases import Held, held_jobs
from glaze_cli.store.progress import end_job, start_job
from glaze_cli.store.transaction import transaction

_LOOK_S = 0.3
"""Between two looks whether it is our turn."""


async def wait_for_turn(
    found: FoundJob, lease: Lease, stopper: Stopper, most: int, wait: bool, view: View
) -> bool:
    """Until the job may run (then it is running), or a stop; False: it was stopped before its turn.

    Raises InputError, with the reason, where it would have to wait and must not (`wait` False).
    """
    stop, told = asyncio.Event(), ""
    with stopper.watching(stop, lease):
        while not stop.is_set():
            sweep(found.connection)
            why = _begin(found.connection, found.job.id, lease.owner, most)
            if why is None:
                return True
            if not wait:
                raise InputError(f"Job {found.job.id} was not started: {why}.")
            if why != told:
                view.say(f"Job {found.job.id} waits for its turn: {why}.")
                told = why
            await _moment(stop)
    return False


def refuse_to_wait(store: Path, prepared: Prepared) -> None:
    """Before a job is made that would have to wait: raises InputError with the reason."""
    if not store.exists():
        return
    ours = Held(0, "", JobStatus.PENDING, "", 0.0, prepared.request.path, prepared.target)
    held = [job for job in held_jobs(connect(store)) if is_there(job.owner, job.until)]
    why = why_wait("", [*held, ours], prepared.settings.run.max_jobs)
    if why is not None:
        raise InputError(f"No job was started: {why}.")


def give_up(found: FoundJob, lease: Lease) -> None:
    """The job was stopped before its turn came; it can be resumed."""
    status = JobStatus.CANCELLED if lease.cancelled else JobStatus.INTERRUPTED
    with transaction(found.connection):
        end_job(
            found.connection, found.job.id, lease.owner, status, "stopped before its turn came", utc_now()
        )


def _begin(connection: sqlite3.Connection, job_id: str, owner: str, most: int) -> str | None:
    """Start the job if it is its turn, else say why not; one transaction, so no slot is taken twice."""
    with transaction(connection):
        held = [job for job in held_jobs(connection) if is_there(job.owner, job.until)]
        why = why_wait(job_id, held, most)
        if why is None:
            start_job(connection, job_id, owner, utc_now())
    return why


async def _moment(stop: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(_LOOK_S):
            await stop.wait()
    except TimeoutError:
        return
