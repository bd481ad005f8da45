"""How long to wait before a throttled call is made again."""

from __future__ import annotations

from tenacity import RetryCallState
from tenacity.wait import wait_base, wait_exponential, wait_random

from glaze_cli.errors import Throttled


class ServerFloor(wait_base):
    """Our own backoff (doubling, with jitter), and never less than the server asked for."""

    def __init__(self, low: float, high: float) -> None:
        self._own = wait_exponential(multiplier=low, min=low, max=high) + wait_random(0, low)

    def __call__(self, retry_state: RetryCallState) -> float:
        """Seconds to wait before the next attempt."""
        error = retry_state.outcome.exception() if retry_state.outcome else None
        asked = error.retry_after if isinstance(error, Throttled) and error.retry_after else 0.0
        return max(asked, self._own(retry_state))
