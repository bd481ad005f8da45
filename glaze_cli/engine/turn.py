"""Whose turn it is: so many jobs at once in a store, and never two on one file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from glaze_cli.model import JobStatus
from glaze_cli.store.leases import Held


@dataclass
class _Busy:
    """What those before us take up."""

    slots: int = 0
    jobs: list[Held] = field(default_factory=list)

    def in_the_way(self, job: Held) -> Held | None:
        """One that works on the same file, where either of them writes it."""
        return next((other for other in self.jobs if _clash(job, other)), None)

    def take(self, job: Held) -> None:
        """It is at work now, or will be before us."""
        self.slots += 1
        self.jobs.append(job)


def why_wait(job_id: str, held: Sequence[Held], most: int) -> str | None:
    """Why the job has to wait, in words; None: it is its turn.

    `held`: the jobs whose processes are there, in the order of the queue, this one among them. A waiting job
    goes before those made later, unless it waits for its file; then it does not hold up the others.
    """
    busy = _Busy()
    for job in _at_work(held):
        busy.take(job)
    for job in held:
        if job.status is not JobStatus.PENDING:
            continue
        other = busy.in_the_way(job)
        if other is None and busy.slots < most:
            if job.job_id == job_id:
                return None
            busy.take(job)
        elif job.job_id == job_id:
            if other is not None:
                return f"job {other.job_id} works on the same file"
            return f"{busy.slots} jobs are at work or before it, and {most} may run at once"
        elif other is not None:
            busy.jobs.append(job)  # it comes before us on that file, and takes no slot yet
    return None


def _at_work(held: Sequence[Held]) -> Iterable[Held]:
    return (job for job in held if job.status is not JobStatus.PENDING)


def _clash(one: Held, other: Held) -> bool:
    writes = ({one.target} & {other.path, other.target}) | ({other.target} & {one.path, one.target})
    return bool(writes - {None})
