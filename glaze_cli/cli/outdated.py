"""Filled cells that are asked about anew: stale (`refresh = "30d"`), or their row has changed (`--changed`).

Only values that Glaze found are ever asked about again; what somebody typed is left alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from glaze_cli.engine.freshness import age_s
from glaze_cli.engine.plan import ColumnPlan
from glaze_cli.engine.rows import RowReader
from glaze_cli.fields.normal import normalise
from glaze_cli.model import ANY, Field, Found
from glaze_cli.model.states import Captioned
from glaze_cli.store.answers import get_answer
from glaze_cli.store.filled import latest_filled
from glaze_cli.store.tasks import QueuedRow, QueuedTask


class Outdatedness(Captioned):
    """Why a filled cell is asked about anew."""

    STALE = "stale", "its answer is older than the column's refresh allows"
    CHANGED = "changed", "what its row was asked with has changed"


@dataclass(frozen=True)
class Outdated:
    """Looks at the filled cells of one selection."""

    connection: sqlite3.Connection
    path: str
    sheet: str
    fields: Mapping[str, Field]
    """Header → what it means."""
    plans: Mapping[int, ColumnPlan]
    refresh: Mapping[int, float]
    """Column → seconds after which an answer is stale; only of columns that have such a setting."""
    changed: bool
    now: str

    @cached_property
    def _reader(self) -> RowReader:
        return RowReader(self.fields, self.plans)

    def why(self, number: int, data: Mapping[str, str], column: int, text: str) -> Outdatedness | None:
        """Why the cell of that row, which holds `text`, is asked about anew; None: it is left alone."""
        plan = self.plans[column]
        if self.changed and self._has_changed(number, data, plan, text):
            return Outdatedness.CHANGED
        if column in self.refresh and self._is_stale(number, data, plan, text):
            return Outdatedness.STALE
        return None

    def _has_changed(self, number: int, data: Mapping[str, str], plan: ColumnPlan, text: str) -> bool:
        header = plan.target.header
        before = latest_filled(self.connection, self.path, self.sheet, number, header)
        if before is None or not _same(plan.field, text, before.value):
            return False
        for other in self._read(plan):
            field = self.fields.get(other, Field(""))
            if other != header and not _same(field, data.get(other, ""), before.row.get(other, "")):
                return True
        return False

    def _read(self, plan: ColumnPlan) -> list[str]:
        """The headers that the column's providers read."""
        if plan.prompt is not None:
            return list(plan.prompt.reads)
        needs = [n for provider in plan.waterfall for n in provider.needs_for(plan.field)]
        read = frozenset[Field]().union(*needs)
        return [header for header, field in self.fields.items() if field in read or ANY in read]

    def _is_stale(self, number: int, data: Mapping[str, str], plan: ColumnPlan, text: str) -> bool:
        """Its value is an answer that we remember, and that is older than it may be; rows may have moved."""
        task = QueuedTask(-1, plan.column, text)
        row = self._reader.begin(QueuedRow(-1, number, data, (task,), {}))
        for step in plan.steps:
            lookup = row.lookup(step)
            kept = get_answer(self.connection, lookup) if lookup is not None else None
            if kept is None or not isinstance(kept.answer, Found):
                continue
            value = kept.answer.values.get(plan.field)
            if value is not None and _same(plan.field, text, value):
                return age_s(kept.at, self.now) > self.refresh[plan.column]
        return False


def _same(field: Field, text: str, value: object) -> bool:
    """Whether the cell holds that value, however it is written."""
    return str(value).strip() == text.strip() or normalise(field, str(value)) == normalise(field, text)
