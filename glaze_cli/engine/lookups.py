"""Asking a provider: from the cache, by joining a call in flight, or by a call of our own."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace

from glaze_cli.engine.batches import Batches
from glaze_cli.engine.calls import Calls, local_answer
from glaze_cli.engine.flight import Asked, Flight
from glaze_cli.engine.freshness import is_fresh
from glaze_cli.engine.patience import Patience
from glaze_cli.errors import ProviderUnusable
from glaze_cli.model import Found, Lookup, NotFound
from glaze_cli.providers.base import Provider
from glaze_cli.store.answers import get_answer
from glaze_cli.store.clock import Clock

_MOST_UNKEPT = 10_000
"""Answers that must not be stored are held in memory for the run, the newest so many."""


class Lookups:
    """One for a run. Equal lookups are asked once, however many cells want them at the same time.

    `since` is when the job was made: what was answered from then on is never asked again in it.
    """

    def __init__(
        self,
        reader: sqlite3.Connection,
        calls: Calls,
        on_drop: Callable[[str, ProviderUnusable], None],
        since: str,
        now: Clock,
    ) -> None:
        self._reader = reader
        self._calls = calls
        self._batches = Batches(calls)
        self._on_drop = on_drop
        self._since = since
        self._now = now
        self._flights: dict[str, Flight] = {}
        self._dropped: dict[str, ProviderUnusable] = {}
        self._unkept: dict[str, Asked] = {}

    async def ask(
        self,
        provider: Provider,
        lookup: Lookup,
        max_age: float | None = None,
        patience: Patience | None = None,
    ) -> Asked:
        """The provider's answer, or why there is none. Raises StoreError only.

        `max_age`: an answer remembered for longer (seconds) does not count. A call goes on when the cell
        that began it gives up: what is paid for is kept for the next.
        """
        if provider.local:
            return await local_answer(provider, lookup)
        if lookup.key in self._flights:
            asked = await self._flights[lookup.key].join(patience)
            return Asked(asked.outcome, joined=True)
        known = self._unkept.get(lookup.key) or self._kept(provider, lookup, max_age)
        if known is not None:
            return known
        if provider.name in self._dropped:
            return Asked(self._dropped[provider.name])
        flight = self._flights[lookup.key] = Flight()
        flight.task = asyncio.create_task(self._call(provider, lookup, flight))
        flight.task.add_done_callback(lambda ended: self._landed(lookup.key, ended))
        return await flight.join(patience)

    async def drain(self, seconds: float) -> None:
        """Let calls in flight finish, up to so long; then give them up: their attempts stay open."""
        calls = {flight.task for flight in self._flights.values() if flight.task is not None}
        if calls:
            _, late = await asyncio.wait(calls, timeout=seconds)
            for call in late:
                call.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._batches.drain()

    def _kept(self, provider: Provider, lookup: Lookup, max_age: float | None) -> Asked | None:
        kept = get_answer(self._reader, lookup)
        if kept is None:
            return None
        if kept.at < self._since and not is_fresh(kept, lookup, provider.keep, max_age, self._now()):
            return None
        return Asked(kept.answer, cached=True, at=kept.at)

    async def _call(self, provider: Provider, lookup: Lookup, flight: Flight) -> Asked:
        if provider.batch_of(lookup) > 1:
            asked = await self._batches.ask(provider, lookup, flight)
        else:
            (asked,) = await self._calls.make(provider, [lookup], [flight])
        if isinstance(asked.outcome, ProviderUnusable):
            self._drop(provider, asked.outcome)
        elif not provider.keep.store and isinstance(asked.outcome, Found | NotFound):
            self._remember(lookup.key, asked)
        return asked

    def _remember(self, key: str, asked: Asked) -> None:
        self._unkept[key] = replace(asked, cached=True, calls=0, cost=type(asked.cost)(0), at=self._now())
        if len(self._unkept) > _MOST_UNKEPT:
            del self._unkept[next(iter(self._unkept))]

    def _landed(self, key: str, call: asyncio.Task[Asked]) -> None:
        self._flights.pop(key, None)
        if not call.cancelled():
            call.exception()  # seen here too, in case every cell that waited for it has given up

    def _drop(self, provider: Provider, error: ProviderUnusable) -> None:
        if provider.name not in self._dropped:
            self._dropped[provider.name] = error
            self._on_drop(provider.name, error)
