"""`glaze apply`: write a job's values, or a patch made elsewhere, into a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from glaze_cli.cli import completion
from glaze_cli.cli import options as o


def apply(
    job_or_patch: Annotated[
        str,
        typer.Argument(
            metavar="JOB|PATCH",
            help="A job's id, or a patch: a .json file.",
            show_default=False,
            autocompletion=completion.jobs,
        ),
    ],
    sheet_path: Annotated[
        Path | None,
        typer.Argument(
            metavar="SHEET",
            help="The sheet (default: the one that the job or patch names).",
            show_default=False,
        ),
    ] = None,
    output: o.Output = None,
    delimiter: o.Delimiter = None,
    encoding: o.Encoding = None,
    overwrite_formulas: o.OverwriteFormulas = False,
    force: o.Force = False,
    raw: o.Raw = False,
    recalc: o.Recalculate = False,
    store: o.Store = None,
    json_: o.Json = False,
) -> int:
    """Write a job's values, or a patch, into a file; cells changed since are conflicts, and left alone."""
    from glaze_cli.cli.books import open_sheet
    from glaze_cli.cli.found import find_job
    from glaze_cli.cli.patching import put, tell
    from glaze_cli.cli.show import View
    from glaze_cli.cli.writeback import write_back
    from glaze_cli.sheets.base import WriteOptions
    from glaze_cli.sheets.patch_json import read_patch

    options = WriteOptions(overwrite_formulas, force, raw, recalc)
    view = View(json=json_)
    if job_or_patch.endswith(".json") or Path(job_or_patch).is_file():
        patch = read_patch(Path(job_or_patch))
        book = open_sheet(_sheet(sheet_path, patch.file), delimiter, encoding)
        target = output or book.path
        return tell(put(book, patch.changes, target, options), target, view)
    found = find_job(store, job_or_patch)
    kept = found.kept.options
    path = sheet_path or Path(found.job.path)
    book = open_sheet(path, delimiter or kept.delimiter, encoding or kept.encoding)
    target = output or book.path
    outcome = write_back(found, book, target, options)
    if outcome.written or outcome.already:  # else no value of the job is in that file
        found.mark_written(target)
    return tell(outcome, target, view)


def _sheet(given: Path | None, named: str) -> Path:
    from glaze_cli.errors import InputError

    if given is None and not named:
        raise InputError("The patch names no file; name the sheet after it.")
    return given or Path(named)
