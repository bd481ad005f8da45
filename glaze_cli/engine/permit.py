"""Leave to make a call, and what has to be said to get it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from glaze_cli.errors import ProviderError
from glaze_cli.model import Answer, Lookup, Micros, Submitted
from glaze_cli.store.attempts import Attempt
from glaze_cli.store.permits import NOTHING_SEEN, NoPermit, Seen

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


class Wanted(NamedTuple):
    """A lookup that is to be asked, most that it can cost, and the cell (task) that asked first."""

    lookup: Lookup
    price: Micros
    task_id: int | None = None
    seen: Seen = NOTHING_SEEN
    """What the store held about it when it was last looked at."""


def any_allowed(attempts: Sequence[Attempt | NoPermit]) -> bool:
    """Whether there is anything to call for."""
    return any(isinstance(attempt, Attempt) for attempt in attempts)
