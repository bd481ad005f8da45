"""The time as the store writes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], str]
"""Gives the time now as text; tests pass their own."""


def utc_now() -> str:
    """`2026-11-23T21:04:05.678Z`: sorts as text, and SQLite's date functions read it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
