"""The one door for a call: a place, a moment, money reserved and the intent recorded; or no call."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from glaze_cli.engine.admissions import Admissions
from glaze_cli.engine.free_lane import FreeLane
from glaze_cli.engine.known import Known
from glaze_cli.engine.naps import Naps
from glaze_cli.engine.permit import Outcome, Permit, any_allowed
from glaze_cli.engine.places import Places
from glaze_cli.engine.record import bill_of, record
from glaze_cli.engine.repeating import may_repeat
from glaze_cli.errors import LookupFailed, ProviderUnusable, Stopped
from glaze_cli.model import Answer, FailReason, Lookup, Micros
from glaze_cli.providers.base import Provider
from glaze_cli.store.attempts import Attempt
from glaze_cli.store.clock import Clock
from glaze_cli.store.pace import SLACK_S, Entry, Longest, Refusal, enter, leave
from glaze_cli.store.paid_calls import PaidCall
from glaze_cli.store.permits import Intent, Seen, record_attempt
from glaze_cli.store.writer import Writer

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
        self._known = Known(writer, job_id)
        self._places = Places(writer, epoch)
        self._admissions = Admissions(writer, self._known, self._places, job_id, owner, now, longest)
        self._job_id = job_id
        self._owner = owner
        self._now = now
        self._epoch = epoch
        self._nap = nap
        self._longest = longest
        self._caps = caps
        self._dropped: dict[str, ProviderUnusable] = {}
        self._under_way = 0
        self._closings = 0
        self._closed: asyncio.Event | None = None
        """Where somebody waits for the end of a call."""
        self.free = FreeLane(writer, self._known, self._places, self._dropped, nap, now, epoch)
        """For calls that cost nothing."""

    def intent(
        self, provider: Provider, lookup: Lookup, price: Micros, task_id: int | None, seen: Seen
    ) -> Intent:
        """A lookup that is to be asked, most that it can cost, the cell (task) that asked first, and what the
        store held about it when it was last looked at."""
        own_cap, safe = self._caps.get(provider.name), may_repeat(provider, lookup)
        return Intent(self._job_id, self._owner, lookup, provider.tier, price, task_id, own_cap, safe, seen)

    async def permit(self, provider: Provider, intents: Sequence[Intent]) -> Permit:
        """Wait for the provider's turn, then reserve each lookup's worst price and record the attempts.

        No intents: it asks nothing new and costs nothing (fetching an answer). Raises LookupFailed where the
        turn would come too late, or the provider is taken for broken; ProviderUnusable, as it was, where a
        call said so while this one waited; Stopped.
        """
        name = provider.name
        place = self._places.take_spare(name, self._epoch())
        if place is None:
            place = await self._places.come(name, provider.limits)
        try:
            earlier: Entry | None = None
            while True:
                self._nap.check()
                if name in self._dropped:
                    raise self._dropped[name]
                began, closings = self._epoch(), self._closings
                entry, attempts = await self._admissions.ask(provider, intents, earlier, place, began)
                if entry.place is None and place is not None:
                    self._places.lose(place)
                earlier, place = entry, self._places.hold(entry.place)
                if attempts is not None and (place is None or (intents and not any_allowed(attempts))):
                    self._places.go(name, place)  # none may be asked: the place is free again
                    return Permit(place or 0, tuple(attempts), closings)
                if attempts is not None and place is not None:
                    if provider.limits.windows:
                        await self._be_on_time(provider, entry, place)
                    self._under_way += 1
                    return Permit(place, tuple(attempts), closings)
                if entry.refused is not None:
                    raise _refused(provider, entry.refused, entry.at - began)
                await self._nap(_POLL_S if place is None else max(0.0, entry.at - self._epoch()))
        except BaseException:
            if place is None:
                self._places.go(name, None)
            else:
                self._places.keep(name, place)
            raise

    async def _be_on_time(self, provider: Provider, entry: Entry, place: int) -> None:
        """A call that is sent long after its moment would fall into a window that is full: take another."""
        name, limits = provider.name, provider.limits
        while self._epoch() - entry.at > SLACK_S / 2:
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

        `outcomes`: one for each lookup that has an attempt, in their order. Of answers the commit is not
        waited for: until then the attempts stand open, as they did while the call was under way.
        """
        pairs = zip(permit.attempts, lookups, strict=True)
        asked = [(attempt, lookup) for attempt, lookup in pairs if isinstance(attempt, Attempt)]
        ended = [(*one, outcome) for one, outcome in zip(asked, outcomes, strict=True)]
        at = self._now()

        def work(connection: sqlite3.Connection) -> None:
            for attempt, lookup, outcome in ended:
                record(connection, provider, attempt, lookup, outcome, at)

        try:
            await self._over(provider, permit.place, outcomes, work)
        finally:
            self._tell_those_who_wait()
        return [bill_of(attempt, outcome) for attempt, _, outcome in ended]

    async def close_one(
        self, provider: Provider, place: int, attempt: Attempt, lookup: Lookup, outcome: Outcome
    ) -> Micros:
        """`close`, of a call about one lookup. An answer that says nothing beyond itself, as nearly all, is
        settled with others."""
        at, bill = self._now(), bill_of(attempt, outcome)
        try:
            if (
                isinstance(outcome, Answer)
                and attempt.repeats is None
                and self._known.is_untroubled(provider.name)
            ):
                self._places.keep(provider.name, place)
                keep = provider.keep.store
                self._writer.settled(PaidCall(provider.tier, lookup, attempt, outcome, bill, keep, at))
            else:
                ended = partial(
                    record, provider=provider, attempt=attempt, lookup=lookup, outcome=outcome, at=at
                )
                await self._over(provider, place, [outcome], ended)
        finally:
            self._tell_those_who_wait()
        return bill

    async def closed_turn(self, provider: Provider, permit: Permit, outcome: Outcome) -> None:
        """A call that asked nothing new is over."""
        try:
            await self._over(provider, permit.place, [outcome], lambda connection: None)
        finally:
            self._tell_those_who_wait()

    async def close_free(
        self, provider: Provider, place: int, intent: Intent, outcome: Outcome, opened_at: str
    ) -> tuple[Micros, Attempt]:
        """A call of the free lane came to more than an answer: its bill, and its attempt, which is written
        down at once, as it changes how others are asked."""
        at = self._now()
        attempts: list[Attempt] = []

        def work(connection: sqlite3.Connection) -> None:
            attempts.append(record_attempt(connection, intent, opened_at))
            record(connection, provider, attempts[0], intent.lookup, outcome, at)

        await self._over(provider, place, [outcome], work, in_time=True)
        return bill_of(attempts[0], outcome), attempts[0]

    async def settle_later(
        self, provider: Provider, attempt: Attempt, lookup: Lookup, outcome: Outcome
    ) -> Micros:
        """The answer to what was submitted, and its bill."""
        at = self._now()
        self._admissions.close()
        await self._writer.do(lambda store: record(store, provider, attempt, lookup, outcome, at))
        return bill_of(attempt, outcome)

    async def may_be_free(self, closings: int) -> bool:
        """Wait until a call ends after so many had; False: none is under way that could. Raises Stopped."""
        while self._closings == closings:
            if not self._under_way:
                return False
            if self._closed is None:
                self._closed = asyncio.Event()
            await self._nap.until(self._closed)
        return True

    async def rest(self) -> None:
        """After the last call."""
        await self._admissions.rest()
        await self._places.rest()

    async def _over(
        self,
        provider: Provider,
        place: int,
        outcomes: Sequence[Outcome],
        work: Callable[[sqlite3.Connection], None],
        in_time: bool = False,
    ) -> None:
        """In one transaction: the place is free, the provider's state is known, the work is done.

        Where the answer is all there is to say, and no other job waits for the place, the commit is not
        waited for, unless it has to be `in_time`.
        """
        name, kept = provider.name, self._known.alone
        troubles = [outcome for outcome in outcomes if not isinstance(outcome, Answer)]
        for trouble in troubles:
            self._known.doubt(name)
            if isinstance(trouble, ProviderUnusable):
                self._dropped.setdefault(name, trouble)

        def all_of_it(connection: sqlite3.Connection) -> None:
            if not kept:
                leave(connection, place)
            self._known.learn(connection, name, outcomes[:1], self._epoch())  # of a batch: it was one call
            work(connection)

        self._admissions.close()
        if kept:
            self._places.keep(name, place)
        if kept and not troubles and not in_time:
            self._writer.note(all_of_it)
            return
        try:
            await self._writer.do(all_of_it)
        finally:
            if not kept:  # not sooner: others could not see that it was free before our next call took it
                self._places.go(name, place)

    def _tell_those_who_wait(self) -> None:
        self._under_way -= 1
        self._closings += 1
        if self._closed is not None:
            self._closed.set()
            self._closed = None


def _refused(provider: Provider, refusal: Refusal, seconds: float) -> LookupFailed:
    reason = FailReason.UNREACHABLE if refusal is Refusal.BROKEN else FailReason.THROTTLED
    return LookupFailed(
        f"{provider.name} is not asked for another {max(1, round(seconds)):,} s: {refusal.caption}", reason
    )
