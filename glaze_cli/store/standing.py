"""What the store holds about questions that are about to be paid for, whatever job asked them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from glaze_cli.model import Lookup

# The last paid call with this question whose outcome was never seen, unless it was answered since.
UNKNOWN = """
SELECT id, job_id, opened_at FROM attempts a
WHERE lookup_key = ?1 AND provider = ?2 AND status = 'unknown' AND reserved > 0 AND NOT EXISTS (
    SELECT 1 FROM attempts b WHERE b.lookup_key = a.lookup_key AND b.provider = a.provider
        AND b.id > a.id AND b.status = 'settled')
ORDER BY id DESC LIMIT 1
"""

# Whether another job is asking it just now; when it was last answered; the paid call whose reply was lost.
STANDING = f"""
SELECT EXISTS (
        SELECT 1 FROM attempts
        WHERE lookup_key = ?1 AND provider = ?2 AND status = 'open' AND reserved > 0
            AND job_id <> ?3),
    (SELECT created_at FROM answers WHERE key = ?1),
    (SELECT id FROM ({UNKNOWN}))
"""

# Those that were ever asked or answered: nearly all are new, and of a new one there is nothing to say.
HEARD_OF = """
SELECT j.value FROM json_each(?) j
WHERE EXISTS (SELECT 1 FROM attempts WHERE lookup_key = j.value)
    OR EXISTS (SELECT 1 FROM answers WHERE key = j.value)
"""


class Standing(NamedTuple):
    """Of one question."""

    elsewhere: bool = False
    """Another job pays for it just now."""
    answered_at: str | None = None
    """When it was last answered."""
    unknown: int | None = None
    """The last paid attempt whose reply was lost, unless it was answered since."""


NEW = Standing()


def standings(connection: sqlite3.Connection, job_id: str, lookups: Sequence[Lookup]) -> dict[str, Standing]:
    """By key, of each of the lookups of that job. Inside the caller's transaction."""
    found = {lookup.key: NEW for lookup in lookups}
    heard = {key for (key,) in connection.execute(HEARD_OF, (json.dumps(list(found)),))} if found else ()
    for lookup in lookups if heard else ():
        if lookup.key in heard:
            values = (lookup.key, lookup.provider, job_id)
            elsewhere, answered_at, unknown = connection.execute(STANDING, values).fetchone()
            found[lookup.key] = Standing(bool(elsewhere), answered_at, unknown)
    return found
