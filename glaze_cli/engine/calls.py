"""Calls to providers: permit, ask, close; again while throttled; fetching what is answered later."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from glaze_cli.engine.flight import Asked, Flight
from glaze_cli.engine.governor import Governor, Outcome
from glaze_cli.engine.naps import Naps
from glaze_cli.engine.retry import call_repeatedly
from glaze_cli.errors import BudgetReached, LookupFailed, NotAsked, ProviderError, ProviderUnusable, Throttled
from glaze_cli.model import FailReason, Lookup, Micros, Submitted, dollars
from glaze_cli.model.settings import RunSettings
from glaze_cli.providers.base import Provider
from glaze_cli.store.attempts import Attempt, submitted_attempt

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

    async def make(
        self, provider: Provider, lookups: Sequence[Lookup], flights: Sequence[Flight]
    ) -> list[Asked]:
        """The answers to the lookups, from one call; a failure is a value. Raises StoreError only."""
        if len(lookups) == 1:
            attempt = submitted_attempt(self._reader, lookups[0])
            if attempt is not None:  # an earlier run paid for it
                return [await self._fetch(provider, lookups[0], attempt, 0.0, flights[0], calls=0)]
        calls = 0
        costs = [0] * len(lookups)

        async def once() -> list[_Round]:
            nonlocal calls
            rounds = await self._round(provider, lookups, flights)
            calls += any(one.attempt is not None for one in rounds)
            for number, one in enumerate(rounds):
                costs[number] += one.cost
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
                answers.append(Asked(one.outcome, calls=calls, cost=Micros(costs[number])))
        return answers

    async def _round(
        self, provider: Provider, lookups: Sequence[Lookup], flights: Sequence[Flight]
    ) -> list[_Round]:
        try:
            prices = [provider.price(lookup) for lookup in lookups]
        except Exception as error:  # before the store is touched: it is the provider's defect alone
            return [_Round(_defect(provider, error)) for _ in lookups]
        with _all_waiting(flights):
            permit = await self._governor.permit(provider, lookups, prices)
        pairs = list(zip(lookups, permit.attempts, strict=True))
        asked = [lookup for lookup, attempt in pairs if attempt is not None]
        if not asked:
            return [_Round(_over_cap(provider, price)) for price in prices]
        outcomes = await _outcomes(provider, asked)
        bills = await self._governor.close(provider, permit, lookups, outcomes)
        given = iter(zip(outcomes, bills, strict=True))
        return [
            _Round(_over_cap(provider, price)) if attempt is None else _Round(*next(given), attempt)
            for (_, attempt), price in zip(pairs, prices, strict=True)
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
                    permit = await self._governor.permit(provider, (), ())
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


def _over_cap(provider: Provider, price: Micros) -> BudgetReached:
    return BudgetReached(f"{provider.name} costs up to {dollars(price)}, more than the cap leaves.")


@contextlib.contextmanager
def _all_waiting(flights: Sequence[Flight]) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for flight in flights:
            stack.enter_context(flight.waiting())
        yield
