"""`glaze diff`: what a job found, cell by cell: old, new, source, cost."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from glaze_cli.cli import options as o

if TYPE_CHECKING:
    from glaze_cli.cli.found import FoundJob


def diff(job: o.JobName, store: o.Store = None, json_: o.Json = False) -> int:
    """Show a job's values as a table, or (--json) as a patch that `glaze apply` takes."""
    from glaze_cli.cli.found import find_job
    from glaze_cli.cli.writeback import job_changes
    from glaze_cli.sheets.patch_json import write_patch

    found = find_job(store, job)
    if not json_:
        _print(found)
        return 0
    changes = job_changes(found)
    write_patch(sys.stdout, found.job.path, found.job.file_sha256, changes)
    return 0


def _print(found: FoundJob) -> None:
    from rich.table import Table
    from rich.text import Text

    from glaze_cli.cli.show import out_console
    from glaze_cli.model import CellRef, dollars, to_micros
    from glaze_cli.store.tasks import done_tasks
    from glaze_cli.ui.text import inert

    table = Table(title=f"Job {found.job.id}")
    for name in ("Cell", "Column", "Old", "New", "Source", "Provider", "Cost"):
        table.add_column(name, overflow="fold")
    for task in done_tasks(found.connection, found.job.id):
        cell = str(CellRef(found.job.sheet, task.row, task.column))
        texts = (cell, task.header, "" if task.old is None else task.old, task.value)
        metadata = task.record["metadata"]
        cost = dollars(to_micros(str(metadata["cost"])))
        shown = [Text(inert(text)) for text in texts]
        table.add_row(*shown, task.record["source"], metadata["provider"], cost)
    out_console().print(table)
