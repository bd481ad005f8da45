"""A job in a line, for whoever has no use for tables."""

from __future__ import annotations

from glaze_cli.ui.document import Document
from glaze_cli.ui.job_view import view
from glaze_cli.ui.tally import outcome


def job_line(document: Document) -> str:
    """`Job 3f2a running, 45%: 88 of 195 cells ended (60 done, …); spent $0.12`: one line, no escapes."""
    job = view(document)
    return (
        f"Job {job.job} {job.status}, {job.progress:g}%: {job.counts.total():,} of {job.total:,} cells "
        f"ended ({outcome(job.counts)}); spent {job.cost}"
    )
