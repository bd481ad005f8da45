"""Calls that cost nothing, to a provider in its usual state: they go out without a look into the store.

Nothing has to be reserved for them or written down before; that the job is still ours, and what other jobs
learned of the provider, was seen a moment ago.
"""

from __future__ import annotations

from collections.abc import Callable, Container

from glaze_cli.engine.known import Known
from glaze_cli.engine.naps import Naps
from glaze_cli.engine.permit import Wanted
from glaze_cli.engine.places import Places
from glaze_cli.model import Answer
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

    def is_open(self, provider: Provider) -> bool:
        """Whether a call that costs nothing may go to it at once."""
        name = provider.name
        return (
            not provider.limits.windows
            and self._places.free(name)
            and self._known.usual(name, self._epoch())
            and name not in self._dropped
        )

    def enter(self, provider: Provider) -> int:
        """A place, where it has just been said to be open. Raises Stopped."""
        self._nap.check()
        return self._places.take_spare(provider.name)

    def leave(self, provider: Provider, place: int, wanted: Wanted, answer: Answer, opened_at: str) -> None:
        """The call was answered; it is written down with others. Raises StoreError."""
        self._places.keep(provider.name, place)
        keep, task_id = provider.keep.store, wanted.task_id
        call = FreeCall(provider.tier, wanted.lookup, answer, keep, opened_at, self._now(), task_id)
        self._writer.called(call)
