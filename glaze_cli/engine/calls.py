"""Calls to providers: permit, ask, close; again while throttled; fetching what is answered later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from glaze_cli.engine.fetch import Fetch
from glaze_cli.engine.flight import Asked, Flight
from glaze_cli.engine.governor import Governor
from glaze_cli.engine.naps import Naps
from glaze_cli.engine.outcomes import defect, outcome_of, outcomes_of
from glaze_cli.engine.permit import Outcome
from glaze_cli.engine.repeating import may_repeat
from glaze_cli.engine.retry import call_repeatedly
from glaze_cli.errors import (
    AskedElsewhere,
    BudgetReached,
    HeldBack,
    NotAsked,
    ProviderError,
    Stopped,
    Throttled,
)
from glaze_cli.model import Answer, FailReason, Lookup, Micros, Submitted, dollars
from glaze_cli.model.settings import RunSettings
from glaze_cli.providers.base import Provider
from glaze_cli.store.attempts import Attempt
from glaze_cli.store.clock import Clock
from glaze_cli.store.no_permit import NoPermit


class _Round(NamedTuple):
    """What one call came to for one lookup."""

    outcome: Outcome | NotAsked
    cost: Micros = Micros(0)
    attempt: Attempt | None = None
    sent: bool = True


class _Tally:
    """What the calls for one lookup came to so far."""

    __slots__ = ("calls", "cost", "lost")

    def __init__(self) -> None:
        self.calls = self.cost = self.lost = 0

    def add(self, one: _Round) -> None:
        """One more."""
        self.calls += one.sent
        self.cost += one.cost
        if isinstance(one.outcome, ProviderError) and one.outcome.reason == FailReason.UNKNOWN_OUTCOME:
            self.lost += one.cost

    def asked(self, provider: Provider, lookup: Lookup, outcome: Outcome | NotAsked) -> Asked:
        """The end of it. Where a service knows a repeated call again, the one bill stands for all."""
        answered = isinstance(outcome, Answer) and self.lost and may_repeat(provider, lookup)
        cost = self.cost - (self.lost if answered else 0)
        assert not isinstance(outcome, Submitted)
        return Asked(outcome, calls=self.calls, cost=Micros(cost))


class Calls:
    """One for a run."""

    def __init__(
        self,
        governor: Governor,
        fetch: Fetch,
        run: RunSettings,
        nap: Naps,
        now: Clock,
        warm: Callable[[], None],
    ) -> None:
        """`warm` is called before the first call, and only then."""
        self._governor = governor
        self._fetch = fetch
        self._run = run
        self._nap = nap
        self._now = now
        self._warm: Callable[[], None] | None = warm

    def most(self, provider: Provider, lookup: Lookup) -> Micros | None:
        """Most that one lookup can cost, repeated calls included; None: the provider cannot say."""
        try:
            price = provider.price(lookup)
        except Exception:  # its defect, which is said when it is asked
            return None
        billed_again = provider.bills_errors or (price and may_repeat(provider, lookup))
        return Micros(price * int(self._run.attempts) if billed_again else price)

    async def may_be_free(self, refused: HeldBack, flight: Flight) -> bool:
        """Wait until a call has ended that held what this one would need; False: none is under way."""
        with flight.waiting():
            return await self._governor.may_be_free(refused.closings)

    async def make_one(self, provider: Provider, lookup: Lookup, flight: Flight) -> Asked:
        """The answer to the lookup; a failure is a value. Raises StoreError only."""
        if self._warm is not None:
            self._warm_up()
        if provider.patience_s:
            earlier = await self._fetch.of_earlier_run(provider, lookup, flight)
            if earlier is not None:
                return earlier
        try:
            first = await self._one(provider, lookup, flight)
        except (ProviderError, NotAsked) as error:
            return Asked(error)
        if isinstance(first.outcome, Answer):  # as nearly all are
            return Asked(first.outcome, calls=1, cost=first.cost)
        (asked,) = await self.make(provider, [lookup], [flight], first)
        return asked

    async def make(
        self,
        provider: Provider,
        lookups: Sequence[Lookup],
        flights: Sequence[Flight],
        first: _Round | None = None,
    ) -> list[Asked]:
        """The answers to the lookups, from one call; a failure is a value. Raises StoreError only.

        `first`: what the first call has come to already.
        """
        if self._warm is not None:
            self._warm_up()
        if len(lookups) == 1 and first is None:
            earlier = await self._fetch.of_earlier_run(provider, lookups[0], flights[0])
            if earlier is not None:
                return [earlier]
        tallies = [_Tally() for _ in lookups]
        made = None if first is None else [first]

        async def once() -> Sequence[_Round]:
            nonlocal made
            rounds, made = made or await self._round(provider, lookups, flights), None
            for tally, one in zip(tallies, rounds, strict=True):
                tally.add(one)
            for one in rounds:
                if isinstance(one.outcome, Throttled):  # of a batch: it was one call, all of it is
                    raise one.outcome
            return rounds

        try:
            rounds = await call_repeatedly(once, self._run, self._nap)
        except (ProviderError, NotAsked) as error:
            return [
                tally.asked(provider, lookup, error) for tally, lookup in zip(tallies, lookups, strict=True)
            ]
        answers = []
        for lookup, flight, tally, one in zip(lookups, flights, tallies, rounds, strict=True):
            if isinstance(one.outcome, Submitted) and one.attempt is not None:
                wait, attempt = one.outcome.wait_s, one.attempt._replace(handle=one.outcome.handle)
                calls = tally.calls
                answers.append(await self._fetch.answer(provider, lookup, attempt, wait, flight, calls))
            else:
                answers.append(tally.asked(provider, lookup, one.outcome))
        return answers

    def _warm_up(self) -> None:
        warm, self._warm = self._warm, None
        if warm is not None:
            warm()

    def _one(self, provider: Provider, lookup: Lookup, flight: Flight) -> Awaitable[_Round]:
        """A call about one lookup, as nearly all are; to be awaited at once."""
        try:
            price = provider.price(lookup)
        except Exception as error:  # before the store is touched: it is the provider's defect alone
            return _unsent(_Round(defect(provider, error), sent=False))
        if not price and (place := self._governor.free.enter(provider)) is not None:
            return self._free(provider, lookup, flight, place)
        return self._permitted(provider, lookup, flight, price)

    async def _permitted(self, provider: Provider, lookup: Lookup, flight: Flight, price: Micros) -> _Round:
        """It may cost something, or has to wait for its turn."""
        intent = self._governor.intent(provider, lookup, price, flight.asker.task_id, flight.seen)
        flight.pause()
        try:
            permit = await self._governor.permit(provider, (intent,))
        finally:
            flight.resume()
        (attempt,) = permit.attempts
        if not isinstance(attempt, Attempt):
            return _Round(_not_asked(provider, attempt, price, permit.closings), sent=False)
        outcome = await outcome_of(provider, provider.look_up(lookup))
        bill = await self._governor.close_one(provider, permit.place, attempt, lookup, outcome)
        return _Round(outcome, bill, attempt)

    async def _round(
        self, provider: Provider, lookups: Sequence[Lookup], flights: Sequence[Flight]
    ) -> Sequence[_Round]:
        if len(lookups) == 1:
            return [await self._one(provider, lookups[0], flights[0])]
        try:
            prices = [provider.price(lookup) for lookup in lookups]
        except Exception as error:  # before the store is touched: it is the provider's defect alone
            return [_Round(defect(provider, error), sent=False) for _ in lookups]
        intents = [
            self._governor.intent(provider, lookup, price, flight.asker.task_id, flight.seen)
            for lookup, price, flight in zip(lookups, prices, flights, strict=True)
        ]
        for flight in flights:
            flight.pause()
        try:
            permit = await self._governor.permit(provider, intents)
        finally:
            for flight in flights:
                flight.resume()
        pairs = zip(lookups, permit.attempts, strict=True)
        asked = [lookup for lookup, attempt in pairs if isinstance(attempt, Attempt)]
        outcomes = await outcomes_of(provider, asked) if asked else []
        bills = await self._governor.close(provider, permit, lookups, outcomes) if asked else []
        given = iter(zip(outcomes, bills, strict=True))
        return [
            _Round(*next(given), attempt)
            if isinstance(attempt, Attempt)
            else _Round(_not_asked(provider, attempt, price, permit.closings), sent=False)
            for attempt, price in zip(permit.attempts, prices, strict=True)
        ]

    async def _free(self, provider: Provider, lookup: Lookup, flight: Flight, place: int) -> _Round:
        """It costs nothing and need not wait: there is nothing to write down before it is sent."""
        opened_at, task_id = self._now(), flight.asker.task_id
        outcome = await outcome_of(provider, provider.look_up(lookup))
        if isinstance(outcome, Answer) and not outcome.cost:
            self._governor.free.leave(provider, place, lookup, task_id, outcome, opened_at)
            return _Round(outcome)
        intent = self._governor.intent(provider, lookup, Micros(0), task_id, flight.seen)
        bill, attempt = await self._governor.close_free(provider, place, intent, outcome, opened_at)
        return _Round(outcome, bill, attempt)


async def _unsent(one: _Round) -> _Round:
    return one


def _not_asked(provider: Provider, why: NoPermit, price: Micros, closings: int) -> NotAsked:
    if why in (NoPermit.ELSEWHERE, NoPermit.MEANWHILE):
        return AskedElsewhere(f"{provider.name}: {why.caption}.")
    if why is NoPermit.NOT_OWNER:
        return Stopped(f"It was not asked: {why.caption}.")
    whose = f" ([providers.{provider.name}] max_cost)" if why is NoPermit.PROVIDER_CAP else ""
    sentence = f"{provider.name} costs up to {dollars(price)}, {why.caption}{whose}"
    return HeldBack(sentence, closings) if why is NoPermit.HELD else BudgetReached(sentence)
