"""What has been read of the store within one transaction: many calls share it, and nobody can change it."""

from __future__ import annotations

import sqlite3

from glaze_cli.model.pace import Pace
from glaze_cli.store.pace import get_pace, put_pace
from glaze_cli.store.permits import Intent, NoPermit, refusal
from glaze_cli.store.writer import Writer


class Known:
    """For use inside the writer's transactions; each begins with nothing known."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._group = 0
        self._paces: dict[str, Pace] = {}
        self._free: list[NoPermit | None] = []
        """Why a call that costs nothing may not be made: the same for all of them. Empty: not asked yet."""

    def pace(self, connection: sqlite3.Connection, provider: str, now: float) -> Pace:
        """The provider's state."""
        self._begin()
        if provider not in self._paces:
            self._paces[provider] = get_pace(connection, provider, now)
        return self._paces[provider].at(now)

    def put_pace(self, connection: sqlite3.Connection, provider: str, pace: Pace) -> None:
        """Remember it here and in the store."""
        self.forget(provider)
        put_pace(connection, provider, pace)

    def forget(self, provider: str) -> None:
        """Its state was changed behind our back."""
        self._paces.pop(provider, None)

    def refusal(self, connection: sqlite3.Connection, intent: Intent) -> NoPermit | None:
        """Why such a call may not be made now; None: it may."""
        if intent.price:
            return refusal(connection, intent)
        self._begin()
        if not self._free:
            self._free.append(refusal(connection, intent))
        return self._free[0]

    def _begin(self) -> None:
        if self._group != self._writer.group:
            self._group = self._writer.group
            self._paces.clear()
            self._free.clear()
