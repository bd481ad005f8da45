"""`glaze wait`: end when a job does, with its exit code."""

from __future__ import annotations

from typing import Annotated

import typer

from glaze_cli.cli import options as o


def wait(
    job: o.JobName,
    timeout: Annotated[
        float | None,
        typer.Option(
            "--timeout", min=0, help="Seconds at most; then the exit code is 124.", show_default=False
        ),
    ] = None,
    store: o.Store = None,
    json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Wait until a job has ended and its values are written; the exit code is the job's own."""
    from glaze_cli.cli.alive import truthful
    from glaze_cli.cli.exits import Exit
    from glaze_cli.cli.found import find_job
    from glaze_cli.cli.show import View
    from glaze_cli.cli.waiting import ended_with, wait_until
    from glaze_cli.store.progress import job_document
    from glaze_cli.ui.job_line import job_line

    found, view = find_job(store, job), View(json=json, quiet=quiet)
    over = wait_until(found, lambda now: ended_with(now) is not None, timeout)
    found = found.again()
    document = job_document(found.connection, truthful(found.job))
    code = ended_with(found)
    view.say(job_line(document) + ("." if over else ": it goes on, the time to wait is up."))
    if view.json:
        view.print_json(document | {"exitCode": code})
    return Exit.STILL_RUNNING if code is None else code
