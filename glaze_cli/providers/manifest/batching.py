"""One call about many rows: what it asks, and which part of the answer is about which row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from glaze_cli.errors import LookupFailed, ProviderError
from glaze_cli.model import Answer, FailReason, Found, Lookup, Micros, NotFound
from glaze_cli.providers.manifest.answers import Failing, answer, billed, inputs_of
from glaze_cli.providers.manifest.bill import shared_bills
from glaze_cli.providers.manifest.caller import Exchange
from glaze_cli.providers.manifest.document import Document
from glaze_cli.providers.manifest.rules import judge
from glaze_cli.providers.manifest.schema import ChargeOn, Missing, Op, Outcome
from glaze_cli.providers.manifest.template import fill_json

if TYPE_CHECKING:
    from glaze_cli.providers.manifest.ways import Batch


def joined(batch: Batch, lookups: Sequence[Lookup]) -> dict[str, str]:
    """What the placeholders of the request stand for."""
    if batch.input is None or batch.each is not None:
        return {}
    return {str(batch.input): batch.join.join(lookup[batch.input] for lookup in lookups)}


def fits(batch: Batch, lookup: Lookup) -> bool:
    """Whether the row can be asked in a batch: its value must not be taken for two."""
    return batch.each is not None or batch.input is None or batch.join not in lookup[batch.input]


def unfit(batch: Batch) -> LookupFailed:
    """The error of a row that `fits` refuses."""
    message = f"the {batch.input} holds {batch.join!r}, which stands between two values"
    return LookupFailed(message, FailReason.BAD_INPUT)


def body_of(batch: Batch, lookups: Sequence[Lookup]) -> Any:
    """The request's body with the list of rows in it; None where there is none."""
    if batch.each is None:
        return None
    rows = [fill_json(batch.each, {**inputs_of(lookup), "key": _mark(lookup)}) for lookup in lookups]
    return _with_rows(batch.request.json, rows)


def alone(error: ProviderError) -> LookupFailed:
    """The error as one of this row only: the others' answers must not be asked for, and paid, again."""
    if isinstance(error, LookupFailed):
        return error
    failed = LookupFailed(str(error), error.reason)
    failed.cost = error.cost
    return failed


def batch_mark(lookups: Sequence[Lookup]) -> str:
    """A name for this very batch, the same when it is sent again."""
    return hashlib.sha256("".join(lookup.key for lookup in lookups).encode()).hexdigest()


def answers_of(
    op: Op, batch: Batch, lookups: Sequence[Lookup], exchange: Exchange, failing: Failing
) -> list[Answer | LookupFailed]:
    """An answer or a failure for each lookup, by the key that the service repeats; never by position.

    Raises LookupFailed where the answer holds no list at all.
    """
    document = exchange.document
    items = batch.items.of(document.values)
    if not isinstance(items, list):
        raise LookupFailed(f"{_host(exchange)} sent no list of answers", exchange.call.unread_reason)
    by_key: dict[str, list[Document]] = {}
    for item in items:
        key = _folded(batch.key.of({**document.values, "item": item}))
        if key:
            by_key.setdefault(key, []).append(_single(batch, document, item))
    outcomes: list[Answer | ProviderError] = []
    kinds: list[ChargeOn] = []
    documents: list[Mapping[str, Any]] = []
    for lookup in lookups:
        wanted = _mark(lookup) if batch.input is None else lookup[batch.input]
        parts = by_key.get(_folded(wanted) or "", [])
        left_out = f"{_host(exchange)} left this row out of its answer"
        outcome, kind = _outcome(op, lookup, parts, failing) if parts else _missing(batch, left_out)
        outcomes.append(outcome)
        kinds.append(kind)
        documents.append((parts or [document])[0].values)
    bills = shared_bills(op.cost, kinds, documents)
    return [_billed(outcome, bill) for outcome, bill in zip(outcomes, bills, strict=True)]


def _outcome(
    op: Op, lookup: Lookup, parts: Sequence[Document], failing: Failing
) -> tuple[Answer | ProviderError, ChargeOn]:
    """What the parts of the answer with the row's key say of it; mostly one."""
    verdicts = [judge(op.rules, part) for part in parts]
    hits = [part for part, said in zip(parts, verdicts, strict=True) if said.outcome is Outcome.HIT]
    if not hits and verdicts[0].outcome is Outcome.MISS:
        return NotFound(verdicts[0].why), ChargeOn.MISS
    if not hits:
        return failing(verdicts[0], parts[0]), ChargeOn.ERROR
    answers = [answer(op, lookup, [part]) for part in hits]
    found = [(one, kind) for one, kind in answers if isinstance(one, Found)]
    if any(one.values != found[0][0].values for one, _ in found):
        return NotFound(f"{len(found)} different answers"), ChargeOn.HIT
    return (found or answers)[0]


def _missing(batch: Batch, sentence: str) -> tuple[Answer | ProviderError, ChargeOn]:
    if batch.missing is Missing.MISS:
        return NotFound("the answer leaves it out"), ChargeOn.MISS
    return LookupFailed(sentence), ChargeOn.ERROR


def _host(exchange: Exchange) -> str | None:
    return urlsplit(exchange.call.url).hostname


def _single(batch: Batch, document: Document, item: object) -> Document:
    """An item as if it were an answer of its own."""
    said = batch.status.of({**document.values, "item": item}) if batch.status is not None else None
    try:
        status = int(said) if isinstance(said, str | int) else document.status
    except ValueError:
        status = document.status
    return Document({**document.values, "status": status, "body": item, "text": ""}, broken=False)


def _billed(outcome: Answer | ProviderError, bill: Micros) -> Answer | LookupFailed:
    if isinstance(outcome, Found | NotFound):
        return billed(outcome, bill)
    failed = alone(outcome)
    failed.cost = bill
    return failed


def _with_rows(template: Any, rows: list[Any]) -> Any:
    if isinstance(template, Mapping):
        return {name: _with_rows(part, rows) for name, part in template.items()}
    if isinstance(template, list):
        return [_with_rows(part, rows) for part in template]
    return rows if template == "{each}" else template


def _mark(lookup: Lookup) -> str:
    return lookup.key[:16]


def _folded(key: object) -> str | None:
    if isinstance(key, bool) or not isinstance(key, str | int):
        return None
    return str(key).strip().casefold() or None
