"""What has been read of the store: many calls share it.

Within one transaction nobody can change it. What may be a little older serves the calls that cost nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from glaze_cli.engine.permit import Outcome
from glaze_cli.engine.signals import signal_of
from glaze_cli.model.pace import Pace
from glaze_cli.store.leases import others_at_work
from glaze_cli.store.pace import get_pace, put_pace
from glaze_cli.store.writer import Writer

_USUAL = Pace()
_HOLDS_S = 2.0
"""How long it holds that the job is ours, alone at work, and a provider in its usual state."""
_LOOK_AGAIN_S = 0.5
"""How long until one of the calls looks again, for all."""


class Known:
    """For use inside the writer's transactions; each begins with nothing known but `usual` and `alone`."""

    def __init__(self, writer: Writer, job_id: str) -> None:
        self._writer = writer
        self._job_id = job_id
        self._usual: dict[str, float] = {}
        """Provider → when (epoch seconds) it was last seen in its usual state, and the job ours and alone."""
        self._looked_at = 0.0
        self.alone = False
        """No other job was at work when we last looked."""
        self._group = 0
        self._looked = False
        self._paces: dict[str, Pace] = {}
        self._plain: set[str] = set()
        """Providers that were seen in their usual state in this transaction, and no other job at work."""

    def pace(self, connection: sqlite3.Connection, provider: str, now: float) -> Pace:
        """The provider's state."""
        self._begin()
        if provider not in self._paces:
            self._paces[provider] = get_pace(connection, provider, now)
        return self._paces[provider].at(now)

    def learn(
        self, connection: sqlite3.Connection, provider: str, outcomes: Sequence[Outcome], now: float
    ) -> None:
        """What calls said of the provider's state, for all jobs."""
        before = pace = self.pace(connection, provider, now)
        for outcome in outcomes:
            said = signal_of(outcome)
            if said is not None:
                pace = pace.after(*said, now)
        if pace != before:
            self.forget(provider)
            put_pace(connection, provider, pace)

    def forget(self, provider: str) -> None:
        """Its state was changed behind our back."""
        self._paces.pop(provider, None)
        self.doubt(provider)

    def doubt(self, provider: str) -> None:
        """A call failed: the next ones look into the store."""
        self._usual.pop(provider, None)
        self._plain.discard(provider)

    def look_around(self, connection: sqlite3.Connection, provider: str, now: float) -> None:
        """See whether others are at work, and note if all is as usual. The job was just seen to be ours."""
        self._begin()
        if not self._looked:
            self._looked = True
            self.alone = not others_at_work(connection, self._job_id)
        if self.alone and self.pace(connection, provider, now) == _USUAL:
            self._usual[provider] = now
            self._plain.add(provider)
        else:
            self.doubt(provider)

    def is_plain(self, provider: str) -> bool:
        """Whether `look_around` has seen in this very transaction that all is as usual."""
        self._begin()
        return provider in self._plain

    def is_untroubled(self, provider: str) -> bool:
        """Whether it was in its usual state when we last looked, and no other job at work: an answer of it
        tells nobody anything new."""
        return self.alone and provider in self._usual

    def usual(self, provider: str, now: float) -> bool:
        """Whether a call that costs nothing may go to it without a look into the store."""
        seen = self._usual.get(provider)
        if seen is None or not 0 <= now - seen <= _HOLDS_S:
            return False
        if now - max(seen, self._looked_at) > _LOOK_AGAIN_S:
            self._looked_at = now
            return False
        return True

    def _begin(self) -> None:
        if self._group != self._writer.group:
            self._group = self._writer.group
            self._looked = False
            self._paces.clear()
            self._plain.clear()
