"""Sends the requests of one manifest: to its own host, with its key."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from glaze_cli.providers.call import NO_SECRET, Call, Secret
from glaze_cli.providers.manifest.credentials import secret_for
from glaze_cli.providers.manifest.document import Document, read
from glaze_cli.providers.manifest.schema import AuthKind, Expect, Manifest, Request
from glaze_cli.providers.manifest.template import base_address, fill_headers, fill_json, fill_path, fill_query
from glaze_cli.providers.setup import Setup

if TYPE_CHECKING:
    from glaze_cli.providers.manifest.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Manner:
    """Whether a call is free, and whether it may be sent again after a lost reply."""

    free: bool = True
    idempotent: bool = False
    mark: tuple[tuple[str, str], ...] = ()
    """The header by which the service knows the call again."""


class Exchange(NamedTuple):
    """A call, and the answer as expressions see it."""

    call: Call
    document: Document


class Caller:
    """One for a provider. Raises ValueError when `setup.base_url` is no plain address."""

    def __init__(self, manifest: Manifest, setup: Setup, now: Callable[[], float]) -> None:
        self._manifest = manifest
        self._setup = setup
        self.base_url = base_address(setup.base_url) if setup.base_url else manifest.base_url
        auth = manifest.auth
        self._tokens: Tokens | None = None
        if auth.kind is AuthKind.OAUTH:
            from glaze_cli.providers.manifest.tokens import Tokens

            self._tokens = Tokens(auth, setup.key, self._token_url(), manifest.id, setup.door, now)
        self._key: Secret | None = None

    def address(self, request: Request, inputs: Mapping[str, str]) -> str:
        """The request's whole address, encoded. Raises LookupFailed for a value that cannot be in it."""
        url = self.base_url + fill_path(request.path, inputs)
        return f"{url}?{fill_query(request.query, inputs)}" if request.query else url

    async def ask(
        self,
        request: Request,
        inputs: Mapping[str, str],
        expect: Expect,
        manner: Manner,
        *,
        url: str | None = None,
        body: Any = None,
    ) -> Exchange:
        """Ask once. `url` and `body` take the place of the request's own. Raises a ProviderError."""
        url = url or self.address(request, inputs)
        headers = fill_headers(request.headers, inputs)
        if body is None and request.json is not None:
            body = fill_json(request.json, inputs)
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            headers = (*headers, ("content-type", "application/json"))
        if manner.mark:
            headers += manner.mark
        secret = self._own_key() if self._tokens is None else await self._tokens.secret()
        call = Call(request.method, url, headers, content, secret, manner.free, manner.idempotent)
        reply = await self._setup.door.send(call)
        if reply.status == 401 and self._tokens is not None and secret != NO_SECRET:
            # It was refused, so it did nothing: once more, with a fresh token.
            self._tokens.forget(secret)
            call = replace(call, secret=await self._tokens.secret())
            reply = await self._setup.door.send(call)
        return Exchange(call, read(reply, expect))

    def _own_key(self) -> Secret:
        """The key that never changes. Raises ProviderUnusable, each time, when it is of no use."""
        if self._key is None:
            self._key = secret_for(self._manifest.auth, self._setup.key, self._manifest.id)
        return self._key

    def _token_url(self) -> str:
        url = self._manifest.auth.token_url
        if url.startswith("/"):
            return self.base_url + url
        # A base_url of the user's own takes the place of every host.
        return self.base_url + urlsplit(url).path if self._setup.base_url else url
