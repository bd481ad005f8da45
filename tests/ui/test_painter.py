"""The thread that draws."""

from __future__ import annotations

import time

import pytest

from glaze_cli.ui.painter import Painter, pause_after


@pytest.mark.parametrize(("cost", "pause"), [(0.0, 0.1), (0.004, 0.1), (0.02, 0.5), (9.0, 2.0)])
def test_frames_that_cost_much_come_more_rarely(cost: float, pause: float) -> None:
    """On a slow machine, in a huge window: never more than a small part of a core."""
    assert pause_after(cost) == pytest.approx(pause)


def test_a_terminal_that_is_gone_ends_the_drawing_only() -> None:
    """The run goes on to its own end; nothing is written to the screen about it."""
    drawn: list[int] = []

    def draw() -> None:
        drawn.append(1)
        raise OSError

    painter = Painter(draw)
    painter.start()
    while not drawn:
        time.sleep(0.01)
    painter.stop()
    assert drawn == [1]
