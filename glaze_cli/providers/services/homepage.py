"""The company's own website: what its home page says of the company."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote, urlsplit, urlunsplit

from glaze_cli.errors import LookupFailed, Throttled
from glaze_cli.model import About, Answer, FailReason, Field, Found, Keep, Limits, Lookup, NotFound
from glaze_cli.providers.http import Call, Reply
from glaze_cli.providers.local.domains import ascii_host, canonical_host, is_shared_site, registrable
from glaze_cli.providers.services.company_page import values_of
from glaze_cli.providers.services.page import Page
from glaze_cli.providers.services.robots import Robots
from glaze_cli.providers.services.service import Service
from glaze_cli.providers.services.turns import Turns
from glaze_cli.providers.services.walls import wall_of
from glaze_cli.providers.setup import Setup

_ADDRESS = re.compile(r"(?:https?://)?(?P<host>[^\s/?#:@]+)(?::\d+)?(?P<path>[/?#]\S*)?", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# Atomic: a page of nothing but comments could else be divided into them in ever so many ways.
_HTML = re.compile(
    rb"\s*+(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head)\b", re.IGNORECASE | re.DOTALL
)
_PATIENCE_S = 20.0
_GIVES = (
    *("website", "domain", "company", "page_title", "description", "logo", "phone", "email", "linkedin"),
    *("twitter", "facebook", "instagram", "youtube", "github", "address", "city", "region", "postcode"),
    *("country_code", "country", "founded", "employee_count", "vat", "lei"),
)


class HomepageProvider(Service):
    """Visits the root page of the row's own site, as robots.txt allows; nothing else of it.

    A path in the cell only tells whose page it is on a site of many. Every host comes from a cell: the door
    refuses private addresses. A `base_url` is asked in place of all of them, and told which by `?url=`.
    """

    name = "homepage"
    version = "1"
    needs = (frozenset({Field("website")}), frozenset({Field("domain")}))
    gives = frozenset(map(Field, _GIVES))
    limits = Limits(concurrency=10)
    keep = Keep(30 * 86_400.0, 7 * 86_400.0)
    about = About(
        title="the company's own website",
        terms="robots.txt is respected; what a page says belongs to its owner.",
        price="free",
        priced="2026-11",
    )

    def __init__(self, setup: Setup, now: Callable[[], float] = time.time) -> None:
        super().__init__(setup, now)
        self._robots = Robots(self._rules)
        self._turns = Turns()

    async def look_up(self, lookup: Lookup) -> Answer:
        """At most three tries for an answer: https, http, www. A dead site fails this lookup only."""
        parts = _ADDRESS.fullmatch(lookup.get("website") or lookup.get("domain") or "")
        host = ascii_host(parts["host"]) if parts else None
        domain = registrable(host) if host else None
        if parts is None or host is None or domain is None:
            return NotFound("not the address of a website")
        part_of_it = (parts["path"] or "/") != "/" or host.removeprefix("www.") != domain
        if is_shared_site(domain) and part_of_it:
            return NotFound(f"a page on {domain}, not a site of its own")
        failure = ""
        async with self._turns.of(domain):
            for origin in _origins(host, domain):
                try:
                    return await self._visit(f"{origin}/", domain)
                except Throttled as error:  # nobody there: perhaps under another spelling
                    failure = failure or str(error)
        # Not Throttled, which would count against all other sites as well.
        raise LookupFailed(failure, FailReason.UNREACHABLE)

    async def _visit(self, url: str, domain: str) -> Answer:
        page = await self._page(url, domain)
        if isinstance(page, Page) and page.refresh is not None:
            page = await self._page(page.refresh, domain)  # once; what that page wants is its own affair
        if isinstance(page, NotFound):
            return page
        wall = wall_of(page, domain)
        if wall is not None:
            return NotFound(f"says nothing of a company: {wall}")
        values, confidence = values_of(page, domain)
        if not values:
            return NotFound("says nothing of a company: an empty page")
        there = _plain(page.url)
        own = {Field("website"): there, Field("domain"): canonical_host(domain) or domain}
        return Found({**own, **values}, confidence, (there,))

    async def _page(self, url: str, domain: str) -> Page | NotFound:
        """The page at this address or where it leads; NotFound where that is another's, or no page."""
        host = urlsplit(url).hostname or ""
        if registrable(host) != domain:
            return NotFound(f"the site leads to {host}")
        await self._robots.check(url)
        reply = await self._get(url)
        there = urlsplit(reply.url).hostname or ""
        if registrable(there) != domain:
            return NotFound(f"the site leads to {there}")
        if reply.url != url:
            await self._robots.check(reply.url)  # the door followed; its rules count before a word is read
        if reply.status in (404, 410):
            return NotFound("the site has no page there")
        if not 200 <= reply.status < 300:
            raise LookupFailed(f"{there} answered with status {reply.status}")
        kind = reply.headers.get("content-type", "")
        if not ("html" in kind.lower() if kind else _HTML.match(reply.body[:2_000])):
            return NotFound("what the site sends is no web page")
        charset = _CHARSET.search(kind)
        # In a thread: a page can be made to keep its reader busy, and others must not wait for it.
        return await asyncio.to_thread(Page, reply.body, reply.url, charset[1] if charset else None)

    async def _rules(self, url: str) -> Reply:
        return await self._get(url, 500_000)  # as much of it as RFC 9309 asks to read

    async def _get(self, url: str, max_bytes: int | None = None) -> Reply:
        base = (self._setup.base_url or "").rstrip("/")
        asked = f"{base}{urlsplit(url).path}?url={quote(url, safe='')}" if base else url
        accepted = (("accept", "text/html,*/*;q=0.5"),)
        call = Call("GET", asked, accepted, free=True, foreign=not base, cut=True, max_bytes=max_bytes)
        reply = await self._setup.door.send(replace(call, reply_s=_PATIENCE_S))
        stayed = base and urlsplit(reply.url).netloc == urlsplit(base).netloc
        return replace(reply, url=url) if stayed else reply


def _origins(host: str, domain: str) -> Iterator[str]:
    yield f"https://{host}"
    yield f"http://{host}"
    if host in (domain, f"www.{domain}"):
        yield f"https://{domain}" if host != domain else f"https://www.{domain}"


def _plain(url: str) -> str:
    """Without query and fragment: they follow people around."""
    parts = urlsplit(url)
    path = parts.path.partition(";jsessionid=")[0] or "/"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))
