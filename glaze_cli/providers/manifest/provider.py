"""A provider made of a manifest: asks as it says, and reads the answers as it says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from glaze_cli.model import (
    Answer,
    FailReason,
    Field,
    Found,
    Lookup,
    Micros,
    NotFound,
    SkipReason,
    Tier,
)
from glaze_cli.providers.base import ProviderBase
from glaze_cli.providers.http import Call, HttpDoor, reply_lost
from glaze_cli.providers.manifest.bill import bill
from glaze_cli.providers.manifest.credentials import secret_for
from glaze_cli.providers.manifest.document import Document, read
from glaze_cli.providers.manifest.limits import Gate
from glaze_cli.providers.manifest.match import NoMatch, match
from glaze_cli.providers.manifest.rules import Verdict, judge
from glaze_cli.providers.manifest.schema import ChargeOn, Manifest, Op, Outcome
from glaze_cli.providers.manifest.template import base_address, fill_header, fill_json, fill_path, fill_query
from glaze_cli.providers.manifest.waits import seconds_to_wait

_UNUSABLE = {
    Outcome.QUOTA: FailReason.QUOTA,
    Outcome.AUTH: FailReason.AUTH,
    Outcome.CONFIG: FailReason.CONFIG,
}
_FAILED: dict[Outcome, str] = {
    Outcome.BAD_INPUT: FailReason.BAD_INPUT,
    Outcome.TRUNCATED: FailReason.PROVIDER_ERROR,
    Outcome.REFUSED: FailReason.PROVIDER_ERROR,
    Outcome.STOP: SkipReason.OPTED_OUT,
}


class ManifestProvider(ProviderBase):
    """Asks one service over HTTP.

    `key` is the key itself; whoever reads it from the environment gives it here, and it goes to the
    service and nowhere else. `base_url` replaces the manifest's (a proxy, a sandbox, a test server);
    raises ValueError when it is no plain address. `gate` holds the service's limits; `now` is epoch seconds.
    """

    local = False

    def __init__(
        self,
        manifest: Manifest,
        door: HttpDoor,
        key: str | None = None,
        base_url: str | None = None,
        *,
        gate: Gate | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.manifest = manifest
        self.name = manifest.id
        self.version = manifest.version
        self.tier: Tier = manifest.tier
        self.on_request = manifest.on_request
        self.needs: tuple[frozenset[Field], ...] = tuple(op.needs for op in manifest.ops)
        self.gives: frozenset[Field] = frozenset().union(*(op.gives for op in manifest.ops))
        self._door = door
        self._key = key
        self._base_url = base_address(base_url) if base_url else manifest.base_url
        self._gate = gate or Gate(manifest.limits)
        self._now = now

    def price(self, lookup: Lookup) -> Micros:
        """Most that one call can cost."""
        return self._op(lookup).cost.price

    async def look_up(self, lookup: Lookup) -> Answer:
        """One call, one answer; see providers.base for what it raises. An error's `cost` is its bill."""
        op = self._op(lookup)
        call = self._call(op, lookup)
        async with self._gate.place():
            reply = await self._door.send(call)
        document = read(reply, op.expect)
        verdict = judge(op.rules, document)
        if verdict.outcome is Outcome.HIT:
            return _hit(op, lookup, document)
        if verdict.outcome is Outcome.MISS:
            return NotFound(verdict.why, bill(op.cost, ChargeOn.MISS, document.values))
        raise self._error(op, call, verdict, document)

    def _op(self, lookup: Lookup) -> Op:
        """The first operation that the lookup's inputs satisfy."""
        inputs = {field for field, _ in lookup.inputs}
        for op in self.manifest.ops:
            if op.needs <= inputs:
                return op
        raise ValueError(f"{self.name} cannot be asked with {sorted(inputs)}")  # a defect of the caller

    def _call(self, op: Op, lookup: Lookup) -> Call:
        inputs = {str(field): value for field, value in lookup.inputs}
        request = op.request
        url = self._base_url + fill_path(request.path, inputs)
        if request.query:
            url += "?" + fill_query(request.query, inputs)
        headers = [(name, fill_header(value, inputs)) for name, value in request.headers]
        content = None
        if request.json is not None:
            content = json.dumps(fill_json(request.json, inputs)).encode()
            headers.append(("content-type", "application/json"))
        if op.idempotency_header:
            headers.append((op.idempotency_header, lookup.key))
        free = op.cost.price == 0 and op.cost.actual is None
        idempotent = op.idempotent or bool(op.idempotency_header)
        secret = secret_for(self.manifest.auth, self._key, self.name)
        return Call(request.method, url, tuple(headers), content, secret, free, idempotent)

    def _error(self, op: Op, call: Call, verdict: Verdict, document: Document) -> ProviderError:
        """What the outcome means to the engine, with its bill."""
        outcome = verdict.outcome
        message = f"{self.name}: {outcome.caption} (status {document.status})"
        if verdict.why:
            message += f": {verdict.why}"
        elif outcome is Outcome.AUTH and self.manifest.auth.env:
            message += f": check {self.manifest.auth.env}"
        error: ProviderError
        if outcome in _UNUSABLE:
            error = ProviderUnusable(message, reason=_UNUSABLE[outcome])
        elif outcome in _FAILED:
            unread = document.broken and document.succeeded
            error = LookupFailed(message, reason=call.unread_reason if unread else _FAILED[outcome])
        elif outcome is Outcome.LOST:
            error = reply_lost(call)
        else:
            reason = FailReason.THROTTLED if document.status == 429 else FailReason.PROVIDER_ERROR
            wait = self._wait(op, document)
            if wait is not None and outcome is Outcome.RETRY:
                self._gate.pause(wait)
            error = Throttled(message, wait, reason)
        error.cost = bill(op.cost, ChargeOn.ERROR, document.values)
        return error

    def _wait(self, op: Op, document: Document) -> float | None:
        """The first hint that makes sense."""
        hints = (seconds_to_wait(hint.path.of(document.values), self._now(), hint.unit) for hint in op.wait)
        return next((hint for hint in hints if hint is not None), None)


def _hit(op: Op, lookup: Lookup, document: Document) -> Answer:
    found = match(op, {str(field): value for field, value in lookup.inputs}, document)
    if isinstance(found, NoMatch):
        kind = ChargeOn.HIT if found.answered else ChargeOn.MISS
        return NotFound(found.detail, bill(op.cost, kind, document.values))
    cost = bill(op.cost, ChargeOn.HIT, document.values)
    return Found(found.values, found.confidence, found.citations, cost)
