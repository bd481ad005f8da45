"""Version 1 of the schema. It was released: never edit it."""

from __future__ import annotations

from sqlite_utils import Database

_JOB_COUNTERS = (
    "total_tasks",
    "done_tasks",
    "failed_tasks",
    "not_found_tasks",
    "skipped_tasks",
    "spent",
    "reserved",
    "unknown",
    "unknown_calls",
)
_PROVIDER_COUNTERS = ("calls", "hits", "misses", "errors", "cache_hits", "cost")


def first_schema(db: Database) -> None:
    """Version 1: sheets, jobs, tasks, answers and the ledger of calls."""
    _sheets(db)
    _jobs(db)
    _money(db)


def _sheets(db: Database) -> None:
    db.create_table(
        "tables",
        {"id": int, "path": str, "sheet": str, "format": str, "created_at": str},
        pk="id",
        not_null={"path", "sheet", "created_at"},
    )
    db.table("tables").create_index(["path", "sheet"], unique=True)
    db.create_table(
        "columns",
        {"id": int, "table_id": int, "position": int, "header": str, "field": str, "added": int},
        pk="id",
        foreign_keys=[("table_id", "tables")],
        not_null={"table_id", "position", "header"},
    )
    db.table("columns").create_index(["table_id", "position", "header"], unique=True)
    db.create_table(
        "rows",
        {
            "id": int,
            "table_id": int,
            "number": int,
            "data": str,
            "status": str,
            "confidence": float,
            "last_run_at": str,
            "created_at": str,
        },
        pk="id",
        foreign_keys=[("table_id", "tables")],
        not_null={"table_id", "number", "data", "status"},
        defaults={"status": "idle"},
    )


def _jobs(db: Database) -> None:
    db.create_table(
        "enrichment_jobs",
        {
            "id": str,
            "table_id": int,
            "status": str,
            "total_tasks": int,
            "done_tasks": int,
            "failed_tasks": int,
            "not_found_tasks": int,
            "skipped_tasks": int,
            "created_at": str,
            "started_at": str,
            "completed_at": str,
            "error": str,
            "range": str,
            "request": str,  # JSON: what was asked for, so that resume can go on with it
            "file_sha256": str,
            "cap": int,  # Micros, like spent, reserved and unknown
            "spent": int,
            "reserved": int,
            "unknown": int,
            "unknown_calls": int,
            "written_to": str,
            "written_at": str,
            "owner": str,  # host:pid of the process that runs it
        },
        pk="id",
        foreign_keys=[("table_id", "tables")],
        not_null={"table_id", "status", "created_at"},
        defaults=dict.fromkeys(_JOB_COUNTERS, 0),
    )
    db.create_table(
        "cell_enrichment_tasks",
        {
            "id": int,
            "table_id": int,
            "row_id": int,
            "column_id": int,
            "job_id": str,
            "status": str,
            "reason": str,
            "old": str,  # JSON: what the cell held when it was read
            "result": str,  # JSON: value, confidence, source, timestamp, metadata
            "confidence": float,
            "error": str,
            "attempts": int,
            "created_at": str,
            "started_at": str,
            "completed_at": str,
        },
        pk="id",
        foreign_keys=[("row_id", "rows"), ("column_id", "columns"), ("job_id", "enrichment_jobs")],
        not_null={"row_id", "column_id", "job_id", "status"},
        defaults={"status": "queued", "attempts": 0},
    )
    db.table("cell_enrichment_tasks").create_index(["row_id"])
    for status in ("queued", "running", "done"):  # partial: small, and as quick with millions of others
        db.execute(
            f"CREATE INDEX tasks_{status} ON cell_enrichment_tasks (job_id, row_id) WHERE status = '{status}'"
        )
    db.create_table(
        "job_counts",
        {"job_id": str, "status": str, "reason": str, "tasks": int},
        pk=("job_id", "status", "reason"),
    )
    db.create_table(
        "job_providers",
        {"job_id": str, "provider": str, "tier": str, **dict.fromkeys(_PROVIDER_COUNTERS, int)},
        pk=("job_id", "provider"),
        not_null=set(_PROVIDER_COUNTERS),
        defaults=dict.fromkeys(_PROVIDER_COUNTERS, 0),
    )


def _money(db: Database) -> None:
    db.create_table(
        "answers",
        {
            "key": str,
            "provider": str,
            "version": str,
            "inputs": str,  # JSON
            "wants": str,
            "found": int,
            "answer": str,  # JSON: the values, or why there are none
            "confidence": float,
            "citations": str,  # JSON
            "cost": int,  # Micros
            "created_at": str,
        },
        pk="key",
        not_null={"provider", "version", "found", "answer", "created_at"},
    )
    db.create_table(
        "attempts",
        {
            "id": int,
            "job_id": str,
            "provider": str,
            "tier": str,
            "lookup_key": str,
            "idempotency_key": str,
            "status": str,
            "outcome": str,  # hit, miss, or a FailReason
            "detail": str,
            "reserved": int,  # Micros, like billed
            "billed": int,
            "opened_at": str,
            "closed_at": str,
        },
        pk="id",
        foreign_keys=[("job_id", "enrichment_jobs")],
        not_null={"provider", "lookup_key", "status", "reserved", "opened_at"},
    )
    db.table("attempts").create_index(["lookup_key"])
    db.execute("CREATE INDEX attempts_open ON attempts (job_id) WHERE status = 'open'")
