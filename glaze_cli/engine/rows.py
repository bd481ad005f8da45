"""A row under way: what it holds now, and what a provider may read of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from glaze_cli.engine.flight import Asked
from glaze_cli.engine.plan import ColumnPlan
from glaze_cli.engine.step import Step
from glaze_cli.fields.normal import normalise
from glaze_cli.model import ANY, Field, Found, Lookup, Scalar, custom_field
from glaze_cli.store.tasks import QueuedRow


@dataclass(slots=True)
class RowUnderWay:
    """Grows as its cells are filled, so that a found domain is an input of the e-mail beside it."""

    row: QueuedRow
    inputs: dict[Field, str]
    """Normalised; no empty ones."""
    pending: dict[int, int] = field(default_factory=dict)
    """Column → task id of the cells that have not ended."""
    answers: dict[str, Asked] = field(default_factory=dict)
    """Provider → what it last found about this row; its other fields need no further call."""

    held: dict[int, Scalar] = field(default_factory=dict)
    """Column → the old value of a cell that is asked about anew, which must not be its own answer."""

    texts: dict[Field, str] = field(default_factory=dict)
    """By `custom_field` of their headers: what prompts read; empty where no column has one."""

    prepared: dict[Step, Lookup] = field(default_factory=dict)
    """What is to be asked, as long as no cell of the row is filled."""

    def lookup(self, step: Step) -> Lookup | None:
        """What to ask the provider now; None when the row lacks what it reads."""
        return self.prepared.get(step) or step.lookup(self.inputs, self.texts)

    def learn(self, plan: ColumnPlan, value: Scalar) -> None:
        """A cell was filled: from now on it is an input."""
        if text := normalise(plan.field, str(value)):
            self.prepared.clear()
            self.inputs[plan.field] = text
            self.texts[custom_field(plan.target.header)] = normalise(Field(""), str(value))

    def answered(self, step: Step, wanted: Field) -> Asked | None:
        """The provider's answer about this row that holds the wanted field, when there was one."""
        asked = None if step.prompted else self.answers.get(step.name)
        if asked is None or not isinstance(asked.outcome, Found) or wanted not in asked.outcome.values:
            return None
        return Asked(asked.outcome, cached=asked.cached, joined=not asked.cached, at=asked.at)


class RowReader:
    """Begins rows; what is the same for all rows of a job is worked out once."""

    def __init__(self, fields: Mapping[str, Field], plans: Mapping[int, ColumnPlan]) -> None:
        """`fields`: header → field; where two headers mean the same, the leftmost filled one counts.

        `plans`: by column, of those that the job fills.
        """
        read = _read_by(plans.values())
        self._fields = [(header, field) for header, field in fields.items() if field in read or ANY in read]
        self._plans = plans
        self._prompted = any(plan.prompt is not None for plan in plans.values())

    def begin(self, row: QueuedRow) -> RowUnderWay:
        """The row as it was read, with what an earlier run of the job filled."""
        data, held, pending = row.data, {}, {}
        for task in row.tasks:
            pending[task.column] = task.id
            if task.old is not None and not self._plans[task.column].reads_itself:
                held[task.column] = task.old
        if held:
            hidden = {self._plans[column].target.header for column in held}
            data = {header: text for header, text in data.items() if header not in hidden}
        inputs: dict[Field, str] = {}
        for header, meaning in self._fields:
            text = data.get(header)
            if text and meaning not in inputs and (normal := normalise(meaning, text)):
                inputs[meaning] = normal
        texts = _texts(data) if self._prompted else {}
        under_way = RowUnderWay(row, inputs, pending, {}, held, texts, {})
        for column, value in row.filled.items():
            under_way.learn(self._plans[column], value)
        return under_way


def _read_by(plans: Iterable[ColumnPlan]) -> frozenset[Field]:
    """The fields that some provider of the plans reads, or ANY."""
    needs = (p.needs_for(plan.field) for plan in plans if plan.prompt is None for p in plan.waterfall)
    return frozenset[Field]().union(*chain.from_iterable(needs))


def _texts(data: Mapping[str, str]) -> dict[Field, str]:
    texts: dict[Field, str] = {}
    for header, cell in data.items():
        texts.setdefault(custom_field(header), normalise(custom_field(header), cell))
    return texts
