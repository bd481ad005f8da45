"""`glaze retry`: ask again about a job's cells that failed, or were not found."""

from __future__ import annotations

from typing import Annotated

import typer

from glaze_cli.cli import options as o


def retry(
    job: o.JobName,
    failed: Annotated[
        bool, typer.Option("--failed", help="Cells that failed (the default, if neither is given).")
    ] = False,
    not_found: Annotated[
        bool,
        typer.Option("--not-found", help="Cells that nobody had a value for: everybody is asked anew."),
    ] = False,
    max_cost: o.MaxCostInAll = None,
    retry_unknown: o.RetryUnknown = False,
    detach: o.Detach = False,
    no_wait: o.NoWait = False,
    store: o.Store = None,
    json: o.Json = False,
    stream: o.Stream = False,
    quiet: o.Quiet = False,
    plain: o.Plain = False,
) -> int:
    """Ask again about a job's cells that failed, or were not found, then write the values back."""
    from glaze_cli.cli.again import Again, go_on
    from glaze_cli.cli.found import find_job
    from glaze_cli.cli.running import RunOptions
    from glaze_cli.cli.show import View
    from glaze_cli.model import TaskStatus
    from glaze_cli.store.clock import utc_now

    view = View(json=json, stream=stream, quiet=quiet, plain=plain)
    statuses = [TaskStatus.NOT_FOUND] if not_found else []
    statuses += [TaskStatus.FAILED] if failed or not not_found else []
    options = RunOptions(not no_wait, retry_unknown, utc_now() if not_found else "")
    again = Again(tuple(statuses), max_cost, detach, options)
    return go_on(find_job(store, job), again, view)
