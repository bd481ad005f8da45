"""Mounts the commands; each has a file of its own, which imports what it works with when it runs."""

from __future__ import annotations

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
    jobs,
    providers,
    purge,
    resume,
    retry,
    status,
    undo,
    wait,
)

app = typer.Typer(
    name="glaze",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
for command in (
    *(enrich, status, jobs, wait, cancel, resume, retry),
    *(columns, diff, apply, undo, cost, purge),
):
    app.command()(getattr(command, command.__name__.rpartition(".")[2]))
app.add_typer(providers.providers)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"glaze {__version__}")
        raise typer.Exit


@app.callback()
def glaze(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Fill in a spreadsheet from data sources, from a terminal, without wasting a cent or harming a cell."""
