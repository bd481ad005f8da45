"""Permits by the dozen: those that wait for a transaction are let in together, and each hears its own."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest

from glaze_cli.engine.admissions import Admission, Admissions
from glaze_cli.engine.known import Known
from glaze_cli.engine.places import Places
from glaze_cli.errors import StoreError
from glaze_cli.model import Field, Limits, Lookup, Micros, Tier, Window
from glaze_cli.model.pace import Pace
from glaze_cli.store.attempts import Attempt
from glaze_cli.store.no_permit import NoPermit
from glaze_cli.store.pace import Entry, Longest, Refusal, put_pace
from glaze_cli.store.permits import Intent
from glaze_cli.store.writer import Writer
from tests.engine.fakes import Fake
from tests.store.fakes import NOON, OWNER, store_with_job

T = TypeVar("T")
PROVIDER = Fake("hunter", "x", tier=Tier.CHEAP, price=10, limits=Limits(concurrency=1000))


@dataclass
class Scene:
    """A store in memory, and who lets in."""

    store: sqlite3.Connection
    writer: Writer
    admissions: Admissions
    known: Known
    heard: list[str]
    """The statements, as SQLite ran them."""

    async def ask(
        self,
        number: int,
        place: int | None = None,
        provider: Fake = PROVIDER,
        turn: Entry | None = None,
        now: float = 0.0,
    ) -> Admission:
        """For a question of its own; `place`: the one that is held."""
        lookup = Lookup.about("hunter", "1", {Field("company"): f"c{number}"})
        intent = Intent("job1", OWNER, lookup, Tier.CHEAP, Micros(10))
        return await self.admissions.ask(provider, [intent], turn, place, now)

    async def ask_many(self, *numbers: int, provider: Fake = PROVIDER) -> list[Admission]:
        """In one transaction, from places that are held."""
        return await asyncio.gather(*[self.ask(number, number, provider) for number in numbers])

    def count(self, what: str) -> int:
        """How many statements hold those words."""
        return sum(what in " ".join(statement.split()) for statement in self.heard)


LONGEST = Longest(60.0, 60.0)


def scene(play: Callable[[Scene], Awaitable[T]], cap: int | None = None, longest: Longest = LONGEST) -> T:
    """What `play` returns."""

    async def go() -> T:
        connection, job = store_with_job(cap)
        heard: list[str] = []
        connection.set_trace_callback(heard.append)
        writer = Writer(connection, job.id)
        known, places = Known(writer, job.id), Places(writer, lambda: 0.0)
        admissions = Admissions(writer, known, places, job.id, OWNER, lambda: NOON, longest)
        came = await play(Scene(connection, writer, admissions, known, heard))
        await admissions.rest()
        await writer.close()
        return came

    return asyncio.run(go())


def why(admission: Admission) -> Attempt | NoPermit:
    """What came of the one intent."""
    assert admission[1] is not None
    return admission[1][0]


def test_the_money_of_a_hundred_permits_is_read_and_written_once() -> None:
    """Each permit takes one statement of its own, its line in the ledger; and at the cap the rest is held."""

    async def play(scene: Scene) -> list[Attempt | NoPermit]:
        came = await asyncio.gather(*[scene.ask(number) for number in range(100)])
        for once in ("BEGIN", "SELECT owner, cap", "UPDATE enrichment_jobs", "INSERT INTO job_providers"):
            assert scene.count(once) == 1
        assert scene.count("INSERT INTO attempts") == 70
        return [why(one) for one in came]

    came = scene(play, cap=700)
    assert [one.id for one in came if isinstance(one, Attempt)] == list(range(1, 71))
    assert came[70:] == [NoPermit.HELD] * 30


def turns(admissions: list[Admission]) -> list[tuple[int | None, float, Refusal | None]]:
    """Place, moment, and why none."""
    return [tuple(turn) for turn, _ in admissions]


def test_a_place_that_is_held_is_all_it_takes_where_nothing_is_limited() -> None:
    """Each of them may go at once, from where it is."""
    assert turns(scene(lambda scene: scene.ask_many(1, 2, 3))) == [
        (1, 0.0, None),
        (2, 0.0, None),
        (3, 0.0, None),
    ]


def test_a_window_holds_for_those_who_are_let_in_together() -> None:
    """One a minute: of three at once the first may go, the others have their moment."""
    slow = Fake("hunter", "x", tier=Tier.CHEAP, price=10, limits=Limits((Window(1, 60.0),), 1000))

    async def play(scene: Scene) -> list[Admission]:
        return await scene.ask_many(1, 2, 3, provider=slow)

    came = scene(play, longest=Longest(600.0, 600.0))
    assert [(turn.at // 60, given is None) for turn, given in came] == [(0, False), (1, True), (2, True)]


def test_a_turn_that_has_not_come_is_waited_for() -> None:
    """Also by one that asks again beside others who may go at once."""

    async def play(scene: Scene) -> Admission:
        early = asyncio.create_task(scene.ask(1, 1))
        await asyncio.sleep(0)
        late = await scene.ask(2, 2, turn=Entry(2, 5.0), now=4.0)
        await early
        return late

    assert scene(play) == (Entry(2, 5.0), None)


BROKEN = Pace(paused_until=50.0, failures=6, trips=2)


def test_what_another_process_learned_counts_from_the_next_transaction_on() -> None:
    """It was in its usual state, then another job took it for broken: nobody is let in any more."""

    async def play(scene: Scene) -> list[Admission]:
        await scene.ask_many(1, 2)
        put_pace(scene.store, "hunter", BROKEN)
        return await scene.ask_many(3, 4)

    assert turns(scene(play)) == [(None, 50.0, Refusal.BROKEN)] * 2


def test_what_a_call_learned_counts_for_those_behind_it_in_the_same_transaction() -> None:
    """The first was let in, then a reply said that it is broken; the second is refused."""

    async def play(scene: Scene) -> list[Admission]:
        def learn(store: sqlite3.Connection) -> None:
            put_pace(store, "hunter", BROKEN)
            scene.known.forget("hunter")

        first = asyncio.create_task(scene.ask(1, 1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # it has taken its place in the queue
        scene.admissions.close()
        scene.writer.note(learn)
        second = await scene.ask(2, 2)
        assert scene.count("BEGIN") == 1
        return [await first, second]

    assert turns(scene(play)) == [(1, 0.0, None), (None, 50.0, Refusal.BROKEN)]


def test_who_gave_up_is_not_written_down() -> None:
    """It would send nothing: no money is reserved for it, and the others hear theirs."""

    async def play(scene: Scene) -> int:
        asking = [asyncio.create_task(scene.ask(number)) for number in range(3)]
        await asyncio.sleep(0)
        asking[0].cancel()
        assert [(await one)[0].place is not None for one in asking[1:]] == [True, True]
        return int(scene.store.execute("SELECT reserved FROM enrichment_jobs").fetchone()[0])

    assert scene(play) == 20


def test_after_rest_nothing_is_under_way() -> None:
    """Also where all who asked have given up."""

    async def play(scene: Scene) -> int:
        asking = asyncio.create_task(scene.ask(1))
        await asyncio.sleep(0)
        asking.cancel()
        await scene.admissions.rest()
        return len(asyncio.all_tasks())

    assert scene(play) == 2  # this one, and the writer's


def test_who_asks_after_something_was_noted_is_let_in_after_it() -> None:
    """Once closed, those who come are not put before what was written meanwhile."""

    async def play(scene: Scene) -> list[object]:
        first = asyncio.create_task(scene.ask(1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # it has taken its place in the queue
        scene.admissions.close()
        scene.writer.note(lambda store: store.execute("UPDATE enrichment_jobs SET owner = 'another'"))
        return [why(one) for one in (await scene.ask(2), await first)]

    second, first = scene(play)
    assert isinstance(first, Attempt) and second is NoPermit.NOT_OWNER


def test_where_the_store_cannot_be_written_all_hear_it() -> None:
    """Nobody waits for ever, and nobody is let in."""

    async def play(scene: Scene) -> None:
        scene.store.execute("DROP TABLE answers")
        came = await asyncio.gather(*[scene.ask(number) for number in range(3)], return_exceptions=True)
        assert [type(one) for one in came] == [StoreError] * 3
        with pytest.raises(StoreError):
            await scene.ask(4)
        assert scene.store.execute("SELECT reserved FROM enrichment_jobs").fetchone()[0] == 0

    with pytest.raises(StoreError):  # so does who closes it
        scene(play)
