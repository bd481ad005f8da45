"""Those who want a permit: all that wait for a transaction are let in by one piece of work in it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from glaze_cli.engine.known import Known
from glaze_cli.engine.places import Places
from glaze_cli.providers.base import Provider
from glaze_cli.store.attempts import Attempt
from glaze_cli.store.clock import Clock
from glaze_cli.store.no_permit import NoPermit
from glaze_cli.store.pace import SLACK_S, Entry, Longest, enter, leave
from glaze_cli.store.permits import Intent, Permits, giving
from glaze_cli.store.writer import Writer

Admission = tuple[Entry, list[Attempt | NoPermit] | None]
"""The turn that was taken, and if it has come: for each intent its attempt, or why it may not be asked."""


class _Request(NamedTuple):
    """A call that wants in."""

    provider: Provider
    intents: Sequence[Intent]
    turn: Entry | None
    """The one that it got when it asked before."""
    place: int | None
    """The one that it holds."""
    now: float
    done: asyncio.Future[Admission]


class Admissions:
    """One for a run."""

    def __init__(
        self,
        writer: Writer,
        known: Known,
        places: Places,
        job_id: str,
        owner: str,
        now: Clock,
        longest: Longest,
    ) -> None:
        self._writer = writer
        self._known = known
        self._places = places
        self._job_id = job_id
        self._owner = owner
        self._now = now
        self._longest = longest
        self._loop = asyncio.get_running_loop()
        self._waiting: list[_Request] | None = None
        """Those that the next transaction lets in together; None: the next one to come begins anew."""
        self._carried: set[asyncio.Task[None]] = set()

    async def ask(
        self,
        provider: Provider,
        intents: Sequence[Intent],
        turn: Entry | None,
        place: int | None,
        now: float,
    ) -> Admission:
        """Take a turn, unless an earlier one still holds, and use it if it has come; once that is committed.

        `intents` are empty where nothing new is asked; `now` is epoch seconds. Raises StoreError.
        """
        done: asyncio.Future[Admission] = self._loop.create_future()
        if self._waiting is None:
            self._waiting = []
            carrier = self._loop.create_task(self._carry(self._waiting))
            self._carried.add(carrier)
            carrier.add_done_callback(self._carried.discard)
        self._waiting.append(_Request(provider, intents, turn, place, now, done))
        return await done

    def close(self) -> None:
        """Who asks from now on is let in after what is written next: it may bear on them."""
        self._waiting = None

    async def rest(self) -> None:
        """After the last call."""
        await asyncio.gather(*self._carried, return_exceptions=True)

    async def _carry(self, waiting: list[_Request]) -> None:
        """Have them let in, and tell them."""
        try:
            admitted = await self._writer.do(partial(self._let_in, waiting=waiting))
        except Exception as error:  # nothing can be written any more
            self._begun(waiting)
            for request in waiting:
                if not request.done.done():
                    request.done.set_exception(error)
            return
        for done, admission in admitted:
            if not done.done():  # else its call was given up
                done.set_result(admission)

    def _begun(self, waiting: list[_Request]) -> None:
        """Nobody joins them any more."""
        if self._waiting is waiting:
            self._waiting = None

    def _let_in(
        self, connection: sqlite3.Connection, waiting: list[_Request]
    ) -> list[tuple[asyncio.Future[Admission], Admission]]:
        """Inside the transaction; those that were given up meanwhile will send nothing."""
        self._begun(waiting)
        requests = [request for request in waiting if not request.done.done()]
        intents = [intent for request in requests for intent in request.intents]
        at = self._now()
        with giving(connection, self._job_id, intents) as permits:
            return [(one.done, self._one(connection, permits, one, at)) for one in requests]

    def _one(self, connection: sqlite3.Connection, permits: Permits, request: _Request, at: str) -> Admission:
        provider, intents, turn, place, now, _ = request
        refused = [permits.refusal(intent) for intent in intents]
        if intents and all(refused):  # no turn is taken for nothing
            if place is not None:
                leave(connection, place)
            return Entry(place, now), [why for why in refused if why is not None]
        # No window, and as was seen in this very transaction no pause, no trial, no gap between calls and no
        # job beside ours: what limits it is its place, which it holds, and `_turn` would say the same.
        free = turn is None and place is not None and not provider.limits.windows
        if free and self._known.is_plain(provider.name):
            turn = Entry(place, now)
        else:
            turn = self._turn(connection, provider, turn, place, now)
            self._look_around(connection, provider.name, bool(intents), now)
        if turn.refused is not None and place is not None:
            leave(connection, place)
        if turn.place is None or turn.at > now:
            return turn, None
        if len(intents) == 1:  # what was checked just now still holds
            return turn, [permits.record(intents[0], at)]
        return turn, [permits.refusal(intent) or permits.record(intent, at) for intent in intents]

    def _look_around(self, connection: sqlite3.Connection, name: str, asks: bool, now: float) -> None:
        """Where other jobs are at work, they wait for what no call of ours uses."""
        if asks:
            self._known.look_around(connection, name, now)
        if not self._known.alone:
            for spare in self._places.spare(name):
                leave(connection, spare)

    def _turn(
        self,
        connection: sqlite3.Connection,
        provider: Provider,
        turn: Entry | None,
        place: int | None,
        now: float,
    ) -> Entry:
        """The earlier one if it still holds, else a new one."""
        name = provider.name
        pace = self._known.pace(connection, name, now)
        if turn is None or place is None or pace.paused_until > now or now - turn.at > SLACK_S:
            turn = enter(connection, name, provider.limits, self._owner, now, self._longest, place, pace)
            if pace.on_trial:
                self._known.forget(name)
        return turn
