"""Website: the registrable domain of a website, and the website of a domain or of a work e-mail address."""

from __future__ import annotations

import re

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.base import ProviderBase
from glaze_cli.providers.local.address import read_address
from glaze_cli.providers.local.domains import (
    canonical_host,
    is_shared_site,
    mail_host,
    registrable,
)

_HOST = re.compile(r"(?:https?://)?(?P<host>[^\s/?#:@]+)(?::\d+)?(?P<path>[/?#]\S*)?", re.IGNORECASE)


class WebsiteProvider(ProviderBase):
    """Reads the address only and visits nothing: the less it was told, the less sure it is."""

    name = "website"
    version = "1"
    needs = (frozenset({Field("website")}), frozenset({Field("domain")}), frozenset({Field("email")}))
    gives = frozenset({Field("domain"), Field("website")})

    async def look_up(self, lookup: Lookup) -> Answer:
        """A website's domain; or a domain with `https://` before it, less sure since it was not visited."""
        email = lookup.get("email")
        if email is not None:
            return _of_email(email)
        website = lookup.get("website")
        parts = _HOST.fullmatch(website if website is not None else lookup["domain"])
        host = canonical_host(parts["host"]) if parts else None
        if parts is None or host is None:
            return NotFound("not the address of a website")
        domain = registrable(host)
        if domain is None:
            return NotFound(f"{host} is an ending, not a domain")
        if website is None:
            return Found({Field("website"): f"https://{host}"}, confidence=0.9)
        page = (parts["path"] or "/") != "/" or host.removeprefix("www.") != domain
        if is_shared_site(domain) and page:
            return NotFound(f"a page on {domain}, not a domain of its own")
        return Found({Field("domain"): domain})


def _of_email(email: str) -> Answer:
    """Where mail for an organisation goes, its website mostly is too; where mail is free, nothing follows."""
    address = read_address(email)
    if address is None:
        return NotFound("not one valid address")
    host = mail_host(address.host)
    domain = host.domain if host else None
    if domain is None:
        return NotFound("not an address of an organisation of its own")
    return Found({Field("domain"): domain, Field("website"): f"https://{domain}"}, confidence=0.8)
