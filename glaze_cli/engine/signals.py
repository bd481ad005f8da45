"""What the outcome of a call says of its provider, whatever it says of the row."""

from __future__ import annotations

from glaze_cli.errors import LookupFailed, ProviderError, Throttled
from glaze_cli.model import Answer, FailReason, Submitted
from glaze_cli.model.pace import Signal

_DOWN = frozenset({FailReason.UNREACHABLE, FailReason.PROVIDER_ERROR, FailReason.UNKNOWN_OUTCOME})


def signal_of(outcome: Answer | Submitted | ProviderError) -> tuple[Signal, float | None] | None:
    """The signal, and the seconds it asks us to wait; None where the call says nothing of the provider:
    the input was bad, the code is defective, the answer is only not ready yet.
    """
    if not isinstance(outcome, ProviderError):
        return Signal.FINE, None
    if isinstance(outcome, Throttled):
        if outcome.reason == FailReason.THROTTLED:
            return Signal.BUSY, outcome.retry_after
        return (Signal.DOWN, outcome.retry_after) if outcome.reason in _DOWN else None
    if isinstance(outcome, LookupFailed) and outcome.reason == FailReason.UNKNOWN_OUTCOME:
        return Signal.DOWN, None
    return None
