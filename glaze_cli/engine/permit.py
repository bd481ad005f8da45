"""Leave to make a call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from glaze_cli.errors import ProviderError
from glaze_cli.model import Answer, Submitted
from glaze_cli.store.attempts import Attempt
from glaze_cli.store.no_permit import NoPermit

Outcome = Answer | Submitted | ProviderError
"""What a call came to for one lookup."""


class Permit(NamedTuple):
    """Leave to make one call, about one lookup or a batch of them."""

    place: int
    attempts: tuple[Attempt | NoPermit, ...]
    """One a lookup, or why it may not be asked. Empty: a call that costs nothing and asks nothing new
    (fetching an answer)."""
    closings: int = 0
    """How many calls of the run had ended before it was asked for."""


def any_allowed(attempts: Sequence[Attempt | NoPermit]) -> bool:
    """Whether there is anything to call for."""
    return any(isinstance(attempt, Attempt) for attempt in attempts)
