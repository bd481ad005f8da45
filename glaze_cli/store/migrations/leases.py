"""Version 3 of the schema: who works on a job, what a call repeats, and money by provider."""

from __future__ import annotations

from sqlite_utils import Database

_JOB: dict[str, type] = {
    "lease_until": float,  # seconds since 1970, like all leases
    "target": str,  # the file that the job writes
    "stop": str,  # what was asked of its process: cancel
    "exit_code": int,  # what the run's process ended with
    "log": str,  # where a detached run writes
    "selected": int,  # cells of the selection, those that were filled before included
    "filled": int,
}
_COUNTERS = {
    "enrichment_jobs": ("repeated_calls",),
    "job_providers": ("spent", "reserved", "saved"),  # Micros
}
_PAST = ("calls", "hits", "misses", "errors", "cache_hits", "spent", "unknown", "unknown_calls", "saved")


def leases_and_repeats(db: Database) -> None:
    """Version 3."""
    jobs = db.table("enrichment_jobs")
    for name, kind in _JOB.items():
        jobs.add_column(name, kind)
    for table, names in _COUNTERS.items():
        for name in names:
            db.table(table).add_column(name, int, not_null_default=0)
    db.execute("UPDATE job_providers SET spent = cost")  # until now a provider's money was summed by cells
    attempts = db.table("attempts")
    attempts.add_column("task_id", int)  # the cell that asked first
    attempts.add_column("repeats", int)  # the attempt without an outcome that this one asks again
    db.execute("CREATE INDEX jobs_owned ON enrichment_jobs (owner) WHERE owner IS NOT NULL")
    db.execute("CREATE INDEX rows_number ON rows (table_id, number)")
    for status in ("failed", "not_found"):
        db.execute(
            f"CREATE INDEX tasks_{status} ON cell_enrichment_tasks (job_id, row_id) WHERE status = '{status}'"
        )
    db.create_table(
        "past_costs",
        {"month": str, "provider": str, "tier": str, **dict.fromkeys(_PAST, int)},
        pk=("month", "provider"),
        not_null=set(_PAST),
        defaults=dict.fromkeys(_PAST, 0),
    )
