"""A job's money while permits are given: read once, reserved in memory, written once."""

from __future__ import annotations

import sqlite3

from glaze_cli.errors import StoreError
from glaze_cli.model import Micros, Tier
from glaze_cli.store.no_permit import NoPermit

JOB_MONEY = "SELECT owner, cap, spent, reserved FROM enrichment_jobs WHERE id = ?"
PROVIDER_MONEY = "SELECT spent, reserved FROM job_providers WHERE job_id = ? AND provider = ?"

# The cap is looked at once more where it counts: what memory took for free and the store does not is refused.
RESERVE = """
UPDATE enrichment_jobs SET reserved = reserved + :sum
WHERE id = :job AND (cap IS NULL OR spent + reserved + :sum <= cap)
"""
RESERVE_PROVIDER = """
INSERT INTO job_providers (job_id, provider, tier, reserved) VALUES (?, ?, ?, ?)
ON CONFLICT (job_id, provider) DO UPDATE SET reserved = reserved + excluded.reserved
"""


class Purse:
    """One job's, for one piece of work inside a transaction, from its first reservation to `write`.

    The transaction holds the store, so what is read here holds until then, as long as nobody settles, loses
    or recovers attempts of the job in between: make it, use it and write it in one go.
    """

    def __init__(self, connection: sqlite3.Connection, job_id: str) -> None:
        self._connection = connection
        self._job_id = job_id
        self.owner, self._cap, self._spent, self._reserved = connection.execute(
            JOB_MONEY, (job_id,)
        ).fetchone()
        self._own: dict[str, tuple[int, int]] = {}
        """Provider → spent and reserved in this job, as they were read."""
        self._taken: dict[str, tuple[Tier, int]] = {}
        """Provider → what is reserved here, and not written yet."""

    def refusal(self, provider: str, price: Micros, own_cap: Micros | None) -> NoPermit | None:
        """Why the money does not allow a call at that price; None: it does.

        `own_cap`: most that the provider may cost in this job.
        """
        spent = reserved = 0
        if own_cap is not None:
            spent, reserved = self._of(provider)
        if self._cap is not None and self._spent + price > self._cap:
            return NoPermit.JOB_CAP
        if own_cap is not None and spent + price > own_cap:
            return NoPermit.PROVIDER_CAP
        if self._cap is not None and self._spent + self._reserved + price > self._cap:
            return NoPermit.HELD
        if own_cap is not None and spent + reserved + price > own_cap:
            return NoPermit.HELD
        return None

    def reserve(self, provider: str, tier: Tier, price: Micros) -> None:
        """Take it, of which `refusal` has just said that it is there."""
        self._reserved += price
        known, sum_ = self._taken.get(provider, (tier, 0))
        self._taken[provider] = known, sum_ + price

    def write(self) -> None:
        """The reservations, into the store. Raises StoreError where the job's cap leaves less."""
        total = sum(sum_ for _, sum_ in self._taken.values())
        if not total:
            return
        if not self._connection.execute(RESERVE, {"sum": total, "job": self._job_id}).rowcount:
            raise StoreError(f"The money of job {self._job_id} changed while it was reserved.")
        rows = [(self._job_id, name, tier, sum_) for name, (tier, sum_) in self._taken.items()]
        self._connection.executemany(RESERVE_PROVIDER, rows)
        self._taken.clear()

    def _of(self, provider: str) -> tuple[int, int]:
        """What the provider has spent and reserved in this job, what is not written yet included."""
        if provider not in self._own:
            row = self._connection.execute(PROVIDER_MONEY, (self._job_id, provider)).fetchone()
            self._own[provider] = (row[0], row[1]) if row else (0, 0)
        spent, reserved = self._own[provider]
        return spent, reserved + (self._taken[provider][1] if provider in self._taken else 0)
