"""What one lookup came to, in the ledger: a refusal costs what it says, a lost reply counts whole."""

from __future__ import annotations

import sqlite3

from glaze_cli.engine.permit import Outcome
from glaze_cli.engine.repeating import may_repeat
from glaze_cli.errors import ProviderError
from glaze_cli.model import FailReason, Lookup, Micros, Submitted
from glaze_cli.providers.base import Provider
from glaze_cli.store.attempts import Attempt, keep_handle, lose_attempt, refuse_attempt, settle_attempt


def record(
    connection: sqlite3.Connection,
    provider: Provider,
    attempt: Attempt,
    lookup: Lookup,
    outcome: Outcome,
    at: str,
) -> None:
    """Write it down. Inside the caller's transaction."""
    if isinstance(outcome, Submitted):
        keep_handle(connection, attempt, outcome.handle)
    elif not isinstance(outcome, ProviderError):
        keep, safe = provider.keep.store, may_repeat(provider, lookup)
        settle_attempt(connection, attempt, lookup, outcome, at, keep, safe)
    elif outcome.reason == FailReason.UNKNOWN_OUTCOME:
        lose_attempt(connection, attempt.id, str(outcome), at)
    else:
        refuse_attempt(connection, attempt, outcome.reason, str(outcome), Micros(outcome.cost), at)


def bill_of(attempt: Attempt, outcome: Outcome) -> Micros:
    """What it costs, as `record` writes it."""
    if isinstance(outcome, Submitted):
        return Micros(0)
    if not isinstance(outcome, ProviderError):
        return attempt.reserved if outcome.cost is None else outcome.cost
    return attempt.reserved if outcome.reason == FailReason.UNKNOWN_OUTCOME else Micros(outcome.cost)
