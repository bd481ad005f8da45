"""OAuth tokens (client credentials): fetched once for all who wait, kept in memory until they run out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from glaze_cli.model import FailReason
from glaze_cli.providers.call import NO_SECRET, Call, Reply, Secret
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.manifest.credentials import basic, sound_key
from glaze_cli.providers.manifest.document import read
from glaze_cli.providers.manifest.failure import first_wait
from glaze_cli.providers.manifest.load_expr import USUAL_WAITS
from glaze_cli.providers.manifest.schema import Auth, Client, Expect

_EARLY_S = 30.0  # a token that runs out on the way is refused
_LONGEST_S = 86_400.0


class _Hidden(bytes):
    """A body that no repr of a call shows."""

    def __repr__(self) -> str:
        return "b'…'"


@dataclass(slots=True)
class Tokens:
    """The tokens of one service. `key` is `id:secret`, `url` where they come from, `now` epoch seconds."""

    auth: Auth
    key: str | None = field(repr=False)
    url: str
    provider: str
    door: HttpDoor
    now: Callable[[], float]
    _token: Secret = field(default=NO_SECRET, repr=False)
    _until: float = 0.0
    _refusal: ProviderUnusable | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def secret(self) -> Secret:
        """What carries the present token. Raises what look_up raises, when none can be had."""
        pair = sound_key(self.auth, self.key, self.provider)
        if not pair:
            return NO_SECRET
        if self._is_good():
            return self._token
        async with self._turn:
            if self._refusal is not None:
                raise self._refusal
            if not self._is_good():
                await self._fetch(pair)
            return self._token

    def forget(self, token: Secret) -> None:
        """The service refused this token; a newer one, fetched meanwhile, stays."""
        if self._token == token:
            self._until = 0.0

    def _is_good(self) -> bool:
        return self.now() < self._until

    async def _fetch(self, pair: str) -> None:
        reply = await self.door.send(self._call(pair))
        body = read(reply, Expect.JSON).values["body"]
        token = body.get("access_token") if isinstance(body, dict) else None
        sound = isinstance(token, str) and token and token.isascii() and token.isprintable()
        if not (200 <= reply.status < 300 and sound):
            error = self._error(reply)
            self._refusal = error if isinstance(error, ProviderUnusable) else None
            raise error
        self._token = Secret(headers=(("authorization", f"Bearer {token}"),))
        self._until = self.now() + max(1.0, _seconds(body.get("expires_in")) - _EARLY_S)

    def _call(self, pair: str) -> Call:
        name, colon, secret = pair.partition(":")
        if not colon:
            message = f"{self.provider} needs an id and a secret: set {self.auth.env} to id:secret"
            raise ProviderUnusable(message, reason=FailReason.AUTH)
        form = {"grant_type": "client_credentials"}
        if self.auth.scope:
            form["scope"] = self.auth.scope
        in_body = self.auth.client is Client.BODY
        if in_body:
            form |= {"client_id": name, "client_secret": secret}
        headers = (("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json"))
        carried = NO_SECRET if in_body else basic(pair)
        return Call("POST", self.url, headers, _Hidden(urlencode(form).encode()), carried, free=True)

    def _error(self, reply: Reply) -> ProviderError:
        # Nothing of the body is said: it may repeat what was sent.
        status = f"(status {reply.status})"
        if reply.status in (400, 401, 403):
            message = f"{self.provider}: id and secret are refused {status}: check {self.auth.env}"
            return ProviderUnusable(message, reason=FailReason.AUTH)
        if reply.status in (404, 405):
            message = f"{self.provider}: there are no tokens where `token_url` says {status}"
            return ProviderUnusable(message, reason=FailReason.CONFIG)
        if reply.status == 429 or reply.status >= 500:
            wait = first_wait(USUAL_WAITS, read(reply, Expect.TEXT), self.now())
            reason = FailReason.THROTTLED if reply.status == 429 else FailReason.PROVIDER_ERROR
            return Throttled(f"{self.provider} gives no token just now {status}", wait, reason)
        return LookupFailed(f"{self.provider} answered without a token {status}")


def _seconds(lifetime: object) -> float:
    """For how long a token holds; a service that does not say refuses it in the end."""
    try:
        seconds = float(lifetime) if isinstance(lifetime, str | int | float) else _LONGEST_S
    except (ValueError, OverflowError):
        return _LONGEST_S
    return min(seconds, _LONGEST_S) if seconds > 0 else _LONGEST_S
