"""Version 2 of the schema. It was released: never edit it."""

from __future__ import annotations

from sqlite_utils import Database


def pace_and_handles(db: Database) -> None:
    """Version 2: the pace of providers, shared by all jobs, and jobs that a service works on for us."""
    db.create_table(
        "provider_pace",
        {"provider": str, "paused_until": float, "interval": float, "failures": int, "trips": int},
        pk="provider",
    )
    db.create_table("provider_slots", {"id": int, "provider": str, "at": float}, pk="id")
    db.table("provider_slots").create_index(["provider", "at"])
    db.create_table("provider_places", {"id": int, "provider": str, "owner": str, "until": float}, pk="id")
    db.table("attempts").add_column("handle", str)
    db.execute(
        "CREATE INDEX attempts_submitted ON attempts (lookup_key) "
        "WHERE status = 'open' AND handle IS NOT NULL"
    )
