"""What one transaction of the writer holds, by kind: a kind is written by one statement for all of it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from glaze_cli.store.free_calls import FreeCall, record_free_calls
from glaze_cli.store.paid_calls import PaidCall, settle_calls
from glaze_cli.store.results import TaskStart, end_tasks, start_tasks
from glaze_cli.store.tasks import TaskResult

Work = Callable[[sqlite3.Connection], Any]


@dataclass(slots=True)
class Group:
    """What waits to be written."""

    starts: list[TaskStart] = field(default_factory=list)
    works: list[tuple[Work, asyncio.Future[Any] | None]] = field(default_factory=list)
    """And who waits for its result."""
    calls: list[FreeCall] = field(default_factory=list)
    settled: list[PaidCall] = field(default_factory=list)
    ends: list[TaskResult] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.works) + len(self.calls) + len(self.settled) + len(self.ends)

    def write(self, connection: sqlite3.Connection, job_id: str) -> list[Any]:
        """All of it, inside the caller's transaction; what each work returned."""
        if self.starts:
            start_tasks(connection, self.starts)
        if self.calls:
            record_free_calls(connection, job_id, self.calls)
        if self.settled:  # what they free, the permits among the works may use
            settle_calls(connection, job_id, self.settled)
        results = [work(connection) for work, _ in self.works]
        if self.ends:
            end_tasks(connection, job_id, self.ends)
        return results

    def tell(self, results: list[Any], error: Exception | None) -> None:
        """Whoever waits hears what came of it."""
        for place, (_, done) in enumerate(self.works):
            if done is None or done.cancelled():
                continue
            if error is not None:
                done.set_exception(error)
            else:
                done.set_result(results[place])
