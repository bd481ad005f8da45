"""The program itself. Its commands have a file each, which is imported when the command is named."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from glaze_cli import __version__
from glaze_cli.cli.group import GlazeGroup

app = typer.Typer(
    name="glaze",
    cls=GlazeGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


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
