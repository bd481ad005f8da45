"""Whether the process that says it works on a job is there."""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from pathlib import Path

from glaze_cli.model import JobStatus
from glaze_cli.store.jobs import Job

_SAME_BIRTH_S = 60.0
"""When a process was born is told by a clock that may be set; a process number is not used again so soon."""


def this_process() -> str:
    """`place:pid:birth` of this process, as the store keeps it."""
    return owner_of(os.getpid())


def owner_of(pid: int) -> str:
    """The same of another process of this machine; its birth is 0 when it is gone already."""
    return f"{_place()}:{pid}:{_birth(pid) or 0:.0f}"


def is_this_process(owner: str) -> bool:
    """Whether it is us, whatever the clock says."""
    return owner.rpartition(":")[0] == this_process().rpartition(":")[0]


def is_there(owner: str, until: float) -> bool:
    """Whether that process lives.

    One of this machine can be looked at; a killed one is gone at once. One of another machine (or another
    container) is believed until its lease has run out (`until`, seconds since 1970).
    """
    place, _, number = owner.rpartition(":")[0].rpartition(":")
    if place != _place() or not number.isdigit():
        return time.time() < until
    born = _birth(int(number))
    said = float(owner.rpartition(":")[2])
    return born is not None and (not said or abs(born - said) < _SAME_BIRTH_S)


def is_alive(job: Job) -> bool:
    """Whether a process works on the job, waits for its turn with it, or is writing its values back."""
    return job.owner is not None and is_there(job.owner, job.lease_until or 0.0)


def truthful(job: Job) -> Job:
    """The job as it really stands: one whose process is gone is interrupted, whatever the store says."""
    if job.status not in (JobStatus.PENDING, JobStatus.RUNNING) or is_alive(job):
        return job
    log = f" (its last words: {job.log})" if job.log else ""
    gone = f"its process is gone{log}; `glaze resume {job.id}` goes on"
    return dataclasses.replace(job, status=JobStatus.INTERRUPTED, error=gone, owner=None)


def _place() -> str:
    """This machine; containers that share a name but not their processes are told apart."""
    import socket

    namespace = Path("/proc/self/ns/pid")
    return f"{socket.gethostname()}/{namespace.stat().st_ino if namespace.exists() else 0}"


def _birth(pid: int) -> float | None:
    """Seconds since 1970; None when there is no such process, or only what is left of it."""
    return _birth_on_linux(pid) if sys.platform == "linux" else _birth_by_psutil(pid)


def _birth_on_linux(pid: int) -> float | None:
    """What psutil says, from the two files that it reads; importing it takes as long as opening the store."""
    try:
        process = Path(f"/proc/{pid}/stat").read_bytes()
        counters = Path("/proc/stat").read_bytes()
    except PermissionError:  # another user's: it is there
        return 0.0
    except (FileNotFoundError, ProcessLookupError):
        return None
    words = process.rpartition(b")")[2].split()  # before that is its name, which may hold anything
    boot = float(counters.partition(b"\nbtime ")[2].split(maxsplit=1)[0])
    return None if words[0] == b"Z" else boot + int(words[19]) / os.sysconf("SC_CLK_TCK")


def _birth_by_psutil(pid: int) -> float | None:
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.NoSuchProcess:
        return None
    except psutil.AccessDenied:  # another user's: it is there
        return 0.0
