"""What is remembered for the rows that come next: one question to the store for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from glaze_cli.engine.fresh import Fresh
from glaze_cli.engine.plan import ColumnPlan
from glaze_cli.engine.rows import RowUnderWay
from glaze_cli.model import Lookup
from glaze_cli.store.answers import KeptAnswer, get_answer, get_answers
from glaze_cli.store.snapshot import Snapshot

ROWS = 100
"""How many are looked at together; to ask for more at once saves nothing."""

HOLDS_S = 2.0
"""How long it holds what was seen. What costs is compared with the store once more before it is asked
(permits.py); a free question that another job has answered meanwhile may be asked twice."""


class Ahead:
    """One for a run. Looks at the first question of each cell, which nearly all cells end with."""

    def __init__(self, snapshot: Snapshot, fresh: Fresh, plans: Mapping[int, ColumnPlan]) -> None:
        """`fresh`: what the store does not show yet. `plans`: by column, of those that the job fills."""
        self._snapshot = snapshot
        self._fresh = fresh
        self._first = {
            column: plan.steps[0]
            for column, plan in plans.items()
            if not plan.steps[0].local and plan.when is None
        }
        self._clock = asyncio.get_running_loop()
        self._until = 0.0
        self._seen: dict[str, KeptAnswer | None] = {}

    def rows(self, rows: Iterator[RowUnderWay]) -> Iterator[RowUnderWay]:
        """The same rows, looked at a little before their turn."""
        while stretch := list(islice(rows, ROWS)):
            if self._first:
                self._look_at(stretch)
            yield from stretch

    def answer(self, lookup: Lookup) -> KeptAnswer | None:
        """What the provider answered to this question before; None when it was never asked."""
        if lookup.key in self._seen and self._clock.time() < self._until:
            return self._seen[lookup.key]
        return get_answer(self._snapshot.look(), lookup)

    def forget(self, key: str) -> None:
        """It was answered just now, or others say something new about it."""
        self._seen.pop(key, None)

    def _look_at(self, stretch: Sequence[RowUnderWay]) -> None:
        keys = []
        for row in stretch:
            for column in row.pending:
                step = self._first.get(column)
                lookup = None if step is None else row.lookup(step)
                if step is not None and lookup is not None:
                    row.prepared[step] = lookup
                    if self._fresh.get(lookup.key) is None:
                        keys.append(lookup.key)
        found = get_answers(self._snapshot.look(), keys) if keys else {}
        self._seen = {**dict.fromkeys(keys), **found}
        self._until = self._clock.time() + HOLDS_S
