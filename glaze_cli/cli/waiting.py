"""Waiting for another process's job."""

from __future__ import annotations

import time
from collections.abc import Callable

from glaze_cli.cli.alive import is_alive
from glaze_cli.cli.exits import Exit
from glaze_cli.cli.found import FoundJob

_LOOK_S = 0.3


def wait_until(found: FoundJob, holds: Callable[[FoundJob], bool], seconds: float | None) -> bool:
    """Look now and then until it holds of the job as it stands; False when the time is up (None: never)."""
    end = None if seconds is None else time.monotonic() + seconds
    while not holds(found.again()):
        if end is not None and time.monotonic() >= end:
            return False
        time.sleep(_LOOK_S if end is None else max(0.0, min(_LOOK_S, end - time.monotonic())))
    return True


def ended_with(found: FoundJob) -> int | None:
    """The exit code of the job's last run; 130 where its process is gone; None while one is at work."""
    job = found.job
    if is_alive(job):
        return None
    return Exit.INTERRUPTED if job.exit_code is None else job.exit_code
