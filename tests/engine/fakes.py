"""A provider in ten lines, and a job in a store in memory: what the engine's tests run on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from glaze_cli.engine.events import Event, TargetColumn
from glaze_cli.engine.plan import plan_columns
from glaze_cli.engine.runner import Run
from glaze_cli.model import Answer, Field, Found, Keep, Limits, Lookup, Micros, NotFound, Submitted, Tier
from glaze_cli.model.settings import RunSettings, Settings
from glaze_cli.providers.base import Provider, ProviderBase
from glaze_cli.store.connect import connect
from glaze_cli.store.create import NewColumn, NewJob, NewRow, create_job

QUICK = RunSettings(wait_min=0, wait_max=0, min_confidence=0.5, grace=5)


class Fake(ProviderBase):
    """Answers with what `reply` says (a value, None for not found, or an error to raise); counts calls."""

    version = "1"

    def __init__(
        self,
        name: str = "fake",
        reply: Callable[[Lookup], object] | object = None,
        *,
        needs: Sequence[str] = ("company",),
        gives: Sequence[str] = ("domain",),
        tier: Tier = Tier.FREE,
        price: int = 0,
        local: bool = False,
        confidence: float = 1.0,
        limits: Limits | None = None,
        keep: Keep | None = None,
        prompted: bool = False,
    ) -> None:
        self.name = name
        self.limits = limits or Limits(concurrency=100)
        self.keep = keep or Keep()
        self.prompted = prompted
        self.tier = tier
        self.local = local
        self.needs = (frozenset(map(Field, needs)),)
        self.gives = frozenset(map(Field, gives))
        self.calls: list[Lookup] = []
        self._reply = reply
        self._price = price
        self._confidence = confidence

    def price(self, lookup: Lookup) -> Micros:
        return Micros(self._price)

    async def look_up(self, lookup: Lookup) -> Answer | Submitted:
        self.calls.append(lookup)
        reply = self._reply(lookup) if callable(self._reply) else self._reply
        if hasattr(reply, "__await__"):
            reply = await reply
        if isinstance(reply, BaseException):
            raise reply
        if isinstance(reply, Found | NotFound | Submitted):
            return reply
        if reply is None:
            return NotFound("nothing")
        return Found(dict.fromkeys(self.gives, reply), self._confidence)


class Ears:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def on_event(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


class SleptTime:
    """Seconds since 1970, as a clock that jumps to the end of the shortest sleep once all are asleep."""

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self._now = start
        self._ends: list[float] = []

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        end = self._now + seconds
        self._ends.append(end)
        try:
            while self._now < end:
                await asyncio.sleep(0.002)  # the others may still have something to do
                if self._now < end == min(self._ends):
                    self._now = end
        finally:
            self._ends.remove(end)


def make_run(
    rows: Sequence[Mapping[str, str]],
    providers: Sequence[Provider],
    *,
    headers: Sequence[str] = ("Company", "Domain"),
    fill: Sequence[str] = ("Domain",),
    settings: RunSettings = QUICK,
    cap: int | None = None,
    store: sqlite3.Connection | None = None,
    job_id: str = "job1",
    wishes: Settings | None = None,
    clock: SleptTime | None = None,
) -> Run:
    """A job over these rows, asking for the columns `fill`, ready to run."""
    store = store or connect(":memory:")
    targets = [TargetColumn(headers.index(header) + 1, header) for header in fill]
    wishes = replace(wishes or Settings(), run=settings)
    plans = plan_columns(headers, targets, providers, wishes, (), {t.column for t in targets})
    new_rows = [
        NewRow(number, row, tuple((t.column, None) for t in targets)) for number, row in enumerate(rows, 2)
    ]
    columns = [NewColumn(plan.column, plan.target.header, plan.field) for plan in plans]
    new = NewJob(job_id, "/tmp/sheet.csv", "", "csv", "B:B", columns, new_rows, {}, cap=_micros(cap))
    job = create_job(store, new)
    fields = {header: Field(header.lower().replace(" ", "_")) for header in headers}

    clock = clock or SleptTime()
    return Run(
        job, plans, fields, settings, store, store, Ears(), "test:1", epoch=clock.now, sleep=clock.sleep
    )


def _micros(cap: int | None) -> Micros | None:
    return None if cap is None else Micros(cap)
