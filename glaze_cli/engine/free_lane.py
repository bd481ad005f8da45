"""Calls that cost nothing, to a provider in its usual state: they go out without a look into the store.

Nothing has to be reserved for them or written down before; that the job is still ours, and what other jobs
learned of the provider, was seen a moment ago.
"""

from __future__ import annotations

from collections.abc import Callable, Container

from glaze_cli.engine.known import Known
from glaze_cli.engine.naps import Naps
from glaze_cli.engine.places import Places
from glaze_cli.model import Answer, Lookup
from glaze_cli.providers.base import Provider
from glaze_cli.store.clock import Clock
from glaze_cli.store.free_calls import FreeCall
from glaze_cli.store.writer import Writer


class FreeLane:
    """One for a run; beside the governor, which does the rest. `epoch` gives seconds since 1970."""

    def __init__(
        self,
        writer: Writer,
        known: Known,
        places: Places,
        dropped: Container[str],
        nap: Naps,
        now: Clock,
        epoch: Callable[[], float],
    ) -> None:
        """`dropped`: names of providers that are asked no more."""
        self._writer = writer
        self._known = known
        self._places = places
        self._dropped = dropped
        self._nap = nap
        self._now = now
        self._epoch = epoch

    def enter(self, provider: Provider) -> int | None:
        """A place for a call that costs nothing; None: it has to ask for a permit. Raises Stopped."""
        name = provider.name
        if provider.limits.windows or name in self._dropped:
            return None
        now = self._epoch()
        if not self._known.usual(name, now):
            return None
        self._nap.check()
        return self._places.take_spare(name, now)

    def leave(
        self,
        provider: Provider,
        place: int,
        lookup: Lookup,
        task_id: int | None,
        answer: Answer,
        opened_at: str,
    ) -> None:
        """The call was answered; it is written down with others. Raises StoreError."""
        self._places.keep(provider.name, place)
        keep, at = provider.keep.store, self._now()
        self._writer.called(FreeCall(provider.tier, lookup, answer, keep, opened_at, at, task_id))
