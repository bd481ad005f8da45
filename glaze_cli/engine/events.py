"""What happens in a job, as one stream. The grid, the lines and the JSON stream are listeners of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from glaze_cli.model import CellRef, JobStatus, Micros, Scalar, TaskStatus, Tier

if TYPE_CHECKING:  # who only listens does not load the store
    from glaze_cli.store.tasks import Usage


@dataclass(frozen=True, slots=True)
class TargetColumn:
    """A column being filled."""

    column: int
    """1 = A."""
    header: str
    added: bool = False
    """True when the sheet did not have it."""


@dataclass(frozen=True, slots=True)
class JobStarted:
    """The cells of the job are known, and nothing was asked yet."""

    job_id: str
    file: str
    sheet: str
    range: str
    columns: tuple[TargetColumn, ...]
    rows: tuple[int, ...]
    """Row numbers of the selection, in order; at most the first 100,000."""
    total: int
    """Cells of the job, those that ended in an earlier run of it included."""
    ended: int = 0
    """Cells that ended in an earlier run (`glaze resume`)."""
    cap: Micros | None = None
    spent: Micros | None = None
    """What earlier runs cost; None: not told."""


class CellStarted(NamedTuple):
    """A worker took the cell."""

    cell: CellRef
    about: str = ""
    """What a person knows the row by: its first filled cell, as it was read."""


class TierEntered(NamedTuple):
    """The cell's waterfall asks this provider now."""

    cell: CellRef
    tier: Tier
    provider: str


class CellFinished(NamedTuple):
    """The cell has its final word in this job; or, `status` QUEUED, waits again: a cap or a stop stood in its
    way."""

    cell: CellRef
    status: TaskStatus
    value: Scalar | None = None
    tier: Tier | None = None
    """The tier that served the value; None without one."""
    provider: str | None = None
    reason: str | None = None
    """Why it failed or was skipped: a value of FailReason or SkipReason."""
    cost: Micros = Micros(0)
    usage: tuple[Usage, ...] = ()
    """Calls, answers out of the cache and cost, by provider; empty where nobody was asked."""


@dataclass(frozen=True, slots=True)
class ProviderDropped:
    """The provider is not asked again in this job."""

    provider: str
    sentence: str
    """Why, and what to do: names the variable to set."""


@dataclass(frozen=True, slots=True)
class JobFinished:
    """The run ended; the file is written, or not (`written` None)."""

    job_id: str
    status: JobStatus
    error: str | None
    written: str | None
    """The file that holds the values now."""
    spent: Micros | None = None
    """By the ledger, in all runs of the job: calls that no cell waited for any more are in it."""


Event = JobStarted | CellStarted | TierEntered | CellFinished | ProviderDropped | JobFinished


class Listener(Protocol):
    """Hears every event, on the event loop's thread. Must return at once: it draws on its own time."""

    def on_event(self, event: Event) -> None:
        """Take note of it."""


class Silence:
    """The listener by default."""

    def on_event(self, event: Event) -> None:
        """Nothing."""
