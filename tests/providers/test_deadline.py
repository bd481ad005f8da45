"""Calls end in time, each by itself, though one timer looks after all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine

import pytest

from glaze_cli.providers.deadline import Deadline, Watch

Work = Callable[[Deadline], Coroutine[None, None, object]]


async def within(work: Work, whole_s: float, silence_s: float, watch: Watch | None = None) -> float:
    """The seconds that the work takes; TimeoutError when it is late."""
    began = time.monotonic()
    with (deadline := (watch or Watch()).deadline(whole_s, silence_s)):
        await work(deadline)
    return time.monotonic() - began


async def for_ever(deadline: Deadline) -> None:
    """Says nothing."""
    deadline.listen()
    await asyncio.sleep(30)


async def never_heard(deadline: Deadline) -> None:
    """Waits, but not for the other side."""
    await asyncio.sleep(30)


async def drip(deadline: Deadline) -> None:
    """Says something now and then, and never comes to an end."""
    while True:
        deadline.listen()
        await asyncio.sleep(0.02)


async def late_to_listen(deadline: Deadline) -> None:
    """Is long on the way there, without being late, and then hears nothing."""
    await asyncio.sleep(0.1)
    await for_ever(deadline)


async def silent_before(deadline: Deadline) -> None:
    """Hears all, looks elsewhere for a while, and then hears nothing."""
    deadline.listen()
    deadline.hush()
    await late_to_listen(deadline)


@pytest.mark.parametrize(
    ("work", "whole_s", "silence_s", "ends_s"),
    [
        (for_ever, 5.0, 0.05, 0.05),
        (never_heard, 0.2, 0.05, 0.2),
        (drip, 0.2, 0.1, 0.2),
        (late_to_listen, 5.0, 0.05, 0.15),
        (silent_before, 5.0, 0.05, 0.15),
        (for_ever, 0.05, 5.0, 0.05),
    ],
)
def test_what_is_late_ends(work: Work, whole_s: float, silence_s: float, ends_s: float) -> None:
    """The whole is bounded, and each silence is, from when somebody listens."""
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        asyncio.run(within(work, whole_s, silence_s))
    assert ends_s - 0.01 <= time.monotonic() - began < ends_s + 2


def test_what_is_in_time_goes_on() -> None:
    """More than one silence, each in time, is no silence too long."""

    async def talk(deadline: Deadline) -> None:
        for _ in range(3):
            deadline.listen()
            await asyncio.sleep(0.2)
        deadline.hush()
        await asyncio.sleep(0.6)

    assert asyncio.run(within(talk, 10.0, 0.5)) >= 1.1


def test_each_call_ends_by_its_own_time() -> None:
    """A short one beside long ones is not made to wait for them, nor they cut short by it."""

    async def all_at_once() -> list[float | BaseException]:
        watch = Watch()
        bounds = [5.0, 0.05, 0.15]
        works = (within(lambda _: asyncio.sleep(0.3), whole_s, 5.0, watch) for whole_s in bounds)
        return await asyncio.gather(*works, return_exceptions=True)

    whole, short, middle = asyncio.run(all_at_once())
    assert isinstance(whole, float)
    assert [type(short), type(middle)] == [TimeoutError, TimeoutError]


def test_who_else_cancels_is_heard() -> None:
    """A cancelled task is cancelled, and not called late."""

    async def cancelled() -> None:
        task = asyncio.create_task(within(for_ever, 5.0, 5.0))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())


def test_a_cancelling_from_elsewhere_wins() -> None:
    """Late and cancelled at once is cancelled, as with asyncio's own timeouts."""

    async def both() -> None:
        task = asyncio.current_task()
        assert task is not None

        async def work(deadline: Deadline) -> None:
            deadline.run_out()
            task.cancel()
            await asyncio.sleep(5)

        await within(work, 5.0, 5.0)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(both())


@pytest.mark.parametrize("ends", [None, KeyError])
def test_no_cancelling_is_left_standing(ends: type[Exception] | None) -> None:
    """Work that ends after all, or breaks, when its time is over leaves a task that can go on."""

    async def stubborn(deadline: Deadline) -> None:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            if ends:
                raise ends from None

    async def go_on() -> int:
        task = asyncio.current_task()
        assert task is not None
        try:
            await within(stubborn, 0.02, 5.0)
        except KeyError:
            assert ends
        await asyncio.sleep(0.01)
        return task.cancelling()

    assert asyncio.run(go_on()) == 0


class Counting(asyncio.SelectorEventLoop):
    """Knows how many timers were set."""

    timers = 0

    def call_at(self, *arguments: object, **more: object) -> asyncio.TimerHandle:
        """As ever."""
        self.timers += 1
        return super().call_at(*arguments, **more)  # type: ignore[arg-type]


def test_a_thousand_calls_set_one_timer() -> None:
    """However many there are, at once or one after the other."""

    async def many() -> None:
        watch = Watch()
        for _ in range(10):
            await asyncio.gather(*(within(lambda _: asyncio.sleep(0), 60.0, 50.0, watch) for _ in range(100)))
        watch.close()

    with asyncio.Runner(loop_factory=Counting) as runner:
        runner.run(many())
        loop = runner.get_loop()
    assert isinstance(loop, Counting)
    assert loop.timers == 1


def test_a_watch_outlives_a_loop() -> None:
    """A second run, on a loop of its own, is looked after like the first."""
    watch = Watch()
    for _ in range(2):
        with pytest.raises(TimeoutError):
            asyncio.run(within(for_ever, 5.0, 0.05, watch))


def test_outside_a_task_there_is_nothing_to_end() -> None:
    """Said at once, and not when it is late."""

    async def make() -> None:
        def enter() -> None:
            try:
                with Watch().deadline(1.0, 1.0):
                    pass
            except RuntimeError as error:
                said.append(str(error))

        said: list[str] = []
        asyncio.get_running_loop().call_soon(enter)
        await asyncio.sleep(0.01)
        assert said == ["a deadline needs a task that it can end"]

    asyncio.run(make())
