"""Asking a provider: from the cache, by joining a call in flight, or by a call of our own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from glaze_cli.engine.ahead import Ahead
from glaze_cli.engine.batches import Batches
from glaze_cli.engine.calls import Calls
from glaze_cli.engine.flight import Asked, Asker, Flight
from glaze_cli.engine.fresh import Fresh
from glaze_cli.engine.freshness import age_s, is_fresh
from glaze_cli.engine.naps import Naps
from glaze_cli.engine.patience import Left, Patience
from glaze_cli.engine.repeating import may_repeat
from glaze_cli.errors import AskedElsewhere, HeldBack, LookupFailed, ProviderUnusable, Stopped
from glaze_cli.model import FailReason, Found, Lookup, Micros, NotFound, dollars
from glaze_cli.providers.base import Provider
from glaze_cli.store.clock import Clock
from glaze_cli.store.permits import Seen, unknown_call
from glaze_cli.store.snapshot import Snapshot

_MOST_UNKEPT = 10_000
"""Answers that must not be stored are held in memory for the run, the newest so many."""

_ELSEWHERE_S = 0.25
"""Between two looks whether another job has its answer."""


class Lookups:
    """One for a run. Equal lookups are asked once, however many cells want them at the same time.

    `since` is when the job was made: what was answered from then on is never asked again in it.
    `misses_since`: "not found" counts only if it was said after that (`glaze retry --not-found`).
    `repeat_until`: paid calls up to that attempt whose outcome is unknown may be made again; 0: none.
    """

    def __init__(
        self,
        reader: Snapshot,
        ahead: Ahead,
        calls: Calls,
        fresh: Fresh,
        nap: Naps,
        on_drop: Callable[[str, ProviderUnusable], None],
        since: str,
        now: Clock,
        misses_since: str = "",
        repeat_until: int = 0,
    ) -> None:
        self._reader = reader
        self._ahead = ahead
        self._calls = calls
        self._fresh = fresh
        self._nap = nap
        self._batches = Batches(calls)
        self._on_drop = on_drop
        self._since = since
        self._now = now
        self._misses_since = misses_since
        self._repeat_until = repeat_until
        self._flights: dict[str, Flight] = {}
        self._dropped: dict[str, ProviderUnusable] = {}
        self._unkept: dict[str, Asked] = {}

    def ask(self, provider: Provider, lookup: Lookup, asker: Asker) -> Asked | Awaitable[Asked]:
        """The answer of a provider that is not of this machine, or why there is none; or, where it is not at
        hand, what to wait for. Raises StoreError only.

        The worker that awaits it carries the call, to its end where its cell is given up before: what is paid
        for is kept for the next.
        """
        key = lookup.key
        flight = self._flights.get(key)
        if flight is not None:
            return self._join(flight, asker)
        recent = self._unkept.get(key) or self._fresh.get(key)
        if recent is not None:
            return recent
        known, answered_at = self._kept(provider, lookup, asker.max_age)
        if known is not None:
            return known
        if provider.name in self._dropped:
            return Asked(self._dropped[provider.name])
        refused, unknown = self._unsettled(provider, lookup)
        refused = refused or self._over_cell_cap(provider, lookup, asker.allowance)
        if refused is not None:
            return Asked(refused)
        flight = self._flights[key] = Flight(asker, Seen(answered_at, unknown))
        return self._carry(provider, lookup, flight, asker.patience)

    async def _carry(self, provider: Provider, lookup: Lookup, flight: Flight, patience: Patience) -> Asked:
        """A call by the worker that asks; raises Left as well. In a task of its own it would take longer, and
        the next call would go out some turns of the loop later."""
        patience.carries = True
        try:
            asked = await self._call(provider, lookup, flight)
        except BaseException as error:
            flight.crashed(error)
            if patience.left and isinstance(error, Exception):
                raise Left from error
            raise
        finally:
            patience.carries = False
            del self._flights[lookup.key]
        flight.landed(asked)
        if patience.left:
            raise Left
        return asked

    async def _join(self, flight: Flight, asker: Asker) -> Asked:
        asked = await flight.join(asker.patience)
        own = flight.asker.row_id == asker.row_id  # one call for several columns is nothing saved
        return Asked(asked.outcome, joined=True, saved=Micros(0) if own else asked.cost)

    async def drain(self, seconds: float) -> None:
        """Let calls in flight finish, up to so long; then give them up: their attempts stay open."""
        calls = {flight.asker.patience.task for flight in self._flights.values()}
        if calls:
            _, late = await asyncio.wait(calls, timeout=seconds)
            for call in late:
                call.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._batches.drain()

    def _kept(
        self, provider: Provider, lookup: Lookup, max_age: float | None
    ) -> tuple[Asked | None, str | None]:
        """The answer that is remembered, if it counts; and when it was given, even if it does not."""
        kept = self._ahead.answer(lookup)
        if kept is None:
            return None, None
        if kept.at < self._since and not is_fresh(kept, lookup, provider.keep, max_age, self._now()):
            return None, kept.at
        if isinstance(kept.answer, NotFound) and kept.at < self._misses_since:
            return None, kept.at
        return Asked(kept.answer, True, False, 0, Micros(0), kept.at, kept.cost), kept.at

    def _unsettled(self, provider: Provider, lookup: Lookup) -> tuple[LookupFailed | None, int]:
        """A paid question whose reply was lost is not paid for again in silence, by whatever job.

        After as long as an answer would have been remembered, it is a new question. Also the attempt that
        may be repeated; 0: there is none.
        """
        if may_repeat(provider, lookup):
            return None, 0
        call = unknown_call(self._reader.look(), lookup)
        if call is None:
            return None, 0
        if call.id <= self._repeat_until or age_s(call.at, self._now()) > provider.keep.hit_s:
            return None, call.id
        refused = LookupFailed(
            f"{provider.name} was asked this before (job {call.job_id}) and the reply was never seen; it may "
            "have been billed, so it is not asked again without --retry-unknown",
            FailReason.UNKNOWN_OUTCOME,
        )
        return refused, call.id

    def _over_cell_cap(
        self, provider: Provider, lookup: Lookup, allowance: Micros | None
    ) -> LookupFailed | None:
        most = None if allowance is None else self._calls.most(provider, lookup)
        if most is None or allowance is None or most <= allowance:
            return None
        return LookupFailed(
            f"{provider.name} may cost {dollars(most)}, and the cell may cost only {dollars(allowance)} more",
            FailReason.BUDGET,
        )

    async def _call(self, provider: Provider, lookup: Lookup, flight: Flight) -> Asked:
        asked = await self._answer(provider, lookup, flight)
        try:
            while isinstance(asked.outcome, AskedElsewhere | HeldBack):
                if isinstance(asked.outcome, AskedElsewhere):  # its answer will be ours too
                    await self._nap(_ELSEWHERE_S)
                elif not await self._calls.may_be_free(asked.outcome, flight):
                    break  # the cap is reached
                self._ahead.forget(lookup.key)
                refused, unknown = self._unsettled(provider, lookup)
                if refused is not None:
                    return Asked(refused)
                known, answered_at = self._kept(provider, lookup, flight.asker.max_age)
                flight.seen = Seen(answered_at, unknown)
                asked = known or await self._answer(provider, lookup, flight)
        except Stopped as stopped:
            return Asked(stopped)
        if isinstance(asked.outcome, ProviderUnusable):
            self._drop(provider, asked.outcome)
        elif isinstance(asked.outcome, Found | NotFound) and not asked.cached:
            self._remember(provider, lookup.key, asked)
        return asked

    def _answer(self, provider: Provider, lookup: Lookup, flight: Flight) -> Awaitable[Asked]:
        """From one call, with others like it where the provider takes batches; to be awaited at once."""
        if provider.batch_of(lookup) > 1:
            return self._batches.ask(provider, lookup, flight)
        return self._calls.make_one(provider, lookup, flight)

    def _remember(self, provider: Provider, key: str, asked: Asked) -> None:
        self._ahead.forget(key)
        if provider.keep.store:
            self._fresh.put(key, asked, self._now())
            return
        self._unkept[key] = Asked(asked.outcome, cached=True, at=self._now(), saved=asked.cost)
        if len(self._unkept) > _MOST_UNKEPT:
            del self._unkept[next(iter(self._unkept))]

    def _drop(self, provider: Provider, error: ProviderUnusable) -> None:
        if provider.name not in self._dropped:
            self._dropped[provider.name] = error
            self._on_drop(provider.name, error)
