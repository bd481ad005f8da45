"""A scratch list of different lookups, on disk where it grows: memory does not follow the sheet."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

# An empty name is a database of its own that spills to a temporary file, and is gone when it is closed.
PLACE = ""

MAKE = """
CREATE TABLE lookups
    (key BLOB PRIMARY KEY, provider TEXT, price INTEGER, most INTEGER, first INTEGER, reach REAL)
WITHOUT ROWID
"""
# One question, however many cells want it: it is asked if any of them comes to it.
PUT = """
INSERT INTO lookups (key, provider, price, most, first, reach) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET price = max(price, excluded.price), most = max(most, excluded.most),
    first = max(first, excluded.first), reach = max(reach, excluded.reach)
"""
SUMS = """
SELECT provider, count(*) AS lookups, sum(price) AS once, sum(most) AS most, sum(price * first) AS least,
    sum(reach) AS expected
FROM lookups GROUP BY provider
"""

_GROUP = 1_000


@dataclass(frozen=True, slots=True)
class Sums:
    """All lookups of one provider."""

    provider: str
    lookups: int
    once: int
    """Micros, if each is asked once."""
    most: int
    """Micros, if each is asked as often as it may have to be."""
    least: int
    """Micros, of those that some cell asks first."""
    expected: float
    """How many of them will be asked, as far as hit rates tell."""


class Scratch:
    """Holds each different lookup once."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(PLACE, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(MAKE)
        self._waiting: list[tuple[bytes, str, int, int, int, float]] = []

    def put(self, key: bytes, provider: str, price: int, most: int, first: bool, reach: float) -> None:
        """A lookup that a cell may come to ask: `first` of all, or with that probability.

        `price`: of one call; `most`: of all that it may take.
        """
        self._waiting.append((key, provider, price, most, int(first), reach))
        if len(self._waiting) >= _GROUP:
            self._flush()

    def sums(self) -> list[Sums]:
        """By provider."""
        self._flush()
        return [Sums(*row) for row in self._connection.execute(SUMS)]

    def close(self) -> None:
        """It is gone."""
        self._connection.close()

    def _flush(self) -> None:
        with self._connection:
            self._connection.execute("BEGIN")
            self._connection.executemany(PUT, self._waiting)
        self._waiting.clear()
