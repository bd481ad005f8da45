"""Wikidata: what the world's editors know of a company."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from glaze_cli.errors import LookupFailed
from glaze_cli.model import About, Answer, Field, Found, Keep, Limits, Lookup, NotFound, Scalar
from glaze_cli.providers.local.domains import ascii_host
from glaze_cli.providers.manifest.accept import similarity
from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.schema import Outcome, Rule
from glaze_cli.providers.services import wikidata_claims as claims
from glaze_cli.providers.services.service import Service
from glaze_cli.providers.services.wikidata_company import is_company, linked, site_of, values_of

_API = "https://www.wikidata.org/w/api.php"
_SPARQL = "https://query.wikidata.org/sparql"
_ITEM = re.compile(r"Q[1-9]\d{0,10}")
_LEAST = 0.9  # of similarity between names
_MOST = 7  # candidates of a search
_BUSY = ("maxlag", "ratelimited", "readonly")
_RULES = (
    *(
        Rule(Expr.parse(f"body.error.code == '{code}'"), Outcome.RETRY, "the servers are busy")
        for code in _BUSY
    ),
    Rule(Expr.parse("status == `200` && body.error"), Outcome.REFUSED, "it sent an error"),
    Rule(Expr.parse("status == `403`"), Outcome.CONFIG, "it wants a contact in the user agent"),
)
_GIVES = (
    *("wikidata", "website", "domain", "industry", "employee_count", "revenue", "founded", "headquarters"),
    *("country", "ceo", "linkedin", "twitter", "lei", "cik", "description"),
)


class WikidataProvider(Service):
    """Two or three calls a lookup: search, the items, the names of what they point to."""

    name = "wikidata"
    version = "1"
    needs = tuple(frozenset({Field(name)}) for name in ("wikidata", "lei", "cik", "domain", "company"))
    gives = frozenset(map(Field, _GIVES))
    contact = True
    limits = Limits(concurrency=1)  # its etiquette: one call after the other
    keep = Keep(90 * 86_400.0, 14 * 86_400.0)
    about = About(
        title="Wikidata",
        docs="https://www.wikidata.org/wiki/Wikidata:Data_access",
        license="CC0 1.0",
        terms="Callers say whom to write to, and ask one thing after another.",
        price="free",
        priced="2026-11",
    )

    async def look_up(self, lookup: Lookup) -> Answer:
        """The one company that fits, with what counts of its statements."""
        ids, exact = await self._candidates(lookup)
        if not ids:
            return NotFound("no such item")
        items = await self._items(ids, "labels|claims|descriptions|aliases")
        found = self._pick(lookup, items, exact)
        if found is None:
            return NotFound("no company of that name, or several")
        item_id, item, confidence = found
        pointed = linked(item)
        labels = {
            number: name
            for number, entry in (await self._items(pointed, "labels") if pointed else {}).items()
            if (name := claims.label(entry))
        }
        values: dict[Field, Scalar] = {Field("wikidata"): item_id, **values_of(item, labels)}
        return Found(values, confidence, (f"https://www.wikidata.org/wiki/{item_id}",))

    async def probe(self) -> str:
        """Reads one item."""
        await self._items(["Q2283"], "labels")
        return "answers"

    async def _candidates(self, lookup: Lookup) -> tuple[list[str], bool]:
        """Items to look at, and whether each was found by an identifier rather than by a name."""
        given = lookup.get("wikidata")
        if given is not None:
            return ([given.upper()] if _ITEM.fullmatch(given.upper()) else []), True
        for field, prop in (("lei", "P1278"), ("cik", "P5531")):
            if (value := lookup.get(field)) is not None:
                number = value.zfill(10) if field == "cik" and value.isdecimal() else value
                return await self._holders(f'?item wdt:{prop} "{_plain(number)}"'), True
        if (domain := lookup.get("domain")) is not None:
            host = ascii_host(domain)
            if host is None:
                return [], True
            hosts = (f"{scheme}://{www}{host}" for scheme in ("https", "http") for www in ("www.", ""))
            sites = " ".join(f"<{site}{end}>" for site in hosts for end in ("/", ""))
            return await self._holders(f"VALUES ?site {{ {sites} }} ?item wdt:P856 ?site"), True
        query = {"action": "wbsearchentities", "search": lookup["company"], "type": "item", "language": "en"}
        body = await self._ask({**query, "limit": str(_MOST)})
        entries = body.get("search")
        return _ids(entries if isinstance(entries, list) else []), False

    async def _holders(self, pattern: str) -> list[str]:
        """Items with just that statement."""
        query = f"SELECT DISTINCT ?item WHERE {{ {pattern} }} LIMIT {_MOST}"
        url = self.address(_SPARQL, "", {"query": query, "format": "json"})
        document = await self.fetch(url, rules=_RULES)
        body = claims.mapping(document.values["body"] if document else None)
        rows = claims.mapping(body.get("results")).get("bindings")
        if not isinstance(rows, list):
            raise LookupFailed("wikidata: the answer is none")
        uris = [text for row in rows if (text := claims.text(claims.mapping(_item(row)).get("value")))]
        return _ids([{"id": uri.rpartition("/")[2]} for uri in uris])

    async def _items(self, ids: Sequence[str], props: str) -> dict[str, Mapping[str, Any]]:
        """Id → item, without those that are gone; at most fifty a call."""
        query = {"action": "wbgetentities", "ids": "|".join(ids[:50]), "props": props}
        body = await self._ask({**query, "languages": "en|mul|de|fr|es|it|nl", "languagefallback": "0"})
        entities = claims.mapping(body.get("entities"))
        return {
            number: entity
            for number, entity in entities.items()
            if isinstance(entity, dict) and "missing" not in entity
        }

    async def _ask(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        url = self.address(_API, "", {**query, "format": "json", "maxlag": "5"})
        document = await self.fetch(url, rules=_RULES, max_bytes=8_000_000)
        body: Any = document.values["body"] if document else None
        if not isinstance(body, dict):
            raise LookupFailed("wikidata: the answer is none")
        return body

    def _pick(
        self, lookup: Lookup, items: Mapping[str, Mapping[str, Any]], exact: bool
    ) -> tuple[str, Mapping[str, Any], float] | None:
        """The one that is about the row; two that fit equally well are none."""
        domain = lookup.get("domain")
        scored: list[tuple[float, str]] = []
        for number, item in items.items():
            if lookup.get("wikidata") is None and not is_company(item):
                continue
            if domain is not None and site_of(item) != ascii_host(domain):
                continue
            score = 1.0 if exact else _likeness(lookup["company"], item)
            if score >= _LEAST:
                scored.append((score, number))
        best = max(scored, default=(0.0, ""))
        if not best[1] or sum(score == best[0] for score, _ in scored) > 1:
            return None
        return best[1], items[best[1]], 0.95 if exact else 0.85 * best[0]


def _likeness(name: str, item: Mapping[str, Any]) -> float:
    return max((similarity(name, other) for other in claims.names(item)), default=0.0)


def _plain(text: str) -> str:
    """A value inside the quotes of a query: letters, digits and a few marks, so that it stays a value."""
    return re.sub(r"[^A-Za-z0-9.:/_-]", "", text)


def _item(row: object) -> object:
    return claims.mapping(row).get("item")


def _ids(entries: Sequence[object]) -> list[str]:
    found = (claims.mapping(entry).get("id") for entry in entries)
    return [number for number in found if isinstance(number, str) and _ITEM.fullmatch(number)][:_MOST]
