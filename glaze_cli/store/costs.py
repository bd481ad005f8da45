"""What was spent, and what the cache saved: the ledger summed by provider, month, job, sheet and column."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from glaze_cli.errors import StoreError
from glaze_cli.model import Micros, column_letters

# What the calls came to, by job, column, provider and month. One whose reply was lost counts with what was
# reserved for it, one under way with nothing yet. The cell is looked up only where the column matters: with
# a million calls that is half of the time.
CALLS = """
SELECT a.job_id, t.column_id, a.provider, substr(a.opened_at, 1, 7), count(*),
    sum(CASE a.status WHEN 'open' THEN 0 WHEN 'unknown' THEN coalesce(a.billed, a.reserved)
                      ELSE coalesce(a.billed, 0) END),
    sum(CASE a.status WHEN 'unknown' THEN coalesce(a.billed, a.reserved) ELSE 0 END),
    sum(a.status = 'unknown'), 0, 0
FROM attempts a LEFT JOIN cell_enrichment_tasks t ON t.id = iif(:columns, a.task_id, NULL)
WHERE a.opened_at >= :since AND (:job IS NULL OR a.job_id = :job) GROUP BY 1, 2, 3, 4
"""

# What the cache saved: known by job and provider, so its month is the one in which the job was made.
SAVINGS = """
SELECT p.job_id, NULL, p.provider, substr(j.created_at, 1, 7), 0, 0, 0, 0, p.saved, p.cache_hits
FROM job_providers p JOIN enrichment_jobs j ON j.id = p.job_id
WHERE (p.saved <> 0 OR p.cache_hits <> 0) AND j.created_at >= :since AND (:job IS NULL OR j.id = :job)
"""

# What the jobs cost that were purged: known by month and provider only.
PAST = """
SELECT NULL, NULL, provider, month, calls, spent, unknown, unknown_calls, saved, cache_hits FROM past_costs
WHERE month || '-01' >= :since AND :job IS NULL AND (calls <> 0 OR saved <> 0 OR cache_hits <> 0)
"""

ENTRIES = (CALLS, SAVINGS, PAST)
"""Each gives the fields of an Entry."""

# The month of purged jobs in which a span begins: what of it belongs to the span is not known any more.
CUT_MONTH = """
SELECT max(month) FROM past_costs WHERE :job IS NULL
    AND month = substr(:since, 1, 7) AND month || '-01' < :since AND (calls <> 0 OR saved <> 0)
