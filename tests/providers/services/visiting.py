"""A network of made-up websites, and what the homepage provider makes of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from glaze_cli.errors import ProviderError
from glaze_cli.model import Answer, Field, Found, Lookup
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.services.homepage import HomepageProvider
from glaze_cli.providers.setup import Setup
from tests.loopback import Say

Network = Callable[[httpx.Request], Say]

ORGANISATION: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "Corporation",
    "name": "Acme  Steel AG",
    "url": "https://acme.com",
    "logo": {"@type": "ImageObject", "name": "our logo", "url": "/logo.png"},
    "telephone": "+49 30 1234567",
    "email": "Info@acme.com",
    "foundingDate": "1998-05-01",
    "numberOfEmployees": {"@type": "QuantitativeValue", "value": 120},
    "vatID": "DE 136 695 976",
    "leiCode": "529900T8BM49AURSDO55",
    "address": {
        "@type": "PostalAddress",
        "streetAddress": "Low Road 1",
        "addressLocality": "Ulm",
        "addressRegion": "Swabia",
        "postalCode": "01067",
        "addressCountry": "DE",
    },
    "sameAs": ["https://de.linkedin.com/company/acme-steel/?trk=x", "https://twitter.com/acme"],
}
"""As a careful company would write it; the numbers pass their checks and are published examples."""


async def anywhere(host: str) -> list[str]:
    """Every name is somewhere on the open internet, but for those that begin with `inside`."""
    return ["127.0.0.1"] if host.startswith("inside.") else ["93.184.216.34"]


def visitor(network: Network) -> HomepageProvider:
    """The provider, with a function for a network."""

    def answer(request: httpx.Request) -> httpx.Response:
        said = network(request)
        return httpx.Response(said.status, headers=dict(said.headers), stream=httpx.ByteStream(said.body))

    return through(httpx.MockTransport(answer))


def through(transport: httpx.AsyncBaseTransport, base_url: str | None = None) -> HomepageProvider:
    """The provider, with this for a network."""
    door = HttpDoor(transport, resolve=anywhere, reply_s=5)
    return HomepageProvider(Setup(door, base_url=base_url))


def question(**inputs: str) -> Lookup:
    """About a row with these inputs, or that of Acme."""
    fields = {Field(name): text for name, text in (inputs or {"domain": "acme.com"}).items()}
    return Lookup.about("homepage", "1", fields)


def ask(network: Network, **inputs: str) -> Answer:
    """What it answers."""
    return asyncio.run(visitor(network).look_up(question(**inputs)))


def fails(network: Network, **inputs: str) -> ProviderError:
    """The error it ends in."""
    with pytest.raises(ProviderError) as caught:
        ask(network, **inputs)
    return caught.value


def values(answer: Answer) -> dict[str, Any]:
    """What was found."""
    assert isinstance(answer, Found), answer
    return {str(field): value for field, value in answer.values.items()}


def html(body: str, status: int = 200, kind: str = "text/html; charset=utf-8") -> Say:
    """A page."""
    return Say(status, {"content-type": kind}, body.encode())


def page(*blocks: object, body: str = "", title: str = "Acme: steel", head: str = "") -> str:
    """A page with these JSON-LD blocks, as values or as text, and a description of its own."""
    scripts = "".join(
        f'<script type="application/ld+json">{b if isinstance(b, str) else json.dumps(b)}</script>'
        for b in blocks
    )
    head = head or '<meta name="description" content="Steel for all.">'
    return f"<html><head><title>{title}</title>{head}{scripts}</head><body>{body}</body></html>"


def site(said: Say, robots: Say | None = None) -> Network:
    """One page for all addresses, and its robots.txt."""
    return lambda request: (robots or Say(404)) if request.url.path == "/robots.txt" else said


def internet(pages: Mapping[str, Say]) -> Network:
    """Pages by address. There is no robots.txt; at hosts that have no page, there is nobody."""
    origins = {httpx.URL(url).copy_with(path="/", query=None) for url in pages}

    def answer(request: httpx.Request) -> Say:
        if request.url.copy_with(path="/", query=None) not in origins:
            raise httpx.ConnectError("nobody there")
        return pages.get(str(request.url), Say(404))

    return answer
