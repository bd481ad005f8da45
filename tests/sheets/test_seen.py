"""Values as a person sees them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from glaze_cli.sheets.seen import as_seen


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("00501", "00501"),
        (42, "42"),
        (42.0, "42"),
        (-0.5, "-0.5"),
        (1e300, "1e+300"),  # whole, but nobody writes its 300 digits
        (True, "TRUE"),
        (date(2024, 5, 6), "2024-05-06"),
        (datetime(2024, 5, 6), "2024-05-06"),
        (datetime(2024, 5, 6, 7, 8), "2024-05-06 07:08:00"),
        (time(7, 8), "07:08:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
    ],
)
def test_as_seen(value: Any, text: str) -> None:
    """Each type has one plain spelling."""
    assert as_seen(value) == text
