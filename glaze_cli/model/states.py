"""The states a job, a task, a row and an attempt can be in, and why a task failed or was skipped."""

from __future__ import annotations

from enum import StrEnum


class Captioned(StrEnum):
    """A string enum whose members carry a caption for people: `DONE = "done", "a value was found"`."""

    caption: str

    def __new__(cls, value: str, caption: str = "") -> Captioned:
        member = str.__new__(cls, value)
        member._value_ = value
        member.caption = caption
        return member


class JobStatus(Captioned):
    """Where a job stands; the last five end a run, and all but completed and failed can be resumed."""

    PENDING = "pending", "waits for its turn"
    RUNNING = "running", "cells are being asked"
    COMPLETED = "completed", "every task ended and not all failed"
    FAILED = "failed", "every task failed, or the run could not go on"
    PAUSED = "paused", "stopped at the spending cap"
    INTERRUPTED = "interrupted", "stopped by a signal, a crash or the time limit"
    CANCELLED = "cancelled", "stopped by glaze cancel"

    @property
    def ended(self) -> bool:
        """Whether no process is working on the job any more."""
        return self not in (JobStatus.PENDING, JobStatus.RUNNING)


class TaskStatus(Captioned):
    """Where one cell of one job stands."""

    QUEUED = "queued", "not asked yet"
    RUNNING = "running", "being asked"
    DONE = "done", "a value was found"
    NOT_FOUND = "not_found", "every provider answered, none had a value"
    FAILED = "failed", "no value, and at least one provider failed"
    SKIPPED = "skipped", "nobody was asked"

    @property
    def ended(self) -> bool:
        """Whether the task has its final word in this job."""
        return self not in (TaskStatus.QUEUED, TaskStatus.RUNNING)


class RowStatus(Captioned):
    """Derived from the row's tasks of its last job."""

    IDLE = "idle", "no tasks"
    QUEUED = "queued", "a cell is queued, none is running"
    RUNNING = "running", "a cell is running"
    DONE = "done", "every cell ended, none failed"
    FAILED = "failed", "every cell ended, one failed"


class AttemptStatus(Captioned):
    """One call and its bill."""

    OPEN = "open", "recorded and reserved; the outcome is not known yet"
    SETTLED = "settled", "answered and billed"
    REFUSED = "refused", "the provider refused; not billed"
    UNKNOWN = "unknown", "sent, outcome never seen; it may have been billed"


class FailReason(Captioned):
    """Why a task failed."""

    TIMEOUT = "timeout", "took longer than allowed"
    AUTH = "auth", "the provider's key is missing or refused"
    QUOTA = "quota", "the provider's credit is used up"
    BUDGET = "budget", "a spending cap stood in the way"
    BAD_INPUT = "bad_input", "the provider refused the input"
    CONFIG = "config", "the provider is set up wrongly"
    THROTTLED = "throttled", "the provider kept saying: too many calls"
    UNREACHABLE = "unreachable", "the provider's host could not be reached"
    PROVIDER_ERROR = "provider_error", "the provider answered with an error"
    UNKNOWN_OUTCOME = "unknown_outcome", "the call was sent, its reply was lost; it may have been billed"
    DEFECT = "defect", "an error inside the provider's code"


class SkipReason(Captioned):
    """Why nobody was asked about a cell."""

    MISSING_INPUT = "missing_input", "the row lacks what any provider needs to be asked"
    CONDITION = "condition", "the column's condition does not hold for the row"
    OPTED_OUT = "opted_out", "the person has opted out"
