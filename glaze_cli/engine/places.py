"""Places among those that may call a provider at once: taken in the store, since other jobs count too."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable

from glaze_cli.engine.gate import Gate
from glaze_cli.errors import StoreError
from glaze_cli.model import Limits
from glaze_cli.store.pace import LEASE_S, leave, renew
from glaze_cli.store.writer import Writer


class Places:
    """One for a run. A place that a call leaves is kept for the next one, as long as no other job is at work:
    giving it back and taking it again would be two statements a call.

    `epoch` gives seconds since 1970.
    """

    def __init__(self, writer: Writer, epoch: Callable[[], float]) -> None:
        self._writer = writer
        self._epoch = epoch
        self._gates: dict[str, Gate] = {}
        self._held: set[int] = set()
        self._renewed = epoch()
        """When we last said that we are alive. Once that is LEASE_S ago, because we slept, others may have
        taken our places for those of the dead."""
        self._heart: asyncio.Task[None] | None = None

    def take_spare(self, provider: str, now: float) -> int | None:
        """A place, where a call need wait for nobody, neither in this process nor in another; else None."""
        gate = self._gates.get(provider)
        return None if gate is None or now - self._renewed > LEASE_S else gate.take_spare()

    async def come(self, provider: str, limits: Limits) -> int | None:
        """Wait for one's turn in this process; a place that is held already, or None: it has to be taken."""
        gate = self._gates.get(provider)
        if gate is None:
            gate = self._gates[provider] = Gate(limits.concurrency)
        if self._epoch() - self._renewed > LEASE_S:
            self._give_back(self.spare(provider))
        return await gate.come()

    def lose(self, place: int) -> None:
        """It was given back in the store."""
        self._held.discard(place)

    def hold(self, place: int | None) -> int | None:
        """The store says that it is ours."""
        if place is not None and place not in self._held:
            self._held.add(place)
            if self._heart is None:
                self._renewed = self._epoch()
                self._heart = asyncio.create_task(self._beat())
        return place

    def keep(self, provider: str, place: int) -> None:
        """The call is over; the next one takes its place."""
        self._gates[provider].leave(place)

    def go(self, provider: str, place: int | None) -> None:
        """The call is over, or never was; what is left of its place in the store lapses by itself."""
        self._held.discard(place or 0)
        self._gates[provider].leave(None)

    def spare(self, provider: str) -> list[int]:
        """Those that no call uses; they are no longer ours, and the caller gives them back in the store."""
        gate = self._gates.get(provider)
        spare = [] if gate is None else gate.give_up_spare()
        self._held.difference_update(spare)
        return spare

    async def rest(self) -> None:
        """After the last call: give everything back."""
        if self._heart is not None:
            self._heart.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._heart
        with contextlib.suppress(StoreError):  # which the writer tells when it is closed
            for provider in self._gates:
                self._give_back(self.spare(provider))

    def _give_back(self, places: list[int]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            for place in places:
                leave(connection, place)

        if places:
            self._writer.note(work)

    async def _beat(self) -> None:
        """Renew the places we hold, so that other processes know that we are alive."""
        while True:
            await asyncio.sleep(LEASE_S / 3)
            now = self._epoch()
            await self._writer.do(lambda store: renew(store, tuple(self._held), now))  # noqa: B023
            self._renewed = now
