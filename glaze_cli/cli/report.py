"""`glaze report`: a job on one page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glaze_cli.cli import options as o

if TYPE_CHECKING:
    import sqlite3

    from glaze_cli.store.jobs import Job
    from glaze_cli.ui.pages.facts import Facts


def report(
    job: o.JobName,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to (default: report-JOB.html in this folder; with --md: stdout). - is stdout.",
            show_default=False,
        ),
    ] = None,
    md: Annotated[
        bool, typer.Option("--md", help="A summary in Markdown, for a CI job page or a comment.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is not a report of Glaze.")
    ] = False,
    store: o.Store = None,
) -> int:
    """A job on one page that opens offline: fill rates, waterfall, costs, failures, every cell's receipt."""
    from glaze_cli.config import store_path

    path = store_path(store)
    connection, found = _find(path, job)
    target = _target(found, output, md)
    before = None if target is None else _before(found, path, target, force)
    text = _markdown(connection, found) if md else _page(connection, found)
    if target is None:
        sys.stdout.write(text)
    else:
        _write(found, target, text, before)
    return 0


def _find(path: Path, name: str) -> tuple[sqlite3.Connection, Job]:
    """The store, and the job as it really stands. Raises InputError; looking makes no store."""
    from glaze_cli.cli.alive import truthful
    from glaze_cli.errors import InputError
    from glaze_cli.store.connect import connect
    from glaze_cli.store.jobs import get_job

    if not path.exists():
        raise InputError(f"There is no job {name}: there is no store at {path} yet.")
    connection = connect(path)
    return connection, truthful(get_job(connection, name))


def _target(job: Job, output: Path | None, md: bool) -> Path | None:
    """None: stdout."""
    if output is None:
        return None if md else Path(f"report-{job.id}.html")
    return None if str(output) == "-" else output


def _before(job: Job, store: Path, target: Path, force: bool) -> str | None:
    """What is there already, in words. Raises ConfigError where it must not be written over."""
    from glaze_cli.errors import ConfigError

    for kept in (job.path, job.written_to, job.target, str(store)):
        if kept and target.exists() and Path(kept).exists() and target.samefile(kept):
            what = "the store" if kept == str(store) else "a sheet of this job"
            raise ConfigError(f"{target} is {what}; name another file with --output.")
    if not target.is_file():
        return None
    with target.open("rb") as file:
        is_report = b"<!-- glaze report -->" in file.read(200)
    if not (is_report or force):
        raise ConfigError(
            f"{target} is there already and is not a report of Glaze; name another file with --output, or "
            "say --force."
        )
    return "an earlier report" if is_report else "what was there"


def _write(job: Job, target: Path, text: str, before: str | None) -> None:
    from glaze_cli.cli.show import View
    from glaze_cli.errors import ConfigError, WriteFailed
    from glaze_cli.sheets.save import replacing

    content = text.encode("utf-8", errors="replace")
    try:
        with replacing(target) as file:
            file.write(content)
    except WriteFailed as error:  # no value is at stake: the same command can be given again
        raise ConfigError(str(error)) from error
    over = f", in place of {before}" if before else ""
    size = f"{len(content) / 1e6:.1f} MB" if len(content) >= 1e6 else f"{-(-len(content) // 1000)} kB"
    View().say(f"The report of job {job.id} is in {target} ({size}){over}.")


def _facts(connection: sqlite3.Connection, job: Job) -> Facts:
    from glaze_cli.store.reporting import report_cells
    from glaze_cli.ui.pages.facts import count

    return count(report_cells(connection, job))


def _markdown(connection: sqlite3.Connection, job: Job) -> str:
    from glaze_cli.store.progress import job_document
    from glaze_cli.store.reporting import report_costs
    from glaze_cli.ui.pages.markdown import summary

    return summary(job_document(connection, job), _facts(connection, job), report_costs(connection, job))


def _page(connection: sqlite3.Connection, job: Job) -> str:
    from glaze_cli import __version__
    from glaze_cli.errors import ConfigError
    from glaze_cli.store.clock import utc_now
    from glaze_cli.store.progress import job_document
    from glaze_cli.store.reporting import report_costs, report_latency

    try:
        from glaze_cli.ui.pages.page import render
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("jinja2", "markupsafe", "pygal"):
            raise
        raise ConfigError(
            f"A page needs {error.name}: pip install 'glaze-cli[report]' (--md needs nothing more)."
        ) from None
    facts, costs = _facts(connection, job), report_costs(connection, job)
    latency = report_latency(connection, job)
    return render(job_document(connection, job), facts, costs, latency, utc_now(), __version__)
