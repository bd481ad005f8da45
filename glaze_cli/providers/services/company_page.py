"""A company out of its home page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from glaze_cli.model import Field, Scalar
from glaze_cli.providers.local.domains import ascii_host, registrable
from glaze_cli.providers.services import jsonld
from glaze_cli.providers.services.page import Page, clean
from glaze_cli.providers.services.socials import profiles

_SURE, _SAID = 0.9, 0.8  # what the site says of its organisation in so many words; what its head says


def values_of(page: Page, domain: str, url: str) -> tuple[dict[Field, Scalar], float]:
    """What the page says, and how sure it is that this is the company's: the least sure part decides.

    Empty where it has neither title nor description: an empty shell that a script would fill.
    """
    found = jsonld.organisation(page.scripts())
    title, description = page.title, page.meta("description", "og:description", "twitter:description")
    name = page.meta("og:site_name")
    if found is None and not (description or (title and name)):
        return {}, 0.0
    links = list(page.links())
    entry: Mapping[str, Any] = found or {}
    values: dict[str, Scalar | None] = {
        "website": url,
        "domain": domain,
        "company": jsonld.text(entry.get("name")) or name,
        "page_title": title,
        "description": jsonld.text(entry.get("description")) or description,
        "logo": _address(page, jsonld.text(entry.get("logo"))) or page.icon(),
        "phone": jsonld.text(entry.get("telephone")) or _only(_phones(links)),
        "email": _only(_mails([f"mailto:{jsonld.text(entry.get('email')) or ''}", *links], domain)),
        "founded": jsonld.founded(entry),
        "employee_count": jsonld.employees(entry),
        "vat": jsonld.text(entry.get("vatID")),
        "lei": jsonld.text(entry.get("leiCode")),
        **_place(jsonld.address(entry)),
        **profiles(links, jsonld.texts(entry.get("sameAs"))),
    }
    return {Field(name): value for name, value in values.items() if value}, _SURE if found else _SAID


def _place(address: Mapping[str, Any]) -> dict[str, str | None]:
    country = jsonld.text(address.get("addressCountry"))
    return {
        "address": jsonld.text(address.get("streetAddress")),
        "city": jsonld.text(address.get("addressLocality")),
        "region": jsonld.text(address.get("addressRegion")),
        "postcode": jsonld.text(address.get("postalCode")),
        "country_code": country if country and len(country) == 2 and country.isupper() else None,
    }


def _address(page: Page, href: str | None) -> str | None:
    return page.absolute(href) if href else None


def _phones(links: list[str]) -> Iterator[str]:
    for link in links:
        number = clean(unquote(link[4:]), 40) if link.lower().startswith("tel:") else None
        if number and sum(letter.isdigit() for letter in number) >= 6:
            yield number


def _mails(links: list[str], domain: str) -> Iterator[str]:
    """Mail boxes at the site's own domain: another's may be the web designer's."""
    for link in links:
        if not link.lower().startswith("mailto:"):
            continue
        mailbox = (clean(unquote(link[7:].partition("?")[0]), 200) or "").lower()
        name, at, host = mailbox.rpartition("@")
        if at and name and " " not in mailbox and registrable(ascii_host(host) or "") == domain:
            yield mailbox


def _only(candidates: Iterator[str]) -> str | None:
    """The one there is; None where there are several."""
    different = set(candidates)
    return different.pop() if len(different) == 1 else None
