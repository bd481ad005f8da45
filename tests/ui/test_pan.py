"""A sheet that is wider than the terminal."""

from __future__ import annotations

import pytest

from glaze_cli.ui.pan import Pan


@pytest.mark.parametrize(
    ("busy", "seconds", "first"),
    [
        ({0, 5}, [0.0, 2.9], 0),  # what runs here is watched for a while
        ({0, 5}, [0.0, 3.0], 5),  # then comes the next page with work
        ({5}, [0.0, 1.0], 5),  # sooner where nothing runs any more
        ({5}, [0.0, 0.9], 0),  # but no page flickers
        ({0, 1}, [0.0, 9.0], 0),  # all in sight
        (set(), [0.0, 9.0], 0),
        ({0, 9}, [0.0, 3.0, 6.0], 0),  # and back to the first
        ({9}, [0.0, 1.0], 7),  # no page beyond the last column
    ],
)
def test_columns_out_of_sight_have_their_turn(busy: set[int], seconds: list[float], first: int) -> None:
    """Of ten columns three fit: the page turns to where cells run."""
    pan = Pan()
    assert [pan.turn(10, 3, busy, now) for now in seconds][-1] == first


def test_a_wide_window_needs_no_turning() -> None:
    """Made wider, it shows all from the first column on."""
    pan = Pan()
    assert [pan.turn(10, 3, {9}, now) for now in (0.0, 5.0)] == [0, 7]
    assert pan.turn(10, 10, {9}, 6.0) == 0
