"""`glaze purge`: what is no longer needed leaves the store for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from glaze_cli.cli import completion
from glaze_cli.cli import options as o

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from glaze_cli.cli.show import View
    from glaze_cli.store.jobs import Job
    from glaze_cli.store.purge import Kept, Purge, Scope

LARGE = 64 << 20
"""Bytes: writing a larger store anew would keep a job that runs waiting."""


def purge(
    older_than: Annotated[
        str | None,
        typer.Option(
            "--older-than", help='What was made longer ago than this: "90d", "12h".', show_default=False
        ),
    ] = None,
    job: Annotated[
        str | None,
        typer.Option(
            "--job",
            metavar="JOB",
            help="Only this job and the answers that it paid for: its id, or the beginning of it.",
            show_default=False,
            autocompletion=completion.jobs,
        ),
    ] = None,
    unwritten: Annotated[
        bool, typer.Option("--unwritten", help="Also jobs whose values were never written into a file.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go; touch nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before anything goes.")] = False,
    store: o.Store = None,
    json: o.Json = False,
) -> int:
    """Delete old jobs with their rows, and old answers, for good; what they cost stays in `glaze cost`."""
    from glaze_cli.cli.show import View
    from glaze_cli.config import store_path

    view, path = View(json=json), store_path(store)
    before = _before(older_than, job)
    ask = not (yes or dry_run)
    if ask:
        _refuse_without_terminal()
    if not path.exists():
        return _no_store(path, job, before, view)
    from glaze_cli.store.connect import connect
    from glaze_cli.store.jobs import get_job
    from glaze_cli.store.purge import Scope, find_old
    from glaze_cli.store.space import empty_log, space

    connection = connect(path)
    scope = Scope(before, None if job is None else get_job(connection, job).id, unwritten)
    plan = find_old(connection, scope, _is_free)
    _say_plan(plan, scope, view)
    some = bool(plan.jobs or plan.answers)
    clean = not some and not space(connection).free and (dry_run or empty_log(connection))
    if dry_run or clean:
        return _tell(plan, scope, view, dryRun=dry_run)
    if some and ask and not typer.confirm("Delete them for good?", err=True):
        view.say("Nothing was deleted.")
        return _tell(plan, scope, view, declined=True)
    return _purge(connection, path, scope, view)


def _purge(connection: sqlite3.Connection, path: Path, scope: Scope, view: View) -> int:
    from glaze_cli.cli.alive import is_there
    from glaze_cli.store.leases import held_jobs
    from glaze_cli.store.purge import purge
    from glaze_cli.store.space import empty_log, give_back, space

    size = path.stat().st_size
    gone = purge(connection, scope, _is_free)
    running = [held.job_id for held in held_jobs(connection) if is_there(held.owner, held.until)]
    wait = bool(running) and space(connection).used > LARGE
    if wait:
        view.warn(
            f"Job {running[0]} is running, so the store's file keeps its size; `glaze purge` again once it "
            "has ended makes it smaller."
        )
    else:
        give_back(connection)
    if not empty_log(connection):
        view.warn(
            f"{path}-wal could not be emptied (another process reads the store, or the disk is full) and may "
            "hold traces; `glaze purge` again later."
        )
    freed = max(0, size - path.stat().st_size)
    smaller = f" The store is {freed / 1e6:,.1f} MB smaller." if freed else ""
    view.say(f"Deleted for good: {_amounts(gone)}.{smaller}")
    for copy in _copies(path):
        view.warn(f"Note: {copy} is a copy of a damaged store and may hold the same; delete it when you can.")
    return _tell(gone, scope, view, bytesFreed=freed, rewritten=not wait)


def _before(older_than: str | None, job: str | None) -> str | None:
    """The moment before which things are old; None: any age. Raises ConfigError."""
    from glaze_cli.config import parse_duration
    from glaze_cli.errors import ConfigError
    from glaze_cli.store.clock import utc_now
    from glaze_cli.store.purge import moment_before

    if older_than is not None:
        return moment_before(utc_now(), parse_duration("--older-than", older_than))
    if job is None:
        raise ConfigError("Say what is to go: --older-than 90d, or --job JOB.")
    return None


def _refuse_without_terminal() -> None:
    from glaze_cli.cli.confirm import is_interactive
    from glaze_cli.errors import ConfigError

    if not is_interactive():
        raise ConfigError("Nobody is there to be asked, so nothing was deleted; say --yes, or --dry-run.")


def _no_store(path: Path, job: str | None, before: str | None, view: View) -> int:
    """Looking makes no store where there is none."""
    from glaze_cli.errors import InputError
    from glaze_cli.store.purge import Purge, Scope

    if job is not None:
        raise InputError(f"There is no job {job}: there is no store at {path} yet.")
    view.say("No job yet.")
    return _tell(Purge([], [], 0, 0), Scope(before), view)


def _is_free(job: Job) -> bool:
    """Whether the job has ended, and no process works on it."""
    from glaze_cli.cli.alive import is_alive, truthful

    return truthful(job).status.ended and not is_alive(job)


def _say_plan(plan: Purge, scope: Scope, view: View) -> None:
    older = f", older than {scope.before[:16].replace('T', ' ')} UTC" if scope.before else ""
    if plan.jobs or plan.answers:
        view.say(f"To be deleted{older}: {_amounts(plan)}.")
    else:
        view.say(f"Nothing is to be deleted{older}.")
    kept: dict[Kept, list[str]] = {}
    for job, why in plan.kept:
        kept.setdefault(why, []).append(job.id)
    for why, names in kept.items():
        some = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
        view.say(f"Kept {_number(len(names), 'job')} ({why.caption}): {some}.{_WAY_OUT.get(why, '')}")


def _amounts(plan: Purge) -> str:
    """`2 jobs with 500 cells and 320 calls, 1,200 remembered answers`."""
    return (
        f"{_number(len(plan.jobs), 'job')} with {_number(plan.tasks, 'cell')} and "
        f"{_number(plan.calls, 'call')}, {_number(plan.answers, 'remembered answer')}"
    )


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


_WAY_OUT = {
    "unwritten": " `glaze apply JOB` writes them; --unwritten deletes them all the same.",
    "fetchable": " `glaze resume JOB` fetches it.",
}


def _copies(path: Path) -> list[Path]:
    """Copies that were kept of a damaged store."""
    real = path.resolve()
    return sorted(file for file in real.parent.iterdir() if file.name.startswith(f"{real.name}.corrupt-"))


def _tell(plan: Purge, scope: Scope, view: View, **more: Any) -> int:
    """The JSON document."""
    from glaze_cli.cli.exits import Exit

    if view.json:
        document = {
            "before": scope.before,
            "dryRun": False,
            "declined": False,
            "jobs": [job.id for job in plan.jobs],
            "kept": [{"jobId": job.id, "reason": why} for job, why in plan.kept],
            "cells": plan.tasks,
            "calls": plan.calls,
            "answers": plan.answers,
            "bytesFreed": 0,
            "rewritten": False,
        }
        view.print_json(document | more)
    return Exit.OK
