"""`glaze resume`: go on with a job that was stopped."""

from __future__ import annotations

from typing import Annotated

import typer

from glaze_cli.cli import options as o


def resume(
    job: o.JobName,
    max_cost: o.MaxCostInAll = None,
    retry_unknown: o.RetryUnknown = False,
    detach: o.Detach = False,
    no_wait: o.NoWait = False,
    misses_since: Annotated[str, typer.Option("--misses-since", hidden=True)] = "",
    store: o.Store = None,
    json: o.Json = False,
    stream: o.Stream = False,
    quiet: o.Quiet = False,
    plain: o.Plain = False,
) -> int:
    """Go on with a job that was stopped: only what is left is asked, then written back."""
    from glaze_cli.cli.again import Again, go_on
    from glaze_cli.cli.found import find_job
    from glaze_cli.cli.running import RunOptions
    from glaze_cli.cli.show import View

    view = View(json=json, stream=stream, quiet=quiet, plain=plain)
    options = RunOptions(not no_wait, retry_unknown, misses_since)
    return go_on(find_job(store, job), Again(max_cost=max_cost, detach=detach, run=options), view)
