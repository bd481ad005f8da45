"""Finding a job that a command names."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from glaze_cli.cli.request import KeptRequest
from glaze_cli.config import store_path
from glaze_cli.errors import InputError
from glaze_cli.store.clock import utc_now
from glaze_cli.store.connect import connect
from glaze_cli.store.jobs import Job, get_job
from glaze_cli.store.progress import mark_written
from glaze_cli.store.transaction import transaction


@dataclass(frozen=True)
class FoundJob:
    """A job, what was asked for, and the store it is in."""

    job: Job
    kept: KeptRequest
    connection: sqlite3.Connection
    store: Path

    def mark_written(self, target: Path) -> None:
        """Note that the job's values are in that file now."""
        with transaction(self.connection):
            mark_written(self.connection, self.job.id, str(target.absolute()), utc_now())

    def again(self) -> FoundJob:
        """The job as it stands now."""
        return replace(self, job=get_job(self.connection, self.job.id))


def find_job(store: Path | None, name: str) -> FoundJob:
    """The job of that id, or beginning of an id. Raises InputError; looking makes no store."""
    path = store_path(store)
    if not path.exists():
        raise InputError(f"There is no job {name}: there is no store at {path} yet.")
    connection = connect(path)
    job = get_job(connection, name)
    return FoundJob(job, KeptRequest.from_json(job.request), connection, path)
