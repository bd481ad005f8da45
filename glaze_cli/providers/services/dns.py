"""DNS over HTTPS: who takes a domain's mail."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from glaze_cli.errors import LookupFailed
from glaze_cli.model import About, Answer, Field, Found, Keep, Limits, Lookup, NotFound, Scalar
from glaze_cli.providers.local.domains import ascii_host, is_free_mail
from glaze_cli.providers.services.service import Service

_BASE = "https://dns.google"
_MX = 15
_NO_ERROR, _NO_SUCH_NAME = 0, 3


class DnsProvider(Service):
    """Asks for MX records; names the mail service where its hosts are known for certain."""

    name = "dns"
    version = "1"
    needs = (frozenset({Field("domain")}), frozenset({Field("email")}))
    gives = frozenset({Field("mx"), Field("mail_provider")})
    limits = Limits(concurrency=10)
    keep = Keep(7 * 86_400.0, 86_400.0)
    about = About(
        title="DNS over HTTPS (dns.google)",
        docs="https://developers.google.com/speed/public-dns/docs/doh",
        terms="Google answers, and sees which domains are asked for.",
        price="free",
        priced="2026-11",
    )

    async def look_up(self, lookup: Lookup) -> Answer:
        """The mail host of the lowest preference, and the service it belongs to."""
        given = lookup.get("domain") or (lookup.get("email") or "").rpartition("@")[2]
        host = ascii_host(given)
        if host is None:
            return NotFound("it is no domain")
        if lookup.get("domain") is None and is_free_mail(host):
            return NotFound("an address at a free mail service says nothing of a company")
        hosts = await self._mail_hosts(host)
        if not hosts:
            return NotFound("the domain takes no mail")
        values: dict[Field, Scalar] = {Field("mx"): hosts[0]}
        known = mail_provider(hosts[0])
        if known:
            values[Field("mail_provider")] = known
        return Found(values, 1.0)

    async def probe(self) -> str:
        """Asks about example.com."""
        await self._mail_hosts("example.com")
        return "answers"

    async def _mail_hosts(self, host: str) -> list[str]:
        """By preference; none where the domain is not there or takes no mail."""
        url = self.address(_BASE, "/resolve", {"name": host, "type": "MX"})
        document = await self.fetch(url, headers={"accept": "application/dns-json"})
        body: Any = document.values["body"] if document else None
        status = body.get("Status") if isinstance(body, dict) else None
        if status == _NO_SUCH_NAME:
            return []
        if status != _NO_ERROR or not isinstance(body.get("Answer", []), list):
            raise LookupFailed(f"dns: the name servers of {host} gave no answer (code {status})")
        records = [_record(entry) for entry in body.get("Answer", [])]
        return [target for _, target in sorted(record for record in records if record)]


def _record(entry: object) -> tuple[int, str] | None:
    """(preference, host) of an MX record; None for others, and for `0 .`, which says: no mail here."""
    if not isinstance(entry, Mapping) or entry.get("type") != _MX:
        return None
    preference, _, target = str(entry.get("data", "")).partition(" ")
    target = target.strip().rstrip(".").lower()
    return (int(preference), target) if preference.isdecimal() and "." in target else None


def mail_provider(host: str) -> str | None:
    """The service a mail host belongs to, by its ending; None where that is not known."""
    parts = host.split(".")
    endings = (".".join(parts[start:]) for start in range(len(parts)))
    return next((name for ending in endings if (name := _mail_hosts().get(ending))), None)


@cache
def _mail_hosts() -> Mapping[str, str]:
    text = Path(__file__).with_name("mail_hosts.toml").read_text("utf-8")
    return {ending: name for name, endings in tomllib.loads(text).items() for ending in endings}
