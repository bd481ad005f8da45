"""A key, as the service wants it sent."""

from __future__ import annotations

from base64 import b64encode

from glaze_cli.errors import ProviderUnusable
from glaze_cli.model import FailReason
from glaze_cli.providers.http import NO_SECRET, Secret
from glaze_cli.providers.manifest.schema import Auth, AuthKind


def secret_for(auth: Auth, key: str | None, provider: str) -> Secret:
    """The headers or query that carry the key. Raises ProviderUnusable when it is missing or unusable."""
    if auth.kind is AuthKind.NONE:
        return NO_SECRET
    key = (key or "").strip()
    where = f"set {auth.env}" if auth.env else "give it a key"
    if not key:
        raise ProviderUnusable(f"{provider} needs a key: {where}", reason=FailReason.AUTH)
    if not (key.isascii() and key.isprintable()):
        message = f"{provider}'s key holds characters that no key has: {where} again"
        raise ProviderUnusable(message, reason=FailReason.AUTH)
    match auth.kind:
        case AuthKind.QUERY:
            return Secret(query=((auth.name, key),))
        case AuthKind.HEADER:
            return Secret(headers=((auth.name, auth.prefix + key),))
        case AuthKind.BEARER:
            return Secret(headers=(("authorization", f"Bearer {key}"),))
        case AuthKind.BASIC:
            pair = key if ":" in key else f"{key}:"  # a key alone is the user name
            return Secret(headers=(("authorization", "Basic " + b64encode(pair.encode()).decode()),))
