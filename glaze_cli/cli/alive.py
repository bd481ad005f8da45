"""Whether a job that says it is running really has a process."""

from __future__ import annotations

import dataclasses
import os
import socket

from glaze_cli.model import JobStatus
from glaze_cli.store.jobs import Job


def is_alive(job: Job) -> bool:
    """True when the job's process is there; on another host we have to believe what the store says."""
    if job.status is not JobStatus.RUNNING or not job.owner:
        return False
    host, _, pid = job.owner.rpartition(":")
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's process: it is there
        return True
    return True


def truthful(job: Job) -> Job:
    """The job as it really stands: one whose process is gone is interrupted, whatever the store says."""
    if job.status is not JobStatus.RUNNING or is_alive(job):
        return job
    gone = f"its process is gone; `glaze resume {job.id}` goes on"
    return dataclasses.replace(job, status=JobStatus.INTERRUPTED, error=gone)
