"""Mounts the commands; each has a file of its own, which imports what it works with when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from glaze_cli import __version__
from glaze_cli.cli import (
    apply,
    cancel,
    columns,
    cost,
    diff,
    enrich,
    init,
    jobs,
    providers,
    purge,
    report,
    resume,
    retry,
    status,
    undo,
    wait,
    why,
)
from glaze_cli.cli.group import GlazeGroup

app = typer.Typer(
    name="glaze",
    cls=GlazeGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
for command in (
    *(enrich, status, jobs, wait, cancel, resume, retry),
    *(why, columns, init, diff, apply, undo, cost, report, purge),
):
    app.command()(getattr(command, command.__name__.rpartition(".")[2]))
app.add_typer(providers.providers)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"glaze {__version__}")
        raise typer.Exit


@app.callback()
def glaze(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Fill in a spreadsheet from data sources, from a terminal, without wasting a cent or harming a cell."""
    if context.invoked_subcommand is None:
        from glaze_cli.cli.next_step import next_step
        from glaze_cli.config import store_path

        typer.echo(next_step(store_path(None), Path()))
