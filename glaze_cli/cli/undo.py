"""`glaze undo`: restore what the cells of a job held before."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from glaze_cli.cli import options as o


def undo(
    job: o.JobName,
    sheet_path: Annotated[
        Path | None,
        typer.Argument(
            metavar="SHEET", help="The sheet (default: the file that the job wrote).", show_default=False
        ),
    ] = None,
    force: o.Force = False,
    store: o.Store = None,
    json_: o.Json = False,
) -> int:
    """Put back what the job's cells held before; cells that were touched since are left alone."""
    from glaze_cli.cli.books import open_sheet
    from glaze_cli.cli.found import find_job
    from glaze_cli.cli.patching import tell
    from glaze_cli.cli.show import View
    from glaze_cli.cli.writeback import take_back
    from glaze_cli.sheets.base import WriteOptions

    found = find_job(store, job)
    options = found.kept.options
    path = sheet_path or Path(found.job.written_to or found.job.path)
    book = open_sheet(path, options.delimiter, options.encoding)
    # `raw`: what a cell held before comes back as it was, whatever it looks like.
    outcome = take_back(found, book, WriteOptions(force=force or options.force, raw=True))
    return tell(outcome, path, View(json=json_), undone=True)