"""

# What is held for calls without an outcome.
RESERVED = """
SELECT coalesce(sum(reserved), 0) FROM attempts
WHERE status = 'open' AND opened_at >= :since AND (:job IS NULL OR job_id = :job)
"""

JOBS = "SELECT j.id, path, sheet, j.created_at FROM enrichment_jobs j JOIN tables t ON t.id = table_id"
COLUMNS = "SELECT id, position, header FROM columns"

GROUPINGS: Mapping[str, tuple[str, ...]] = {
    "provider": ("provider",),
    "month": ("month",),
    "job": ("jobId", "file", "sheet", "createdAt", "purged"),
    "sheet": ("file", "sheet", "purged"),
    "column": ("file", "sheet", "column", "purged"),
}
"""What costs are summed by, and what each group is named by."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What calls came to."""

    calls: int = 0
    """Those that were free, refused, lost or are still under way included."""
    spent: Micros = Micros(0)  # noqa: RUF009  (an int: a constant, not a call that shares state)
    unknown: Micros = Micros(0)  # noqa: RUF009
    """The part of `spent` that calls whose reply was lost may have cost."""
    unknown_calls: int = 0
    saved: Micros = Micros(0)  # noqa: RUF009
    """What remembered answers would have cost if they had been asked again."""
    cache_hits: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """Calls of one job to one provider in one month for one column; or what the cache saved the job."""

    job: str | None
    """None: of jobs that were purged."""
    column: int | None
    """Its id; None: not known."""
    provider: str
    month: str
    """`2026-11`."""
    amounts: tuple[int, ...]
    """The fields of a Cost, in order."""


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a grouping."""

    name: Mapping[str, Any]
    """By the names of GROUPINGS; None where it is not known."""
    cost: Cost


@dataclass(frozen=True, slots=True)
class Spending:
    """All that was spent in a span of time, as it stood at one moment."""

    entries: Sequence[Entry] = ()
    reserved: Micros = Micros(0)  # noqa: RUF009
    """Held for calls whose outcome is not known yet; not in what was spent."""
    cut_month: str | None = None
    """The month of purged jobs that is left out, because the span begins within it."""
    jobs: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    """Id → path, sheet, when it was made."""
    columns: Mapping[int, str] = field(default_factory=dict)
    """Id → header; `column F` where it has none."""

    @property
    def total(self) -> Cost:
        """Everything together; the same whatever it is grouped by."""
        return _sum(self.entries)

    def groups(self, by: str) -> list[Group]:
        """By a name of GROUPINGS, the dearest first (months: in their order), purged jobs last.

        By column there are no savings: what the cache saved is not known by column.
        """
        found: dict[tuple[Any, ...], list[Entry]] = {}
        for entry in self.entries:
            if by != "column" or entry.amounts[0]:
                found.setdefault(self._name(entry, by), []).append(entry)
        groups = [Group(dict(zip(GROUPINGS[by], name, strict=True)), _sum(of)) for name, of in found.items()]
        return sorted(groups, key=_order)

    def _name(self, entry: Entry, by: str) -> tuple[Any, ...]:
        """Of the group that it belongs to, in the order of GROUPINGS."""
        if by == "provider":
            return (entry.provider,)
        if by == "month":
            return (entry.month,)
        path, sheet, made = self.jobs.get(entry.job or "", (None, None, None))
        purged = path is None
        if by == "job":
            return None if purged else entry.job, path, sheet, made, purged
        if by == "sheet":
            return path, sheet, purged
        return path, sheet, None if entry.column is None else self.columns.get(entry.column), purged


def read_costs(
    connection: sqlite3.Connection, since: str = "", job_id: str | None = None, columns: bool = True
) -> Spending:
    """What was spent since that day (`2026-11-01`, UTC; empty: ever), by one job or by all.

    `columns` False is quicker: no entry knows its column then. Purged jobs count by whole months, and not
    where one job is asked for. Raises StoreError.
    """
    asked = {"since": since, "job": job_id, "columns": columns}
    with _snapshot(connection):
        return Spending(
            [_entry(row) for sql in ENTRIES for row in connection.execute(sql, asked)],
            Micros(connection.execute(RESERVED, asked).fetchone()[0]),
            connection.execute(CUT_MONTH, asked).fetchone()[0],
            {row[0]: (row[1], row[2], row[3]) for row in connection.execute(JOBS)},
            {row[0]: row[2] or f"column {column_letters(row[1])}" for row in connection.execute(COLUMNS)},
        )


@contextlib.contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """One state of the store for all questions, though jobs run and are purged meanwhile; locks nobody."""
    try:
        connection.execute("BEGIN")
        try:
            yield
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        from glaze_cli.store.rescue import damage_met

        raise damage_met(connection, error) or StoreError(f"The store could not be read: {error}.") from error


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(row[0], row[1], row[2], row[3], tuple(row[4:]))


def _sum(entries: Sequence[Entry]) -> Cost:
    return Cost(*(Micros(sum(each)) for each in zip(*(entry.amounts for entry in entries), strict=True)))


def _order(group: Group) -> tuple[Any, ...]:
    name, cost = group.name, group.cost
    if "month" in name:
        return (name["month"],)
    return name.get("purged", False), -cost.spent, -cost.calls, -cost.saved, [*map(str, name.values())]
