"""Repeating a throttled call: a plain first try, tenacity only after it failed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from glaze_cli.errors import LookupFailed, Throttled
from glaze_cli.model.settings import RunSettings

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]


async def call_repeatedly(call: Callable[[], Awaitable[T]], run: RunSettings, sleep: Sleep) -> T:
    """Make the call, up to `run.attempts` times while it raises Throttled; then LookupFailed.

    A first try that answers pays nothing for the machinery.
    """
    try:
        return await call()
    except Throttled as error:
        first = error
    try:
        return await _again(call, first, run, sleep)
    except Throttled as error:
        times = "once" if run.attempts == 1 else f"{run.attempts} times"
        raise LookupFailed(f"{error} (tried {times})", error.reason) from error


async def _again(call: Callable[[], Awaitable[T]], first: Throttled, run: RunSettings, sleep: Sleep) -> T:
    """The retries; the first try is replayed, so that tenacity counts it and waits before the second."""
    from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt  # most runs need none

    from glaze_cli.engine.backoff import ServerFloor

    if (first.retry_after or 0.0) > run.cell_timeout:
        raise LookupFailed(f"{first}; it asks to wait {first.retry_after:,.0f} s", first.reason)
    retrying = AsyncRetrying(
        retry=retry_if_exception_type(Throttled),
        stop=stop_after_attempt(int(run.attempts)),
        wait=ServerFloor(run.wait_min, run.wait_max),
        sleep=sleep,
        reraise=True,
    )
    async for attempt in retrying:
        with attempt:
            if attempt.retry_state.attempt_number == 1:
                raise first
            return await call()
    raise first  # not reached: `reraise` raises the last failure
