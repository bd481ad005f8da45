"""The time as the store writes it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

Clock = Callable[[], str]
"""Gives the time now as text; tests pass their own."""


def utc_now() -> str:
    """`2026-11-23T21:04:05.678Z`: sorts as text, and SQLite's date functions read it."""
    return _text(time.time_ns() // 1_000_000)


@lru_cache(1)
def _text(milliseconds: int) -> str:
    """Kept for the next who asks within the millisecond: a busy run notes the time four times a cell."""
    return f"{_second(milliseconds // 1000)}.{milliseconds % 1000:03d}Z"


@lru_cache(1)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
