"""The company's own website: what its home page says of the company."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit, urlunsplit

from glaze_cli.errors import LookupFailed, ProviderError, Throttled
from glaze_cli.model import About, Answer, FailReason, Field, Found, Keep, Limits, Lookup, NotFound
from glaze_cli.providers.http import Call, Reply
from glaze_cli.providers.local.domains import ascii_host, is_shared_site, registrable
from glaze_cli.providers.services.company_page import values_of
from glaze_cli.providers.services.page import Page
from glaze_cli.providers.services.robots import Robots
from glaze_cli.providers.services.service import Service
from glaze_cli.providers.setup import Setup

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_GIVES = (
    *("website", "domain", "company", "page_title", "description", "logo", "phone", "email", "linkedin"),
    *("twitter", "facebook", "instagram", "youtube", "github", "address", "city", "region", "postcode"),
    *("country_code", "founded", "employee_count", "vat", "lei"),
)


class HomepageProvider(Service):
    """Visits the root page of the row's own site, as robots.txt allows; nothing else of it.

    Every host comes from a cell: the door refuses private addresses. `base_url` has no meaning here.
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
        self._robots = Robots(self._get)

    async def look_up(self, lookup: Lookup) -> Answer:
        """At most three tries for an answer: https, http, www. A dead site fails this lookup only."""
        given = lookup.get("website") or lookup.get("domain") or ""
        host = ascii_host(urlsplit(f"//{given.partition('://')[2] or given}").hostname or "")
        if host is None:
            return NotFound("it is no website")
        if is_shared_site(registrable(host) or host):
            return NotFound(f"{host} is a site of many, not the company's own")
        failure: ProviderError | None = None
        for origin in _origins(host):
            try:
                return await self._visit(origin, host)
            except Throttled as error:  # nobody there: perhaps under another spelling
                failure = error
        raise LookupFailed(f"{host} could not be reached: {failure}", FailReason.UNREACHABLE)

    async def probe(self) -> str:
        """Every site is another host: there is none to ask."""
        return "nothing to ask"

    async def _visit(self, origin: str, host: str) -> Answer:
        if not await self._robots.allow(origin):
            raise LookupFailed(f"the robots.txt of {host} forbids to read its page")
        reply = await self._get(f"{origin}/")
        page = _page(reply)
        onward = page.refresh if page else None
        if onward is not None and registrable(urlsplit(onward).hostname or "") == registrable(host):
            reply = await self._get(onward)
            page = _page(reply)
        if reply.status in (404, 410):
            return NotFound("the site has no page there")
        if reply.status >= 400:
            raise LookupFailed(f"{host} answered with status {reply.status}")
        if page is None:
            return NotFound("what it sends is no web page")
        there = urlsplit(reply.url).hostname or ""
        if registrable(there) != registrable(host):
            return NotFound(f"the site leads to {there}")
        if page.wall is not None:
            return NotFound(f"the page says nothing of a company: {page.wall}")
        values, confidence = values_of(page, registrable(host) or host, _plain(reply.url))
        return (
            Found(values, confidence, (_plain(reply.url),)) if values else NotFound("the page says nothing")
        )

    async def _get(self, url: str) -> Reply:
        return await self._setup.door.send(
            Call("GET", url, (("accept", "text/html,*/*;q=0.5"),), free=True, foreign=True, cut=True)
        )


def _origins(host: str) -> Iterator[str]:
    yield f"https://{host}"
    yield f"http://{host}"
    if not host.startswith("www."):
        yield f"https://www.{host}"


def _page(reply: Reply) -> Page | None:
    """Only what says that it is one, or does not say."""
    kind = reply.headers.get("content-type", "").lower()
    if kind and "html" not in kind:
        return None
    charset = _CHARSET.search(kind)
    return Page(reply.body, reply.url, charset[1] if charset else None) if reply.body.strip() else None


def _plain(url: str) -> str:
    """Without query and fragment: they follow people around."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.removesuffix(":443"), parts.path or "/", "", ""))
