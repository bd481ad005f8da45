"""The one door for a call: a place, a moment, money reserved and the intent recorded; or no call."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from glaze_cli.engine.known import Known
from glaze_cli.engine.naps import Naps
from glaze_cli.engine.permit import Outcome, Permit, Wanted, any_allowed
from glaze_cli.engine.signals import signal_of
from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Stopped
from glaze_cli.model import FailReason, Lookup, Micros, Submitted
from glaze_cli.providers.base import Provider
from glaze_cli.store.attempts import Attempt, keep_handle, lose_attempt, refuse_attempt, settle_attempt
from glaze_cli.store.clock import Clock
from glaze_cli.store.pace import (
    LEASE_S,
    SLACK_S,
    Entry,
    Longest,
    Refusal,
    enter,
    leave,
    renew,
)
from glaze_cli.store.permits import Intent, NoPermit, open_attempt, record_attempt
from glaze_cli.store.writer import Writer

T = TypeVar("T")

_POLL_S = 0.05  # another process holds the last place, and cannot tell us when it leaves


class Governor:
    """Gives permits and closes them, each in a committed transaction. One for a run.

    `epoch` gives seconds since 1970.
    """

    def __init__(
        self,
        writer: Writer,
        job_id: str,
        owner: str,
        now: Clock,
        epoch: Callable[[], float],
        nap: Naps,
        longest: Longest,
        caps: Mapping[str, Micros],
    ) -> None:
        """`caps`: most that a provider, by name, may cost in this job."""
        self._writer = writer
        self._known = Known(writer)
        self._job_id = job_id
        self._owner = owner
        self._now = now
        self._epoch = epoch
        self._nap = nap
        self._longest = longest
        self._caps = caps
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._dropped: dict[str, ProviderUnusable] = {}
        self._held: set[int] = set()
        self._under_way = 0
        self._closings = 0
        self._closed = asyncio.Event()
        self._heart: asyncio.Task[None] | None = None

    async def permit(self, provider: Provider, wanted: Sequence[Wanted]) -> Permit:
        """Wait for the provider's turn, then reserve each lookup's worst price and record the attempts.

        Raises LookupFailed where the turn would come too late, or the provider is taken for broken;
        ProviderUnusable, as it was, where a call said so while this one waited; Stopped.
        """
        gate = self._gates.setdefault(provider.name, asyncio.Semaphore(provider.limits.concurrency))
        intents = [self._intent(provider, one) for one in wanted]
        await gate.acquire()
        place: int | None = None
        try:
            earlier: Entry | None = None
            while True:
                self._nap.check()
                if provider.name in self._dropped:
                    raise self._dropped[provider.name]
                began, closings = self._epoch(), self._closings
                entry, attempts = await self._writer.do(self._entering(provider, intents, earlier, began))
                earlier, place = entry, self._hold(entry.place)
                if attempts is not None and (place is None or (intents and not any_allowed(attempts))):
                    self._held.discard(place or 0)  # none may be asked: the place is free again
                    gate.release()
                    return Permit(place or 0, tuple(attempts), closings)
                if attempts is not None and place is not None:
                    await self._be_on_time(provider, entry, place)
                    self._under_way += 1
                    return Permit(place, tuple(attempts), closings)
                if entry.refused is not None:
                    raise _refused(provider, entry.refused, entry.at - began)
                await self._nap(_POLL_S if place is None else max(0.0, entry.at - self._epoch()))
        except BaseException:
            self._held.discard(place or 0)  # what is left in the store lapses by itself
            gate.release()
            raise

    async def _be_on_time(self, provider: Provider, entry: Entry, place: int) -> None:
        """A call that is sent long after its moment would fall into a window that is full: take another."""
        name, limits = provider.name, provider.limits
        while limits.windows and self._epoch() - entry.at > SLACK_S / 2:
            now = self._epoch()
            entry = await self._writer.do(
                lambda store: enter(store, name, limits, self._owner, now, self._longest, place)  # noqa: B023
            )
            if entry.refused is not None:  # the intent is recorded: it has to be sent, or be called unknown
                return
            with contextlib.suppress(Stopped):  # it is as good as sent
                await self._nap(max(0.0, entry.at - self._epoch()))

    async def close(
        self, provider: Provider, permit: Permit, lookups: Sequence[Lookup], outcomes: Sequence[Outcome]
    ) -> list[Micros]:
        """The call is over: answers and bills together, and what it said of the provider. Returns the bills.

        `outcomes`: one for each lookup that has an attempt, in their order.
        """

        pairs = zip(permit.attempts, lookups, strict=True)
        asked = [(attempt, lookup) for attempt, lookup in pairs if isinstance(attempt, Attempt)]

        def record(connection: sqlite3.Connection) -> list[Micros]:
            return [
                self._record(connection, provider, attempt, lookup, outcome)
                for (attempt, lookup), outcome in zip(asked, outcomes, strict=True)
            ]

        return await self._end_turn(provider, permit, outcomes, record)

    async def closed_turn(self, provider: Provider, permit: Permit, outcome: Outcome) -> None:
        """A call that asked nothing new is over."""
        await self._end_turn(provider, permit, [outcome], lambda connection: None)

    async def _end_turn(
        self,
        provider: Provider,
        permit: Permit,
        outcomes: Sequence[Outcome],
        record: Callable[[sqlite3.Connection], T],
    ) -> T:
        """In one transaction: the place is free, the provider's state is known, the record is made."""

        def work(connection: sqlite3.Connection) -> T:
            leave(connection, permit.place)
            self._learn(connection, provider, outcomes)
            return record(connection)

        try:
            return await self._writer.do(work)
        finally:
            self._let_go(provider, permit.place)
            self._under_way -= 1
            self._closings += 1
            self._closed.set()
            self._closed = asyncio.Event()

    async def settle_later(
        self, provider: Provider, attempt: Attempt, lookup: Lookup, outcome: Outcome
    ) -> Micros:
        """The answer to what was submitted, and its bill."""
        return await self._writer.do(lambda store: self._record(store, provider, attempt, lookup, outcome))

    async def may_be_free(self, closings: int) -> bool:
        """Wait until a call ends after so many had; False: none is under way that could. Raises Stopped."""
        while self._closings == closings:
            if not self._under_way:
                return False
            await self._nap.until(self._closed)
        return True

    async def rest(self) -> None:
        """After the last call."""
        if self._heart is not None:
            self._heart.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._heart

    def _intent(self, provider: Provider, wanted: Wanted) -> Intent:
        return Intent(
            self._job_id,
            self._owner,
            wanted.lookup,
            provider.tier,
            wanted.price,
            wanted.task_id,
            self._caps.get(provider.name),
            provider.repeatable(wanted.lookup),
            wanted.seen,
        )

    def _entering(
        self,
        provider: Provider,
        intents: Sequence[Intent],
        earlier: Entry | None,
        now: float,
    ) -> Callable[[sqlite3.Connection], tuple[Entry, list[Attempt | NoPermit] | None]]:
        """A transaction: take a turn, unless an earlier one still holds, and use it if it has come."""

        def work(connection: sqlite3.Connection) -> tuple[Entry, list[Attempt | NoPermit] | None]:
            entry, place = earlier, earlier.place if earlier else None
            refused = [self._known.refusal(connection, intent) for intent in intents]
            if intents and all(refused):  # no turn is taken for nothing
                if place is not None:
                    leave(connection, place)
                return entry or Entry(None, now), [why for why in refused if why is not None]
            name, limits = provider.name, provider.limits
            pace = self._known.pace(connection, name, now)
            if entry is None or place is None or pace.paused_until > now or now - entry.at > SLACK_S:
                entry = enter(connection, name, limits, self._owner, now, self._longest, place, pace)
                if pace.on_trial:
                    self._known.forget(name)
            if entry.refused is not None and place is not None:
                leave(connection, place)
            if entry.place is None or entry.at > now:
                return entry, None
            if len(intents) == 1:  # what was checked just now still holds
                return entry, [record_attempt(connection, intents[0], self._now())]
            return entry, [open_attempt(connection, intent, self._now()) for intent in intents]

        return work

    def _record(
        self,
        connection: sqlite3.Connection,
        provider: Provider,
        attempt: Attempt,
        lookup: Lookup,
        outcome: Outcome,
    ) -> Micros:
        """What one lookup came to, and its bill: a refusal costs what it says, a lost reply counts whole."""
        if isinstance(outcome, Submitted):
            keep_handle(connection, attempt, outcome.handle)
            return Micros(0)
        if not isinstance(outcome, ProviderError):
            keep, safe = provider.keep.store, provider.repeatable(lookup)
            return settle_attempt(connection, attempt, lookup, outcome, self._now(), keep, safe)
        if outcome.reason == FailReason.UNKNOWN_OUTCOME:
            lose_attempt(connection, attempt.id, str(outcome), self._now())
            return attempt.reserved
        billed = Micros(outcome.cost)
        refuse_attempt(connection, attempt, outcome.reason, str(outcome), billed, self._now())
        return billed

    def _learn(self, connection: sqlite3.Connection, provider: Provider, outcomes: Sequence[Outcome]) -> None:
        """What the call said of the provider's state, for all jobs."""
        for outcome in outcomes:
            if isinstance(outcome, ProviderUnusable):
                self._dropped.setdefault(provider.name, outcome)
        now = self._epoch()
        before = pace = self._known.pace(connection, provider.name, now)
        for outcome in outcomes[:1]:  # of a batch: it was one call
            said = signal_of(outcome)
            if said is not None:
                pace = pace.after(*said, now)
        if pace != before:
            self._known.put_pace(connection, provider.name, pace)

    def _hold(self, place: int | None) -> int | None:
        if place is not None and place not in self._held:
            self._held.add(place)
            if self._heart is None:
                self._heart = asyncio.create_task(self._beat())
        return place

    def _let_go(self, provider: Provider, place: int) -> None:
        self._held.discard(place)
        self._gates[provider.name].release()

    async def _beat(self) -> None:
        """Renew the places we hold, so that other processes know that we are alive."""
        while True:
            await asyncio.sleep(LEASE_S / 3)
            if self._held:
                await self._writer.do(lambda store: renew(store, tuple(self._held), self._epoch()))


def _refused(provider: Provider, refusal: Refusal, seconds: float) -> LookupFailed:
    reason = FailReason.UNREACHABLE if refusal is Refusal.BROKEN else FailReason.THROTTLED
    return LookupFailed(
        f"{provider.name} is not asked for another {max(1, round(seconds)):,} s: {refusal.caption}", reason
    )
