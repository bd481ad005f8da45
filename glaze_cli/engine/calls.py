"""Calls to providers: permit, ask, close; again while throttled; fetching what is answered later."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from glaze_cli.engine.flight import Asked, Flight
from glaze_cli.engine.governor import Governor
from glaze_cli.engine.naps import Naps
from glaze_cli.engine.permit import Outcome, Wanted
from glaze_cli.engine.retry import call_repeatedly
from glaze_cli.errors import (
    AskedElsewhere,
    BudgetReached,
    HeldBack,
    LookupFailed,
    NotAsked,
    ProviderError,
    ProviderUnusable,
    Stopped,
    Throttled,
)
from glaze_cli.model import FailReason, Found, Lookup, Micros, NotFound, Submitted, dollars
from glaze_cli.model.settings import RunSettings
from glaze_cli.providers.base import Provider
from glaze_cli.store.attempts import Attempt, submitted_attempt
from glaze_cli.store.permits import NoPermit

_LEAST_WAIT_S = 0.5


@dataclass(frozen=True, slots=True)
class _Round:
    """What one call came to for one lookup."""

    outcome: Outcome | NotAsked
    cost: Micros = Micros(0)  # noqa: RUF009  (an int: a constant, not a call that shares state)
    attempt: Attempt | None = None


class Calls:
    """One for a run. `epoch` gives seconds since 1970."""

    def __init__(
        self,
        reader: sqlite3.Connection,
        governor: Governor,
        run: RunSettings,
        epoch: Callable[[], float],
        nap: Naps,
    ) -> None:
        self._reader = reader
        self._governor = governor
        self._run = run
        self._epoch = epoch
        self._nap = nap

    def most(self, provider: Provider, lookup: Lookup) -> Micros | None:
        """Most that one lookup can cost, repeated calls included; None: the provider cannot say."""
        try:
            price = provider.price(lookup)
        except Exception:  # its defect, which is said when it is asked
            return None
        billed_again = provider.bills_errors or (price and provider.repeatable(lookup))
        return Micros(price * int(self._run.attempts) if billed_again else price)

    async def may_be_free(self, refused: HeldBack, flight: Flight) -> bool:
        """Wait until a call has ended that held what this one would need; False: none is under way."""
        with flight.waiting():
            return await self._governor.may_be_free(refused.closings)

    async def make(
        self, provider: Provider, lookups: Sequence[Lookup], flights: Sequence[Flight]
    ) -> list[Asked]:
        """The answers to the lookups, from one call; a failure is a value. Raises StoreError only."""
        if len(lookups) == 1 and provider.patience_s:
            attempt = submitted_attempt(self._reader, lookups[0])
            if attempt is not None:  # an earlier run paid for it
                return [await self._fetch(provider, lookups[0], attempt, 0.0, flights[0], calls=0)]
        calls = 0
        costs, lost = [0] * len(lookups), [0] * len(lookups)

        async def once() -> list[_Round]:
            nonlocal calls
            rounds = await self._round(provider, lookups, flights)
            calls += any(one.attempt is not None for one in rounds)
            for number, one in enumerate(rounds):
                costs[number] += one.cost
                if (
                    isinstance(one.outcome, ProviderError)
                    and one.outcome.reason == FailReason.UNKNOWN_OUTCOME
                ):
                    lost[number] += one.cost
            for one in rounds:
                if isinstance(one.outcome, Throttled):  # of a batch: it was one call, all of it is
                    raise one.outcome
            return rounds

        try:
            rounds = await call_repeatedly(once, self._run, self._nap)
        except (ProviderError, NotAsked) as error:
            return [Asked(error, calls=calls, cost=Micros(cost)) for cost in costs]
        answers = []
        for number, one in enumerate(rounds):
            if isinstance(one.outcome, Submitted) and one.attempt is not None:
                wait, attempt = one.outcome.wait_s, replace(one.attempt, handle=one.outcome.handle)
                flight = flights[number]
                answers.append(await self._fetch(provider, lookups[number], attempt, wait, flight, calls))
            elif not isinstance(one.outcome, Submitted):
                answered = isinstance(one.outcome, Found | NotFound) and provider.repeatable(lookups[number])
                cost = costs[number] - (lost[number] if answered else 0)  # the one bill stands for all
                answers.append(Asked(one.outcome, calls=calls, cost=Micros(cost)))
        return answers

    async def _round(
        self, provider: Provider, lookups: Sequence[Lookup], flights: Sequence[Flight]
    ) -> list[_Round]:
        try:
            prices = [provider.price(lookup) for lookup in lookups]
        except Exception as error:  # before the store is touched: it is the provider's defect alone
            return [_Round(_defect(provider, error)) for _ in lookups]
        wanted = [
            Wanted(lookup, price, flight.asker.task_id, flight.seen)
            for lookup, price, flight in zip(lookups, prices, flights, strict=True)
        ]
        for flight in flights:
            flight.pause()
        try:
            permit = await self._governor.permit(provider, wanted)
        finally:
            for flight in flights:
                flight.resume()
        pairs = list(zip(lookups, permit.attempts, strict=True))
        asked = [lookup for lookup, attempt in pairs if isinstance(attempt, Attempt)]
        outcomes = await _outcomes(provider, asked) if asked else []
        bills = await self._governor.close(provider, permit, lookups, outcomes) if asked else []
        given = iter(zip(outcomes, bills, strict=True))
        return [
            _Round(*next(given), attempt)
            if isinstance(attempt, Attempt)
            else _Round(_not_asked(provider, attempt, price, permit.closings))
            for attempt, price in zip(permit.attempts, prices, strict=True)
        ]

    async def _fetch(
        self,
        provider: Provider,
        lookup: Lookup,
        attempt: Attempt,
        wait: float,
        flight: Flight,
        calls: int,
    ) -> Asked:
        """The answer to what was submitted; it is asked for until it is there, and nothing is paid again.

        When that takes too long, the attempt stays open with its handle, and the next run goes on with it.
        """
        end = self._epoch() + provider.patience_s
        handle = attempt.handle or ""
        while self._epoch() + wait < end:
            try:
                with flight.waiting():
                    await self._nap(max(wait, _LEAST_WAIT_S) if wait else 0.0)
                    permit = await self._governor.permit(provider, ())
            except (ProviderError, NotAsked) as error:
                return Asked(error, calls=calls)
            outcome = await _guarded(provider, lambda: provider.collect(lookup, handle))
            await self._governor.closed_turn(provider, permit, outcome)
            if isinstance(outcome, Submitted | Throttled):
                again = outcome.wait_s if isinstance(outcome, Submitted) else outcome.retry_after
                wait = max(again or self._run.wait_max, _LEAST_WAIT_S)
                continue
            if isinstance(outcome, ProviderUnusable):  # the key was revoked: the answer is still ours
                return Asked(outcome, calls=calls)
            cost = await self._governor.settle_later(provider, attempt, lookup, outcome)
            return Asked(outcome, calls=calls, cost=cost)
        late = f"{provider.name} has not answered yet; run the same again later: it is not paid twice"
        return Asked(LookupFailed(late, FailReason.TIMEOUT), calls=calls)


async def local_answer(provider: Provider, lookup: Lookup) -> Asked:
    """The answer of a provider of this machine: no permit, nothing to keep."""
    (outcome,) = await _outcomes(provider, [lookup])
    if isinstance(outcome, Submitted):
        outcome = LookupFailed(
            f"{provider.name} is of this machine and cannot answer later", FailReason.DEFECT
        )
    return Asked(outcome, calls=1)


async def _outcomes(provider: Provider, lookups: Sequence[Lookup]) -> list[Outcome]:
    """The provider's own word about each lookup; an error of the whole call is the word about all."""
    if len(lookups) == 1:
        return [await _guarded(provider, lambda: provider.look_up(lookups[0]))]
    try:
        answers = list(await provider.look_up_many(lookups))
        if len(answers) != len(lookups):
            raise ValueError(f"{len(answers)} answers to {len(lookups)} lookups")
    except ProviderError as error:
        return [error] * len(lookups)
    except Exception as error:
        return [_defect(provider, error)] * len(lookups)
    return list(answers)


async def _guarded(provider: Provider, ask: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """What it raises beyond its contract is its defect, and fails the lookup."""
    try:
        return await ask()
    except ProviderError as error:
        return error
    except Exception as error:
        return _defect(provider, error)


def _defect(provider: Provider, error: Exception) -> LookupFailed:
    return LookupFailed(f"{provider.name} broke: {type(error).__name__}: {error}", FailReason.DEFECT)


def _not_asked(provider: Provider, why: NoPermit, price: Micros, closings: int) -> NotAsked:
    if why in (NoPermit.ELSEWHERE, NoPermit.MEANWHILE):
        return AskedElsewhere(f"{provider.name}: {why.caption}.")
    if why is NoPermit.NOT_OWNER:
        return Stopped(f"It was not asked: {why.caption}.")
    whose = f" ([providers.{provider.name}] max_cost)" if why is NoPermit.PROVIDER_CAP else ""
    sentence = f"{provider.name} costs up to {dollars(price)}, {why.caption}{whose}"
    return HeldBack(sentence, closings) if why is NoPermit.HELD else BudgetReached(sentence)
