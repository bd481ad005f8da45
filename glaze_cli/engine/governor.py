"""The one door for a call: money reserved and the intent recorded first, or no call."""

from __future__ import annotations

import sqlite3

from glaze_cli.errors import BudgetReached, ProviderError
from glaze_cli.model import Answer, FailReason, Lookup, Micros, dollars
from glaze_cli.providers.base import Provider
from glaze_cli.store.attempts import Attempt, lose_attempt, open_attempt, refuse_attempt, settle_attempt
from glaze_cli.store.clock import Clock
from glaze_cli.store.writer import Writer


class Governor:
    """Gives permits and settles them, each in a committed transaction."""

    def __init__(self, writer: Writer, job_id: str, now: Clock) -> None:
        self._writer = writer
        self._job_id = job_id
        self._now = now

    async def permit(self, provider: Provider, lookup: Lookup) -> Attempt:
        """Reserve the worst-case price and record the attempt. Raises BudgetReached."""
        price = provider.price(lookup)

        def reserve(connection: sqlite3.Connection) -> Attempt | None:
            return open_attempt(connection, self._job_id, lookup, provider.tier, price, self._now())

        attempt = await self._writer.do(reserve)
        if attempt is None:
            raise BudgetReached(f"{provider.name} costs up to {dollars(price)}, more than the cap leaves.")
        return attempt

    async def settle(self, attempt: Attempt, lookup: Lookup, answer: Answer) -> Micros:
        """Answer and bill together. Returns what was billed."""
        return await self._writer.do(
            lambda connection: settle_attempt(connection, attempt, lookup, answer, self._now())
        )

    async def fail(self, attempt: Attempt, error: ProviderError) -> Micros:
        """Close the attempt: a refusal costs what it says, a lost reply counts as billed; that cost."""
        if error.reason == FailReason.UNKNOWN_OUTCOME:
            await self._writer.do(lambda store: lose_attempt(store, attempt.id, str(error), self._now()))
            return attempt.reserved
        billed = Micros(error.cost)
        await self._writer.do(
            lambda store: refuse_attempt(store, attempt, error.reason, str(error), billed, self._now())
        )
        return billed
