"""Files beside the store that belong to jobs: logs of detached runs, sheets that came through a pipe."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from glaze_cli.errors import StoreError
from glaze_cli.store.jobs import Job

PIPED = re.compile(r"piped-[0-9a-f]{12}(\.out)?\.\w+")
"""What a sheet that came through a pipe is called, in a folder of that name."""


def own_files(jobs: Sequence[Job]) -> list[Path]:
    """The jobs' log files, and the sheets that came through a pipe; a name that cannot be one of ours is
    left alone."""
    paths = [(job, Path(job.log)) for job in jobs if job.log]
    logs = [path for job, path in paths if path.suffix == ".log" and job.id in path.name]
    sheets = [Path(name) for job in jobs for name in (job.path, job.target) if name]
    return logs + [path for path in sheets if path.parent.name == "piped" and PIPED.fullmatch(path.name)]


def delete(files: Sequence[Path]) -> None:
    """Take them away. Raises StoreError where one stays."""
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"{file} cannot be deleted ({error.strerror}); its job was not "
                "purged. Delete it, then purge again."
            ) from error
