"""Closing a call: what it says of its provider and of the money comes before those who ask after it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest

from glaze_cli.engine.governor import Governor
from glaze_cli.engine.naps import Naps
from glaze_cli.engine.permit import Permit
from glaze_cli.errors import Stopped, Throttled
from glaze_cli.model import Field, Found, Limits, Lookup, Micros, Tier
from glaze_cli.store.attempts import Attempt, lose_attempt
from glaze_cli.store.jobs import get_job
from glaze_cli.store.pace import Longest
from glaze_cli.store.permits import Seen
from glaze_cli.store.writer import Writer
from tests.engine.fakes import Fake
from tests.store.fakes import NOON, OWNER, store_with_job

T = TypeVar("T")


class Safe(Fake):
    """A service that knows a call again, and bills it once."""

    def repeatable(self, lookup: Lookup) -> bool:
        return True


PROVIDER = Safe("hunter", "x", tier=Tier.CHEAP, price=10, limits=Limits(concurrency=100))


def about(number: int) -> Lookup:
    """A question."""
    return Lookup.about("hunter", "1", {Field("company"): f"c{number}"})


@dataclass
class Scene:
    """A store in memory, and the one door for a call."""

    store: sqlite3.Connection
    governor: Governor
    naps: list[float]
    """The seconds that somebody wanted to wait; the first such wish stops the run."""

    async def permit(self, number: int, seen: Seen) -> Permit:
        """To ask that question."""
        intent = self.governor.intent(PROVIDER, about(number), Micros(10), None, seen)
        return await self.governor.permit(PROVIDER, [intent])


def scene(play: Callable[[Scene], Awaitable[T]]) -> T:
    """What `play` returns."""

    async def go() -> T:
        connection, job = store_with_job()
        naps, stop = [], asyncio.Event()

        async def sleep(seconds: float) -> None:
            naps.append(seconds)
            stop.set()

        writer = Writer(connection, job.id)
        nap, longest = Naps(sleep, stop), Longest(60.0, 60.0)
        governor = Governor(writer, job.id, OWNER, lambda: NOON, lambda: 1000.0, nap, longest, {})
        came = await play(Scene(connection, governor, naps))
        await governor.rest()
        await writer.close()
        return came

    return asyncio.run(go())


def attempt_of(permit: Permit) -> Attempt:
    """Of its one question."""
    (attempt,) = permit.attempts
    assert isinstance(attempt, Attempt)
    return attempt


def test_told_to_wait_those_who_ask_after_that_wait() -> None:
    """Although one that asked before is let in by the same transaction."""

    async def play(scene: Scene) -> tuple[bool, list[float]]:
        first = await scene.permit(1, Seen())
        second = asyncio.create_task(scene.permit(2, Seen()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # it has taken its place in the queue
        busy = Throttled("busy", 30.0, "throttled")
        closing = scene.governor.close_one(PROVIDER, first.place, attempt_of(first), about(1), busy)
        closed = asyncio.create_task(closing)
        await asyncio.sleep(0)
        with pytest.raises(Stopped):
            await scene.permit(3, Seen())
        await closed
        return attempt_of(await second).id == 2, scene.naps

    assert scene(play) == (True, [30.0])


def test_the_answer_to_a_repeated_call_settles_the_one_it_repeats() -> None:
    """The service knows it again: its one bill is the bill of both, and nothing is unknown any more."""

    async def play(scene: Scene) -> tuple[int, int, int, int]:
        lost = attempt_of(await scene.permit(1, Seen()))
        lose_attempt(scene.store, lost.id, "cut", NOON)
        again = await scene.permit(1, Seen())
        answer = Found({Field("email"): "a@b.com"})
        await scene.governor.close_one(PROVIDER, again.place, attempt_of(again), about(1), answer)
        await scene.permit(2, Seen())  # by then that is committed
        job = get_job(scene.store, "job1")
        return job.spent, job.reserved, job.unknown, job.unknown_calls

    assert scene(play) == (10, 10, 0, 0)
