"""A company out of its home page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from glaze_cli.model import Field, Scalar
from glaze_cli.providers.local.country_names import country_code, country_name
from glaze_cli.providers.services import jsonld, organisation
from glaze_cli.providers.services.contacts import mailbox_of, phone_of
from glaze_cli.providers.services.jsonld import Entry
from glaze_cli.providers.services.page import Page
from glaze_cli.providers.services.socials import profiles

_SURE, _SAID = 0.9, 0.8
"""Whose page it is: the site says so in so many words (JSON-LD); or it is at the row's domain, no more."""


def values_of(page: Page, domain: str) -> tuple[dict[Field, Scalar], float]:
    """What the page says, and how sure it is that this is about the company of `domain`.

    Empty for a shell that a script would fill: no organisation, no description, hardly a word.
    """
    found = organisation.organisation(page.scripts(), domain)
    description = page.meta("description", "og:description", "twitter:description")
    if found is None and description is None and page.empty:
        return {}, 0.0
    entry: Entry = found or {}
    links = list(page.links())
    values: dict[str, Scalar | None] = {
        "company": jsonld.text(entry.get("name"), 200) or page.meta("og:site_name"),
        "page_title": page.title,
        "description": description or jsonld.text(entry.get("description")),
        "logo": next(_pictures(page, entry), None) or page.icon(),
        "phone": phone_of(entry, links),
        "email": mailbox_of(entry, links, domain),
        "founded": organisation.founded(entry),
        "employee_count": organisation.employees(entry),
        "vat": _vat(jsonld.text(entry.get("vatID"))),
        "lei": _lei(jsonld.text(entry.get("leiCode"))),
        **_place(organisation.place(entry)),
        **profiles(links, jsonld.addresses(entry.get("sameAs")), domain),
    }
    return {Field(name): value for name, value in values.items() if value}, _SURE if found else _SAID


def _pictures(page: Page, entry: Entry) -> Iterator[str]:
    for address in jsonld.addresses(entry.get("logo")):
        if (whole := page.absolute(address)) is not None:
            yield whole


def _place(address: Mapping[str, Any]) -> dict[str, str | None]:
    written = jsonld.text(address.get("addressCountry"), 100) or ""
    # NA is as often "not available" as it is Namibia.
    found = None if written.upper() == "NA" else country_code(written)
    code = found if isinstance(found, str) else None
    return {
        "address": jsonld.text(address.get("streetAddress")),
        "city": jsonld.text(address.get("addressLocality"), 100),
        "region": jsonld.text(address.get("addressRegion"), 100),
        "postcode": jsonld.text(address.get("postalCode"), 20),
        "country_code": code,
        "country": country_name(code) if code else None,
    }


def _vat(written: str | None) -> str | None:
    """In its short form, where its country's rule holds; None for one that was mistyped or made up."""
    from stdnum.eu import vat

    return vat.compact(written) if written and vat.is_valid(written) else None


def _lei(written: str | None) -> str | None:
    """As `_vat`."""
    from stdnum import lei

    number = "".join((written or "").split()).upper()
    return number if len(number) == 20 and lei.is_valid(number) else None
