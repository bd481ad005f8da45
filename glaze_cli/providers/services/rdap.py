"""RDAP: what the register of a domain says of it. Each ending has a register of its own; IANA lists them."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from glaze_cli.errors import LookupFailed, Throttled
from glaze_cli.model import About, Answer, FailReason, Field, Found, Keep, Limits, Lookup, NotFound, Scalar
from glaze_cli.providers.local.domains import ascii_host
from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.schema import Outcome, Rule
from glaze_cli.providers.services.service import Service, segment
from glaze_cli.providers.setup import Setup

_IANA = "https://data.iana.org/rdap"
_RULES = (
    Rule(Expr.parse("status == `404`"), Outcome.MISS, "the register does not know it"),
    Rule(
        Expr.parse("status == `200` && body.objectClassName != 'domain'"),
        Outcome.REFUSED,
        "it is no record of a domain",
    ),
)
_EVENTS = {"registration": Field("domain_created"), "expiration": Field("domain_expires")}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class RdapProvider(Service):
    """Only the registrar and the dates: persons behind a domain are hidden nearly everywhere."""

    name = "rdap"
    version = "1"
    needs = (frozenset({Field("domain")}),)
    gives = frozenset({Field("registrar"), Field("domain_created"), Field("domain_expires")})
    limits = Limits(concurrency=4)
    keep = Keep(30 * 86_400.0, 86_400.0)
    about = About(
        title="RDAP, the registers of domains",
        docs="https://about.rdap.org",
        terms="Each register has its own terms; bulk queries are not welcome anywhere.",
        price="free",
        priced="2026-11",
    )

    def __init__(self, setup: Setup, now: Callable[[], float] = time.time) -> None:
        super().__init__(setup, now)
        self._registers: Mapping[str, str] | None = None
        self._listing = asyncio.Lock()

    async def look_up(self, lookup: Lookup) -> Answer:
        """Registrar and dates. A register that is down fails this lookup only: it is one of hundreds."""
        host = ascii_host(lookup["domain"])
        if host is None:
            return NotFound("it is no domain")
        register = await self._register(host)
        if register is None:
            return NotFound(f"no register answers for .{host.rpartition('.')[2]}")
        url = self.address(register, f"/domain/{segment(host)}")
        try:
            document = await self.fetch(url, rules=_RULES, headers={"accept": "application/rdap+json"})
        except Throttled as error:
            if error.reason != FailReason.UNREACHABLE:
                raise
            raise LookupFailed(f"{error}", FailReason.UNREACHABLE) from None
        if document is None:
            return NotFound("the register does not know it")
        values = _values(document.values["body"], host)
        return Found(values, 1.0, (url,)) if values else NotFound("the register does not say")

    async def probe(self) -> str:
        """Reads IANA's list."""
        return f"answers; registers of {len(await self._list()):,} endings are listed"

    async def _register(self, host: str) -> str | None:
        registers = await self._list()
        parts = host.split(".")
        endings = (".".join(parts[start:]) for start in range(1, len(parts)))
        return next((registers[ending] for ending in endings if ending in registers), None)

    async def _list(self) -> Mapping[str, str]:
        """Ending → its register's address, once for all lookups."""
        async with self._listing:
            if self._registers is None:
                document = await self.fetch(self.address(_IANA, "/dns.json"))
                body: Any = document.values["body"] if document else None
                if not isinstance(body, dict) or not isinstance(body.get("services"), list):
                    raise LookupFailed("rdap: IANA's list of registers cannot be read")
                self._registers = dict(_services(body["services"]))
            return self._registers


def _services(services: Iterable[object]) -> Iterable[tuple[str, str]]:
    """Only https: what a register says must come from it."""
    for service in services:
        if not isinstance(service, list) or len(service) < 2:
            continue
        endings, addresses = service[:2]
        secure = [url for url in addresses if isinstance(url, str) and urlsplit(url).scheme == "https"]
        for ending in endings if secure else ():
            yield str(ending).lower(), secure[0]


def _values(body: Mapping[str, Any], host: str) -> dict[Field, Scalar]:
    if str(body.get("ldhName", "")).rstrip(".").lower() != host:
        return {}
    values: dict[Field, Scalar] = {}
    names = [_full_name(entity) for entity in _list_of(body, "entities") if "registrar" in _roles(entity)]
    if any(names):
        values[Field("registrar")] = next(name for name in names if name)
    for event in _list_of(body, "events"):
        field, day = _EVENTS.get(str(event.get("eventAction"))), str(event.get("eventDate", ""))[:10]
        if field and _DATE.fullmatch(day):
            values.setdefault(field, day)
    return values


def _list_of(body: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    entries = body.get(name)
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _roles(entity: Mapping[str, Any]) -> list[Any]:
    roles = entity.get("roles")
    return roles if isinstance(roles, list) else []


def _full_name(entity: Mapping[str, Any]) -> str:
    """`fn` of a jCard: ["vcard", [["fn", {}, "text", "Example Inc."], …]]."""
    card = entity.get("vcardArray")
    lines = card[1] if isinstance(card, list) and len(card) > 1 and isinstance(card[1], list) else []
    for line in lines:
        if isinstance(line, list) and len(line) > 3 and line[0] == "fn" and isinstance(line[3], str):
            return " ".join(line[3].split())
    return ""
