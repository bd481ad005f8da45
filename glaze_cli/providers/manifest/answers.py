"""From an answer that is a hit to what is said of the row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from glaze_cli.errors import LookupFailed, ProviderError
from glaze_cli.model import Answer, FailReason, Found, Lookup, Micros, NotFound
from glaze_cli.providers.manifest.bill import bill
from glaze_cli.providers.manifest.document import Document
from glaze_cli.providers.manifest.match import NoMatch, match
from glaze_cli.providers.manifest.rules import Verdict
from glaze_cli.providers.manifest.schema import ChargeOn, Op

Failing = Callable[[Verdict, Document], ProviderError]
"""What a verdict that is no answer means to the engine."""


def inputs_of(lookup: Lookup) -> dict[str, str]:
    """What the placeholders of a template stand for."""
    return dict(lookup.inputs)


def filled(op: Op, lookup: Lookup) -> dict[str, str]:
    """The same with what the operation derives from it. Raises LookupFailed where that is nothing."""
    inputs = inputs_of(lookup)
    if not op.derive:
        return inputs
    for name, expr in op.derive.items():
        value = expr.of(inputs_of(lookup))
        if not isinstance(value, str) or not value:
            raise LookupFailed(f"the row has no {name}", reason=FailReason.BAD_INPUT)
        inputs[name] = value
    return inputs


def answer(op: Op, lookup: Lookup, documents: Sequence[Document]) -> tuple[Answer, ChargeOn]:
    """What the documents (pages of one list, mostly one) say of the row, and as what that is billed.

    The answer has no bill yet.
    """
    # Only what a rule compares, or what a row cannot be asked without, is made again.
    inputs = filled(op, lookup) if op.accept or op.derive else {}
    found = match(op, inputs, *documents)
    if isinstance(found, NoMatch):
        return NotFound(found.detail), ChargeOn.HIT if found.answered else ChargeOn.MISS
    return Found(found.values, found.confidence, found.citations), ChargeOn.HIT


def answer_of(op: Op, lookup: Lookup, document: Document) -> Answer:
    """The same of one document, with its bill: there is one of these for every cell, and it is made once."""
    inputs = filled(op, lookup) if op.accept or op.derive else {}
    found = match(op, inputs, document)
    if isinstance(found, NoMatch):
        kind = ChargeOn.HIT if found.answered else ChargeOn.MISS
        return NotFound(found.detail, bill(op.cost, kind, document.values))
    cost = bill(op.cost, ChargeOn.HIT, document.values)
    return Found(found.values, found.confidence, found.citations, cost)


def billed(answer: Answer, cost: Micros) -> Answer:
    """The answer with its bill."""
    if isinstance(answer, Found):
        return Found(answer.values, answer.confidence, answer.citations, cost)
    return NotFound(answer.detail, cost)
