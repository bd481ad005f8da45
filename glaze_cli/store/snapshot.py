"""Many questions to the store in one look: to get and leave it for each takes longer than its answer."""

from __future__ import annotations

import asyncio
import sqlite3

from glaze_cli.store.writer import Writer

HOLDS_S = 0.1
"""How long a look holds at the most: as long as it does, the store's log cannot be folded in."""


class Snapshot:
    """The reader of a run. A look ends with the next commit of our writer, so that it shows all that we have
    committed; what other jobs commit it shows a moment later.
    """

    def __init__(self, connection: sqlite3.Connection, writer: Writer) -> None:
        self._connection = connection
        self._writer = writer
        self._clock = asyncio.get_running_loop()
        self._commits = -1
        self._timer: asyncio.Handle | None = None

    def look(self) -> sqlite3.Connection:
        """The store as it is, or was a moment ago. For reading only."""
        if self._commits != self._writer.commits:
            self.end()
        if self._timer is None and not self._writer.is_of(self._connection):
            self._connection.execute("BEGIN")
            self._commits = self._writer.commits
            self._timer = self._clock.call_later(HOLDS_S, self.end)
        return self._connection

    def end(self) -> None:
        """Leave the store alone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._connection.execute("COMMIT")
