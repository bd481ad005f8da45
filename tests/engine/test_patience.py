"""A cell's time, which stands still while it waits for its turn."""

from __future__ import annotations

import asyncio

import pytest

from glaze_cli.engine.patience import Timekeeper


def test_it_ends() -> None:
    """Without a pause it is a time limit."""

    async def go() -> None:
        with Timekeeper(0.01).patience():
            await asyncio.sleep(5)

    with pytest.raises(TimeoutError):
        asyncio.run(go())


def test_pauses_do_not_count() -> None:
    """Twice as long as allowed, most of it paused, and once inside another pause: in time."""

    async def go() -> bool:
        with Timekeeper(0.1).patience() as patience:
            patience.pause()
            patience.pause()
            await asyncio.sleep(0.15)
            patience.resume()
            await asyncio.sleep(0.05)
            patience.resume()
        return True

    assert asyncio.run(go())


def test_after_a_pause_it_goes_on() -> None:
    """What was left before is left after."""

    async def go() -> None:
        with Timekeeper(0.05).patience() as patience:
            patience.pause()
            await asyncio.sleep(0.1)
            patience.resume()
            await asyncio.sleep(5)

    with pytest.raises(TimeoutError):
        asyncio.run(go())
