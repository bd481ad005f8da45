"""A key, as the service wants it sent."""

from __future__ import annotations

from base64 import b64encode

from glaze_cli.errors import ProviderUnusable
from glaze_cli.model import FailReason
from glaze_cli.providers.call import NO_SECRET, Secret
from glaze_cli.providers.manifest.schema import Auth, AuthKind


def secret_for(auth: Auth, key: str | None, provider: str) -> Secret:
    """The headers or query that carry the key. Raises ProviderUnusable when it is missing or unusable.

    Not for OAuth, where the key is sent elsewhere and for a token: see tokens.py.
    """
    key = sound_key(auth, key, provider)
    if not key:
        return NO_SECRET
    match auth.kind:
        case AuthKind.QUERY:
            return Secret(query=((auth.name, key),))
        case AuthKind.HEADER:
            return Secret(headers=((auth.name, auth.prefix + key),))
        case AuthKind.BASIC:
            return basic(key if ":" in key else f"{key}:")  # a key alone is the user name
        case _:
            return Secret(headers=(("authorization", f"Bearer {key}"),))


def sound_key(auth: Auth, key: str | None, provider: str) -> str:
    """The key without blanks around it; "" where none is needed. Raises ProviderUnusable."""
    key = (key or "").strip()
    if auth.kind is AuthKind.NONE or (auth.optional and not key):
        return ""
    where = f"set {auth.env}" if auth.env else "give it a key"
    if not key:
        raise ProviderUnusable(f"{provider} needs a key: {where}", reason=FailReason.AUTH)
    if not (key.isascii() and key.isprintable()):
        message = f"{provider}'s key holds characters that no key has: {where} again"
        raise ProviderUnusable(message, reason=FailReason.AUTH)
    return key


def basic(pair: str) -> Secret:
    """`user:password` as HTTP has it."""
    return Secret(headers=(("authorization", "Basic " + b64encode(pair.encode()).decode()),))
