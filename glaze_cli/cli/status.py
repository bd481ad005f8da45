"""`glaze status`: what happened, what it cost, what is left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from glaze_cli.cli import completion
from glaze_cli.cli import options as o

if TYPE_CHECKING:
    import sqlite3

    from glaze_cli.cli.show import View


def status(
    job: Annotated[
        str | None,
        typer.Argument(
            metavar="JOB",
            help="A job's id, or its beginning (default: the latest jobs).",
            show_default=False,
            autocompletion=completion.jobs,
        ),
    ] = None,
    cells: Annotated[bool, typer.Option("--cells", help="Every cell of the job, in the JSON.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Look each second until the job ends.")
    ] = False,
    timeout: Annotated[
        float | None, typer.Option("--timeout", min=0, help="Seconds that --watch waits at most.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many jobs to list.")] = 20,
    store: o.Store = None,
    json_: o.Json = False,
) -> int:
    """What happened, what it cost, what is left: of one job, or of the latest jobs."""
    from glaze_cli.cli.show import View

    view = View(json=json_)
    if job is None:
        return latest(store, limit, view)
    from glaze_cli.cli.standing import print_standing, store_of

    print_standing(_watch(store_of(store, job), job, cells, timeout if watch else 0.0, view), json_)
    return 0


def latest(store: Path | None, limit: int, view: View) -> int:
    """The latest jobs. Looking makes no store where there is none."""
    from glaze_cli.config import store_path

    path = store_path(store)
    documents = _documents(path, limit) if path.exists() else []
    if view.json:
        view.print_json(documents)
    elif not documents:
        view.say("No job yet. `glaze enrich SHEET --range B2:D40` makes one.")
    else:
        from glaze_cli.cli.show import out_console
        from glaze_cli.ui.report import print_jobs

        print_jobs(out_console(), documents)
    return 0


def _documents(path: Path, limit: int) -> list[dict[str, Any]]:
    from glaze_cli.cli.alive import truthful
    from glaze_cli.store.connect import connect
    from glaze_cli.store.jobs import list_jobs
    from glaze_cli.store.progress import job_document

    connection = connect(path)
    return [job_document(connection, truthful(job)) for job in list_jobs(connection, limit)]


def _watch(
    connection: sqlite3.Connection, name: str, cells: bool, seconds: float | None, view: View
) -> dict[str, Any]:
    """The job's document; with seconds to spare, once its process has written the values back, with a line
    whenever it has moved."""
    import time

    from glaze_cli.cli.alive import is_alive
    from glaze_cli.cli.standing import standing
    from glaze_cli.store.jobs import get_job

    end = float("inf") if seconds is None else time.monotonic() + seconds
    shown = ""
    while time.monotonic() < end and is_alive(get_job(connection, name)):
        from glaze_cli.ui.job_line import job_line

        line = job_line(standing(connection, name))
        if line != shown:
            view.say(line)
            shown = line
        time.sleep(1.0)
    return standing(connection, name, cells)
