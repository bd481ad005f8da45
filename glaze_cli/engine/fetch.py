"""Fetching what a service answers later: it is paid for, and asked for until it is there."""

from __future__ import annotations

from collections.abc import Callable

from glaze_cli.engine.flight import Asked, Flight
from glaze_cli.engine.governor import Governor
from glaze_cli.engine.naps import Naps
from glaze_cli.engine.outcomes import outcome_of
from glaze_cli.errors import LookupFailed, NotAsked, ProviderError, ProviderUnusable, Throttled
from glaze_cli.model import FailReason, Lookup, Submitted
from glaze_cli.model.settings import RunSettings
from glaze_cli.providers.base import Provider
from glaze_cli.store.attempts import Attempt, submitted_attempt
from glaze_cli.store.snapshot import Snapshot

_LEAST_WAIT_S = 0.5


class Fetch:
    """One for a run. `epoch` gives seconds since 1970."""

    def __init__(
        self,
        reader: Snapshot,
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

    async def of_earlier_run(self, provider: Provider, lookup: Lookup, flight: Flight) -> Asked | None:
        """The answer to what an earlier run paid for; None: there is nothing to fetch."""
        attempt = submitted_attempt(self._reader.look(), lookup) if provider.patience_s else None
        return None if attempt is None else await self.answer(provider, lookup, attempt, 0.0, flight, 0)

    async def answer(
        self,
        provider: Provider,
        lookup: Lookup,
        attempt: Attempt,
        wait: float,
        flight: Flight,
        calls: int,
    ) -> Asked:
        """The answer to what was submitted; nothing is paid again.

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
            outcome = await outcome_of(provider, provider.collect(lookup, handle))
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
