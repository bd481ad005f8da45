"""Answers that are on their way into the store: the reader does not see them yet, and nobody asks again."""

from __future__ import annotations

from glaze_cli.engine.flight import Asked
from glaze_cli.store.writer import Writer


class Fresh:
    """By key of the lookup. What was put in is in the transaction that was under way then or in the next one,
    so it is forgotten two transactions later."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._group = 0
        self._young: dict[str, tuple[Asked, str]] = {}
        self._old: dict[str, tuple[Asked, str]] = {}

    def put(self, key: str, asked: Asked, at: str) -> None:
        """It was answered just now."""
        if self._writer.group != self._group:
            self._forget()
        self._young[key] = asked, at

    def get(self, key: str) -> Asked | None:
        """The answer, as one that is remembered."""
        if self._writer.group != self._group:
            self._forget()
        known = self._young.get(key) or self._old.get(key)
        if known is None:
            return None
        asked, at = known
        return Asked(asked.outcome, cached=True, at=at, saved=asked.cost)

    def _forget(self) -> None:
        passed = self._writer.group - self._group
        self._old = self._young if passed == 1 else {}
        self._young = {}
        self._group += passed
