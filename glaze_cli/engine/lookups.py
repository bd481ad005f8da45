"""Asking a provider: from the cache, by joining a call in flight, or by a call of our own."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from glaze_cli.engine.governor import Governor
from glaze_cli.engine.retry import Sleep, call_repeatedly
from glaze_cli.errors import BudgetReached, LookupFailed, ProviderError, ProviderUnusable
from glaze_cli.model import Answer, FailReason, Lookup, Micros
from glaze_cli.model.settings import RunSettings
from glaze_cli.providers.base import Provider
from glaze_cli.store.answers import get_answer


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking came to, and what it took."""

    outcome: Answer | ProviderError | BudgetReached
    """A failure is a value here: the waterfall goes on, and its receipt keeps it."""
    cached: bool = False
    """It was answered before, in this job or an earlier one."""
    joined: bool = False
    """Another cell's call brought it: one in flight, or an earlier one about the same row."""
    calls: int = 0
    cost: Micros = Micros(0)  # noqa: RUF009  (an int: a constant, not a call that shares state)


class Lookups:
    """One for a run. Equal lookups are asked once, however many cells want them at the same time."""

    def __init__(
        self,
        reader: sqlite3.Connection,
        governor: Governor,
        run: RunSettings,
        on_drop: Callable[[str, ProviderUnusable], None],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._reader = reader
        self._governor = governor
        self._run = run
        self._on_drop = on_drop
        self._sleep = sleep
        self._in_flight: dict[str, asyncio.Task[Asked]] = {}
        self._dropped: dict[str, ProviderUnusable] = {}

    async def ask(self, provider: Provider, lookup: Lookup) -> Asked:
        """The provider's answer, or why there is none. Raises StoreError only.

        A call goes on when the cell that began it gives up: what is paid for is kept for the next.
        """
        if provider.local:
            return Asked(await self._outcome(provider, lookup), calls=1)
        if lookup.key in self._in_flight:
            asked = await asyncio.shield(self._in_flight[lookup.key])
            return Asked(asked.outcome, joined=True)
        kept = get_answer(self._reader, lookup)
        if kept is not None:
            return Asked(kept.answer, cached=True)
        if provider.name in self._dropped:
            return Asked(self._dropped[provider.name])
        call = asyncio.create_task(self._call(provider, lookup))
        self._in_flight[lookup.key] = call
        call.add_done_callback(lambda ended: self._landed(lookup.key, ended))
        return await asyncio.shield(call)

    async def drain(self, seconds: float) -> None:
        """Let calls in flight finish, up to so long; then give them up: their attempts stay open."""
        calls = set(self._in_flight.values())
        if calls:
            _, late = await asyncio.wait(calls, timeout=seconds)
            for call in late:
                call.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _landed(self, key: str, call: asyncio.Task[Asked]) -> None:
        self._in_flight.pop(key, None)
        if not call.cancelled():
            call.exception()  # seen here too, in case every cell that waited for it has given up

    async def _call(self, provider: Provider, lookup: Lookup) -> Asked:
        """Permit, call, settle; repeated while the provider is throttled."""
        calls = 0
        cost = Micros(0)

        async def once() -> Answer:
            nonlocal calls, cost
            attempt = await self._governor.permit(provider, lookup)
            calls += 1
            outcome = await self._outcome(provider, lookup)
            if isinstance(outcome, ProviderError):
                cost = await self._governor.fail(attempt, outcome)
                raise outcome
            cost = await self._governor.settle(attempt, lookup, outcome)
            return outcome

        try:
            answer = await call_repeatedly(once, self._run, self._sleep)
        except (ProviderError, BudgetReached) as error:
            if isinstance(error, ProviderUnusable):
                self._drop(provider, error)
            return Asked(error, calls=calls, cost=cost)
        return Asked(answer, calls=calls, cost=cost)

    def _drop(self, provider: Provider, error: ProviderUnusable) -> None:
        if provider.name not in self._dropped:
            self._dropped[provider.name] = error
            self._on_drop(provider.name, error)

    async def _outcome(self, provider: Provider, lookup: Lookup) -> Answer | ProviderError:
        """The provider's own word; what it raises beyond its contract is its defect, and fails the cell."""
        try:
            return await provider.look_up(lookup)
        except ProviderError as error:
            return error
        except Exception as error:
            return LookupFailed(f"{provider.name} broke: {type(error).__name__}: {error}", FailReason.DEFECT)
