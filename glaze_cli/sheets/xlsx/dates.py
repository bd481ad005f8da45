"""Serial numbers to ISO dates and times, as Excel counts them (with its 29 February 1900)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

LAST_DAY = 2_958_465
"""9999-12-31 in the 1900 system."""
DAYS_1904 = 1462
"""How much later the 1904 system starts."""


@dataclass(frozen=True, slots=True)
class Shows:
    """What a format shows of a moment."""

    date: bool
    time: bool
    elapsed: bool = False
    """Hours are not taken modulo 24."""
    fraction: bool = False
    """Parts of a second."""


def iso(serial: float, shows: Shows, date1904: bool) -> str | None:
    """`2026-03-31`, `2026-03-31T14:30:00`, `14:30:00`, `36:00:00`; None where Excel shows only ####."""
    if not 0 <= serial <= LAST_DAY + 1:  # also keeps what follows within what integers are made for
        return None
    step = 1 if shows.fraction else 1000
    milliseconds = round(serial * 86_400_000 / step) * step
    if not shows.time:
        milliseconds = int(serial // 1) * 86_400_000  # a date alone is not rounded up to the next
    days, rest = divmod(milliseconds, 86_400_000)
    day_number = days + (DAYS_1904 if date1904 else 0)
    if day_number > LAST_DAY:
        return None
    hours, clock = rest // 3_600_000, _clock(rest, shows.fraction)
    if not shows.date:
        return f"{hours + (24 * days if shows.elapsed else 0):02}:{clock}"
    day = _day(day_number)
    return f"{day}T{hours:02}:{clock}" if shows.time else day


def _clock(milliseconds: int, fraction: bool) -> str:
    """Minutes and seconds within the hour."""
    seconds, part = divmod(milliseconds, 1000)
    text = f"{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{part:03}" if fraction and part else text


def _day(number: int) -> str:
    """The day of the 1900 system; days 0 and 60 never were, but Excel shows them."""
    if number == 0:
        return "1900-01-00"
    if number == 60:
        return "1900-02-29"
    return (date(1899, 12, 31 if number < 60 else 30) + timedelta(days=number)).isoformat()
