"""Reads how a key is sent, and where it comes from."""

from __future__ import annotations

import re
from collections.abc import Collection

from glaze_cli.providers.manifest.load_request import plain_path
from glaze_cli.providers.manifest.schema import Auth, AuthKind, Client
from glaze_cli.providers.manifest.section import Section
from glaze_cli.providers.manifest.template import base_address

_NAMED = frozenset({AuthKind.QUERY, AuthKind.HEADER})


def load_auth(section: Section) -> Auth:
    """The `[auth]`. Raises ManifestError."""
    kind = section.choice("kind", AuthKind, AuthKind.NONE)
    keyed, oauth = kind is not AuthKind.NONE, kind is AuthKind.OAUTH
    for key in ("token_url", "client", "scope"):
        _refuse_idle(section, section.has(key) and not oauth, key, ["oauth_client_credentials"])
    auth = Auth(
        kind=kind,
        env=section.text("env", None if keyed else ""),
        name=section.text("name", None if kind in _NAMED else ""),
        prefix=section.text("prefix", ""),
        optional=section.ask("optional", bool, "true or false", False),
        token_url=section.parsed("token_url", _token_url) if oauth else "",
        client=section.choice("client", Client, Client.BASIC),
        scope=section.text("scope", ""),
    )
    _refuse_idle(section, auth.prefix and kind is not AuthKind.HEADER, "prefix", ["header"])
    _refuse_idle(section, auth.name and kind not in _NAMED, "name", ["query", "header"])
    if auth.optional and not keyed:
        section.refuse("optional", "`optional` is for a key, and kind `none` has none")
    if keyed and not re.fullmatch(r"[A-Z][A-Z0-9_]*", auth.env):
        section.refuse(
            "env", "`env` is the name of an environment variable, such as EXAMPLE_API_KEY, not a key"
        )
    section.close()
    return auth


def _token_url(text: str) -> str:
    return plain_path(text) if text.startswith("/") else base_address(text)


def _refuse_idle(section: Section, idle: object, key: str, kinds: Collection[str]) -> None:
    if idle:
        section.refuse(key, f"`{key}` is only for kind {' or '.join(kinds)}")
