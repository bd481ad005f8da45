"""How long a service asks us to wait: seconds out of whatever it says, or None where it makes no sense."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|[smhd]))+")  # Go and protobuf: 6m0s, 48.9s, 120ms
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhd])")
_ENGLISH = re.compile(
    r"\b(?:in|after|for)\s+(\d+(?:\.\d+)?)\s*(ms|milli|sec|min|hour|s\b|m\b|h\b)", re.IGNORECASE
)
_ENGLISH_UNITS = {"milli": "ms", "sec": "s", "min": "m", "hour": "h"}

_EPOCH_S = 1e9  # 2001: larger numbers are moments, not durations
_EPOCH_MS = 1e12

_LONGEST = 1000  # of a sentence with a hint in it; reading dates out of a whole page takes seconds


def seconds_to_wait(hint: object, now: float, unit: str = "s") -> float | None:
    """Seconds from `now` (epoch seconds) until the service wants to be asked again.

    `unit` (`s` or `ms`) is what a plain number counts. A moment in the past, a negative number, a
    placeholder or any other nonsense is None.
    """
    if isinstance(hint, bool) or not isinstance(hint, str | int | float):
        return None
    wait: float | None
    try:
        wait = _from_number(float(hint), now, unit)
    except (ValueError, OverflowError):
        wait = _from_text(str(hint)[:_LONGEST].strip(), now)
    return wait if wait is not None and math.isfinite(wait) and wait > 0 else None


def _from_number(number: float, now: float, unit: str) -> float:
    if number >= _EPOCH_MS:
        return number / 1000 - now
    if number >= _EPOCH_S:
        return number - now
    return number * _UNITS[unit]


def _from_text(text: str, now: float) -> float | None:
    if _DURATION.fullmatch(text):
        return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
    moment = _moment(text)
    if moment is not None:
        return moment.timestamp() - now
    spoken = _ENGLISH.search(text)
    if spoken is None:
        return None
    unit = spoken[2].lower()
    return float(spoken[1]) * _UNITS[_ENGLISH_UNITS.get(unit, unit)]


def _moment(text: str) -> datetime | None:
    """An ISO time or an HTTP date; without a zone it is UTC."""
    from email.utils import parsedate_to_datetime  # few services say it so, and `email` is a lot to import

    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
