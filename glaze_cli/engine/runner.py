"""One run of a job: recover what a crash left, ask every queued cell, and say how it ended."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from glaze_cli.engine.ahead import Ahead
from glaze_cli.engine.calls import Calls
from glaze_cli.engine.cells import Cells
from glaze_cli.engine.events import Listener, ProviderDropped
from glaze_cli.engine.fetch import Fetch
from glaze_cli.engine.fresh import Fresh
from glaze_cli.engine.governor import Governor
from glaze_cli.engine.lookups import Lookups
from glaze_cli.engine.naps import Naps
from glaze_cli.engine.patience import Timekeeper
from glaze_cli.engine.plan import ColumnPlan
from glaze_cli.engine.pool import Pool
from glaze_cli.engine.retry import Sleep
from glaze_cli.engine.rows import RowReader
from glaze_cli.engine.schedule import Schedule
from glaze_cli.errors import ProviderUnusable, Stopped
from glaze_cli.model import Field, JobStatus, Micros
from glaze_cli.model.settings import RunSettings
from glaze_cli.store.attempts import recover_attempts
from glaze_cli.store.clock import Clock, utc_now
from glaze_cli.store.jobs import Job, get_job
from glaze_cli.store.pace import Longest
from glaze_cli.store.permits import last_attempt
from glaze_cli.store.progress import end_job, start_job
from glaze_cli.store.snapshot import Snapshot
from glaze_cli.store.tasks import queued_rows, requeue_running
from glaze_cli.store.transaction import transaction
from glaze_cli.store.writer import Writer


@dataclass(frozen=True)
class Run:
    """What a run works with. `reader` and `writer` are two connections to one store (one in tests)."""

    job: Job
    columns: Sequence[ColumnPlan]
    fields: Mapping[str, Field]
    """Header → what it means, for the inputs of a row."""
    settings: RunSettings
    reader: sqlite3.Connection
    writer: sqlite3.Connection
    listener: Listener
    owner: str
    """The process: no call is made once another one has taken the job over."""
    caps: Mapping[str, Micros] = field(default_factory=dict)
    """Most that a provider, by name, may cost in this job."""
    retry_unknown: bool = False
    """Ask again where an earlier reply was lost, although that may be billed twice."""
    misses_since: str = ""
    """"Not found" counts only if it was said after that."""
    cancelled: Callable[[], bool] = lambda: False
    """Whether it was `glaze cancel` that stopped it."""
    warm: Callable[[], None] = lambda: None
    """Loads what carries calls: it takes a while, the first calls must not be late for it, and a run whose
    answers are all known has no use for it."""
    now: Clock = utc_now
    epoch: Callable[[], float] = time.time
    sleep: Sleep = asyncio.sleep


async def run_job(run: Run, stop: asyncio.Event) -> Job:
    """Ask every queued cell of the job; the job as it stands afterwards.

    Set `stop` to stop early: calls in flight get `settings.grace` seconds. Whatever way this ends, cancelled
    included, what was answered is committed and the rest is queued again. Raises StoreError; Stopped when
    the job is another process's.
    """
    with transaction(run.writer):
        if not start_job(run.writer, run.job.id, run.owner, run.now()):
            raise Stopped(f"Job {run.job.id} is another process's.")
        recover(run.writer, run.job.id, run.now())
    writer = Writer(run.writer, run.job.id)
    longest = Longest(run.settings.job_timeout, run.settings.cell_timeout)
    nap = Naps(run.sleep, stop)
    governor = Governor(writer, run.job.id, run.owner, run.now, run.epoch, nap, longest, run.caps)
    snapshot = Snapshot(run.reader, writer)
    fetch = Fetch(snapshot, governor, run.settings, run.epoch, nap)
    calls = Calls(governor, fetch, run.settings, nap, run.now, run.warm)
    plans = {plan.column: plan for plan in run.columns}
    fresh = Fresh(writer)
    ahead = Ahead(snapshot, fresh, plans)
    lookups = Lookups(
        snapshot,
        ahead,
        calls,
        fresh,
        nap,
        _announce(run.listener),
        run.job.created_at,
        run.now,
        run.misses_since,
        last_attempt(run.reader) if run.retry_unknown else 0,
    )
    cap, timekeeper = run.settings.max_cell_cost, Timekeeper(run.settings.cell_timeout)
    cells = Cells(plans, run.job.sheet, cap, lookups, writer, run.listener, run.now)
    rows = ahead.rows(map(RowReader(run.fields, plans).begin, queued_rows(run.reader, run.job.id)))
    schedule = Schedule(rows, {column: plan.after for column, plan in plans.items()}, stop)
    late = False
    try:
        late = await Pool(schedule, cells, timekeeper, run.settings, stop).run()
        await lookups.drain(run.settings.grace)
    finally:
        await lookups.drain(0)
        await governor.rest()
        snapshot.end()
        await asyncio.shield(writer.close())
        with transaction(run.writer):
            recover(run.writer, run.job.id, run.now())
            _end(run, "" if stop.is_set() else cells.over_budget, late)
    return get_job(run.reader, run.job.id)


def recover(connection: sqlite3.Connection, job_id: str, at: str) -> None:
    """What a crash left: cells being asked are queued again, attempts without an outcome are unknown.

    Inside the caller's transaction.
    """
    requeue_running(connection, job_id)
    recover_attempts(connection, job_id, at)


def _announce(listener: Listener) -> Callable[[str, ProviderUnusable], None]:
    return lambda provider, error: listener.on_event(ProviderDropped(provider, str(error)))


def _end(run: Run, paused: str, late: bool) -> None:
    """`paused`: by which spending cap, in words; `late`: its time was up."""
    job = get_job(run.writer, run.job.id)
    left = job.total_tasks - job.ended_tasks
    error = f"{job.failed_tasks} of {job.total_tasks} tasks failed" if job.failed_tasks else None
    status = JobStatus.COMPLETED
    if left:
        stopped = JobStatus.CANCELLED if run.cancelled() else JobStatus.INTERRUPTED
        status = JobStatus.PAUSED if paused else stopped
        cells = "1 cell" if left == 1 else f"{left:,} cells"
        error = f"a spending cap was reached with {cells} left: {paused}" if paused else ""
        why = f"stopped after {run.settings.job_timeout:g} s (--job-timeout)" if late else "stopped"
        error = error or f"{why} with {cells} left"
    elif job.failed_tasks and job.failed_tasks == job.total_tasks:
        status, error = JobStatus.FAILED, "every task failed"
    end_job(run.writer, job.id, run.owner, status, error, run.now())
