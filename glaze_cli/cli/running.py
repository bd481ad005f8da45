"""Running a job from its turn in the queue to its end: what `enrich`, `resume` and `retry` share."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from glaze_cli.cli.ending import end, finish
from glaze_cli.cli.exits import code_of
from glaze_cli.cli.found import FoundJob
from glaze_cli.cli.hints import target_fields
from glaze_cli.cli.lease import Lease
from glaze_cli.cli.loop import run as run_loop
from glaze_cli.cli.patching import Outcome
from glaze_cli.cli.prepare import fields_by_header, prepare
from glaze_cli.cli.request import KeptRequest
from glaze_cli.cli.show import View
from glaze_cli.cli.stopper import Stopper
from glaze_cli.cli.turns import give_up, wait_for_turn
from glaze_cli.cli.wiring import ProviderSet, provider_set
from glaze_cli.engine.events import JobFinished, JobStarted, Listener, Silence
from glaze_cli.engine.plan import ColumnPlan, plan_columns
from glaze_cli.engine.runner import Run, run_job
from glaze_cli.errors import StoreError
from glaze_cli.model.settings import Settings
from glaze_cli.sheets.patch_json import file_sha256
from glaze_cli.store.connect import connect
from glaze_cli.store.create import read_anew
from glaze_cli.store.jobs import Job
from glaze_cli.store.tasks import queued_numbers

SHOWN_ROWS = 100_000


@dataclass(frozen=True)
class RunOptions:
    """What one run of a job is told beyond what the job was made with."""

    wait: bool = True
    """Wait for the job's turn; False: refuse in words when it would have to wait."""
    retry_unknown: bool = False
    misses_since: str = ""
    """"Not found" counts only if it was said after that."""


def run_to_end(
    found: FoundJob, view: View, options: RunOptions = RunOptions(), providers: ProviderSet | None = None
) -> int:
    """Ask the job's queued cells, write the values back, show the end; the exit code.

    `providers`: those that the job was prepared with, where it was just now.
    """
    with Lease(found.store, found.job.id, code_of) as lease:
        lease.code = _run(found, view, options, lease, providers)
        return lease.code


def _run(
    found: FoundJob, view: View, options: RunOptions, lease: Lease, providers: ProviderSet | None
) -> int:
    kept = found.kept.options
    settings = kept.settings()
    providers = providers or provider_set(settings, kept.seed, kept.mock_latency)
    stopper = Stopper(view.say, found.job.id)
    first = found.job.started_at is None
    with contextlib.ExitStack() as shown:
        with stopper.noting():  # in the loops, and while none runs
            if not asyncio.run(
                wait_for_turn(found, lease, stopper, settings.run.max_jobs, options.wait, view)
            ):
                give_up(found, lease)
                return end(found.again(), None, Outcome(), view, stopper.terminated)
            if first:
                found = _as_the_file_is(found, view)
            listener = shown.enter_context(view.listening())
            run = _new_run(found, listener, settings, providers, options, lease)
            _start(listener, run.reader, run.job, found.kept)
            try:
                run_loop(_ask(run, stopper, providers, lease))
            except StoreError as error:
                raise StoreError(f"{error} `glaze resume {found.job.id}` goes on.") from error
        if lease.lost:
            raise StoreError(f"Job {found.job.id} was taken over by another process; it goes on there.")
        found = found.again()
        written, outcome = finish(found)
        now = found.job
        listener.on_event(JobFinished(now.id, now.status, now.error, written, now.spent))
    return end(found.again(), written, outcome, view, stopper.terminated)


def _as_the_file_is(found: FoundJob, view: View) -> FoundJob:
    """The job over the file as it is now that its turn has come: another job may have filled it meanwhile."""
    if file_sha256(Path(found.job.path)) == found.job.file_sha256:
        return found
    view.say("The file was changed while this job waited; it is read anew.")
    prepared = prepare(found.kept.options, found.store)
    sha256 = file_sha256(Path(found.job.path))
    job = read_anew(found.connection, prepared.new_job(found.job.id, sha256))
    if not job.total_tasks:
        view.say("What was to be filled has been filled meanwhile; nothing is asked.")
    return replace(found, job=job, kept=prepared.kept)


def _new_run(
    found: FoundJob,
    listener: Listener,
    settings: Settings,
    providers: ProviderSet,
    options: RunOptions,
    lease: Lease,
) -> Run:
    kept = found.kept
    return Run(
        found.job,
        _columns(kept, settings, providers),
        fields_by_header(kept.headers, kept.targets, settings),
        settings.run,
        connect(found.store),
        found.connection,
        listener,
        lease.owner,
        {name: wish.max_cost for name, wish in settings.providers.items() if wish.max_cost is not None},
        options.retry_unknown or kept.options.retry_unknown,
        options.misses_since,
        lambda: lease.cancelled,
        providers.door.warm,
    )


def _columns(kept: KeptRequest, settings: Settings, providers: ProviderSet) -> tuple[ColumnPlan, ...]:
    options = kept.options
    chosen = providers.chosen(options, target_fields(kept.headers, kept.targets, settings))
    return plan_columns(
        kept.headers,
        kept.targets,
        chosen,
        settings,
        options.providers,
        (),
        options.overwrite,
        providers.found,
    )


def _start(listener: Listener, reader: sqlite3.Connection, job: Job, kept: KeptRequest) -> None:
    if isinstance(listener, Silence):  # finding the rows takes a hundredth of a run
        return
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
            job.spent,
        )
    )


async def _ask(run: Run, stopper: Stopper, providers: ProviderSet, lease: Lease) -> None:
    stop = asyncio.Event()
    with stopper.watching(stop, lease):
        try:
            await run_job(run, stop)
        except asyncio.CancelledError:  # by a second signal: what is committed is written back all the same
            if not stopper.at_once:
                raise
        finally:
            await providers.close()
