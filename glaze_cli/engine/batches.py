"""Batches: lookups of one provider that come at about the same time go out in one call."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from glaze_cli.engine.calls import Calls
from glaze_cli.engine.flight import Asked, Flight
from glaze_cli.model import Lookup
from glaze_cli.providers.base import Provider

LINGER_S = 0.03
"""How long the first lookup of a batch waits for company."""

_Kind = tuple[str, tuple[str, ...]]


@dataclass(slots=True)
class _Batch:
    """Lookups on their way to becoming one call."""

    lookups: list[Lookup] = field(default_factory=list)
    flights: list[Flight] = field(default_factory=list)
    task: asyncio.Task[list[Asked]] | None = None
    full: asyncio.Event = field(default_factory=asyncio.Event)


class Batches:
    """One for a run. Only lookups with the same inputs (by name) share a call."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._open: dict[_Kind, _Batch] = {}
        self._under_way: set[asyncio.Task[list[Asked]]] = set()

    async def ask(self, provider: Provider, lookup: Lookup, flight: Flight) -> Asked:
        """The answer to this lookup, out of its batch's call."""
        kind = (provider.name, tuple(name for name, _ in lookup.inputs))
        batch = self._open.get(kind)
        if batch is None:
            batch = self._open[kind] = _Batch()
            batch.task = asyncio.create_task(self._send(kind, provider, batch))
            self._under_way.add(batch.task)
            batch.task.add_done_callback(self._under_way.discard)
        number = len(batch.lookups)
        batch.lookups.append(lookup)
        batch.flights.append(flight)
        if len(batch.lookups) >= provider.batch_of(lookup):
            self._open.pop(kind, None)
            batch.full.set()
        assert batch.task is not None
        return (await asyncio.shield(batch.task))[number]

    async def drain(self) -> None:
        """Give up the calls that nobody waits for any more."""
        for task in tuple(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _send(self, kind: _Kind, provider: Provider, batch: _Batch) -> list[Asked]:
        try:
            async with asyncio.timeout(LINGER_S):
                await batch.full.wait()
        except TimeoutError:
            if self._open.get(kind) is batch:
                del self._open[kind]
        return await self._calls.make(provider, batch.lookups, batch.flights)
