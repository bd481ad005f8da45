"""Serial numbers are the days that Excel shows, its mistakes included."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

from glaze_cli.sheets.xlsx.dates import Shows, iso

DAY = Shows(date=True, time=False)
MOMENT = Shows(date=True, time=True)
TIME = Shows(date=False, time=True)


@pytest.mark.parametrize(
    ("serial", "shows", "date1904", "seen"),
    [
        (0, DAY, False, "1900-01-00"),  # what Excel shows
        (1, DAY, False, "1900-01-01"),
        (59, DAY, False, "1900-02-28"),
        (60, DAY, False, "1900-02-29"),  # never was, but Excel shows it
        (61, DAY, False, "1900-03-01"),
        (2_958_465, DAY, False, "9999-12-31"),
        (2_958_466, DAY, False, None),
        (-0.5, DAY, False, None),
        (2.1e300, DAY, False, None),  # a number that no calendar has
        (0, DAY, True, "1904-01-01"),
        (44_650, DAY, True, "2026-03-31"),
        (46_112.9999999, MOMENT, False, "2026-04-01T00:00:00"),  # rounded to the second, days too
        (46_112.9999999, DAY, False, "2026-03-31"),
        (1.25, Shows(date=False, time=True, elapsed=True), False, "30:00:00"),
        (1.25, TIME, False, "06:00:00"),
    ],
)
def test_a_serial_number_is_the_moment_excel_shows(
    serial: float, shows: Shows, date1904: bool, seen: str | None
) -> None:
    """Both day counts, the leap day that never was, and the ends of the calendar."""
    assert iso(serial, shows, date1904) == seen


@given(st.datetimes(datetime(1904, 1, 2), datetime(9999, 12, 31)), st.booleans())
def test_any_moment_comes_back(moment: datetime, date1904: bool) -> None:
    """What openpyxl counts as a serial number reads back to the second, in both day counts."""
    moment = moment.replace(microsecond=0)
    epoch = CALENDAR_MAC_1904 if date1904 else CALENDAR_WINDOWS_1900
    assert iso(to_excel(moment, epoch), MOMENT, date1904) == moment.isoformat()
