"""`glaze resume`: go on with a job that was stopped."""

from __future__ import annotations

from typing import Annotated

import typer

from glaze_cli.cli import options as o


def resume(
    job: o.JobName,
    max_cost: Annotated[
        str | None, typer.Option("--max-cost", help="Spend at most so many dollars in all.")
    ] = None,
    store: o.Store = None,
    json_: o.Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show nothing but errors.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Plain lines instead of the live grid.")] = False,
) -> int:
    """Go on with a job that was stopped: only what is left is asked, then written back."""
    from glaze_cli.cli.alive import is_alive
    from glaze_cli.cli.exits import Exit
    from glaze_cli.cli.jobs import find_job
    from glaze_cli.cli.launch import run_to_end
    from glaze_cli.cli.show import View
    from glaze_cli.config import parse_amount
    from glaze_cli.errors import InputError
    from glaze_cli.store.progress import set_cap
    from glaze_cli.store.transaction import transaction

    found = find_job(store, job)
    view = View(json=json_, quiet=quiet, plain=plain)
    if is_alive(found.job):
        raise InputError(f"Job {found.job.id} is running; `glaze status {found.job.id} --watch` shows it.")
    if found.job.ended_tasks == found.job.total_tasks:
        view.say(f"Job {found.job.id} is {found.job.status}: no cell is left to be asked.")
        return Exit.OK
    if max_cost is not None:
        with transaction(found.connection):
            set_cap(found.connection, found.job.id, parse_amount("--max-cost", max_cost))
    return run_to_end(found.again(), view)
