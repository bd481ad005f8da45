"""Website: the registrable domain of a website, and the website of a domain."""

from __future__ import annotations

import re

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.base import ProviderBase
from glaze_cli.providers.local.domains import canonical_host, is_shared_site, registrable

_HOST = re.compile(r"(?:https?://)?(?P<host>[^\s/?#:@]+)(?::\d+)?(?P<path>[/?#]\S*)?", re.IGNORECASE)


class WebsiteProvider(ProviderBase):
    """Reads the address only and visits nothing. The domain behind an email is the email provider's."""

    name = "website"
    version = "1"
    needs = (frozenset({Field("website")}), frozenset({Field("domain")}))
    gives = frozenset({Field("domain"), Field("website")})

    async def look_up(self, lookup: Lookup) -> Answer:
        """A website's domain; or a domain with `https://` before it, less sure since it was not visited."""
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
