"""An alarm: one timer that rings at the earliest of many moments."""

from __future__ import annotations

import asyncio

import pytest

from glaze_cli.store.alarm import Alarm

FAR_S = 3_600.0


@pytest.mark.parametrize(
    "after",
    [
        (0.02,),
        (FAR_S, 0.02),  # a nearer moment than it was set to
        (0.02, FAR_S),  # a later one changes nothing
        (FAR_S, -5.0),  # a moment that has passed is now
    ],
)
def test_it_rings_once_at_the_earliest(after: tuple[float, ...]) -> None:
    """Whatever the order in which it was set; not before, and it is set no more then."""

    async def go() -> None:
        clock, rung = asyncio.get_running_loop(), asyncio.Event()
        heard: list[float] = []
        alarm = Alarm(lambda: (heard.append(clock.time()), rung.set()))  # type: ignore[arg-type, func-returns-value]
        began = clock.time()
        for seconds in after:
            alarm.by(began + seconds)
        assert alarm.is_set
        await asyncio.wait_for(rung.wait(), 30)
        assert not alarm.is_set
        assert len(heard) == 1 and heard[0] >= began + min(after) - 0.005

    asyncio.run(go())


def test_it_can_be_stopped_and_set_again() -> None:
    """Stopped it does not ring; a moment after that counts like any other."""

    async def go() -> None:
        heard, rung = [], asyncio.Event()
        alarm = Alarm(lambda: heard.append("first") or rung.set())  # type: ignore[func-returns-value]
        alarm.by(asyncio.get_running_loop().time() + 0.01)
        alarm.stop()
        assert not alarm.is_set
        await asyncio.sleep(0.05)
        assert heard == []
        alarm.by(asyncio.get_running_loop().time() + FAR_S)
        alarm.by(asyncio.get_running_loop().time())
        await asyncio.wait_for(rung.wait(), 30)
        assert heard == ["first"]

    asyncio.run(go())
