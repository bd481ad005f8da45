"""Whether a remembered answer still counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from glaze_cli.model import Found, Keep, Lookup
from glaze_cli.store.answers import KeptAnswer

_JITTER = 0.1
"""Answers of one day do not all expire on one day: each up to a tenth earlier, by its own key."""

_SECOND = len("2026-11-23T21:04:05")
_NEVER = "~"
"""Later than any moment."""


def is_fresh(kept: KeptAnswer, lookup: Lookup, keep: Keep, max_age: float | None, now: str) -> bool:
    """Whether it is young enough at `now` (both times as the store writes them).

    `max_age`: seconds that the user allows, at most; None leaves it to the provider's own `keep`, which
    differs for found and not found.
    """
    limit = keep.hit_s if isinstance(kept.answer, Found) else keep.miss_s
    if max_age is None and kept.at > _earlier(now[:_SECOND], limit):
        return True  # as most are, and seen by comparing texts
    limit *= 1 - _JITTER * int(lookup.key[:8], 16) / 0xFFFFFFFF
    return age_s(kept.at, now) <= (limit if max_age is None else min(max_age, limit))


@lru_cache(100)
def _earlier(second: str, limit: float) -> str:
    """A moment from which on an answer is young enough whatever its key, and a second to spare."""
    try:
        young = timedelta(seconds=limit * (1 - _JITTER) - 2)
        return (datetime.fromisoformat(second) - young).isoformat()
    except OverflowError:  # for good: the long way says so
        return _NEVER


def age_s(at: str, now: str) -> float:
    """Seconds from one moment to the other, both as the store writes them."""
    return (datetime.fromisoformat(now) - datetime.fromisoformat(at)).total_seconds()
