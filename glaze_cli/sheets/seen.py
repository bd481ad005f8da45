"""A typed value as a person sees it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from glaze_cli.model import Scalar


def as_seen(value: Scalar | date | time | timedelta | None) -> str:
    """42.0 is `42`, true is `TRUE`, a date is ISO, nothing is ""."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)
