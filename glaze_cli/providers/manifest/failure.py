"""From an outcome that is no answer to the error that the engine understands."""

from __future__ import annotations

from collections.abc import Sequence

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from glaze_cli.model import FailReason, SkipReason
from glaze_cli.providers.http import Call, reply_lost
from glaze_cli.providers.manifest.document import Document
from glaze_cli.providers.manifest.rules import Verdict
from glaze_cli.providers.manifest.schema import Outcome, Wait
from glaze_cli.providers.manifest.waits import seconds_to_wait

_UNUSABLE = {
    Outcome.QUOTA: FailReason.QUOTA,
    Outcome.AUTH: FailReason.AUTH,
    Outcome.CONFIG: FailReason.CONFIG,
}
_FAILED: dict[Outcome, str] = {
    Outcome.BAD_INPUT: FailReason.BAD_INPUT,
    Outcome.TRUNCATED: FailReason.PROVIDER_ERROR,
    Outcome.REFUSED: FailReason.PROVIDER_ERROR,
    Outcome.STOP: SkipReason.OPTED_OUT,
}


def failure(
    name: str, key_name: str, call: Call, verdict: Verdict, document: Document, wait: float | None
) -> ProviderError:
    """What the outcome means to the engine; its bill is the caller's to set.

    `name` is the provider's, `key_name` the variable that holds its key, `wait` what the service asked for.
    """
    outcome = verdict.outcome
    message = f"{name}: {outcome.caption} (status {document.status})"
    if verdict.why:
        message += f": {verdict.why}"
    if outcome is Outcome.AUTH and key_name:
        message += f": check {key_name}"
    if outcome in _UNUSABLE:
        return ProviderUnusable(message, reason=_UNUSABLE[outcome])
    if outcome in _FAILED:
        unread = document.broken and document.succeeded
        return LookupFailed(message, reason=call.unread_reason if unread else _FAILED[outcome])
    if outcome is Outcome.LOST:
        return reply_lost(call)
    return Throttled(message, wait, _why_again(outcome, document.status))


def _why_again(outcome: Outcome, status: int) -> FailReason:
    """Not ready yet, too quick, or broken: the engine treats the provider accordingly."""
    if outcome is Outcome.PENDING:
        return FailReason.TIMEOUT
    return FailReason.THROTTLED if 400 <= status < 500 else FailReason.PROVIDER_ERROR


def first_wait(hints: Sequence[Wait], document: Document, now: float) -> float | None:
    """Seconds from `now` (epoch) that the answer asks us to wait; the first hint that makes sense."""
    waits = (seconds_to_wait(hint.path.of(document.values), now, hint.unit) for hint in hints)
    return next((wait for wait in waits if wait is not None), None)
