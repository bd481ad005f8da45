"""Whether a remembered answer still counts."""

from __future__ import annotations

from datetime import datetime

from glaze_cli.model import Found, Keep, Lookup
from glaze_cli.store.answers import KeptAnswer

_JITTER = 0.1
"""Answers of one day do not all expire on one day: each up to a tenth earlier, by its own key."""


def is_fresh(kept: KeptAnswer, lookup: Lookup, keep: Keep, max_age: float | None, now: str) -> bool:
    """Whether it is young enough at `now` (both times as the store writes them).

    `max_age`: seconds that the user allows, at most; None leaves it to the provider's own `keep`, which
    differs for found and not found.
    """
    limit = keep.hit_s if isinstance(kept.answer, Found) else keep.miss_s
    limit *= 1 - _JITTER * int(lookup.key[:8], 16) / 0xFFFFFFFF
    return age_s(kept.at, now) <= (limit if max_age is None else min(max_age, limit))


def age_s(at: str, now: str) -> float:
    """Seconds from one moment to the other, both as the store writes them."""
    return (datetime.fromisoformat(now) - datetime.fromisoformat(at)).total_seconds()
