"""What this store has seen of each provider: how often it had an answer, and what a call came to cost."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

# The counters of all jobs; those of purged ones count too.
HISTORY = """
SELECT provider, sum(calls) AS calls, sum(hits) AS hits, sum(misses) AS misses, sum(spent) AS spent
FROM (SELECT provider, calls, hits, misses, spent FROM job_providers
      UNION ALL SELECT provider, calls, hits, misses, spent FROM past_costs) GROUP BY provider
"""


@dataclass(frozen=True, slots=True)
class Record:
    """One provider's answers so far."""

    hits: int = 0
    misses: int = 0
    calls: int = 0
    spent: int = 0
    """Micros."""

    @property
    def hit_rate(self) -> float:
        """0..1, drawn towards one half while there are few answers."""
        return (self.hits + 1) / (self.hits + self.misses + 2)

    def per_call(self, price: int) -> float:
        """Micros that a call came to cost on average; its price while there were none."""
        return self.spent / self.calls if self.calls else float(price)


def records(connection: sqlite3.Connection) -> dict[str, Record]:
    """By provider."""
    return {
        row["provider"]: Record(row["hits"], row["misses"], row["calls"], row["spent"])
        for row in connection.execute(HISTORY)
    }
