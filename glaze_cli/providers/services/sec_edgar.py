"""SEC EDGAR: what companies listed in the United States file."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from glaze_cli.errors import LookupFailed
from glaze_cli.model import About, Answer, Field, Found, Keep, Limits, Lookup, NotFound, Scalar, Window
from glaze_cli.providers.manifest.accept import similarity
from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.schema import Outcome, Rule
from glaze_cli.providers.services.sec_revenue import latest_revenue
from glaze_cli.providers.services.service import Service
from glaze_cli.providers.setup import Setup

_FILES = "https://www.sec.gov/files"
_DATA = "https://data.sec.gov"
_STATE = re.compile(r"\s*/[A-Z ]{2,}/?\s*$")
_FORMS = frozenset(("corp", "corporation", "co", "company", "cos", "companies", "inc", "incorporated"))
_LEAST = 0.92  # of similarity between names
_RULES = (
    Rule(Expr.parse("status == `404`"), Outcome.MISS, "the SEC has no such file"),
    Rule(Expr.parse("status == `403` && contains(text, 'AccessDenied')"), Outcome.MISS, "no such file"),
    Rule(Expr.parse("status == `403`"), Outcome.RETRY, "the SEC allows ten calls a second"),
)
_TICKERS_BYTES = _FILINGS_BYTES = 8_000_000
_FACTS_BYTES = 30_000_000  # everything that a large company ever reported
_GIVES = (
    *("cik", "ticker", "legal_name", "industry", "address", "city", "region", "postcode", "phone"),
    *("website", "revenue"),
)


class SecEdgarProvider(Service):
    """By CIK, ticker or name. The map of names and tickers is read once."""

    name = "sec_edgar"
    version = "1"
    needs = (frozenset({Field("cik")}), frozenset({Field("ticker")}), frozenset({Field("company")}))
    gives = frozenset(map(Field, _GIVES))
    contact = True
    limits = Limits((Window(4, 1.0),), 2)  # two calls a lookup; ten a second are allowed
    keep = Keep(30 * 86_400.0, 30 * 86_400.0)
    about = About(
        title="SEC EDGAR, filings of companies listed in the United States",
        docs="https://www.sec.gov/search-filings/edgar-application-programming-interfaces",
        license="public domain",
        terms="Callers say whom to write to, and ask at most ten times a second.",
        price="free",
        priced="2026-11",
    )

    def __init__(self, setup: Setup, now: Callable[[], float] = time.time) -> None:
        super().__init__(setup, now)
        self._companies: list[tuple[str, str, str]] | None = None
        self._listing = asyncio.Lock()

    async def look_up(self, lookup: Lookup) -> Answer:
        """Two calls: the company's own record, and its yearly revenue."""
        cik, sure = await self._cik(lookup)
        if cik is None:
            return NotFound("no such company at the SEC, or several of that name")
        url = self.address(_DATA, f"/submissions/CIK{cik}.json")
        document = await self.fetch(url, rules=_RULES, max_bytes=_FILINGS_BYTES)
        body: Any = document.values["body"] if document else None
        if not isinstance(body, dict) or str(body.get("cik", "")).zfill(10) != cik:
            return NotFound("the SEC has no such company")
        values = _values(body, cik)
        revenue = await self._revenue(cik)
        if revenue is not None:
            values[Field("revenue")] = revenue
        page = f"https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK={cik}"
        return Found(values, sure, (page,))

    async def probe(self) -> str:
        """Reads the map of tickers."""
        return f"answers; {len(await self._list()):,} companies are listed"

    async def _cik(self, lookup: Lookup) -> tuple[str | None, float]:
        """Ten digits, and how sure we are that they are the row's company's."""
        given = lookup.get("cik")
        if given is not None:
            digits = given.upper().removeprefix("CIK").strip()
            return (digits.zfill(10), 1.0) if digits.isdecimal() and len(digits) <= 10 else (None, 0.0)
        companies = await self._list()
        ticker = lookup.get("ticker")
        if ticker is not None:
            found = {cik for cik, symbol, _ in companies if symbol == ticker.upper().replace(".", "-")}
            return (found.pop(), 0.95) if len(found) == 1 else (None, 0.0)
        return self._named(companies, lookup["company"])

    def _named(self, companies: list[tuple[str, str, str]], name: str) -> tuple[str | None, float]:
        """The one company of a like name; a company has a line for each of its tickers."""
        start = name[:1].casefold()
        scores: dict[str, float] = {}
        for cik, _, title in companies:
            if title[:1].casefold() == start:  # comparing all ten thousand would take seconds
                scores[cik] = max(scores.get(cik, 0.0), similarity(_bare(name), _bare(title)))
        best = max(scores.values(), default=0.0)
        likest = [cik for cik, score in scores.items() if score == best]
        return (likest[0], 0.9 * best) if best >= _LEAST and len(likest) == 1 else (None, 0.0)

    async def _list(self) -> list[tuple[str, str, str]]:
        """(CIK, ticker, name) of every company with a ticker, once for all lookups."""
        async with self._listing:
            if self._companies is None:
                url = self.address(_FILES, "/company_tickers.json")
                document = await self.fetch(url, rules=_RULES, max_bytes=_TICKERS_BYTES)
                body: Any = document.values["body"] if document else None
                if not isinstance(body, dict):
                    raise LookupFailed("sec_edgar: the map of tickers cannot be read")
                self._companies = [
                    (str(entry["cik_str"]).zfill(10), str(entry["ticker"]).upper(), str(entry["title"]))
                    for entry in body.values()
                    if isinstance(entry, dict) and {"cik_str", "ticker", "title"} <= entry.keys()
                ]
            return self._companies

    async def _revenue(self, cik: str) -> int | float | None:
        """Of the last full year, in dollars; None where the company reports none."""
        url = self.address(_DATA, f"/api/xbrl/companyfacts/CIK{cik}.json")
        document = await self.fetch(url, rules=_RULES, max_bytes=_FACTS_BYTES)
        facts = document.values["body"].get("facts") if document and document.values["body"] else None
        reported = facts.get("us-gaap") if isinstance(facts, dict) else None
        return latest_revenue(reported) if isinstance(reported, dict) else None


def _bare(name: str) -> str:
    """Without what the SEC's own spelling adds: the state of `ACME CORP /DE/`, `CORP`, `CO`."""
    words = _STATE.sub("", name).split()
    while len(words) > 1 and words[-1].casefold().strip(".,") in _FORMS:
        words.pop()
    return " ".join(words)


def _values(body: Mapping[str, Any], cik: str) -> dict[Field, Scalar]:
    tickers = body.get("tickers")
    addresses = body.get("addresses")
    where = addresses.get("business") if isinstance(addresses, dict) else None
    place: Mapping[str, Any] = where if isinstance(where, dict) else {}
    streets = [place.get(name) for name in ("street1", "street2")]
    found = {
        "cik": cik,
        "ticker": tickers[0] if isinstance(tickers, list) and len(tickers) == 1 else None,
        "legal_name": body.get("name"),
        "industry": body.get("sicDescription"),
        "address": ", ".join(street for street in streets if isinstance(street, str) and street),
        "city": place.get("city"),
        "region": place.get("stateOrCountryDescription") or place.get("stateOrCountry"),
        "postcode": place.get("zipCode"),
        "phone": body.get("phone"),
        "website": body.get("website"),
    }
    texts = {name: text.strip() for name, text in found.items() if isinstance(text, str)}
    return {Field(name): text for name, text in texts.items() if text}
