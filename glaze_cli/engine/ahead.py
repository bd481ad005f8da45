"""What is remembered for the rows that come next: one question to the store for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from glaze_cli.engine.plan import ColumnPlan
from glaze_cli.engine.rows import RowUnderWay
from glaze_cli.model import Lookup
from glaze_cli.store.answers import KeptAnswer, get_answer, get_answers
from glaze_cli.store.snapshot import Snapshot

ROWS = 100
"""How many are looked at together. To ask for more at once saves nothing."""

_WORTH_IT = 0.1
"""Where fewer of the answers were remembered, the next stretches are not looked up together."""
_STRETCHES = 10


class Ahead:
    """One for a run. What it saw counts only as long as the look at the store in which it saw it: then each
    question is asked anew, so that nothing is taken from it that the store would not say at that moment.
    """

    def __init__(self, snapshot: Snapshot, plans: Mapping[int, ColumnPlan]) -> None:
        """`plans`: by column, of those that the job fills."""
        self._snapshot = snapshot
        self._first = {
            column: plan.steps[0]
            for column, plan in plans.items()
            if plan.steps and not plan.steps[0].local and plan.when is None
        }
        self._look = -1
        self._seen: dict[str, KeptAnswer | None] = {}
        self._skip = 0

    def rows(self, rows: Iterator[RowUnderWay]) -> Iterator[RowUnderWay]:
        """The same rows, looked at a little before their turn."""
        while stretch := list(islice(rows, ROWS)):
            if self._skip:
                self._skip -= 1
            elif self._first:
                self._look_at(stretch)
            yield from stretch

    def answer(self, lookup: Lookup) -> KeptAnswer | None:
        """What the provider answered to this question before; None when it was never asked."""
        if lookup.key in self._seen and self._snapshot.holds(self._look):
            return self._seen[lookup.key]
        return get_answer(self._snapshot.look(), lookup)

    def _look_at(self, stretch: Sequence[RowUnderWay]) -> None:
        keys = []
        for row in stretch:
            for column in row.pending:
                step = self._first.get(column)
                lookup = None if step is None else row.lookup(step)
                if step is not None and lookup is not None:
                    row.prepared[step] = lookup
                    keys.append(lookup.key)
        connection = self._snapshot.look()
        found = get_answers(connection, keys) if keys else {}
        self._seen = {**dict.fromkeys(keys), **found}
        self._look = self._snapshot.number
        if len(found) < _WORTH_IT * len(keys):
            self._skip = _STRETCHES
