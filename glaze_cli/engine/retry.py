"""Repeating a throttled call: a plain first try, tenacity only after it failed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_base, wait_exponential, wait_random

from glaze_cli.errors import LookupFailed, Throttled
from glaze_cli.model.settings import RunSettings

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]


class ServerFloor(wait_base):
    """Our own backoff (doubling, with jitter), and never less than the server asked for."""

    def __init__(self, low: float, high: float) -> None:
        self._own = wait_exponential(multiplier=low, min=low, max=high) + wait_random(0, low)

    def __call__(self, retry_state: RetryCallState) -> float:
        """Seconds to wait before the next attempt."""
        error = retry_state.outcome.exception() if retry_state.outcome else None
        asked = error.retry_after if isinstance(error, Throttled) and error.retry_after else 0.0
        return max(asked, self._own(retry_state))


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
