"""A provider made of a manifest: asks as it says, and reads the answers as it says."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from glaze_cli.errors import LookupFailed, ProviderError, Throttled
from glaze_cli.model import Answer, Field, Lookup, Micros, NotFound, Submitted, Tier
from glaze_cli.providers.base import ProviderBase
from glaze_cli.providers.call import Call
from glaze_cli.providers.manifest.answers import answer, answer_of, billed, filled, inputs_of
from glaze_cli.providers.manifest.batching import alone, answers_of, batch_mark, body_of, fits, joined, unfit
from glaze_cli.providers.manifest.bill import bill, shared_bills
from glaze_cli.providers.manifest.caller import Caller, Exchange, Manner
from glaze_cli.providers.manifest.document import Document
from glaze_cli.providers.manifest.failure import failure, first_wait
from glaze_cli.providers.manifest.load_expr import USUAL_WAITS
from glaze_cli.providers.manifest.paging import Trail
from glaze_cli.providers.manifest.rules import Verdict, judge
from glaze_cli.providers.manifest.schema import AuthKind, ChargeOn, Manifest, Op, Outcome, Wait
from glaze_cli.providers.setup import Setup

if TYPE_CHECKING:
    from glaze_cli.providers.manifest.ways import Batch, Poll


class ManifestProvider(ProviderBase):
    """Asks one service over HTTP. Raises ValueError when `setup.base_url` is no plain address.

    `now` is epoch seconds.
    """

    local = False

    def __init__(self, manifest: Manifest, setup: Setup, now: Callable[[], float] = time.time) -> None:
        self.manifest = manifest
        self.name = manifest.id
        self.version = manifest.version
        self.tier: Tier = manifest.tier
        self.on_request = manifest.on_request
        self.limits = manifest.limits
        self.keep = manifest.keep
        self.about = manifest.about
        self.lacks = _lacks(manifest, setup)
        self.patience_s = max((op.poll.max_s for op in manifest.ops if op.poll), default=0.0)
        self.bills_errors = any(op.cost.charges(ChargeOn.ERROR) and op.price > 0 for op in manifest.ops)
        self.needs: tuple[frozenset[Field], ...] = tuple(op.needs for op in manifest.ops)
        self.gives: frozenset[Field] = frozenset().union(*(op.gives for op in manifest.ops))
        self._ops: dict[tuple[Field, ...], Op] = {}
        """By the names of a lookup's inputs: which operation it is for. It is asked for at every step."""
        self._setup = setup
        self._caller = Caller(manifest, setup, now)
        self._now = now

    def needs_for(self, field: Field) -> tuple[frozenset[Field], ...]:
        """What the operations need that give the field."""
        return tuple(op.needs for op in self.manifest.ops if field in op.gives)

    def price(self, lookup: Lookup) -> Micros:
        """Most that one lookup can cost, all its pages."""
        return self._op(lookup).price

    def repeatable(self, lookup: Lookup) -> bool:
        """When it is free, idempotent, or marked; a batch's mark changes with its rows, so it is no help."""
        op = self._op(lookup)
        return op.cost.free or op.idempotent or (bool(op.idempotency_header) and op.batch is None)

    def batch_of(self, lookup: Lookup) -> int:
        """How many lookups like this one a call can hold; 1 where its operation has no bulk endpoint."""
        batch = self._op(lookup).batch
        return batch.max if batch else 1

    async def look_up(self, lookup: Lookup) -> Answer | Submitted:
        """One answer; see providers.base for what it raises. An error's `cost` is its bill."""
        op = self._op(lookup)
        manner = _manner(op, lookup.key) if op.idempotency_header else _unmarked(op.cost.free, op.idempotent)
        exchange = await self._caller.ask(op.request, filled(op, lookup), op.expect, manner)
        verdict = judge(op.rules, exchange.document)
        if op.poll is not None and verdict.outcome in (Outcome.HIT, Outcome.PENDING):
            return self._submitted(op, op.poll, exchange)
        if op.pages is not None and verdict.outcome is Outcome.HIT:
            return await self._paged(op, lookup, exchange)
        return self._read(op, lookup, verdict, exchange)

    async def look_up_many(self, lookups: Sequence[Lookup]) -> Sequence[Answer | LookupFailed]:
        """Answers in the order of the lookups, from one call. Raises ValueError for lookups of several
        operations, or more than one call holds: a defect of the caller."""
        if not lookups:
            return []
        op = self._op(lookups[0])
        if any(self._op(lookup) is not op for lookup in lookups):
            raise ValueError(f"two operations of {self.name} cannot share a call")
        if op.batch is None:
            return await self._one_by_one(lookups)
        if len(lookups) > op.batch.max:
            raise ValueError(f"{len(lookups)} lookups are more than {self.name} takes at once")
        asked = [lookup for lookup in lookups if fits(op.batch, lookup)]
        given = iter(await self._ask_many(op, op.batch, asked) if asked else ())
        return [next(given) if fits(op.batch, lookup) else unfit(op.batch) for lookup in lookups]

    async def collect(self, lookup: Lookup, handle: str) -> Answer | Submitted:
        """Ask once for what was submitted; Submitted again: it is not ready yet."""
        op = self._op(lookup)
        if op.poll is None:
            return await super().collect(lookup, handle)
        inputs = {**inputs_of(lookup), "handle": handle}
        exchange = await self._caller.ask(op.poll.request, inputs, op.poll.expect, Manner())
        verdict = judge(op.poll.rules, exchange.document)
        if verdict.outcome is Outcome.PENDING:
            return Submitted(handle, self._wait(op, op.poll, exchange.document))
        if exchange.document.broken and exchange.document.succeeded:
            # The answer is paid for, and asking for it is free: what is garbled today may be read later.
            raise Throttled(f"{self.name}: {Outcome.REFUSED.caption}: {verdict.why}")
        return self._read(op, lookup, verdict, exchange)

    async def probe(self) -> str:
        """Ask the question of `[check]`; a sentence about what came of it. Raises a ProviderError."""
        check = self.manifest.check
        if check is None:
            return "has no free question"
        exchange = await self._caller.ask(check.request, {}, check.expect, Manner())
        verdict = judge(check.rules, exchange.document)
        if verdict.outcome not in (Outcome.HIT, Outcome.MISS):
            raise self._failure(USUAL_WAITS, exchange.call, verdict, exchange.document)
        if self.manifest.auth.kind is AuthKind.NONE:
            return "answers"
        return "answers; the key is accepted" if self._setup.key else "answers, without a key"

    def _op(self, lookup: Lookup) -> Op:
        """The operation that needs just the lookup's inputs, else the first that they satisfy."""
        names = lookup.names
        op = self._ops.get(names)
        if op is None:
            inputs = frozenset(names)
            fitting = [op for op in self.manifest.ops if op.needs <= inputs]
            if not fitting:
                raise ValueError(
                    f"{self.name} cannot be asked with {sorted(inputs)}"
                )  # a defect of the caller
            op = self._ops[names] = next((op for op in fitting if op.needs == inputs), fitting[0])
        return op

    def _read(self, op: Op, lookup: Lookup, verdict: Verdict, exchange: Exchange) -> Answer:
        """The answer that one exchange holds, with its bill; raises what it means otherwise."""
        if verdict.outcome is Outcome.HIT:
            return answer_of(op, lookup, exchange.document)
        values = exchange.document.values
        if verdict.outcome is Outcome.MISS:
            return NotFound(verdict.why, bill(op.cost, ChargeOn.MISS, values))
        error = self._failure(op.wait, exchange.call, verdict, exchange.document)
        error.cost = bill(op.cost, ChargeOn.ERROR, values)
        raise error

    async def _paged(self, op: Op, lookup: Lookup, exchange: Exchange) -> Answer:
        """The answer over all pages; `exchange` is the first, and a hit."""
        assert op.pages is not None
        auth = self.manifest.auth
        key_name = auth.name if auth.kind is AuthKind.QUERY else ""
        trail = Trail(op.pages, exchange.call.url, self._caller.base_url, self.manifest.base_url, key_name)
        documents, ends = [exchange.document], []
        try:
            while (url := trail.onward(documents[-1])) is not None:
                manner = _manner(op, f"{lookup.key}-{len(documents)}")
                page = await self._caller.ask(op.request, filled(op, lookup), op.expect, manner, url=url)
                verdict = judge(op.rules, page.document)
                if verdict.outcome is not Outcome.HIT:
                    self._read(op, lookup, verdict, page)  # raises, unless it is a miss: the list is over
                    ends.append(page.document)
                    break
                documents.append(page.document)
        except ProviderError as error:
            raise _after(error, sum(bill(op.cost, ChargeOn.HIT, page.values) for page in documents)) from None
        found, kind = answer(op, lookup, documents)
        bills = [bill(op.cost, kind, page.values) for page in documents]
        bills += [bill(op.cost, ChargeOn.MISS, page.values) for page in ends]
        return billed(found, Micros(sum(bills)))

    async def _one_by_one(self, lookups: Sequence[Lookup]) -> Sequence[Answer | LookupFailed]:
        """For operations without a bulk endpoint; see `batch_of`."""
        answers: list[Answer | LookupFailed] = []
        for lookup in lookups:
            try:
                answer = await self.look_up(lookup)
            except ProviderError as error:
                if not answers and not isinstance(error, LookupFailed):
                    raise
                answers.append(alone(error))  # the answers before it are kept
                continue
            if isinstance(answer, Submitted):
                raise ValueError(f"{self.name} answers later: it cannot be part of a batch")
            answers.append(answer)
        return answers

    async def _ask_many(
        self, op: Op, batch: Batch, lookups: Sequence[Lookup]
    ) -> Sequence[Answer | LookupFailed]:
        manner = _manner(op, batch_mark(lookups))
        body = body_of(batch, lookups)
        exchange = await self._caller.ask(batch.request, joined(batch, lookups), op.expect, manner, body=body)
        document, call = exchange.document, exchange.call
        whole = judge(batch.rules, document)
        if whole.outcome is Outcome.MISS:
            return [NotFound(whole.why, bill(op.cost, ChargeOn.MISS, document.values)) for _ in lookups]
        if whole.outcome is not Outcome.HIT:
            error = self._failure(op.wait, call, whole, document)
            count = len(lookups)  # and each of the rows is billed what the error says
            error.cost = max(shared_bills(op.cost, [ChargeOn.ERROR] * count, [document.values] * count))
            raise error

        def failing(verdict: Verdict, part: Document) -> ProviderError:
            return self._failure(op.wait, call, verdict, part)

        return answers_of(op, batch, lookups, exchange, failing)

    def _submitted(self, op: Op, poll: Poll, exchange: Exchange) -> Submitted:
        handle = poll.handle.of(exchange.document.values)
        if isinstance(handle, int) and not isinstance(handle, bool):
            handle = str(handle)
        if not isinstance(handle, str) or not handle.strip() or not handle.isprintable():
            message = f"{self.name} took the question and gave no sign by which to ask for the answer"
            raise LookupFailed(message, exchange.call.unread_reason)
        return Submitted(handle, self._wait(op, poll, exchange.document))

    def _wait(self, op: Op, poll: Poll, document: Document) -> float:
        return first_wait(op.wait, document, self._now()) or poll.every_s

    def _failure(
        self, hints: Sequence[Wait], call: Call, verdict: Verdict, document: Document
    ) -> ProviderError:
        """What the outcome means to the engine; no bill yet."""
        wait = first_wait(hints, document, self._now())
        return failure(self.name, self._setup.key_name, call, verdict, document, wait)


_unmarked = functools.cache(Manner)
"""There are four; one is needed for every lookup."""


def _manner(op: Op, mark: str) -> Manner:
    marks = ((op.idempotency_header, mark),) if op.idempotency_header else ()
    return Manner(op.cost.free, op.idempotent or bool(marks), marks)


def _after(error: ProviderError, spent: int) -> ProviderError:
    """An error on a later page: what the earlier ones cost is in its bill, and is not paid again."""
    if spent and isinstance(error, Throttled):
        error = LookupFailed(str(error), error.reason)
    error.cost += spent
    return error


def _lacks(manifest: Manifest, setup: Setup) -> str:
    """What stands between the provider and its first call."""
    if manifest.auth.kind is not AuthKind.NONE and not manifest.auth.optional and not setup.key:
        return f"set {setup.key_name or manifest.auth.env}"
    if manifest.self_hosted and not setup.base_url:
        return f'set base_url of your own server in glaze.toml: [providers.{manifest.id}] base_url = "..."'
    if manifest.contact and not setup.contact:
        return 'set whom to write to in glaze.toml: [defaults] contact = "you@example.com"'
    return ""
