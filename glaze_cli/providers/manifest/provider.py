"""A provider made of a manifest: asks as it says, and reads the answers as it says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from glaze_cli.errors import ProviderError
from glaze_cli.model import Answer, Field, Found, Lookup, Micros, NotFound, Tier
from glaze_cli.providers.base import ProviderBase
from glaze_cli.providers.http import Call
from glaze_cli.providers.manifest.bill import bill
from glaze_cli.providers.manifest.credentials import secret_for
from glaze_cli.providers.manifest.document import Document, read
from glaze_cli.providers.manifest.failure import failure, first_wait
from glaze_cli.providers.manifest.match import NoMatch, match
from glaze_cli.providers.manifest.rules import Verdict, judge
from glaze_cli.providers.manifest.schema import AuthKind, ChargeOn, Manifest, Op, Outcome
from glaze_cli.providers.manifest.template import base_address, fill_header, fill_json, fill_path, fill_query
from glaze_cli.providers.setup import Setup


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
        self.needs: tuple[frozenset[Field], ...] = tuple(op.needs for op in manifest.ops)
        self.gives: frozenset[Field] = frozenset().union(*(op.gives for op in manifest.ops))
        self._setup = setup
        self._base_url = base_address(setup.base_url) if setup.base_url else manifest.base_url
        self._now = now

    def price(self, lookup: Lookup) -> Micros:
        """Most that one call can cost."""
        return self._op(lookup).cost.price

    async def look_up(self, lookup: Lookup) -> Answer:
        """One call, one answer; see providers.base for what it raises. An error's `cost` is its bill."""
        op = self._op(lookup)
        call = self._call(op, lookup)
        reply = await self._setup.door.send(call)
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
        secret = secret_for(self.manifest.auth, self._setup.key, self.name)
        return Call(request.method, url, tuple(headers), content, secret, free, idempotent)

    def _error(self, op: Op, call: Call, verdict: Verdict, document: Document) -> ProviderError:
        """What the outcome means to the engine, with its bill."""
        wait = first_wait(op.wait, document, self._now())
        error = failure(self.name, self._setup.key_name, call, verdict, document, wait)
        error.cost = bill(op.cost, ChargeOn.ERROR, document.values)
        return error


def _hit(op: Op, lookup: Lookup, document: Document) -> Answer:
    found = match(op, {str(field): value for field, value in lookup.inputs}, document)
    if isinstance(found, NoMatch):
        kind = ChargeOn.HIT if found.answered else ChargeOn.MISS
        return NotFound(found.detail, bill(op.cost, kind, document.values))
    cost = bill(op.cost, ChargeOn.HIT, document.values)
    return Found(found.values, found.confidence, found.citations, cost)


def _lacks(manifest: Manifest, setup: Setup) -> str:
    """What stands between the provider and its first call."""
    if manifest.auth.kind is not AuthKind.NONE and not setup.key:
        return f"set {setup.key_name or manifest.auth.env}"
    if manifest.self_hosted and not setup.base_url:
        return f'set base_url of your own server in glaze.toml: [providers.{manifest.id}] base_url = "..."'
    if manifest.contact and not setup.contact:
        return 'set whom to write to in glaze.toml: [defaults] contact = "you@example.com"'
    return ""
