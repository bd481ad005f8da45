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
    from glaze_cli.ui.json_text import Escaping

    found = find_job(store, job)
    if not json_:
        _print(found)
        return 0
    write_patch(Escaping(sys.stdout), found.job.path, found.job.file_sha256, job_changes(found))
    return 0


def _print(found: FoundJob) -> None:
    from rich.table import Table
    from rich.text import Text

    from glaze_cli.cli.show import out_console
    from glaze_cli.model import CellRef
    from glaze_cli.store.tasks import done_tasks
    from glaze_cli.ui.document import money
    from glaze_cli.ui.text import inert

    table = Table(title=f"Job {found.job.id}")
    for name in ("Cell", "Column", "Old", "New", "Source", "Provider", "Cost"):
        table.add_column(name, overflow="fold")
    for task in done_tasks(found.connection, found.job.id):
        metadata = task.record.get("metadata") or {}
        texts = (
            CellRef(found.job.sheet, task.row, task.column),
            task.header,
            "" if task.old is None else task.old,
            task.value,
            task.record.get("source") or "",
            metadata.get("provider") or "",
            money(metadata.get("cost")),
        )
        table.add_row(*(Text(inert(text)) for text in texts))
    out_console().print(table)
